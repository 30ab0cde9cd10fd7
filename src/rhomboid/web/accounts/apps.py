from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "rhomboid.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from ..config import checks  # noqa: F401 - registers them

        post_migrate.connect(make_cache_table, sender=self)


def make_cache_table(*, using: str, **_: Any) -> None:
    """The table that failed sign-ins are counted in."""
    call_command("createcachetable", database=using, verbosity=0)
