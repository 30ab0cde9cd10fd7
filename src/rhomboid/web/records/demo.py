"""The phones of the sample clinic: how to open the pages of an invented person. Shown in a demo alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from .actions.links import token_of
from .models import PersonalLink

STAGES = {
    "intake": "before the first visit",
    "evaluation": "at the first visit",
    "care": "under care",
    "discharged": "after discharge",
}
MOST = 4


@dataclass(frozen=True, slots=True)
class Phone:
    """Whose phone, at what point of care, the address, and the date of birth that it asks for."""

    name: str
    stage: str
    language: str
    path: str
    born: date


def phones() -> list[Phone]:
    """One for each link of the sample clinic; none outside a demo."""
    if not settings.DEMO:
        return []
    found = PersonalLink.objects.filter(revoked_at=None, locked=False).select_related("episode__person").order_by("id")
    return [
        Phone(
            name=str(link.episode.person),
            stage=STAGES.get(link.episode.stage, ""),
            language=dict(settings.LANGUAGES).get(link.episode.person.language, ""),
            path=reverse("link", args=[token_of(link)]),
            born=link.episode.person.date_of_birth,
        )
        for link in found[:MOST]
    ]
