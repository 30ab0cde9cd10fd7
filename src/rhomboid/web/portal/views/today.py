"""Today: how long, how many, start. And how the back is this morning, without a script as well as with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page

from ....knowledge.care import ResponseCode
from ...records import clock, lists
from ...records.access import Request, access
from ...records.actions import Refused, phone
from ...records.home_program import Today, asked_back, today_of
from ...records.models import Clinic
from ..here import Here, here
from ..today import card_of, minutes_words, paused_of

BETTER, SAME = 0, 1
"""The response codes behind the two plain answers; the others are asked for in full."""


@access("see_own", "GET", "POST")
@gzip_page
def today(request: Request) -> HttpResponse:
    at = here(request)
    if not at.agreed or at.episode.ended_on:
        return redirect("me")
    if request.method == "POST":
        return _morning(request, at)
    found = today_of(at.episode, at.knowledge, on=clock.today())
    response = render(request, "portal/today.html", {"tab": "today", **_context(at, found)})
    if found.program.pause:  # the worker forgets the player that it has kept
        response["X-Exercises"] = "paused"
    return response


def _context(at: Here, found: Today) -> dict[str, Any]:
    cards = [(due, card_of(due, found, at.language)) for due in found.all]
    due = [card for one, card in cards if one.due]
    minutes, exercises = minutes_words(found.minutes, len(due))
    return {
        "at": at,
        "on": clock.today(),
        "found": found,
        "due": due,
        "later": [card for one, card in cards if not one.due],
        "minutes_word": minutes,
        "exercises_words": exercises,
        "paused": paused_of(found.program, at.language),
        "visit": lists.next_visit(at.episode),
        "clinic": Clinic.current(),
        "ask_back": asked_back(at.episode, clock.today()) if found.rest is None else None,
        "worse": [(code, words) for code, words in _codes(at) if code not in (BETTER, SAME)],
        "numbers": range(11),
        "key": uuid4(),
    }


def _codes(at: Here) -> list[tuple[int, str]]:
    return [(one.code, at.language.say("response_code", id_, "plain")) for id_, one in at.knowledge.of(ResponseCode).items()]


def _morning(request: Request, at: Here) -> HttpResponse:
    """The same report as the script sends, from a plain form."""
    form = request.POST
    body = {"kind": "morning", "episode": at.episode.ref, "done_at": clock.now().isoformat(), **morning_of(form)}
    try:
        phone.receive(episode=at.episode, key=form.get("key", ""), body=body, knowledge=at.knowledge, by=request.user)
    except Refused:
        messages.error(request, gettext("Please choose a number from 0 to 10."))
    return redirect("me_today")


def morning_of(form: Mapping[str, str]) -> dict[str, Any]:
    numbers = {name: int(form[name]) for name in ("rest", "response") if form.get(name, "").isdecimal()}
    return {**numbers, "stiff": "stiff" in form, "bad_night": "bad_night" in form}
