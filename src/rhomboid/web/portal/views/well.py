"""After discharge: what keeps the person well, the flare plan, and the way back."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpResponse
from django.shortcuts import redirect, render

from ....vocabulary import Finding as Entry
from ...records import after, clock, lists, staying_well
from ...records.access import Request, access
from ...records.actions import Overtaken, coming_back
from ...records.home_program import program_of
from ...records.models import Clinic, Discharge, Finding
from ..here import Here, here
from ..today import Paused, paused_of


@access("see_own")
def well(request: Request) -> HttpResponse:
    at = here(request)
    row = discharge_of(at)
    if row is None:
        return redirect("me" if at.episode.ended_on is None else "me_settings")
    today = clock.today()
    page = {
        "tab": "today",
        "at": at,
        "waiting": staying_well.open_check_in(at.episode, today),
        "next": staying_well.next_check_in(at.episode, today),
        "paused": (paused := _paused(at)),
        "exercises": [] if paused else after.kept_exercises(row, at.language),
        "lines": after.lines_of(row, at.language),
        "help": after.help_of(row, at.language),
        "clinic": Clinic.current(),
        "papers": list(lists.papers_for(at.episode)[:6]),
        "since": at.episode.ended_on,
    }
    return render(request, "portal/well.html", page)


@access("see_own")
def flare(request: Request) -> HttpResponse:
    """The flare plan, for who is discharged and for who is still in care; it has no date on it, so a kept copy stays right."""
    at = here(request)
    row = discharge_of(at)
    page = {
        "tab": "today",
        "at": at,
        "paused": _paused(at),
        "flare": after.flare_plan(row, at.language),
        "help": after.help_of(row, at.language),
        "clinic": Clinic.current(),
        "ended": row is not None,
    }
    return render(request, "portal/flare.html", page)


@access("see_own", "GET", "POST")
def again(request: Request) -> HttpResponse:
    """It came back: what we know already, and the start of a new episode."""
    at = here(request)
    if not at.episode.ended_on:
        return redirect("me")
    if request.method == "POST":
        changed = set(request.POST.getlist("changed"))
        with suppress(Overtaken):  # on another phone, or by the clinic: either way it is open now
            coming_back.come_back(episode=at.episode, knowledge=at.knowledge, changed=changed, by=request.user)
        return redirect("me")
    known = [(row, _said(row, at)) for row in staying_well.lasting(at.episode, at.knowledge)]
    return render(request, "portal/again.html", {"tab": "today", "at": at, "known": known, "clinic": Clinic.current()})


def _paused(at: Here) -> Paused | None:
    """What pauses exercises, after discharge too: a danger sign told in a check-in or in "When to worry"."""
    return paused_of(program_of(at.episode, at.knowledge, on=clock.today()), at.language)


def discharge_of(at: Here) -> Discharge | None:
    return Discharge.objects.filter(episode=at.episode).first()


def _said(row: Finding, at: Here) -> tuple[str, str]:
    """The question as the person was asked it, and their answer; '' for a plain yes."""
    entry: Entry = at.knowledge.vocabulary.findings[row.finding]
    answer = at.language.options(row.finding).get(str(row.value), "") if entry.options else ""
    return at.language.say("finding", row.finding, "question"), answer
