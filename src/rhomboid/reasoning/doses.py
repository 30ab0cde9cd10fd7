"""Doses in words: as a therapist writes them, and as the person reads them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from ..knowledge.languages import ENGLISH, Words, words_of
from ..knowledge.model import Dose


def dose_text(dose: Dose | None) -> str:
    """A dose as a therapist writes it: "2 x 8, hold 3 s, each side, 3 times a day"; '' when there is none."""
    return ", ".join(filter(None, _parts(dose))) if dose else ""


def _parts(dose: Dose) -> Iterator[str]:
    if dose.text:
        yield dose.text
        return
    yield _amount(dose)
    if dose.hold_s:
        yield f"hold {dose.hold_s:g} s"
    if dose.per_side:
        yield "each side"
    if dose.grade:
        yield f"grade {dose.grade}"
    yield dose.load
    yield _often(dose)
    if dose.rpe_max:
        yield f"effort up to {dose.rpe_max:g}/10"
    if dose.rest_s:
        yield f"rest {dose.rest_s:g} s"


def _amount(dose: Dose) -> str:
    """How much at a time: sets of repetitions, seconds or minutes."""
    if dose.bouts and dose.seconds:
        return f"{dose.bouts} x {dose.seconds:g} s"
    what = f"{dose.reps}" if dose.reps else f"{dose.duration_s:g} s" if dose.duration_s else ""
    if dose.duration_min and not what:
        what = f"{dose.duration_min:g} min"
    sets = dose.sets or 1
    return f"{sets} x {what}" if what and (sets > 1 or dose.reps) else what


def _often(dose: Dose) -> str:
    times: float = dose.per_day or 0
    words: dict[float, str] = {0: "", 1: "once a day", 2: "twice a day"}
    day = words.get(times, f"{times:g} times a day")
    if not dose.per_week or dose.per_week >= 7:
        return day
    week = f"{dose.per_week:g} days a week"
    return week if dose.per_day in (None, 1) else f"{day}, {week}"


def less(dose: Dose, part: float) -> Dose:
    """What is left of a dose when stepping back to `part` of it (0 to 1): fewer repetitions, else shorter; never nothing.

    Sets, sides and days stay: that is what the person has learned.
    """
    unit = "reps" if dose.reps else "duration_s" if dose.duration_s else "duration_min"
    amount = getattr(dose, unit)
    if not amount or part >= 1:
        return dose
    fewer = max(1, math.floor(amount * part))
    return msgspec.structs.replace(dose, minutes=round(dose.minutes * fewer / amount, 1), **{unit: fewer})


def minutes_text(minutes: float) -> str:
    return f"{minutes:g} min"


def patient_dose(dose: Dose, words: Words | None = None) -> tuple[str, str]:
    """A dose as the person reads it: how much at a time, and how often. `words`: those of their language, else English."""
    said = words or words_of(ENGLISH)
    much = ", ".join(_plain_amount(dose, said))
    return much[:1].upper() + much[1:], _plain_often(dose, said)


def _plain_amount(dose: Dose, words: Words) -> Iterator[str]:
    sets, of = dose.sets or 1, words.dose
    if dose.text:
        yield dose.text
    elif dose.reps:
        yield of.sets.format(sets=sets, reps=dose.reps) if sets > 1 else of.times.format(reps=dose.reps)
    elif length := _length(dose, words):
        yield of.bouts.format(sets=sets, length=length) if sets > 1 else length
    if dose.per_side:
        yield of.each_side
    if dose.hold_s:
        yield words.counted(of.hold, dose.hold_s)


def _length(dose: Dose, words: Words) -> str:
    if dose.duration_s:
        return words.counted(words.dose.seconds, dose.duration_s)
    return words.counted(words.dose.minutes, dose.duration_min) if dose.duration_min else ""


def _plain_often(dose: Dose, words: Words) -> str:
    of, a_day = words.dose, int(dose.per_day or 1)
    times = {1: "", 2: of.twice_a_day}.get(a_day, of.times_a_day.format(n=a_day))
    days = words.counted(of.days_a_week, dose.per_week) if dose.per_week and dose.per_week < 7 else of.every_day
    parts = [f"{times}, {days}" if times else days]
    if dose.load:
        parts.append(words.load.get(dose.load, dose.load))
    if dose.rpe_max:
        parts.append(of.effort.format(n=words.number(dose.rpe_max)))
    if dose.rest_s:
        parts.append(words.counted(of.rest, dose.rest_s))
    return "; ".join(parts)
