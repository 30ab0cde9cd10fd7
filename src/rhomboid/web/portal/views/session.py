"""The guided player: the day's exercises in one page, which works without a network, and without a script as a plain form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page

from ....knowledge.care import RegressionRule, StopSymptom
from ....reasoning.progression import LOADED
from ...records import clock
from ...records.access import Request, access
from ...records.actions import Refused, phone
from ...records.home_program import Today, today_of
from ...records.models import Clinic
from ..here import Here, here
from ..today import alts_of, card_of, limits_data, stop_symptoms, words_for_scripts, zones_of


@access("see_own", "GET", "POST")
@gzip_page
def session(request: Request) -> HttpResponse:
    at = here(request)
    if not at.agreed or at.episode.ended_on:
        return redirect("me")
    if request.method == "POST":
        return _logged(request, at)
    found = today_of(at.episode, at.knowledge, on=clock.today())
    if not found.due:
        return redirect("me_today")
    return render(request, "portal/session.html", _context(at, found))


def _context(at: Here, found: Today) -> dict[str, Any]:
    assessment, cards = found.program.assessment, [card_of(due, found, at.language) for due in found.due]
    outcomes, whys = _answers()
    return {
        "at": at,
        "cards": cards,
        "zones": zones_of(assessment, found.rest, at.language),
        "rest": found.rest,
        "symptoms": stop_symptoms(at.language),
        "outcomes": outcomes,
        "whys": whys,
        "numbers": range(11),
        "clinic": Clinic.current(),
        "key": uuid4(),
        "data": {
            "who": at.episode.ref,
            "day": clock.today().isoformat(),
            "rest": found.rest,
            "limits": limits_data(assessment, at.language),
            "half": _in_set(at) == 50,
            "exercises": [
                {
                    "ref": card.ref,
                    "alts": alts_of(card.exercise, at.language.code),
                    "loaded": due.line.exercise.type in LOADED,
                    "left": due.left,
                    **card.moves,
                }
                for card, due in zip(cards, found.due, strict=True)
            ],
            "words": words_for_scripts(),
        },
    }


def _in_set(at: Here) -> int:
    """What the rule leaves of the dose after too much pain in a set, in percent."""
    return next((rule.dose_pct[0] for rule in at.knowledge.of(RegressionRule).values() if rule.trigger == "pain_in_set"), 100)


def _answers() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    outcomes = [("done", gettext("I did it all")), ("part", gettext("I did a part")), ("skipped", gettext("I left it out"))]
    whys = [
        ("pain", gettext("It hurt")),
        ("tired", gettext("I was tired")),
        ("time", gettext("I had no time")),
        ("unsure", gettext("I was not sure how")),
        ("unwell", gettext("I am not well")),
        ("other", gettext("Something else")),
    ]
    return outcomes, whys


# --- without a script ------------------------------------------------------------------------------------------------


def _logged(request: Request, at: Here) -> HttpResponse:
    """The form as a plain page sends it: one report for each exercise, each with a key of its own."""
    form = request.POST
    common = {"episode": at.episode.ref, "done_at": clock.now().isoformat()}
    try:
        for part, told in _reports(form, at):
            key = f"{form.get('key', '')}.{part}"
            phone.receive(episode=at.episode, key=key, body={**common, **told}, knowledge=at.knowledge, by=request.user)
    except Refused as refused:
        if refused.status == 409:  # the same form sent again, a moment later: it is there already
            return redirect("me_today")
        messages.error(request, gettext("This could not be saved. Please look at your answers."))
        return redirect("me_session")
    if form.getlist("symptom"):
        return redirect("me_today")
    messages.success(request, gettext("Saved. Well done for today."))
    return redirect("me_today")


def _reports(form: QueryDict, at: Here) -> Iterator[tuple[str, dict[str, Any]]]:
    session, rest = form.get("key", ""), _number(form, "rest")
    symptoms = [name for name in form.getlist("symptom") if name in at.knowledge.of(StopSymptom)]
    if symptoms:  # first, so that nothing else on the form keeps it from being told
        yield "stop", {"kind": "stop", "symptoms": symptoms}
    if rest is not None:
        yield "rest", {"kind": "rest", "rest": rest}
    for ref in form.getlist("item"):
        outcome = form.get(f"outcome-{ref}", "")
        if outcome:
            told = {name: _number(form, f"{name}-{ref}") for name in ("during", "effort")}
            why = "" if outcome == "done" else form.get(f"why-{ref}", "")
            yield ref, {"kind": "exercise", "item": ref, "session": session, "outcome": outcome, "why": why, "rest": rest, **told}
    yield "end", {"kind": "session", "session": session, "after": _number(form, "after"), "note": form.get("note", "")[:300]}


def _number(form: QueryDict, name: str) -> int | None:
    value = form.get(name, "")
    return int(value) if value.isdecimal() else None
