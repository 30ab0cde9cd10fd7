"""A message to the therapist and the answer. It goes out once, however bad the connection; it is not for emergencies."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from ...records import clock
from ...records.access import Request, access
from ...records.actions import Refused
from ...records.actions import messages as actions
from ..here import Here, here
from ..progress import day_words

NEWEST = 60
OPENED = ("", "document")
"""What a browser says it asks for when a page is opened; a copy that is fetched ahead for later has nobody reading it."""


@access("see_own", "GET", "POST")
def messages(request: Request) -> HttpResponse:
    at = here(request)
    if not at.agreed and not at.episode.ended_on:
        return redirect("me")
    if request.method != "POST":
        return _page(request, at)
    text, key = request.POST.get("text", "").strip(), request.POST.get("key", "")
    wrong = _wrong(text)
    if not wrong:
        try:
            actions.send(episode=at.episode, text=text, key=key, by=request.user)
        except Refused:
            wrong = gettext("This did not go out. Your text is kept. Please send it again.")
    if wrong:
        return _page(request, at, wrong=wrong, kept=text)
    return redirect("me_messages")


def _wrong(text: str) -> str:
    if not text:
        return gettext("Write a line first.")
    if len(text) > actions.LONGEST:
        return gettext("This is too long to send. Keep the main points and tell us the rest at your visit.")
    return ""


def _page(request: Request, at: Here, *, wrong: str = "", kept: str = "") -> HttpResponse:
    if request.headers.get("Sec-Fetch-Dest", "") in OPENED:
        actions.read(episode=at.episode, by=request.user)
    thread = actions.thread(at.episode)
    page = {
        "tab": "messages",
        "at": at,
        "thread": [(one, _when(one.at), _when(one.read_at)) for one in list(thread.reverse()[:NEWEST])[::-1]],
        "key": secrets.token_hex(12),
        "wrong": wrong,
        "kept": kept,
        "longest": actions.LONGEST,
    }
    return render(request, "portal/messages.html", page, status=422 if wrong else 200)


def _when(at: datetime | None) -> str:
    """A moment, with its year where that is not this one."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{day_words(local.date(), clock.today())}, {date_format(local, 'TIME_FORMAT')}"
