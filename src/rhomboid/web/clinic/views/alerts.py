"""What a phone told: marked as seen by whoever treats, and the exercises at home let go on by a licensed therapist."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ...records import current
from ...records.access import Request, access
from ...records.actions import Refused, alerts
from ...records.models import Alert, Episode


@access("see_clinical", "POST", of="alert")
def alert_seen(request: Request, alert: Alert) -> HttpResponse:
    alerts.see(alert=alert, by=request.user)
    return redirect("today") if request.POST.get("to") == "today" else redirect("episode", alert.episode.ref)


@access("sign", "POST", of="episode")
def home_go_on(request: Request, episode: Episode) -> HttpResponse:
    try:
        alerts.let_go_on(episode=episode, reason=request.POST.get("reason", ""), knowledge=current.knowledge(), by=request.user)
    except Refused as refused:
        page = {"refused": refused, "back": reverse("episode", args=[episode.ref])}
        return render(request, "ui/refused.html", page, status=refused.status)
    return redirect("episode", episode.ref)
