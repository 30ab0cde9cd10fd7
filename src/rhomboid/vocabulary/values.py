"""One value of one finding, checked at the door: type, range, unit, options. NaN and mixed types go no further."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .finding import Derived, Finding, Value
from .problems import nearest
from .units import accepted, converted, unit_sign

LARGEST = 1e12
"""No finding comes near it; beyond it engines would disagree about a number."""


class ValueProblem(ValueError):
    """A value that does not fit its finding."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message, self.fix = message, fix


def checked_value(entry: Finding | Derived, raw: object, unit: str = "") -> Value:
    """The value as the reasoning uses it (several choices as a frozenset, dates as ISO text). Raises ValueProblem."""
    if unit and entry.type in ("flag", "choice", "choices", "regions", "date"):
        raise ValueProblem(f'a {entry.type} has no unit, but "{unit}" is given', "leave the unit out")
    if isinstance(entry, Derived):
        return _derived(entry, raw, unit)
    match entry.type:
        case "flag":
            return _flag(raw)
        case "date":
            return _date(raw)
        case "choice":
            return _option(raw, entry.options)
        case "choices" | "regions":
            if isinstance(raw, str):
                return frozenset((_option(raw, entry.options),))
            if not isinstance(raw, list | tuple | set | frozenset):
                raise ValueProblem(f"{shown(raw)} is not a list", 'write ["a", "b"], or [] for none')
            return frozenset(_option(item, entry.options) for item in raw)
    whole = entry.type in ("integer", "scale")
    low, high = (0.0, 10.0) if entry.type == "scale" else (entry.min, entry.max)
    return _number(raw, unit, entry.unit, whole=whole, low=low, high=high)


def _derived(entry: Derived, raw: object, unit: str) -> Value:
    if entry.type == "flag":
        return _flag(raw)
    if entry.type == "choice":
        return _option(raw, {case.value: case.value for case in entry.cases} | entry.options)
    return _number(raw, unit, entry.unit or "1", whole=entry.type == "integer", low=entry.min, high=entry.max)


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueProblem(f"{shown(raw)} is neither true nor false", "write true or false; leave it out when it is not known")
    return raw


def _option(raw: object, options: Mapping[str, str]) -> str:
    if not isinstance(raw, str) or raw not in options:
        near = nearest(raw, options) if isinstance(raw, str) else ""
        raise ValueProblem(f"{shown(raw)} is not one of its options", near or "options: " + ", ".join(list(options)[:12]))
    return raw


def _date(raw: object) -> str:
    if isinstance(raw, date):
        return raw.isoformat()[:10]
    try:
        return date.fromisoformat(str(raw)).isoformat()
    except ValueError:
        raise ValueProblem(f"{shown(raw)} is not a date", "write it as 2026-01-31") from None


def _number(raw: object, unit: str, own: str, *, whole: bool, low: float | None, high: float | None) -> float | int:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValueProblem(
            f"{shown(raw)} is not a number", f"write a number in {own}" if own not in ("", "1") else "write a number"
        )
    if not abs(raw) <= LARGEST:  # NaN is not
        raise ValueProblem(f"{shown(raw)} is not a finite number of ordinary size", "leave it out when it is not known")
    value: float | None = converted(raw, unit, own) if unit else raw
    if value is None:
        raise ValueProblem(f'the unit "{unit}" does not fit', "units: " + ", ".join(accepted(own)))
    if whole and unit not in ("", own) and abs(value) > abs(raw):
        value = round(value)  # two months are 61 days; a coarser unit is refused, so that 18 months never become 2 years
    if whole and value != int(value):
        raise ValueProblem(f"{raw} is not a whole number", "round it")
    if (low is not None and value < low) or (high is not None and value > high):
        given, allowed = f"{raw}{unit_sign(unit or own)}", f"{low:g} to {high:g}{unit_sign(own)}"
        raise ValueProblem(f"{given} is outside {allowed}", "check the value and its unit")
    return int(value) if whole else value


def shown(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= 40 else text[:37] + "..."
