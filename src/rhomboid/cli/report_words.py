"""The words of the printed report that stand in no knowledge file."""

from __future__ import annotations

from collections.abc import Iterator

from ..knowledge.model import Dose

CONCERNS = {"low": "low concern", "moderate": "moderate concern", "high": "high concern", "emergency": "emergency"}
TIMES = {1: "once", 2: "twice"}


def patient_dose(dose: Dose) -> tuple[str, str]:
    """A dose as the person reads it: how much at a time, and how often."""
    much = ", ".join(_amount(dose))
    return much[:1].upper() + much[1:], _often(dose)


def _amount(dose: Dose) -> Iterator[str]:
    sets = dose.sets or 1
    if dose.text:
        yield dose.text
    elif dose.reps:
        yield f"{sets} sets of {dose.reps}" if sets > 1 else f"{dose.reps} times"
    elif dose.duration_s or dose.duration_min:
        length = f"{dose.duration_s:g} seconds" if dose.duration_s else f"{dose.duration_min:g} minutes"
        yield f"{sets} times {length}" if sets > 1 else length
    if dose.per_side:
        yield "on each side"
    if dose.hold_s:
        yield f"hold {dose.hold_s:g} second{'' if dose.hold_s == 1 else 's'}"


def _often(dose: Dose) -> str:
    a_day = int(dose.per_day or 1)
    times = "" if a_day == 1 else f"{TIMES.get(a_day, f'{a_day} times')} a day, "
    days = f"{dose.per_week:g} days a week" if dose.per_week and dose.per_week < 7 else "every day"
    parts = [times + days]
    if dose.load:
        parts.append(dose.load)
    if dose.rpe_max:
        parts.append(f"effort up to {dose.rpe_max:g} of 10")
    if dose.rest_s:
        parts.append(f"rest {dose.rest_s:g} seconds between sets")
    return "; ".join(parts)
