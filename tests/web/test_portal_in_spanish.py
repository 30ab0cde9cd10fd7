"""A person's pages in Spanish: whatever page is reached from whatever page, no sentence of it is English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import findings, people
from rhomboid.web.records.models import HomeSession

from . import care, phone
from .conftest import NOW, Cast

ENGLISH = re.compile(r"\b(?:the|and|you|your|with|this|that|are|is|it|of|to|what|how|when|now|today|not)\b", re.IGNORECASE)
UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
SPOKEN = re.compile(r'\b(?:title|aria-label|alt|placeholder|content|data-[\w-]+)="([^"]+)"')
LINK = re.compile(r'\b(?:href|src)="(/me[^"#?]*|/figures/[^"#]*)')


def said(page: str) -> list[str]:
    """The texts of a page, and what it says to those who hear it or carries for its scripts."""
    shown = UNSEEN.sub("", page)
    texts = [*re.split(r"<[^>]*>", shown), *(words for words in SPOKEN.findall(shown) if " " in words)]
    return [text for text in (unescape(one).strip() for one in texts) if text]


@pytest.fixture
def her_phone(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    people.correct_identity(person=cast.episode.person, language="es", by=cast.patient)
    cast.episode.refresh_from_db()
    with clock.fixed(NOW - timedelta(days=30)):
        phone.agree(cast.episode, cast.patient)
        plan = care.under_care(cast.episode, cast.therapist)
        findings.record(
            episode=cast.episode, values={"nrs_average_7d": 6}, knowledge=current.knowledge(), by=cast.therapist, on=NOW.date()
        )
    for number in range(3):
        on = NOW.date() - timedelta(days=number)
        HomeSession.objects.create(episode=cast.episode, item=care.item(plan, "exercise"), on=on, rest=4)
    return signed_in(cast.patient)


def test_no_page_of_a_person_under_care_has_english_on_it(her_phone: Client) -> None:
    waiting, seen, wrong = ["/me"], set[str](), dict[str, list[str]]()
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("/me/documents", "/me/api")):
            continue
        seen.add(address)
        response = her_phone.get(address, follow=True)
        assert response.status_code == 200, address
        page = response.content.decode()
        if english := [text for text in said(page) if ENGLISH.search(text)]:
            wrong[address] = english
        waiting += LINK.findall(page)
    assert wrong == {}
    assert {"/me/today", "/me/session", "/me/progress", "/me/messages", "/me/worry", "/me/settings", "/me/understand"} <= seen
