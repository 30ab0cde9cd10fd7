"""The messages of an episode: the thread, the answer, and that one needs no answer."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from ...records.access import Request, access
from ...records.actions import Refused, messages
from ...records.models import Episode
from ..frame import bar_of, rights


@access("see_clinical", of="episode")
def thread(request: Request, episode: Episode) -> HttpResponse:
    return _page(request, episode)


@access("record", "POST", of="episode")
def answer(request: Request, episode: Episode) -> HttpResponse:
    text, key = request.POST.get("text", ""), request.POST.get("key", "")
    try:
        messages.answer(episode=episode, text=text, key=key, by=request.user)
    except Refused as refusal:
        return _page(request, episode, refusal)
    return _done(request, episode)


@access("record", "POST", of="episode")
def settle(request: Request, episode: Episode) -> HttpResponse:
    messages.settle(episode=episode, by=request.user)
    return _done(request, episode)


def shown(request: Request, episode: Episode) -> dict[str, Any]:
    """The thread for a page, and a key for the next answer. Whoever may answer has read it now."""
    if request.user.may("record"):
        messages.read(episode=episode, by=request.user)
    rows = list(messages.thread(episode))
    waiting = any(one.from_patient and one.settled_at is None for one in rows)
    return {"thread": rows, "waiting": waiting, "key": secrets.token_hex(12)} | rights(request.user, "record")


def _done(request: Request, episode: Episode) -> HttpResponse:
    if request.htmx:
        return render(request, "clinic/parts/_messages.html", {"episode": episode} | shown(request, episode))
    return redirect("episode_messages", episode.ref)


def _page(request: Request, episode: Episode, refused: Refused | None = None) -> HttpResponse:
    page = {"episode": episode, "refused": refused, "kept": request.POST.get("text", "")} | shown(request, episode)
    if refused and request.POST.get("key"):
        page["key"] = request.POST["key"]
    status = refused.status if refused else 200
    if request.htmx:
        return render(request, "clinic/parts/_messages.html", page, status=status)
    frame = {"section": "people", "tab": "story", "bar": bar_of(episode, request.user)}
    return render(request, "clinic/messages.html", page | frame, status=status)
