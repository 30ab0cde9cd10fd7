"""A finding as a field of a form, and what was typed as its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...knowledge import Knowledge
from ...vocabulary.finding import Finding as Entry
from ...vocabulary.units import unit_sign
from ..records.actions import Refused
from ..records.models import Finding

SEEN = "seen-"
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Input:
    """A field: `look` is number, flag, choice or other (other is entered in the evaluation)."""

    name: str
    label: str
    look: str
    unit: str
    low: float | None
    high: float | None
    step: str
    options: tuple[tuple[str, str], ...]
    value: Any
    seen: str

    @property
    def answer(self) -> str:
        """A flag as its field says it."""
        return "" if self.value is None else "yes" if self.value is True else "no" if self.value is False else str(self.value)


def input_of(entry: Entry, standing: Finding | None, *, empty: bool = False) -> Input:
    """The field for a finding, filled with what stands, or `empty` when it is to be measured anew."""
    look = "number" if entry.numeric else entry.type if entry.type in ("flag", "choice") else "other"
    unit = unit_sign(entry.unit).strip()
    scale = entry.type == "scale"
    return Input(
        name=entry.id,
        label=entry.label,
        look=look,
        unit="/10" if scale else unit,
        low=0.0 if scale else entry.min,
        high=10.0 if scale else entry.max,
        step="1" if entry.type in ("integer", "scale") else "any",
        options=tuple(entry.options.items()),
        value=None if empty or standing is None else standing.value,
        seen=standing.ref if standing else "",
    )


def read(form: Mapping[str, str], names: tuple[str, ...], knowledge: Knowledge) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed for some findings, without the fields left empty, and the refs of what the page showed."""
    values = {name: value_of(form[name], name, knowledge) for name in names if form.get(name, "").strip()}
    return values, {name: form[SEEN + name] for name in values if SEEN + name in form}


def value_of(typed: str, name: str, knowledge: Knowledge) -> Any:
    """One typed value as an action takes it."""
    entry = knowledge.vocabulary.findings.get(name)
    if entry is not None and entry.type == "flag":
        if typed not in YES_NO:
            raise Refused(f"{entry.label} is answered with yes or no", "Leave it out when it is not sure.")
        return YES_NO[typed]
    if entry is not None and entry.numeric:
        return number(typed, entry.label)
    return typed.strip()


def number(typed: str, label: str) -> float | int:
    try:
        found = float(typed.strip().replace(",", "."))
    except ValueError:
        raise Refused(f"{label}: {typed.strip()[:20]!r} is not a number", "Type digits, such as 31 or 4.5.") from None
    return int(found) if found == int(found) else found


def whole(typed: str, label: str) -> int | None:
    """A whole number from a field; None when it was left empty."""
    if not typed.strip():
        return None
    found = number(typed, label)
    if not isinstance(found, int):
        raise Refused(f"{label} is a whole number", "Round it.")
    return found
