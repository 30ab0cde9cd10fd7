"""What a person answers about their consents, at the front desk or with whoever treats them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ...records.access import Request, access
from ...records.actions import Refused, consents
from ...records.models import CONSENTS, Episode

ANSWERS = {"no": False, "yes": True}


@access("register", "POST", of="episode")
def consent_record(request: Request, episode: Episode) -> HttpResponse:
    kind, answer = request.POST.get("kind", ""), request.POST.get("answer", "")
    if kind not in CONSENTS or answer not in ANSWERS:
        raise Refused("Choose what it is about and what was answered", "Nothing was recorded.")
    consents.record(episode=episode, kind=kind, given=ANSWERS[answer], by=request.user)
    said = "agrees" if ANSWERS[answer] else "does not agree"
    messages.success(request, f"Recorded: {episode.person.given_name} {said}. {CONSENTS[kind]}.")
    return redirect(reverse("person", args=[episode.person.ref]) + "#consents")
