"""What the phone's script talks to. It answers in JSON and never leads elsewhere, so that no report gets lost on the way."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache

from ...records.access import Request, access
from ...records.actions import Refused, phone
from ..here import found_here

MOST_BYTES = 8192


@access("see_own")
@never_cache
def csrf(request: Request) -> HttpResponse:
    """A fresh token, and whose reports may be sent with it: a token in a page that was kept is stale."""
    at = found_here(request)
    return JsonResponse({"token": get_token(request), "who": at.episode.ref if at else ""})


@access("see_own", "POST")
@never_cache
def reports(request: Request) -> HttpResponse:
    at, key = found_here(request), request.headers.get("Idempotency-Key", "")
    if at is None:
        return _refused(key, "nobody", 404)
    body = _body(request)
    if body is None:
        return _refused(key, "unreadable", 422)
    try:
        found = phone.receive(episode=at.episode, key=key, body=body, knowledge=at.knowledge, by=request.user)
    except Refused as refused:
        return _refused(key, refused.message, refused.status)
    return JsonResponse(found.report.answer, status=201 if found.new else 200)


def _body(request: Request) -> dict[str, Any] | None:
    if len(request.body) > MOST_BYTES:
        return None
    try:
        found = json.loads(request.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("kind"), str) else None


def _refused(key: str, why: str, status: int) -> HttpResponse:
    return JsonResponse({"refused": key, "error": why}, status=status)
