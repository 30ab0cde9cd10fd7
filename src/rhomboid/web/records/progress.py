"""How a person is doing, for their own eyes: pain week by week, function, the days at home, goals. The page has the words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils import timezone

from ...knowledge import Knowledge
from ...measures import Change, change
from . import bridge, course
from .comparison import GoalRow
from .home_program import HomeProgram
from .models import Episode, Finding, HomeSession, PhoneReport, PlanOfCare

WEEK = 7
FEWEST_DAYS = 3
"""A week of pain told at home counts as an average from so many days on (prod)."""
WEEKS_SHOWN = 6
ROOM_BEFORE, ROOM_AFTER = 0.5, 0.25
"""How far the scale of a goal reaches beyond its baseline and its target, in parts of the way between them (prod)."""
From = Literal["asked", "home"]
DayState = Literal["done", "half", "none", "today", "ahead"]


@dataclass(frozen=True, slots=True)
class Point:
    """One value, and where it comes from: asked as an average, or the mean of what was told from home in a week."""

    on: date
    value: float
    source: From


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over time. `change` compares the last value with the first; None while there is one value only."""

    finding: str
    points: tuple[Point, ...]
    daily: tuple[tuple[date, float], ...]
    change: Change | None
    error: float | None
    matters: float | None


@dataclass(frozen=True, slots=True)
class Week:
    """One week from Monday: `days` with exercises done, and on how many of it they are asked for; None when that is not known."""

    first: date
    days: tuple[DayState, ...]
    done: int
    asked: int | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A goal on its scale from worst (0) to best (1): where it began, is now (None: not measured again), and should be."""

    goal: GoalRow
    baseline: float
    now: float | None
    target: float


# --- pain and function -----------------------------------------------------------------------------------------------


def pain(episode: Episode, findings: Sequence[Finding], knowledge: Knowledge, today: date) -> Measured | None:
    """Pain: the averages that were asked for, and for the weeks without one the mean of what was told from home."""
    daily = told_at_home(episode, today)
    rows = bridge.series(findings, course.PAIN)
    weeks = weekly(daily)
    name = rows[0].finding if rows else course.PAIN[0]
    if name != course.PAIN[0] and len(weeks) < 2:
        return _measured(name, _points(rows), daily, knowledge)
    asked = _points(rows) if name == course.PAIN[0] else []
    covered = {_monday(day) for point in asked for day in (point.on, point.on - timedelta(days=WEEK - 1))}
    points = sorted([*asked, *(one for one in weeks if _monday(one.on) not in covered)], key=lambda one: one.on)
    return _measured(course.PAIN[0], points, daily, knowledge)


def function(findings: Sequence[Finding], knowledge: Knowledge, others: Iterable[str] = ()) -> Measured | None:
    """What the person wanted to do again, rated from 0 to 10; where nobody asked, the first of the other measures taken twice."""
    if rows := bridge.series(findings, course.FUNCTION):
        return _measured(rows[0].finding, _points(rows), (), knowledge)
    measured = ((name, bridge.series(findings, [name])) for name in others if name not in course.PAIN)
    return next((_measured(name, _points(rows), (), knowledge) for name, rows in measured if len(rows) > 1), None)


def told_at_home(episode: Episode, today: date) -> tuple[tuple[date, float], ...]:
    """The resting pain of each day, from what the phone and the home sessions tell: their mean, where there are several."""
    by_day: dict[date, list[float]] = defaultdict(list)
    mornings = PhoneReport.objects.filter(episode=episode, kind="morning").values_list("body", flat=True)
    for body in mornings:
        if isinstance(body.get("rest"), int) and body.get("on"):
            by_day[date.fromisoformat(body["on"])].append(float(body["rest"]))
    told = set(by_day)
    sessions = HomeSession.objects.filter(episode=episode, rest__isnull=False, on__lte=today).values_list("on", "rest")
    for on, rest in sessions:
        if on not in told and rest is not None:
            by_day[on].append(float(rest))
    return tuple((on, sum(found) / len(found)) for on, found in sorted(by_day.items()))


def weekly(daily: Iterable[tuple[date, float]]) -> list[Point]:
    """The mean of each week from Monday with enough days, at its last day."""
    weeks: dict[date, list[tuple[date, float]]] = defaultdict(list)
    for on, value in daily:
        weeks[_monday(on)].append((on, value))
    return [
        Point(days[-1][0], round(sum(value for _, value in days) / len(days), 1), "home")
        for _, days in sorted(weeks.items())
        if len(days) >= FEWEST_DAYS
    ]


def _points(rows: Iterable[Finding]) -> list[Point]:
    return [Point(row.observed_on, float(row.value), "asked") for row in rows if row.value is not None]


def _measured(name: str, points: Sequence[Point], daily: Sequence[tuple[date, float]], knowledge: Knowledge) -> Measured | None:
    if not points:
        return None
    error, matters = course.error_and_matters(knowledge, name, points[0].value)
    known = course.PAIN[0] if name in course.PAIN else name
    found = change(known, points[0].value, points[-1].value, knowledge) if len(points) > 1 else None
    return Measured(name, tuple(points), tuple(daily), found, error, matters)


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


# --- days at home ----------------------------------------------------------------------------------------------------


def weeks(episode: Episode, program: HomeProgram, today: date) -> tuple[Week, ...]:
    """The weeks since the program began, the newest last and at most WEEKS_SHOWN; none before it began."""
    start = _began(episode)
    if start is None or start > today:
        return ()
    first = max(_monday(start), _monday(today) - timedelta(weeks=WEEKS_SHOWN - 1))
    days = _days(episode, first, today)
    mondays = (first + timedelta(weeks=number) for number in range((_monday(today) - first).days // WEEK + 1))
    return tuple(_week(monday, days, max(start, monday), today, days_a_week(program)) for monday in mondays)


def days_a_week(program: HomeProgram) -> int | None:
    """On how many days of a week something is asked for: as often as the most frequent exercise. None while nothing is."""
    often = [line.dose.per_week or WEEK for line in program.offered]
    return min(WEEK, math.ceil(max(often))) if often else None


def _began(episode: Episode) -> date | None:
    signed = PlanOfCare.objects.filter(episode=episode, signed_at__isnull=False).order_by("version").first()
    return timezone.localtime(signed.signed_at).date() if signed and signed.signed_at else None


def _days(episode: Episode, first: date, today: date) -> Mapping[date, DayState]:
    """The days something was reported of: done when all of it was finished, half when only some or none; who tried has done it."""
    rows = HomeSession.objects.filter(episode=episode, on__range=(first, today), cleared=False).values_list("on", "completed")
    by_day: dict[date, list[bool]] = defaultdict(list)
    for on, completed in rows:
        by_day[on].append(completed)
    return {on: "done" if all(found) else "half" for on, found in by_day.items()}


def _week(monday: date, days: Mapping[date, DayState], start: date, today: date, asked: int | None) -> Week:
    shown = [monday + timedelta(days=number) for number in range(WEEK)]
    done = sum(on in days for on in shown)
    over = sum(start <= on < today or (on == today and on in days) for on in shown)
    return Week(monday, tuple(_state(on, days, today) for on in shown), done, None if asked is None else _asked(asked, over, done))


def _asked(a_week: int, over: int, done: int) -> int:
    """How many days were asked for so far: the part of the week that is over. Whoever did more has done what was asked."""
    return max(min(a_week, math.ceil(a_week * over / WEEK)), done)


def _state(on: date, days: Mapping[date, DayState], today: date) -> DayState:
    return days.get(on) or ("today" if on == today else "ahead" if on > today else "none")


# --- goals -----------------------------------------------------------------------------------------------------------


def bar(row: GoalRow, low: float | None, high: float | None) -> Bar | None:
    """Where a goal stands on its scale, which always runs from worse to better; `low` and `high` bound it where it has ends of its
    own. None for a goal without numbers."""
    goal = row.goal
    if goal.baseline is None or goal.target is None or not goal.better:
        return None
    worst, best = _ends(goal.baseline, goal.target, low, high, goal.better == "up")
    if worst == best:
        return None
    now = float(row.now) if isinstance(row.now, int | float) and not isinstance(row.now, bool) else None

    def place(value: float) -> float:
        return min(1.0, max(0.0, (value - worst) / (best - worst)))

    return Bar(row, place(goal.baseline), None if now is None else place(now), place(goal.target))


def _ends(baseline: float, target: float, low: float | None, high: float | None, up: bool) -> tuple[float, float]:
    if low is not None and high is not None:
        return (low, high) if up else (high, low)
    way = target - baseline
    return baseline - way * ROOM_BEFORE, target + way * ROOM_AFTER
