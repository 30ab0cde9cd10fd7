"""When to worry: two minutes of questions, ending in go on, call the clinic, or call for help now; and a card for no network."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ...records import clock
from ...records.access import Request, access
from ...records.actions import interviews
from ...records.models import Clinic, PatientInterview
from ..advice import card_of
from ..here import Here, here
from .intake import advice_for, facts_of
from .interview import Place, ask

FRESH = timedelta(minutes=30)
"""How old answers may be for the questions to go on; after that they begin anew (prod)."""
KEPT = timedelta(days=2)
"""How long an answer is still shown on the first page (prod)."""


@access("see_own", "GET", "POST")
def worry(request: Request) -> HttpResponse:
    """The signs to call at once for, and the way into the questions. Without consent there is the card alone."""
    at = here(request)
    if request.method == "POST" and at.agreed:
        _fresh(at, request)
        interviews.begin(episode=at.episode, kind="rescreen", knowledge=at.knowledge, by=request.user)
        return redirect("me_worry_questions")
    card = card_of(at.knowledge, at.language, Clinic.current(), facts_of(at))
    last = _last(at)
    recent = last if last and last.finished_at and clock.now() - last.finished_at < KEPT and _calls(last) else None
    return render(request, "portal/worry.html", {"at": at, "card": card, "last": recent})


@access("see_own", "GET", "POST")
def questions(request: Request) -> HttpResponse:
    at = here(request)
    found = PatientInterview.objects.filter(episode=at.episode, kind="rescreen", finished_at=None).first()
    if found is None or not at.agreed:
        return redirect("me_worry")
    return ask(request, Place(at, found, "me_worry_questions", reverse("me_worry_answer")))


@access("see_own")
def answer(request: Request) -> HttpResponse:
    """The answer to the last questions."""
    at = here(request)
    found = _last(at)
    if found is None or "action" not in found.outcome:
        return redirect("me_worry")
    return render(request, "portal/advice.html", {"at": at, "advice": advice_for(at, found), "on": clock.today()})


@access("see_own")
def card(request: Request) -> HttpResponse:
    """The signs and the numbers, for everybody the same: it is kept on the phone and shown without a network."""
    at = here(request)
    response = render(request, "portal/worry_card.html", {"card": card_of(at.knowledge, at.language, Clinic.current())})
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response


def _fresh(at: Here, request: Request) -> None:
    """Leaves questions that were begun too long ago."""
    old = PatientInterview.objects.filter(episode=at.episode, kind="rescreen", finished_at=None).first()
    if old and clock.now() - old.started_at > FRESH:
        interviews.leave(interview=old, by=request.user)


def _last(at: Here) -> PatientInterview | None:
    """The last re-screen that came to an answer."""
    found = PatientInterview.objects.filter(episode=at.episode, kind="rescreen", finished_at__isnull=False)
    return next((one for one in found.order_by("-finished_at", "-id")[:5] if one.outcome.get("action") != "left"), None)


def _calls(found: PatientInterview) -> bool:
    return found.outcome.get("action") in ("emergency", "call", "see_doctor")
