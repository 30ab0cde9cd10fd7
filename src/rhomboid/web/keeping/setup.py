"""Starting Django for a command."""

from __future__ import annotations

import os

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from ..config.env import check
from .archive import refuse


def start(*, demo: bool = False) -> None:
    """Reads the settings. Raises RhomboidError with what is wrong in the environment."""
    if demo:
        os.environ.setdefault("RHOMBOID_DEMO", "1")
        os.environ.setdefault("RHOMBOID_DATA", "rhomboid-demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rhomboid.web.config.settings")
    try:
        check()
        django.setup()
    except ImproperlyConfigured as error:
        raise refuse("settings", str(error), "see docs/reference/settings.md") from None
    except OSError as error:
        raise refuse("settings", f"RHOMBOID_DATA cannot be used ({error})", "name a folder that can be written") from None


def start_with_records() -> None:
    """The same for a command that works with an installation. Raises RhomboidError where there is none yet."""
    start()
    if "records_audithead" not in connection.introspection.table_names():
        fix = "start rhomboid serve once, or set RHOMBOID_DATA or DATABASE_URL to the one you mean"
        raise refuse("database", "there is no installation here", fix)
