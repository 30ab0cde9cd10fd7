"""What makes the pages work without a network: the worker, the manifest, and a page that belongs to nobody."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache

from ...records.access import public

WORKER = "portal/js/worker.js"
FILES = (
    "ui/css/tokens.css", "portal/css/portal.css", "ui/css/figures.css", "portal/css/today.css", "portal/css/player.css",
    "portal/css/after.css", "portal/css/intake.css", "portal/js/outbox.js", "portal/js/today.js", "portal/js/count.js",
    "portal/js/player.js", "ui/art/mark.svg",
)  # fmt: skip
"""What the kept pages need; the names under which they are served carry their content where files are hashed."""
KEPT = ("me_today", "me_session", "me_worry_card", "me_well", "me_flare")
"""The pages that are kept on the phone of somebody signed in."""


@public
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It lies at the root since its reach ends where it lies, and is asked for anew each time."""
    response = HttpResponse(script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def script() -> str:
    """The worker with its list; another content of any file makes it another version, which replaces the older on the phone."""
    files = [static(name) for name in FILES]
    version = hashlib.sha256(b"".join(_content(name) for name in (WORKER, *FILES))).hexdigest()[:16]
    given = {"version": version, "shell": reverse("me_offline"), "files": files, "kept": [reverse(name) for name in KEPT]}
    return f"const GIVEN = {json.dumps(given)};\n{_content(WORKER).decode()}"


def _content(name: str) -> bytes:
    path = finders.find(name)
    assert isinstance(path, str), name
    return Path(path).read_bytes()


@public
def manifest(request: HttpRequest) -> HttpResponse:
    """So that the pages can stand on the home screen. Nothing in it says whose they are, or what they are about."""
    icon = {"src": static("ui/art/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    told = {
        "name": "Rhomboid", "short_name": "Rhomboid", "id": "/me", "start_url": "/me", "scope": "/me", "display": "standalone",
        "background_color": "#F3F5F4", "theme_color": "#F3F5F4", "icons": [icon],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": "max-age=3600"})


@public
@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    """What stands where a page is wanted that this phone has not kept."""
    return render(request, "portal/offline.html")
