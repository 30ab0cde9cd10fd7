"""The one clock of the site. Tests and the sample clinic set it; nothing else reads the wall clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("fixed clock", default=None)


def now() -> datetime:
    """The present moment, with its time zone."""
    return _fixed.get() or timezone.now()


def today() -> date:
    """The clinic's date."""
    return timezone.localtime(now()).date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Inside, it is this moment."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
