"""Names as they are searched for, and the lookup that searches them."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import models
from django.db.models import Lookup


def name_key(name: str) -> str:
    """A name without accents, in small letters, its words parted by one blank, other marks left out."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " if sign in " -" else "" for sign in plain).split())


@models.CharField.register_lookup
class Begins(Lookup):
    """Begins with the letters of a key, answered from the plain index: on SQLite as a range, elsewhere as LIKE."""

    lookup_name = "begins"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, given = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", (*given, self.rhs, *given, f"{self.rhs}\U0010ffff")

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, given = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", (*given, f"{self.rhs}%")
