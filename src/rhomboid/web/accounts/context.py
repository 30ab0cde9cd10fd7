"""What the frame of every page shows: the clinic, the person signed in, and the places they may go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from ..records.models import Clinic
from .models import User
from .roles import Permission

PLACES: tuple[tuple[Permission, str, str], ...] = (
    ("see_people", "Today", "today"),
    ("see_people", "People", "people"),
    ("review_rules", "Rules", "rules"),
    ("manage_clinic", "Settings", "settings"),
    ("see_audit", "Audit", "audit"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"nav": [], "clinic": None, "demo": settings.DEMO}
    nav = [{"label": label, "url": reverse(name), "name": name} for permission, label, name in PLACES if user.may(permission)]
    return {"nav": nav, "clinic": Clinic.current(), "demo": settings.DEMO}
