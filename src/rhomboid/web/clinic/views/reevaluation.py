"""The re-evaluation: then and now, measured again in place, and how care goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ....measures import Meaning
from ....measures.meaning import FUNCTION, PAIN
from ....reasoning.reevaluation import triggers
from ...records import clock, current, standing
from ...records.access import Request, access
from ...records.actions import Refused, findings
from ...records.actions import reevaluation as actions
from ...records.comparison import Comparison, Row, compare
from ...records.models import Episode
from ...ui import strips
from .. import entries
from ..frame import bar_of, rights
from ..refusal import problem

DECISIONS = (
    ("go_on", "Go on as planned"),
    ("change", "Change the plan"),
    ("refer", "Refer"),
    ("discharge", "Discharge"),
)
STATES = (("open", "Open"), ("met", "Met"), ("not_met", "Not met"))
NEXT = {"change": "plan", "discharge": "discharge", "refer": "episode", "go_on": "episode"}
STANDINGS = {"better": "Better, and it matters", "not_better": "No change that matters", "unknown": "Not decided yet"}
SPAN = 8
SHORT = {PAIN: "pain", FUNCTION: "function", "groc": "rating of change", "groc_15": "rating of change"}


@access("see_clinical", of="episode")
def reevaluation(request: Request, episode: Episode) -> HttpResponse:
    return _page(request, episode)


@access("record", "POST", of="episode")
def reevaluation_measure(request: Request, episode: Episode) -> HttpResponse:
    """One measure, taken again: one field, or left and right together."""
    knowledge = current.knowledge()
    names = tuple(name for name in request.POST if name in knowledge.vocabulary.findings)
    try:
        values, seen = entries.read(request.POST, names, knowledge)
        if values:
            findings.record(episode=episode, values=values, seen=seen, knowledge=knowledge, by=request.user, method="re-evaluation")
    except Refused as refused:
        return problem(request, refused) if request.htmx else _page(request, episode, refused=refused, at=names)
    return _page(request, episode) if request.htmx else redirect("reevaluation", episode.ref)


@access("sign", "POST", of="episode")
def reevaluation_close(request: Request, episode: Episode) -> HttpResponse:
    """The therapist's decision; it leads to the page where care goes on."""
    form = request.POST
    decided = {name.removeprefix("goal-"): str(state) for name, state in form.items() if name.startswith("goal-")}
    decision = form.get("decision", "")
    try:
        actions.close(
            episode=episode, decision=decision, words=form.get("words", ""), decided=decided, next_on=_day(form.get("next_on", "")),
            knowledge=current.knowledge(), by=request.user,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, episode, refused=refused)
    return redirect(NEXT[decision], episode.ref)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused("This is not a day", "Such as 2026-12-21.") from None


def _page(request: Request, episode: Episode, *, refused: Refused | None = None, at: Iterable[str] = ()) -> HttpResponse:
    knowledge, today = current.knowledge(), clock.today()
    compared = compare(episode, knowledge, on=today)
    found = triggers(standing.course_of(episode, compared, knowledge, on=today), knowledge)
    context = shown(compared) | {
        "episode": episode,
        "section": "people",
        "tab": "visits",
        "bar": bar_of(episode, request.user),
        "today": today,
        "due": [one for one in found if one.due],
        "undecided": [one for one in found if one.due is None],
        "rest": sum(one.due is False for one in found),
        "decisions": DECISIONS,
        "states": STATES,
        "typed": request.POST if refused else {},
        "refused": None if at else refused,
        "refused_row": refused if at else None,
        "refused_names": tuple(at),
        "action": reverse("reevaluation_measure", args=[episode.ref]),
    }
    template = "clinic/parts/_reevaluation.html" if request.htmx else "clinic/reevaluation.html"
    return render(
        request, template, context | rights(request.user, "record", "sign", "plan"), status=refused.status if refused else 200
    )


# --- then and now as the pages draw it -------------------------------------------------------------------------------


def shown(compared: Comparison) -> dict[str, Any]:
    """Measures, factors and goals, ready to be drawn; also for the discharge."""
    due = {row.finding for row in compared.due}
    return {
        "compared": compared,
        "measure_first": [_drawn(row) for row in compared.due],
        "measures": [_drawn(row) for row in compared.rows if row.again or (row.finding not in due and row.then is not None)],
        "factors": [{"factor": one} | _drawn(one.row) for one in sorted(compared.factors, key=lambda one: -one.then)],
        "goals": compared.goals,
        "percent": None if compared.meaning.percent is None else f"{abs(compared.meaning.percent):.0f}",
        "standing_words": STANDINGS[compared.meaning.standing],
        "meaning": _said(compared.meaning),
    }


def _said(meaning: Meaning) -> str:
    """Why the change counts, or what it still needs."""
    if meaning.because:
        words = [SHORT.get(name, "disability") for name in meaning.because]
        said = ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]
        return f"{said} improved enough" + ("" if meaning.standing == "better" else "; a second measure must agree")
    return "two of pain, function, rating of change and disability must agree"


def _drawn(row: Row) -> dict[str, Any]:
    """A row with its strip and the fields to measure it again."""
    strip = None
    if row.numeric and isinstance(row.now, int | float):
        strip = strips.change(_axis(row), row.then, row.now, error=row.change.error)
    return {"row": row, "strip": strip, "inputs": [_again(row, entry) for entry in row.inputs]}


def _again(row: Row, entry: Any) -> entries.Input:
    return replace(entries.input_of(entry, None), seen=row.refs.get(entry.id, ""))


def _axis(row: Row) -> tuple[float, float]:
    """The finding's own scale when it is not much wider than the change, else a stretch around both values."""
    span = max(abs(row.now - row.then), row.change.error or 0.0, abs(row.then) * 0.2, 0.1)
    if row.low is not None and row.high is not None and row.high - row.low <= SPAN * span:
        return row.low, row.high
    return min(row.then, row.now) - 1.5 * span, max(row.then, row.now) + 1.5 * span
