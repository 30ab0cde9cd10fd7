"""What the frame of every page shows: the clinic, the person signed in, and the places they may go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from ..config.middleware import needs_second_factor
from ..records.models import Clinic
from .models import User
from .roles import Permission

PLACES: tuple[tuple[Permission, str, str], ...] = (
    ("see_people", "Today", "today"),
    ("see_people", "People", "people"),
    ("see_outcomes", "Outcomes", "outcomes"),
    ("see_own", "My care", "me"),
    ("review_rules", "Rules", "rules"),
    ("manage_clinic", "Settings", "settings"),
    ("see_audit", "Audit", "audit"),
)
MENU = ({"label": "Your account", "name": "account", "icon": "person"},)
HERE = {
    "account": "account",
    "account_change_password": "password",
    "account_set_password": "password",
    "usersessions_list": "sessions",
}


def frame(request: HttpRequest) -> dict[str, Any]:
    common = {"clinic": Clinic.current(), "demo": settings.DEMO, "sends_mail": settings.SENDS_MAIL}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return common | {"nav": []}
    at = request.resolver_match.url_name or "" if request.resolver_match else ""
    barred = needs_second_factor(user)
    return common | {
        "nav": [] if barred else places(user),
        "user_menu": [] if barred else [{**item, "url": reverse(item["name"])} for item in MENU],
        "must_set_up": barred,
        "no_search": not user.may("see_people"),
        "here": HERE.get(at, "mfa" if at.startswith("mfa_") else ""),
    }


def places(user: User) -> list[dict[str, str]]:
    found = []
    for permission, label, name in PLACES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if user.may(permission):
            found.append({"label": label, "url": url, "name": name})
    return found
