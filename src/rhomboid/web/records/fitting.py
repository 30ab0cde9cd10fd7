"""What is typed has to fit its column: refused by the name of the field, alike on every database, before anything is written.

SQLite takes words of any length, and PostgreSQL breaks off at those that are too long and at a NUL; neither tells people why.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from .actions import Refused


def fits(sender: type[models.Model], instance: models.Model, raw: bool = False, **_: Any) -> None:
    """Before a row is saved. What was not loaded is not looked at."""
    if raw or sender._meta.app_label not in ("records", "accounts"):
        return
    for name, field in _words(sender).items():
        value = instance.__dict__.get(name)
        if not isinstance(value, str) or not value:
            continue
        label = str(field.verbose_name).capitalize()
        if "\x00" in value:
            raise Refused(f"{label}: it holds a sign that cannot be kept", "Type it anew, without what was pasted.")
        try:
            field.run_validators(value)
        except ValidationError as error:
            raise Refused(f"{label}: {' '.join(error.messages)}", "Correct it, then save again.") from None


@cache
def _words(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    return {field.attname: field for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)}
