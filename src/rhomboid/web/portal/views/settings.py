"""What a person sets for themselves: the language, the ways in, and leaving this phone with nothing on it."""

from __future__ import annotations

from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext

from ...records.access import Request, access
from ...records.actions import people
from ..here import here

WIPES = '"cache", "cookies", "storage"'


@access("see_own", "GET", "POST")
def settings(request: Request) -> HttpResponse:
    at = here(request)
    if request.method != "POST":
        return render(request, "portal/settings.html", {"at": at, "languages": site.LANGUAGES})
    code = request.POST.get("language", "")
    if code in dict(site.LANGUAGES) and code != at.person.language:
        people.correct_identity(person=at.person, language=code, by=request.user)
        with translation.override(code):
            messages.success(request, gettext("These pages are in English now."))
    return redirect("me_settings")


@access("see_own", "GET", "POST")
def leave(request: Request) -> HttpResponse:
    """Signs out and asks the browser to forget everything of this site: pages, answers that wait, cookies."""
    if request.method != "POST":
        return render(request, "portal/leave.html")
    logout(request)
    response = render(request, "portal/left.html")
    response["Clear-Site-Data"] = WIPES
    response["Cache-Control"] = "no-store"
    return response
