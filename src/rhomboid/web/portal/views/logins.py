"""Adding a passkey or an e-mail address to one's own account. The date of birth is asked once more before."""

from __future__ import annotations

import secrets

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from ...records import clock
from ...records.access import Request, access
from ...records.actions import Refused, links, logins
from ...records.models import Clinic
from ..here import here
from .link import birthday, months

SURE, CODE = "sure_until", "email_code"
SURE_FOR, CODE_FOR = 10 * 60, 10 * 60
TRIES = 3


@access("see_own", "GET", "POST")
@sensitive_post_parameters()
def login_ways(request: Request) -> HttpResponse:
    """The ways in there are; behind the date of birth, what can be added."""
    if request.method != "POST":
        return _page(request)
    what = request.POST.get("do", "")
    if what == "born":
        return _born(request)
    if not _sure(request):
        return redirect("me_login")
    does = {"email": _email, "code": _code, "passkey": _passkey, "drop": _drop}
    return does[what](request) if what in does else redirect("me_login")


def _born(request: Request) -> HttpResponse:
    at, form = here(request), request.POST
    born = birthday(form.get("day", ""), form.get("month", ""), form.get("year", ""))
    address = get_adapter(request).get_client_ip(request)
    if not links.still_me(person=at.person, link=at.link, born=born, address=address):
        return _page(request, refused=True, status=403)
    request.session[SURE] = _now() + SURE_FOR
    return redirect("me_login")


def _email(request: Request) -> HttpResponse:
    email, code = logins.readable(request.POST.get("email", "")), f"{secrets.randbelow(10**6):06}"
    if not email:
        return _page(request, email_wrong=True, status=422)
    if not logins.mail_code(person=here(request).person, email=email, code=code, clinic=Clinic.current().name):
        return _page(request, not_sent=True, status=422)
    request.session[CODE] = {"email": email, "digest": _digest(code), "until": _now() + CODE_FOR, "tries": 0}
    return redirect("me_login")


def _code(request: Request) -> HttpResponse:
    """Three tries for ten minutes; then the code is gone."""
    asked = request.session.get(CODE)
    if not asked or asked["until"] < _now():
        request.session.pop(CODE, None)
        return _page(request, code_over=True, status=422)
    if not constant_time_compare(asked["digest"], _digest(request.POST.get("code", "").replace(" ", ""))):
        asked["tries"] += 1
        request.session[CODE] = asked
        if asked["tries"] >= TRIES:
            del request.session[CODE]
        return _page(request, code_wrong=True, status=422)
    del request.session[CODE]
    try:
        logins.use_email(person=here(request).person, email=asked["email"], by=request.user)
    except Refused:
        return _page(request, code_over=True, status=422)
    messages.success(request, _("From now on you can sign in with a code by e-mail."))
    return redirect("me_login")


def _passkey(request: Request) -> HttpResponse:
    form = AddWebAuthnForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, passkey_wrong=True, status=422)
    auth.WebAuthn.add(request.user, form.cleaned_data["name"], form.cleaned_data["credential"])
    logins.passkey_added(person=here(request).person, by=request.user)
    messages.success(request, _("From now on this phone can sign in with a passkey."))
    return redirect("me_login")


def _drop(request: Request) -> HttpResponse:
    logins.drop_passkeys(person=here(request).person, by=request.user)
    messages.success(request, _("Your passkeys no longer sign in."))
    return redirect("me_login")


def _page(request: Request, *, status: int = 200, **said: bool) -> HttpResponse:
    sure, asked = _sure(request), request.session.get(CODE)
    context = {
        "sure": sure,
        "months": months(),
        "typed": request.POST if said.get("refused") else {},
        "email": request.user.email if request.user.has_mail else "",
        "sends_mail": settings.SENDS_MAIL,
        "waiting": asked["email"] if sure and asked and asked["until"] >= _now() else "",
        "passkeys": Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN).count(),
        "js_data": {"creation_options": auth.begin_registration(request.user, True)} if sure else None,
        **said,
    }
    return render(request, "portal/login_ways.html", context, status=status)


def _sure(request: Request) -> bool:
    return int(request.session.get(SURE, 0)) > _now()


def _now() -> int:
    return int(clock.now().timestamp())


def _digest(code: str) -> str:
    return salted_hmac("rhomboid.email-code", code).hexdigest()
