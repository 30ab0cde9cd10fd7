"""A person's pages in Spanish: whatever page is reached from whatever page, no sentence of it is English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from rhomboid.web.accounts.models import User
from rhomboid.web.records import bridge_papers, clock, current
from rhomboid.web.records.actions import discharge, documents, findings, people
from rhomboid.web.records.models import Episode, HomeSession, PlanOfCare

from . import care, phone, some_files
from .conftest import NOW, Cast

SignedIn = Callable[[User], Client]
ENGLISH = re.compile(r"\b(?:the|and|you|your|with|this|that|are|is|it|of|to|what|how|when|now|today|not)\b|\{\w+\}", re.IGNORECASE)
UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
SPOKEN = re.compile(r'\b(?:title|aria-label|alt|placeholder|content|data-[\w-]+)="([^"]+)"')
LINK = re.compile(r'\b(?:href|src)="(/me[^"#?]*|/figures/[^"#]*)')


def said(page: str) -> list[str]:
    """The texts of a page, and what it says to those who hear it or carries for its scripts."""
    shown = UNSEEN.sub("", page)
    texts = [*re.split(r"<[^>]*>", shown), *(words for words in SPOKEN.findall(shown) if " " in words)]
    return [text for text in (unescape(one).strip() for one in texts) if text]


def english(page: str) -> list[str]:
    return [text for text in said(page) if ENGLISH.search(text)]


def walk(client: Client, start: str) -> tuple[set[str], dict[str, list[str]]]:
    """Every page of the portal that links lead to, and the English on each."""
    waiting, seen, wrong = [start], set[str](), dict[str, list[str]]()
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("/me/documents", "/me/api")):
            continue
        seen.add(address)
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        page = response.content.decode()
        if found := english(page):
            wrong[address] = found
        waiting += LINK.findall(page)
    return seen, wrong


@pytest.fixture
def marisol(cast: Cast) -> Episode:
    """Marisol reads Spanish, and has agreed to her care."""
    people.correct_identity(person=cast.episode.person, language="es", by=cast.patient)
    with clock.fixed(NOW - timedelta(days=30)):
        phone.agree(cast.episode, cast.patient)
    cast.episode.refresh_from_db()
    return cast.episode


@pytest.fixture
def plan(cast: Cast, marisol: Episode) -> PlanOfCare:
    """She is under care, and has told of three days at home."""
    with clock.fixed(NOW - timedelta(days=30)):
        found = care.under_care(marisol, cast.therapist)
    findings.record(episode=marisol, values={"nrs_average_7d": 5}, knowledge=current.knowledge(), by=cast.therapist)
    for number in range(3):
        on = NOW.date() - timedelta(days=number)
        HomeSession.objects.create(episode=marisol, item=care.item(found, "exercise"), on=on, rest=4)
    return found


def test_the_pages_of_a_person_under_care(cast: Cast, plan: PlanOfCare, signed_in: SignedIn) -> None:
    documents.keep(episode=plan.episode, content=some_files.pdf(), title="Plan of care, version 1", kind="plan", by=cast.therapist)
    seen, wrong = walk(signed_in(cast.patient), "/me")
    assert wrong == {}
    assert {"/me/today", "/me/session", "/me/progress", "/me/messages", "/me/worry", "/me/settings", "/me/understand"} <= seen


def test_the_pages_after_discharge(cast: Cast, plan: PlanOfCare, marisol: Episode, signed_in: SignedIn) -> None:
    knowledge = current.knowledge()
    findings.record(episode=marisol, values={"nrs_average_7d": 2, "psfs_mean": 8.0}, knowledge=knowledge, by=cast.therapist)
    discharge.discharge(
        episode=marisol, pathway="achieved", summary="Goals reached, goes on alone.", knowledge=knowledge, by=cast.therapist
    )
    with clock.fixed(NOW + timedelta(days=14)):
        seen, wrong = walk(signed_in(cast.patient), "/me")
        asked = signed_in(cast.patient).get(phone.INTAKE, follow=True)
    assert wrong == {}
    assert asked.redirect_chain[-1][0] == "/me/well"
    assert {"/me/well", "/me/flare"} <= seen
    assert any(address.startswith("/me/check-ins/") for address in seen)


def test_the_questions_of_the_warning_signs_and_what_to_do(cast: Cast, marisol: Episode, signed_in: SignedIn) -> None:
    her = signed_in(cast.patient)
    assert english(her.post("/me/worry", follow=True).content.decode()) == []
    page = phone.say(her, phone.STOPS, ["stop_chest"], phone.WORRY)
    while page["Location"] == phone.WORRY:
        assert english(her.get(phone.WORRY).content.decode()) == []
        page = phone.say(her, str(phone.asked(marisol, "rescreen")), False, phone.WORRY)
    done = her.get(page["Location"], follow=True).content.decode()
    assert english(done) == []
    assert "Llame al 911 ahora" in done


def test_the_first_questions_of_the_intake(cast: Cast, marisol: Episode, signed_in: SignedIn) -> None:
    her = signed_in(cast.patient)
    for question in ("", "pain_regions", "onset_date", "nrs_now"):
        if question:
            phone.say(her, question, None)
        assert english(her.get(phone.INTAKE).content.decode()) == []


def test_the_page_that_is_taken_home_from_a_discharge(cast: Cast, plan: PlanOfCare, marisol: Episode) -> None:
    knowledge = current.knowledge()
    findings.record(episode=marisol, values={"nrs_average_7d": 2, "psfs_mean": 8.0}, knowledge=knowledge, by=cast.therapist)
    ended = discharge.discharge(
        episode=marisol, pathway="achieved", summary="Goals reached, goes on alone.", knowledge=knowledge, by=cast.therapist
    )
    made = bridge_papers.MAKERS["discharge"](marisol, knowledge, cast.therapist).html()
    page = re.search(r'<article[^>]*takehome" lang="es".*?</article>', made, re.DOTALL)
    assert page
    assert [text for text in said(page[0]) if ENGLISH.search(text) and "Physical Therapy" not in text] == []
    assert "Llame al 911 ahora" in page[0]
    assert len(ended.home) > 2
