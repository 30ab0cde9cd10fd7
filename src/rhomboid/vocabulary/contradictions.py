"""What cannot be true together, and what to do about it when a case says so."""

from __future__ import annotations

from .finding import Entry


class Contradiction(Entry, frozen=True, kw_only=True):
    """Findings that exclude each other: `when` is true of a case that must be refused."""

    when: str
    text: str
    fix: str
