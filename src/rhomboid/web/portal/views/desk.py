"""One's own desk, phone, bag and bed: a short look, one to three things to change, and the same look again some days later."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from ...records import clock, own_places
from ...records.access import Request, access
from ...records.actions import Refused, own_pages
from ...records.own_places import Place
from .. import places as words
from ..here import Here, here


@access("see_own")
def desk(request: Request) -> HttpResponse:
    """All places, and what is to do at each."""
    at = here(request)
    if not at.agreed and not at.episode.ended_on:
        return redirect("me")
    today = clock.today()
    found = own_places.places(at.episode, at.knowledge, today)
    rows = [(one, at.language.say("own_place", one.id, "name"), is_due(one)) for one in found]
    return render(request, "portal/desk.html", {"tab": "progress", "rows": rows})


@access("see_own", "GET", "POST")
def place(request: Request, place: str) -> HttpResponse:
    """What to change at a place, and before and after. A POST says that one thing was changed."""
    at = here(request)
    found = _place(at, place)
    if request.method == "POST":
        if request.POST.get("advice") in found.entry.advice:
            own_pages.changed(episode=at.episode, advice=request.POST["advice"], knowledge=at.knowledge, by=request.user)
        return redirect("me_desk_place", place)
    if found.looked is None:
        return redirect("me_desk_look", place)
    answers = words.answered(found, at.language, clock.today())
    page = {
        "tab": "progress",
        "place": found,
        "name": at.language.say("own_place", place, "name"),
        "advice": words.advice(found, at.language),
        "answers": answers,
        "compared": any(one.after for one in answers),
        "due": is_due(found),
    }
    return render(request, "portal/desk_place.html", page)


@access("see_own", "GET", "POST")
def look(request: Request, place: str) -> HttpResponse:
    """The questions about a place."""
    at = here(request)
    found = _place(at, place)
    if request.method != "POST":
        return _questions(request, at, found)
    values, wrong = _given(found, request.POST)
    if wrong:
        return _questions(request, at, found, wrong)
    try:
        own_pages.look(
            episode=at.episode,
            place=place,
            values=values,
            key=request.POST.get("key", ""),
            knowledge=at.knowledge,
            by=request.user,
        )
    except Refused:
        return _questions(request, at, found, {}, gettext("This does not fit with what you told us before. Please check it."))
    return redirect("me_desk_place", place)


def is_due(found: Place) -> bool:
    return found.again_on is not None and found.again_on <= clock.today()


def _place(at: Here, name: str) -> Place:
    """Raises Http404 for a place there is not, or that does not apply to the person."""
    if not at.agreed and not at.episode.ended_on:
        raise Http404
    places = own_places.places(at.episode, at.knowledge, clock.today())
    found = next((one for one in places if one.id == name), None)
    if found is None:
        raise Http404
    return found


def _given(found: Place, form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers that were given, and what is wrong with others. What was left open or is not sure is not among them."""
    values, wrong = {}, {}
    for entry in found.asks:
        try:
            value = words.value_of(entry, form.get(entry.id, ""))
        except words.NotANumber as problem:
            wrong[entry.id] = str(problem)
            continue
        if value is not None:
            values[entry.id] = value
    return values, wrong


def _questions(request: Request, at: Here, found: Place, wrong: Mapping[str, str] | None = None, problem: str = "") -> HttpResponse:
    page = {
        "tab": "progress",
        "place": found,
        "name": at.language.say("own_place", found.id, "name"),
        "plain": at.language.say("own_place", found.id, "plain"),
        "questions": words.questions(found, at.language, request.POST.dict(), wrong or {}),
        "key": request.POST.get("key") or secrets.token_hex(12),
        "problem": problem,
    }
    return render(request, "portal/desk_look.html", page, status=422 if wrong or problem else 200)
