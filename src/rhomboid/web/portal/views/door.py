"""Where a phone goes: the first thing that is missing, else today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from ...records.access import Request, access
from ...records.models import Episode
from ..here import found_here


@access("see_own")
def me(request: Request) -> HttpResponse:
    at = found_here(request)
    if at is None:
        return render(request, "portal/nothing.html")
    return redirect(_where(at.episode, at.agreed))


def _where(episode: Episode, agreed: bool) -> str:
    """The name of the first page that fits."""
    if episode.ended_on:
        return "me_well"
    if not agreed:
        return "me_consent"
    asked = episode.stage == "intake" and not episode.interviews.filter(kind="intake", finished_at__isnull=False).exists()
    return "me_intake" if asked else "me_today"
