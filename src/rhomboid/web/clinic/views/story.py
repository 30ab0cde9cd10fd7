"""The page of an episode: what happened, where it stands, and what is next."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from ....knowledge import Knowledge
from ....measures import change
from ....reasoning.letter import private_conditions
from ....vocabulary import RhomboidError
from ...records import bridge, clock, course, current, wording
from ...records.access import Request, access
from ...records.comparison import Comparison, compare
from ...records.models import Episode
from .. import story
from ..frame import bar_of, rights
from ..rows import Row, rows_of
from .messages import shown

STANDING = {
    "off_track": "Off track",
    "ready": "Close to discharge",
    "watch": "No change that matters yet",
    "on_track": "On track",
}
VISITS_SHOWN = 12


@access("see_clinical", of="episode")
def episode(request: Request, episode: Episode) -> HttpResponse:
    today, knowledge = clock.today(), current.knowledge()
    told = story.told(episode, today)
    found = _compared(told, knowledge, today)
    row = rows_of([episode], knowledge, today)[episode.pk]
    private = private_conditions(knowledge)
    pain, function = story.pain_curve(told, knowledge, today), story.function_curve(told, knowledge, today)
    page = {
        "episode": episode,
        "section": "people",
        "tab": "story",
        "bar": bar_of(episode, request.user),
        "told": told,
        "line": story.time_line(told, found, knowledge, today),
        "pain": pain,
        "pain_change": story.ends(pain),
        "pain_of": story.caption(bridge.series(told.findings, course.PAIN), knowledge),
        "function": function,
        "function_change": story.ends(function),
        "function_of": story.caption(bridge.series(told.findings, course.FUNCTION), knowledge),
        "factors": story.factor_rows(found) if found else [],
        "then_on": found.then_on if found else None,
        "goals": found.goals if found else (),
        "concerns": story.concerns_of(told, knowledge, private),
        "private": private,
        "visits": [(one, told.notes.get(one.pk)) for one in reversed(told.visits)][:VISITS_SHOWN],
        "next": story.next_action(told, request.user, today, private),
        "standing": _standing(episode, row),
        "changes": _changes(told, knowledge),
        "row": row,
        "lessons": story.lessons_read(episode, knowledge),
    }
    page |= shown(request, episode)
    return render(request, "clinic/episode.html", page | rights(request.user, "refer", "record", "sign"))


def _compared(told: story.Told, knowledge: Knowledge, today: date) -> Comparison | None:
    """Then and now; nothing before there are findings, or while they contradict each other."""
    if not told.findings:
        return None
    try:
        return compare(told.episode, knowledge, on=today, findings=told.findings)
    except RhomboidError:
        return None


def _standing(episode: Episode, row: Row) -> str:
    if episode.ended_on:
        return f"Discharged {episode.ended_on:%b} {episode.ended_on.day}, {episode.ended_on.year}"
    if episode.held:
        return "Treatment is on hold"
    if episode.stage != "care":
        return "New" if episode.stage == "intake" else "Being evaluated"
    return STANDING.get(row.status.kind, "In care")


def _changes(told: story.Told, knowledge: Knowledge) -> list[str]:
    """Pain and function in a sentence each: how far, against which error, and whether it matters."""
    return [said for names in (course.PAIN, course.FUNCTION) if (said := _change(told, names, knowledge))]


def _change(told: story.Told, names: tuple[str, ...], knowledge: Knowledge) -> str:
    rows, points = bridge.series(told.findings, names), bridge.numbers(told.findings, names)
    if len(rows) < 2:
        return ""
    name = rows[0].finding
    found = change(name, rows[0].value, rows[-1].value, knowledge)
    error, enough = course.error_and_matters(knowledge, name, points[0][1])
    known: dict[str, Any] = {"error": error, "matters": enough}
    label = "Pain" if names is course.PAIN else "Function"
    way = f"{label} {wording.value(name, rows[0].value, knowledge)} to {wording.value(name, rows[-1].value, knowledge)}"
    return f"{way}: {_worth(abs(found.difference or 0.0), **known)}."


def _worth(size: float, error: float | None, matters: float | None) -> str:
    enough = matters is not None and size >= matters
    if error is None:
        return "error of the measure not known"
    if size < error:
        return f"enough to matter ({matters:g}), but within error ({error:g})" if enough else f"within error ({error:g})"
    return f"larger than error ({error:g})" + (f" and enough to matter ({matters:g})" if enough else "")
