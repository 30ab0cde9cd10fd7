"""The door: where each role begins, whether the server lives, and what is said when something is not to be had."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..records.access import Request, public, signed_in

START = {"auditor": "audit", "patient": "my_record", "integrator": "account"}


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
    return render(
        request, "accounts/error.html", {"what": "This request could not be read", "fix": "Go back and try again."}, status=400
    )


@public
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    fix = "Your role does not include this. The clinic's owner can change roles under Settings."
    return render(request, "accounts/error.html", {"what": "Not for your role", "fix": fix}, status=403)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    fix = "The address may be mistyped, or the record is not one you may see."
    return render(request, "accounts/error.html", {"what": "There is nothing here for you", "fix": fix}, status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    fix = "Nothing was half-saved. Try again; if it comes back, tell whoever runs this installation what you were doing."
    return render(request, "accounts/error.html", {"what": "Something went wrong on our side", "fix": fix}, status=500)
