"""When an episode is off track: one written rule, with its reasons.

An episode in care is off track from the first day on which one of these holds:

    pain up           the newest pain is above the first, or above the one before it, by the change that matters to patients
    no home session   SILENT_DAYS days without a report of a home session, counted from the plan's signature or the last report
    adherence low     reports of home sessions on fewer than ENOUGH_DAYS of the last WINDOW days, once the program has run that long
    goal late         the day of an open goal has passed, and the newest value does not meet it

Each reason has a day from which it holds if nothing more is reported, so the earliest of them can stand in the table
(`Episode.off_track_on`) and a list of thousands needs no computing. All numbers are working rules (prod).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

SILENT_DAYS = 6
WINDOW = 14
ENOUGH_DAYS = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Course:
    """What the rule reads: pain over time (oldest first), the change that matters, the days with a report, and open goals."""

    pain: tuple[tuple[date, float], ...] = ()
    matters: float | None = None
    home_since: date | None = None
    home_days: frozenset[date] = frozenset()
    goals_due: tuple[date, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an episode is off track, and from which day on."""

    kind: str
    since: date


def reasons(course: Course, on: date) -> tuple[Reason, ...]:
    """The reasons that hold on a day, pain first. Silence says already that there are few reports."""
    found = {one.kind: one for one in _all(course, on) if one.since <= on}
    if "no_home_session" in found:
        found.pop("adherence_low", None)
    return tuple(found.values())


def off_track_on(course: Course, on: date) -> date | None:
    """The day from which it is off track if nothing more is reported; None when nothing points there."""
    return min((one.since for one in _all(course, on)), default=None)


def _all(course: Course, on: date) -> Iterator[Reason]:
    for kind, since in (
        ("pain_up", pain_up_since(course)),
        ("no_home_session", silent_since(course)),
        ("adherence_low", low_since(course, on)),
        ("goal_late", min(course.goals_due, default=None)),
    ):
        if since is not None:
            yield Reason(kind, since + DAY if kind == "goal_late" else since)


def pain_up_since(course: Course) -> date | None:
    if course.matters is None or len(course.pain) < 2:
        return None
    (_, first), (_, before), (on, last) = course.pain[0], course.pain[-2], course.pain[-1]
    return on if last - min(first, before) >= course.matters else None


def silent_since(course: Course) -> date | None:
    if course.home_since is None:
        return None
    return max((*course.home_days, course.home_since)) + SILENT_DAYS * DAY


def low_since(course: Course, on: date) -> date | None:
    """The first day, from `on` at the earliest, on which the last days hold too few reports."""
    if course.home_since is None:
        return None
    day = max(on, course.home_since + WINDOW * DAY)
    while reported(course, day) >= ENOUGH_DAYS:
        day += DAY
    return day


def reported(course: Course, on: date) -> int:
    """On how many of the last days something was reported."""
    return sum(on - WINDOW * DAY < day <= on for day in course.home_days)
