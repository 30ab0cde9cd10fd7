"""Opening a personal link on a new phone, and what a link that opens no more says. Looking at either changes nothing."""

from __future__ import annotations

from datetime import date

from allauth.account.adapter import get_adapter
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import MONTHS
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ...records import clock
from ...records.access import public
from ...records.actions import links
from ...records.models import PersonalLink
from ..middleware import LINK, RENEWED, other_language

BACKEND = "django.contrib.auth.backends.ModelBackend"
OLDEST = 120


@public
@never_cache
@sensitive_post_parameters()
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The question for the date of birth, whatever the token: whether it opens anything shows only with the right date.

    A phone that this link has opened before goes on to its pages.
    """
    here: PersonalLink | None = getattr(request, "personal_link", None)
    if here and here.ref == links.ref_in(token):
        return redirect("me")
    if request.method != "POST":
        return _page(request)
    born = birthday(request.POST.get("day", ""), request.POST.get("month", ""), request.POST.get("year", ""))
    if born is None:
        return _page(request, unread=True, status=422)
    found = links.accept(token=token, born=born, address=get_adapter(request).get_client_ip(request))
    if found.link is None:
        return _page(request, refused=True, status=403)
    user = found.link.episode.person.user
    assert user
    login(request, user, backend=BACKEND)
    request.session[LINK], request.session[RENEWED] = found.link.ref, int(clock.now().timestamp())
    request.session.set_expiry(links.SESSION_DAYS * 24 * 3600)
    return redirect("me")


@public
def ended(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/link_ended.html", {"other": other_language()})


def birthday(day: str, month: str, year: str) -> date | None:
    """The date in three fields; None where it is none, or nobody could be born on it."""
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return None
    today = clock.today()
    return born if today.year - OLDEST <= born.year and born <= today else None


def _page(request: HttpRequest, *, status: int = 200, **said: bool) -> HttpResponse:
    context = {"months": months(), "typed": request.POST, "other": other_language(), **said}
    return render(request, "portal/link.html", context, status=status)


def months() -> list[tuple[str, str]]:
    """The months by name, so that no order of day and month can be mistaken."""
    return [(str(number), f"{number} – {name}") for number, name in MONTHS.items()]
