"""What stands around every view: idle time-out, the second factor, no caching of records, refusals in words."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ..accounts.models import User
from ..records import clock
from ..records.actions import Refused

Handler = Callable[[HttpRequest], HttpResponse]
SEEN, IDLED = "seen_at", "idled"


def idle_timeout(get_response: Handler) -> Handler:
    """Signs out whoever has not asked for anything for IDLE_MINUTES; what was typed stays in the browser."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not opened_by_link(request):
            seen, now = request.session.get(SEEN), int(clock.now().timestamp())
            if seen is not None and now - seen > settings.IDLE_MINUTES * 60:
                logout(request)
                request.session[IDLED] = True
            elif seen is None or now - seen > 30:
                request.session[SEEN] = now
                request.session.pop(IDLED, None)
        return get_response(request)

    return middleware


def opened_by_link(request: HttpRequest) -> bool:
    """A patient's own phone: its session ends with the link (portal.middleware), not with a pause."""
    return getattr(request, "personal_link", None) is not None


def second_factor(get_response: Handler) -> Handler:
    """Staff without a second factor can do nothing but set one up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        allowed = ("/account/", "/static/")
        if not request.path.startswith(allowed) and needs_second_factor(request.user):
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def needs_second_factor(user: User | AnonymousUser) -> bool:
    """Whether somebody of the staff is signed in without a second factor where one is required."""
    return settings.SECOND_FACTOR_REQUIRED and isinstance(user, User) and user.is_staff_member and not is_mfa_enabled(user)


def private_pages(get_response: Handler) -> Handler:
    """Pages with records stay out of every cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware


class Refusals:
    """An action's refusal that no view has caught becomes a page that says what was refused and how to mend it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        back = request.headers.get("Referer", "") or reverse("home")
        template = "portal/refused.html" if request.path.startswith("/me/") else "ui/refused.html"
        return render(request, template, {"refused": error, "back": back}, status=error.status)


refusals = Refusals
