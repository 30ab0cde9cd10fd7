"""Values and days as pages and notes write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ...knowledge import Knowledge
from ...knowledge.model import Dose
from ...measures import Change
from ...reasoning.doses import dose_text
from ...reasoning.words import value_text
from . import bridge

MINUS = "\u2212"


def value(name: str, raw: Any, knowledge: Knowledge) -> str:
    """A stored value with its unit; '' when there is none."""
    if raw is None:
        return ""
    text = value_text(name, bridge.value_of(raw), knowledge.vocabulary)
    return text.replace("-", MINUS) if isinstance(raw, int | float) else text


def size(name: str, raw: float, knowledge: Knowledge) -> str:
    """A size of change in the finding's unit: "6.3°", "2 points"."""
    text = value(name, raw, knowledge)
    return f"{raw:g} point{'' if raw == 1 else 's'}" if text.endswith("/10") or text == f"{raw:g}" else text


def error_words(change: Change, knowledge: Knowledge) -> str:
    """ "error 6.3°" """
    return "" if change.error is None else f"error {size(change.finding, change.error, knowledge)}"


def day(when: date, today: date) -> str:
    """ "Dec 7", with its year when it is not this one."""
    return f"{when:%b %-d}" if when.year == today.year else f"{when:%b %-d, %Y}"


def dose(given: Mapping[str, Any] | None) -> str:
    """A stored dose as a therapist writes it."""
    return dose_text(Dose(**given)) if given else ""
