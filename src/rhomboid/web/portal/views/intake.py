"""The intake on the phone: before the first visit, one question at a time, stopped at once by a danger sign."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ....reasoning.facts import Facts
from ...records import bridge, clock, interviewing
from ...records.access import Request, access
from ...records.actions import home_changes, interviews
from ...records.models import Clinic, PatientInterview
from ..advice import Advice, advice_of
from ..here import Here, here
from .interview import Place, ask


@access("see_own", "GET", "POST")
def intake(request: Request) -> HttpResponse:
    at = here(request)
    if not at.agreed or at.episode.ended_on:
        return redirect("me")
    if PatientInterview.objects.filter(episode=at.episode, kind="intake", finished_at__isnull=False).exists():
        return redirect("me_intake_done")
    if interviewing.standing_stop(at.episode):
        return redirect("me_intake_stopped")
    found = interviews.begin(episode=at.episode, kind="intake", knowledge=at.knowledge, by=request.user)
    return ask(request, Place(at, found, "me_intake", reverse("me_intake_done")))


@access("see_own")
def done(request: Request) -> HttpResponse:
    """What happens next; a danger sign comes before everything."""
    at = here(request)
    found = PatientInterview.objects.filter(episode=at.episode, kind="intake").last()
    if found is None or (found.finished_at is None and not found.outcome):
        return redirect("me_intake")
    if found.finished_at is None or found.outcome.get("action") in ("emergency", "call"):
        return redirect("me_intake_stopped")
    return render(request, "portal/intake_done.html", {"at": at, "advice": advice_for(at, found)})


@access("see_own")
def stopped(request: Request) -> HttpResponse:
    """The questions wait: what to do now. Once a therapist has lowered the concern, they go on where they were."""
    at = here(request)
    found = PatientInterview.objects.filter(episode=at.episode, kind="intake").last()
    if found is None or not found.outcome or (found.finished_at is None and not interviewing.standing_stop(at.episode)):
        return redirect("me_intake")
    return render(
        request,
        "portal/advice.html",
        {"at": at, "advice": advice_for(at, found), "on": clock.today(), "waits": not found.finished_at},
    )


def advice_for(at: Here, interview: PatientInterview) -> Advice:
    paused = home_changes.paused(at.episode) is not None
    return advice_of(interview.outcome, facts_of(at), at.language, Clinic.current(), paused=paused)


def facts_of(at: Here) -> Facts:
    return interviewing.State(
        at.knowledge, "intake", clock.today(), bridge.case_of(at.episode, at.knowledge, on=clock.today()).findings
    ).facts
