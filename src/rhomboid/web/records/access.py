"""Who may use a view. Deny by default: every view carries one of these decorators, and a test walks all addresses.

    @public                                    sign-in pages, health check
    @signed_in                                 any account
    @access("manage_clinic")                   a permission
    @access("see_clinical", of="episode")      a permission, for the episode named by `ref` in the address; the view gets the object

What somebody may not see is answered as if it did not exist (404); what their role may not do is refused (403).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, cast

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from ..accounts.models import User
from ..accounts.roles import Permission
from . import audit, models

View = Callable[..., HttpResponse]
Kind = Literal[
    "", "person", "episode", "visit", "note", "plan", "referral", "document", "concern", "link", "message", "alert", "check_in"
]
MODELS: dict[str, str] = {"plan": "PlanOfCare", "link": "PersonalLink", "check_in": "CheckIn"}
"""The model of a kind, where its name is not the kind's."""


SCRIPTS = "/me/api/"
"""Where only scripts ask: whoever is not signed in gets 401 there, since a script that is led to a page loses what it sends."""


PATIENTS_DOOR = "account_request_login_code"
"""Where somebody signs in who is not of the staff."""


class Request(HttpRequest):
    """A request of somebody signed in; `htmx` is true when it asks for a part of a page."""

    user: User
    htmx: HtmxDetails


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declares: `public`, `signed_in`, or a permission, and the kind of record its address names."""

    rule: str
    of: Kind = ""
    methods: tuple[str, ...] = ("GET",)


def declared(view: Any) -> Access | None:
    """What a view has declared; None for one that has not, which the test refuses."""
    return getattr(view, "access", None)


def public(view: View) -> View:
    cast("Any", view).access = Access("public", methods=("GET", "POST"))
    return view


def signed_in(*methods: str) -> Callable[[View], View]:
    return _guard(Access("signed_in", methods=methods or ("GET",)))


def access(permission: Permission, *methods: str, of: Kind = "") -> Callable[[View], View]:
    """A view for a permission. `methods` default to GET; `of` loads the record that `ref` names, if this user may see it."""
    return _guard(Access(permission, of, methods or ("GET",)))


def _guard(rule: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not isinstance(request.user, User):
                return _to_sign_in(request)
            if request.method not in (*rule.methods, *(("HEAD",) if "GET" in rule.methods else ())):
                return HttpResponseNotAllowed(rule.methods)
            if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
                raise BadRequest("An address holds no NUL")  # PostgreSQL breaks off at one
            if not _may(request, rule, kwargs.get("ref", "")):
                raise PermissionDenied
            if rule.of:
                kwargs[rule.of] = visible(rule.of, kwargs.pop("ref"), request.user)
                _leave_trace(request, rule.of, kwargs[rule.of])
            return view(request, *args, **kwargs)

        cast("Any", guarded).access = rule
        return guarded

    return decorate


def _may(request: Request, rule: Access, ref: str) -> bool:
    """Whether the role gives it; for reading a record also emergency access to its person."""
    user = request.user
    if rule.rule == "signed_in" or user.may(cast("Permission", rule.rule)):
        return True
    if rule.rule != "see_clinical" or not rule.of or request.method == "POST" or not user.may("break_glass"):
        return False
    return audit.in_emergency(user, _person_of(rule.of, visible(rule.of, ref, user)))


def _person_of(kind: Kind, record: Any) -> models.Person:
    return cast("models.Person", record if kind == "person" else record.person if kind == "episode" else record.episode.person)


def visible(kind: Kind, ref: str, user: User) -> Any:
    """The record of that kind and ref, if the user may see it. Raises Http404 otherwise, whether it exists or not."""
    found = getattr(models, MODELS.get(kind, kind.capitalize())).objects.visible_to(user).filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def _leave_trace(request: Request, kind: Kind, record: Any) -> None:
    """Reading a record leaves an event; parts of a page that is open already, and writes (which leave their own), do not."""
    if request.method == "GET" and not request.htmx:
        person = _person_of(kind, record)
        page = request.resolver_match.url_name if request.resolver_match else ""
        audit.write(by=request.user, action=f"{kind}.read", person=person, subject=record.ref, page=page or "")


def _to_sign_in(request: Request) -> HttpResponse:
    if request.path.startswith(SCRIPTS):
        return JsonResponse({"error": "signed_out"}, status=401)
    door = PATIENTS_DOOR if request.path == "/me" or request.path.startswith("/me/") else settings.LOGIN_URL
    where = f"{reverse(door)}?{urlencode({'next': request.get_full_path()})}"
    if request.htmx:
        return HttpResponseClientRedirect(reverse(settings.LOGIN_URL) + "?" + urlencode({"next": _page_of(request)}))
    return redirect(where)


def _page_of(request: Request) -> str:
    return request.htmx.current_url_abs_path or reverse("home")
