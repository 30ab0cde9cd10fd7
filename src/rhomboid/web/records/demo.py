"""The phones of the sample clinic: how to open the pages of an invented person. Shown in a demo alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from .actions.links import token_of
from .models import PersonalLink

STAGES = {"care": "under care", "intake": "before the first visit", "discharged": "after discharge"}


@dataclass(frozen=True, slots=True)
class Phone:
    """Whose phone, at what point of care, the address, and the date of birth that it asks for."""

    name: str
    stage: str
    language: str
    path: str
    born: date


def phones() -> list[Phone]:
    """One for each stage of care, by the newest link; none outside a demo."""
    if not settings.DEMO:
        return []
    links = PersonalLink.objects.filter(revoked_at=None, locked=False).select_related("episode__person").order_by("id")
    newest = {link.episode.stage: link for link in links}
    return [_phone(newest[stage], words) for stage, words in STAGES.items() if stage in newest]


def _phone(link: PersonalLink, stage: str) -> Phone:
    person = link.episode.person
    return Phone(
        name=str(person),
        stage=stage,
        language=dict(settings.LANGUAGES).get(person.language, ""),
        path=reverse("link", args=[token_of(link)]),
        born=person.date_of_birth,
    )
