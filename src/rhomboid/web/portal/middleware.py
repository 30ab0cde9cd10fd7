"""What stands around the portal: the language of the person, and a phone's session for as long as its link lives."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import translation

from ..records import clock
from ..records.actions.links import SESSION_DAYS, seen
from ..records.models import PersonalLink
from .here import found_here

Handler = Callable[[HttpRequest], HttpResponse]
LINK, RENEWED = "link", "link_renewed"
ONCE_A_DAY = 24 * 3600
PORTAL = ("/me", "/p", "/account/login/code")
DOOR = ("/account/login", "/account/logout", "/account/password/reset", "/account/2fa/authenticate", "/account/inactive")
CLOSED_TO_LINKS = ("/account", "/gallery")
LEAVING = "/account/logout/"


def link_session(get_response: Handler) -> Handler:
    """A session that a link has opened ends with the link, whatever it asks for, and opens nothing but the portal. One query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        ref = request.session.get(LINK)
        if not ref or not request.user.is_authenticated:
            return get_response(request)
        link = PersonalLink.objects.select_related("episode__person").filter(ref=ref).first()
        if link is None or not link.opens(clock.today()) or link.episode.person.user_id != request.user.pk:
            return _ended(request, link, get_response)
        request.personal_link = link  # type: ignore[attr-defined]
        _renew(request, link)
        if request.path.startswith(CLOSED_TO_LINKS) and request.path != LEAVING:
            return redirect("me_settings")
        return get_response(request)

    return middleware


def _ended(request: HttpRequest, link: PersonalLink | None, get_response: Handler) -> HttpResponse:
    """Signs out. A phone whose link the clinic has taken back keeps nothing: it may be in somebody else's hands."""
    logout(request)
    response: HttpResponse
    if request.path.startswith("/me/api/"):
        response = JsonResponse({"error": "signed_out"}, status=401)
    elif request.path.startswith("/p/"):  # the new link that took the place of this one
        response = get_response(request)
    else:
        response = redirect("link_ended")
    if link is None or link.revoked_at:
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _renew(request: HttpRequest, link: PersonalLink) -> None:
    """Once a day the session begins its days anew, and the clinic sees that the link is in use."""
    now = clock.now()
    if int(now.timestamp()) - request.session.get(RENEWED, 0) >= ONCE_A_DAY:
        request.session[RENEWED] = int(now.timestamp())
        request.session.set_expiry(SESSION_DAYS * ONCE_A_DAY)
        seen(link=link)


def language(get_response: Handler) -> Handler:
    """On the pages of the portal, and at the door: the language of the person; before one is known, the one chosen or that of
    the browser. The pages of the clinic are in English."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not (_below(request.path, PORTAL) or _at_the_door(request)):
            return get_response(request)
        with translation.override(language_of(request)):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response

    return middleware


def _below(path: str, starts: tuple[str, ...]) -> bool:
    return any(path == start or path.startswith(f"{start}/") for start in starts)


def _at_the_door(request: HttpRequest) -> bool:
    """Whether somebody signs in or out who may be a patient."""
    return _below(request.path, DOOR) and not (request.user.is_authenticated and request.user.is_staff_member)


def language_of(request: HttpRequest) -> str:
    known = dict(settings.LANGUAGES)
    found = found_here(request)
    if found:
        return found.code
    chosen = request.GET.get("lang", "")
    return chosen if chosen in known else translation.get_language_from_request(request)


def other_language() -> tuple[str, str] | None:
    """The next language to offer on a page that does not know the person: its code and its own name."""
    now = translation.get_language() or "en"
    return next(((code, name) for code, name in settings.LANGUAGES if not now.startswith(code)), None)
