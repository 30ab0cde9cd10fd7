"""Where a phone goes: the first thing that is missing, else today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

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
    """The address of the first page that fits; the settings where this site has none of the others."""
    if not agreed and not episode.ended_on:
        names = ["me_consent"]
    elif episode.stage == "intake" and not episode.interviews.filter(kind="intake", finished_at__isnull=False).exists():
        names = ["me_intake", "me_today"]
    else:
        names = ["me_well"] if episode.ended_on else ["me_today"]
    for name in (*names, "me_settings"):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    raise AssertionError(names)
