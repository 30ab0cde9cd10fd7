"""What the page of progress says, in the person's language: curves with their verdict, the week, the goals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from ...knowledge import Knowledge
from ...knowledge.care import GoalTemplate
from ...knowledge.languages import Language
from ...measures import Change
from ..records.comparison import GoalRow
from ..records.progress import Bar, Measured, Week, bar
from ..ui import curves
from ..ui.curves import number
from ..ui.shapes import text

SCALE = (0.0, 10.0)
ROOM = 1.1
"""How far a scale without an end of its own reaches beyond the highest value, as a factor."""
Icon = Literal["check", "approx", "flag", "question"]


@dataclass(frozen=True, slots=True)
class Verdict:
    icon: Icon
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    on: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A curve as the person reads it: first and last value, the picture and the same said aloud, the verdict, all values."""

    caption: str
    first: str
    last: str
    curve: curves.Curve
    spoken: str
    verdict: Verdict | None
    rows: tuple[Row, ...]
    scale: str


@dataclass(frozen=True, slots=True)
class GoalShown:
    """A goal: its name, the value now with the target, and the bar in parts of a hundred; `bar` is None without numbers."""

    name: str
    now: str
    target: str
    width: str
    line: str
    met: bool | None
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Day:
    letter: str
    name: str
    state: str
    said: str


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One of the last weeks: since when, how many days, and the length of its bar in parts of a hundred."""

    words: str
    days: str
    width: str


# --- curves ------------------------------------------------------------------------------------------------------------


def pain_shown(found: Measured, today: date) -> Shown:
    asked = found.finding == "nrs_average_7d"
    caption = gettext("Pain, average of the week") if asked else gettext("Pain at the time")
    return _shown(found, caption, gettext("0 is no pain, 10 is the worst pain you can think of."), today, better="down")


def function_shown(found: Measured, today: date) -> Shown:
    scale = gettext("0 is not at all, 10 is as well as before.")
    return _shown(found, gettext("What you wanted to do"), scale, today, better="up")


def measure_shown(found: Measured, goal: GoalShown, better: str, today: date) -> Shown:
    """Another measure, named by its goal, on a scale from 0."""
    top = max(point.value for point in found.points)
    axis = (0.0, max(10.0, math.ceil(top * ROOM / 10) * 10.0))
    scale = gettext("Your goal is %(target)s.") % {"target": goal.target}
    return _shown(found, goal.name, scale, today, better=better, axis=axis)


def _shown(found: Measured, caption: str, scale: str, today: date, *, better: str, axis: curves.Span = SCALE) -> Shown:
    values = [point.value for point in found.points]
    several = len(values) > 1
    drawn = curves.curve(
        curves.Course(
            name=caption,
            readings=tuple(curves.Reading(point.on, point.value) for point in found.points),
            axis=axis,
            step=axis[1] / 2,
            chance=(values[0] - found.error, values[0] + found.error) if found.error is not None and several else None,
            chance_words=gettext("could be chance"),
            matters=_zone(values[0], found.matters, better, axis) if several else None,
            matters_words=gettext("enough to matter"),
            daily=tuple(one for one in found.daily if one[0] >= found.points[0].on),
            say_day=day_words,
        ),
        curves.PHONE,
    )
    return Shown(
        caption=caption,
        first=number(values[0]) if several else "",
        last=number(values[-1]),
        curve=drawn,
        spoken=_spoken(found, caption),
        verdict=verdict(found.change),
        rows=tuple(Row(day_words(one.on, today), number(one.value), _source(one.source)) for one in reversed(found.points)),
        scale=scale,
    )


def _zone(first: float, enough: float | None, better: str, axis: curves.Span) -> curves.Span | None:
    """From where the change matters to the better end of the scale; none where the scale ends before."""
    if enough is None:
        return None
    if better == "down":
        return (axis[0], first - enough) if first - enough >= axis[0] else None
    return (first + enough, axis[1]) if first + enough <= axis[1] else None


def _source(source: str) -> str:
    return gettext("You were asked") if source == "asked" else gettext("From your days at home")


def _spoken(found: Measured, caption: str) -> str:
    first, last = found.points[0], found.points[-1]
    if len(found.points) == 1:
        return gettext("%(what)s: %(value)s on %(day)s.") % {
            "what": caption,
            "value": number(first.value),
            "day": day_words(first.on),
        }
    return gettext("%(what)s: from %(first)s on %(start)s to %(last)s on %(end)s.") % {
        "what": caption,
        "first": number(first.value),
        "start": day_words(first.on, last.on),
        "last": number(last.value),
        "end": day_words(last.on),
    }


def verdict(found: Change | None) -> Verdict | None:
    """What the change is worth. Nothing is said where the error of the measure is not known, and nothing of a single value."""
    if found is None or found.difference is None or found.verdict == "error_unknown":
        return None
    if found.verdict == "within_error":
        return Verdict("approx", _within(found))
    if found.moved == "better":
        if found.verdict == "matters":
            return Verdict("check", gettext("This change is real, and big enough to matter."))
        return Verdict("check", gettext("This change is real. It may take more to make a difference in your day."))
    if found.moved == "worse":
        return Verdict(
            "flag", gettext("This got worse, and it is more than chance. Tell your therapist, so we can change the plan.")
        )
    return None


def _within(found: Change) -> str:
    """A change that could be chance; one that would matter, if it is none, is said to be worth watching."""
    if found.moved == "same":
        return gettext("About the same so far.")
    if found.matters is not None and abs(found.difference or 0.0) >= found.matters:
        if found.moved == "better":
            return gettext("This would be big enough to matter. It could still be chance. The next weeks will show.")
        return gettext("This would be enough to matter. It could still be chance. Tell us if it stays like this.")
    return gettext("This is a small change. It could be chance. The next weeks will show.")


# --- the week ------------------------------------------------------------------------------------------------------------


def week_words(week: Week) -> str:
    """How the week goes, without guilt. While nothing may be done, nobody is told to start."""
    if not week.done and week.asked is None:
        return gettext("No exercises are planned for now.")
    if not week.done:
        return gettext("None yet this week. Any day is a good day to start.")
    if week.asked is None:
        return ngettext("You did %(done)s day this week.", "You did %(done)s days this week.", week.done) % {"done": week.done}
    said = gettext("You did %(done)s of %(asked)s this week.") % {"done": week.done, "asked": week.asked}
    missing = week.asked - week.done
    if not missing:
        return said
    return said + " " + (gettext("Missing one is fine.") if missing == 1 else gettext("Missing some is fine."))


def week_days(week: Week) -> list[Day]:
    said = {
        "done": gettext("done"),
        "half": gettext("partly done"),
        "none": gettext("not done"),
        "today": gettext("today"),
        "ahead": gettext("to come"),
    }
    days = [date.fromordinal(week.first.toordinal() + number) for number in range(7)]
    return [
        Day(date_format(on, "l")[:1].upper(), date_format(on, "l"), state, said[state])
        for on, state in zip(days, week.days, strict=True)
    ]


def week_bars(weeks: Iterable[Week]) -> list[WeekBar]:
    """The weeks before this one, the newest first."""
    found = []
    for week in reversed(list(weeks)[:-1]):
        days = ngettext("%(n)s day", "%(n)s days", week.done) % {"n": week.done}
        found.append(WeekBar(gettext("Week of %(day)s") % {"day": day_words(week.first)}, days, text(week.done / 7 * 100)))
    return found


# --- goals ---------------------------------------------------------------------------------------------------------------


def goal_shown(row: GoalRow, language: Language, knowledge: Knowledge) -> GoalShown:
    goal = row.goal
    entry = knowledge.vocabulary.findings.get(goal.finding)
    to_ten = entry is not None and (entry.type == "scale" or (entry.min, entry.max) == SCALE)
    found = bar(row, *(SCALE if to_ten else (None, None)))
    value = row.now if found and found.now is not None else goal.baseline
    # What was not measured again is shown as it was when care began, and the page says so.
    place = (found.now if found.now is not None else found.baseline) if found else 0.0
    return GoalShown(
        name=goal_name(row, language, knowledge),
        now=_with_unit(value, goal.unit, language) if found else "",
        target=_with_unit(goal.target, goal.unit, language) if found else "",
        width=text(place * 100),
        line=text(found.target * 100 if found else 0.0),
        met=True if goal.state == "met" else row.met,
        bar=found,
    )


def goal_name(row: GoalRow, language: Language, knowledge: Knowledge) -> str:
    """The goal by its name in the person's language; what a therapist has named otherwise stays in their words."""
    template = knowledge.of(GoalTemplate).get(row.goal.template)
    if template is None or template.name != row.goal.name:
        return row.goal.name
    said: str = language.say("goal", row.goal.template, "name")
    return said


def _with_unit(value: float | None, unit: str, language: Language) -> str:
    if value is None:
        return ""
    if unit == "deg":
        return f"{number(value)}°"
    if unit == "s":
        return language.words.counted(language.words.dose.seconds, value)
    word = language.unit(unit, value)
    return f"{number(value)} {word}" if word else number(value)


# --- days --------------------------------------------------------------------------------------------------------------


def day_words(on: date, beside: date | None = None) -> str:
    """A day as short as the language has it, with its year where that is not the year of the date beside it."""
    short = date_format(on, gettext("M j"))
    return f"{short}, {on.year}" if beside is not None and beside.year != on.year else short
