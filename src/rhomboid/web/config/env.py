"""Settings from the environment. A wrong value stops the start with its name and the right form; nothing is guessed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DATABASES = ("sqlite", "postgres", "postgresql")
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


def envbool(name: str, default: bool) -> bool:
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in TRUE:
        return True
    if raw.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no; write 1 or 0")


def envint(name: str, default: int, least: int = 0) -> int:
    raw = os.environ.get(name)
    if raw is None:
        return default
    if not raw.isdigit() or int(raw) < least:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number from {least}")
    return int(raw)


def envlist(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def envsecret(name: str, folder: Path) -> str:
    """A secret from the environment, else from a file beside the data, made at the first start and readable by its owner alone."""
    if given := os.environ.get(name):
        return given
    path = folder / f"{name.lower()}.txt"
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(50)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(made)
        return made


def check() -> None:
    """Refuses what Django itself would only break off at: the time zone, the level of the log, the kind of database."""
    zone, level = os.environ.get("RHOMBOID_TIME_ZONE"), os.environ.get("RHOMBOID_LOG_LEVEL")
    if zone is not None and zone not in available_timezones():
        raise ImproperlyConfigured(f"RHOMBOID_TIME_ZONE={zone!r} is no time zone; write one such as America/New_York")
    if level is not None and level not in LEVELS:
        raise ImproperlyConfigured(f"RHOMBOID_LOG_LEVEL={level!r} is no level; write one of {', '.join(LEVELS)}")
    kind = os.environ.get("DATABASE_URL", "sqlite:").partition(":")[0]
    if kind not in DATABASES:  # the address itself is not repeated: it may hold a password
        raise ImproperlyConfigured("DATABASE_URL is no address of a database; write postgres://user:password@host/name")
