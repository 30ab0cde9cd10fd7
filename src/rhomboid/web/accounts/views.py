"""The door: where each role begins, whether the server lives, and what is said when something is not to be had."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ..records.access import Request, public, signed_in

START = {"auditor": "audit", "patient": "me", "integrator": "account"}


@signed_in("GET")
def home(request: Request) -> HttpResponse:
    return redirect(START.get(request.user.role, "today"))


@public
def healthz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@signed_in("GET")
def account(request: Request) -> HttpResponse:
    return render(request, "accounts/account.html")


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, 400, _("This request could not be read"), _("Go back and try again."))


@public
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    fix = "Your role does not include this. The clinic's owner can change roles under Settings."
    return _said(request, 403, "Not for your role", fix)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    fix = _("The address may be mistyped, or the record is not one you may see.")
    return _said(request, 404, _("There is nothing here for you"), fix)


@public
def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    fix = _("It was open for too long, or cookies are off. Go back, load the page anew and send it again.")
    return _said(request, 403, _("This page is too old to be sent"), fix)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request, so that it needs neither the database nor a session."""
    fix = _("Nothing was half-saved. Try again; if it comes back, tell whoever runs this installation what you were doing.")
    said = render_to_string("accounts/error.html", {"what": _("Something went wrong on our side"), "fix": fix})
    return HttpResponse(said, status=500)


def _said(request: HttpRequest, status: int, what: str, fix: str) -> HttpResponse:
    """To a browser without a token it gives none: it would take the place of the one that the page beside it has just got, since
    browsers ask for an icon by themselves while somebody's first page opens."""
    known = request if settings.CSRF_COOKIE_NAME in request.COOKIES else None
    return HttpResponse(render_to_string("accounts/error.html", {"what": what, "fix": fix}, known), status=status)
