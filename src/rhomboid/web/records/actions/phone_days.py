"""How single reports of a phone become the log of home sessions, one row for an exercise and a day: the worst of them.

Worst is meant word for word, so that the order in which reports arrive never matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .. import clock
from ..home_program import ANSWERED_WITHIN, DAY
from ..models import Episode, HomeChange, HomeSession, Item


def worst(
    episode: Episode,
    item: Item,
    on: date,
    *,
    completed: bool,
    rest: int | None,
    during: int | None,
    effort: int | None,
    ill: bool = False,
    symptoms: Sequence[str] = (),
) -> HomeSession:
    """Puts one report into the row of its day. Pain in the set and the resting pain it is judged against stay together."""
    there = _row(episode, item, on)
    row = there or HomeSession(episode=episode, item=item, on=on)
    row.completed = completed and (there is None or there.completed)
    row.rest, row.during = max((row.rest, row.during), (rest, during), key=_badness)
    row.effort = max_known(row.effort, effort)
    row.ill = row.ill or ill
    row.symptoms = sorted({*row.symptoms, *symptoms})
    row.by_phone, row.recorded_at = True, clock.now()
    row.save()
    return row


def _row(episode: Episode, item: Item, on: date) -> HomeSession | None:
    """The row of a day to add to; what comes after a therapist's word gets one of its own, since nobody has looked at it."""
    rows = HomeSession.objects.filter(episode=episode, on=on).order_by("-id")
    found, cleared = rows.filter(item=item, cleared=False).first(), rows.filter(cleared=True).first()
    if found is None or (cleared and cleared.pk > found.pk):
        return None
    word = HomeChange.objects.filter(episode=episode, item=None, move="go_on", made_at__gte=found.recorded_at)
    return None if word.exists() else found


def last_clearing(episode: Episode) -> date | None:
    found = HomeSession.objects.filter(episode=episode, cleared=True).order_by("-on").first()
    return found.on if found else None


def _badness(told: tuple[int | None, int | None]) -> tuple[int, int, int]:
    """More rise over the resting pain is worse, then more pain; nothing told is least."""
    rest, during = told
    if during is None:
        return (-11, -1, -1 if rest is None else rest)
    return (during - (rest or 0), during, rest or 0)


def max_known(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)


def morning_told(episode: Episode, on: date, *, rest: int, response: int | None, stiff: bool, bad_night: bool) -> None:
    """Puts the morning into the sessions of the day before, and the 24-hour response into those of the last day there was one."""
    rows = list(HomeSession.objects.filter(episode=episode, on__range=(on - ANSWERED_WITHIN, on), cleared=False))
    last = max((row.on for row in rows if row.on < on), default=None)
    for row in rows:
        before = (row.rest, row.morning, row.response, row.stiff_morning, row.bad_night)
        if row.on == on and row.rest is None:
            row.rest = rest
        if row.on == on - DAY:
            row.morning = max_known(row.morning, rest)
            row.stiff_morning, row.bad_night = row.stiff_morning or stiff, row.bad_night or bad_night
        if row.on == last:
            row.response = max_known(row.response, response)
        if before != (row.rest, row.morning, row.response, row.stiff_morning, row.bad_night):
            row.recorded_at = clock.now()
            row.save()
