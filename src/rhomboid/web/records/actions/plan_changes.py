"""What a therapist may change in a draft, each as a function from limits to limits. Nothing here touches the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from ....knowledge import Knowledge
from ....knowledge.model import Dose, Intervention
from ....reasoning.planning import Limits, limits_from_table
from ....vocabulary import CaseError
from . import Refused

OF_THE_PERSON = ("minutes", "exercises", "visit_minutes", "equipment", "without", "avoid_positions")
MOST = {"sets": 10, "reps": 60, "hold_s": 300, "duration_s": 1800, "duration_min": 120, "per_day": 12, "per_week": 7, "rpe_max": 10}
"""What a therapist may prescribe at most: beyond it somebody has mistyped (prod)."""
SECONDS_A_REPETITION = 3.0
"""How long a repetition takes where nothing is held, to tell how long a changed dose takes (prod)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step of tuning: what it did, in words for the undo button, and what it makes of the limits."""

    did: str
    apply: Callable[[Limits], Limits]


def limit(values: Mapping[str, Any], knowledge: Knowledge) -> Change:
    """The person's own limits: minutes, exercises, visit minutes, equipment, what is missing, positions. None lifts one."""
    unknown = [name for name in values if name not in OF_THE_PERSON]
    if unknown:
        raise Refused(f'There is no limit "{unknown[0]}"', "known: " + ", ".join(OF_THE_PERSON))
    try:
        stated = limits_from_table({name: value for name, value in values.items() if value is not None}, knowledge)
    except CaseError as error:
        wrong = error.problems[0]
        raise Refused(f"{wrong.entry.replace('_', ' ').capitalize()}: {wrong.message}", wrong.fix) from None
    given = {name: getattr(stated, name) for name in values}
    return Change("change of limits", lambda limits: replace(limits, **given))


def lock(one: Intervention) -> Change:
    return Change("lock", lambda limits: replace(limits, lock=limits.lock | {one.id}, ban=limits.ban - {one.id}))


def unlock(one: Intervention) -> Change:
    """Takes back whatever made an item wanted: the lock, the addition, or the swap it came by."""
    return Change(
        "unlock", lambda limits: replace(_without(limits, one.id), swap=_swaps(limits, keep=lambda _, new: new != one.id))
    )


def ban(one: Intervention) -> Change:
    def apply(limits: Limits) -> Limits:
        left = replace(_without(limits, one.id), swap=_swaps(limits, keep=lambda _, new: new != one.id))
        return replace(left, ban=limits.ban | {one.id})

    return Change("removal", apply)


def unban(one: Intervention) -> Change:
    def apply(limits: Limits) -> Limits:
        return replace(limits, ban=limits.ban - {one.id}, swap=_swaps(limits, keep=lambda old, _: old != one.id))

    return Change("return", apply)


def swap(old: Intervention, new: Intervention) -> Change:
    """One in the place of another. When the old one came by a swap itself, what it replaced stays out."""

    def apply(limits: Limits) -> Limits:
        replaced = {first for first, second in limits.swap if second == old.id}
        kept = _swaps(limits, keep=lambda first, second: old.id not in (first, second) and new.id not in (first, second))
        left = _without(limits, old.id)
        return replace(left, ban=(left.ban | replaced) - {new.id}, swap=(*kept, (old.id, new.id)))

    return Change("swap", apply)


def add(one: Intervention) -> Change:
    def apply(limits: Limits) -> Limits:
        swaps = _swaps(limits, keep=lambda old, _: old != one.id)
        return replace(limits, add=limits.add | {one.id}, ban=limits.ban - {one.id}, swap=swaps)

    return Change("addition", apply)


def dose(one: Intervention, values: Mapping[str, Any] | None, *, now: Dose | None = None) -> Change:
    """What the therapist prescribes: the dose it has `now` with some fields changed; None goes back to its own dose."""
    if values is None:
        return Change("change of dose", lambda limits: _with_dose(limits, one.id, None))
    if now is None:
        raise Refused(f"{one.name} has no dose to change")
    prescribed = prescribe(now, values)
    if prescribed == now:
        raise Refused(f"{one.name} has this dose already", "Change a number, then prescribe it.")
    return Change("change of dose", lambda limits: _with_dose(limits, one.id, prescribed))


def prescribe(now: Dose, values: Mapping[str, Any]) -> Dose:
    """A dose with some fields changed, and its minutes with them. Raises Refused for what makes no sense."""
    try:
        found = msgspec.convert(msgspec.to_builtins(now) | dict(values), Dose, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise Refused(f"This dose cannot be read: {error}", "Numbers where numbers stand.") from None
    for name, most in MOST.items():
        number = getattr(found, name)
        if name in values and number is not None and not 0 < number <= most:
            raise Refused(f"{name.replace('_', ' ')}: {number:g} is not possible", f"More than 0, at most {most}.")
    if "minutes" not in values and _work(now):
        found = msgspec.structs.replace(found, minutes=max(0.5, round(now.minutes * _work(found) / _work(now) * 2) / 2))
    if not 0 < found.minutes <= 120:
        raise Refused(f"{found.minutes:g} minutes is not possible", "More than 0, at most 120.")
    return found


def _work(found: Dose) -> float:
    """Seconds of work on a day, as far as the numbers say it."""
    one = (
        (found.hold_s or SECONDS_A_REPETITION) * found.reps
        if found.reps
        else (found.duration_s or 0) + 60 * (found.duration_min or 0)
    )
    return one * (found.sets or 1) * (found.per_day or 1) * (2 if found.per_side else 1)


def _with_dose(limits: Limits, id_: str, found: Dose | None) -> Limits:
    others = {key: value for key, value in limits.doses if key != id_}
    return replace(limits, doses=tuple(sorted((others | ({id_: found} if found else {})).items())))


def _without(limits: Limits, id_: str) -> Limits:
    return replace(limits, lock=limits.lock - {id_}, add=limits.add - {id_})


def _swaps(limits: Limits, *, keep: Callable[[str, str], bool]) -> tuple[tuple[str, str], ...]:
    return tuple((old, new) for old, new in limits.swap if keep(old, new))
