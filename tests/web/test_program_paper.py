"""The home program on paper: two stills, the dose, when to stop, whom to call and the way to the same plan, on one page."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from rhomboid import papers
from rhomboid.figures import load_figures
from rhomboid.knowledge.languages import load_language
from rhomboid.knowledge.model import Exercise
from rhomboid.papers.documents import A_PAGE
from rhomboid.reasoning.doses import patient_dose
from rhomboid.web.accounts.models import User
from rhomboid.web.records import bridge_papers, clock, current
from rhomboid.web.records.actions import Refused, alerts, links
from rhomboid.web.records.bridge_program import home_paper
from rhomboid.web.records.home_program import program_of
from rhomboid.web.records.models import Document, HomeChange, PersonalLink

from . import care, some_files
from .conftest import NOW, Cast

LINK = "https://clinic.example.test/p/abcdefghjkmn.Xr7Xl2mQ8kq0a9qPz1Lw3c5v7b9n1m2Kk3a"
In = Callable[[User], Client]


def program(cast: Cast, language: str = "en", link: str = LINK) -> papers.HomePaper:
    if not cast.episode.plans.exists():
        care.under_care(cast.episode, cast.therapist)
    cast.marisol.language = language
    cast.marisol.save()
    cast.episode.person = cast.marisol
    knowledge = current.knowledge()
    return home_paper(cast.episode, program_of(cast.episode, knowledge, on=clock.today()), knowledge, on=clock.today(), link=link)


def html(cast: Cast, language: str = "en") -> str:
    return papers.home_html(program(cast, language), bridge_papers.letterhead(cast.therapist))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Your home program", "Start", "End", "Stop if", "How much pain is fine?", "Call 911 now", "Stop, and call us today"),
        ),
        ("es", ("Su programa en casa", "Inicio", "Final", "Pare si", "¿Cuánto dolor está bien?", "Llame al 911 ahora")),
    ],
)
def test_it_says_everything_in_the_language_of_the_person(cast: Cast, language: str, words: tuple[str, ...]) -> None:
    data, page = program(cast, language), html(cast, language)
    said = load_language(language, current.knowledge())
    assert f'<html lang="{language}">' in page
    for text in words:
        assert escape(text) in page
    lines = program_of(cast.episode, current.knowledge(), on=clock.today()).offered
    assert len(data.exercises) == len(lines) > 1
    for line, printed in zip(lines, data.exercises, strict=True):
        assert (printed.dose, printed.often) == patient_dose(line.dose, said.words)
        assert printed.name == said.say("exercise", line.exercise.id, "name")
        assert escape(printed.name) in page
        assert all(escape(sign) in page for sign in printed.stop)
    if language == "es":
        assert not [text for text in ("Stop if", "every day", "You need", "Call us", "Good until") if text in page]


def test_every_figure_has_its_two_stills(cast: Cast) -> None:
    drawn = [one for one in program(cast).exercises if one.figure in load_figures().figures]
    assert html(cast).count('<div class="still">') == 2 * len(drawn) > 0


def test_the_limits_of_pain_are_told_by_hatch_and_words(cast: Cast) -> None:
    data = program(cast)
    assert data.zones[0].range.startswith("0 to ")
    assert data.zones[-1].range.endswith(" or more")
    zones = (papers.PainZone(range="0 to 2", text="a"), papers.PainZone(range="3", text="b"), papers.PainZone(range="4", text="c"))
    page = papers.home_html(replace(data, zones=zones), bridge_papers.letterhead(cast.therapist))
    assert re.findall(r'fill="(url\(#some\)|#FFFFFF|#15201E)" stroke', page) == ["#FFFFFF", "url(#some)", "#15201E"]


def longest(language: str, cast: Cast) -> papers.HomePaper:
    """The four exercises with the most words there are."""
    said, data = load_language(language, current.knowledge()), program(cast, language)
    everything = current.knowledge().of(Exercise).values()
    many = sorted(everything, key=lambda one: -len(said.say("exercise", one.id, "how")))[:A_PAGE]
    rows = []
    for one in many:
        much, often = patient_dose(one.dose["low"] if "low" in one.dose else next(iter(one.dose.values())), said.words)
        rows.append(
            papers.HomeExercise(
                name=said.say("exercise", one.id, "name"), dose=much, often=often, how=said.say("exercise", one.id, "how"),
                stop=said.say("exercise", one.id, "stop"), figure=one.id,
            )
        )  # fmt: skip
    return papers.HomePaper(
        person=data.person, made=data.made, exercises=tuple(rows), zones=data.zones, zones_note=data.zones_note, help=data.help,
        link=data.link, link_note=data.link_note, words=data.words,
    )  # fmt: skip


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler")
@pytest.mark.parametrize(("language", "paper"), [("en", "A4"), ("es", "Letter")])
def test_four_exercises_fit_on_one_page_however_long_their_words(cast: Cast, language: str, paper: str, tmp_path: object) -> None:
    from pathlib import Path

    head = papers.Letterhead(name="Juniper Street", address=("214 Juniper Street",), phone="555 0142", paper=paper)  # type: ignore[arg-type]
    file = Path(str(tmp_path)) / "program.pdf"
    file.write_bytes(papers.pdf(papers.home_html(longest(language, cast), head)))
    about = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages:\s+1\n", about)
    assert ("595" if paper == "A4" else "612") in about
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert ("Page 1 of 1" if language == "en" else "Página 1 de 1") in text
    assert text.count("Stop if" if language == "en" else "Pare si") == A_PAGE


def test_the_code_is_large_enough_and_leads_to_the_persons_own_pages(cast: Cast, signed_in: In) -> None:
    care.under_care(cast.episode, cast.therapist)
    made = bridge_papers.made("home_program", cast.episode, by=cast.therapist, link=LINK).html()
    code = re.search(r'width="([\d.]+)mm" height="[\d.]+mm" role="img" aria-label="QR code: ([^"]+)"', made)
    assert code
    assert float(code[1]) >= 26
    assert code[2] == LINK


def printing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are printed from now on, without the time it takes."""
    printed: list[str] = []

    def pdf(page: str) -> bytes:
        printed.append(page)
        return some_files.pdf(b"<</N %d>>" % len(printed))

    monkeypatch.setattr(papers, "pdf", pdf)
    return printed


def test_printing_gives_the_person_the_link_that_they_keep(cast: Cast, signed_in: In, monkeypatch: pytest.MonkeyPatch) -> None:
    care.under_care(cast.episode, cast.therapist)
    printed = printing(monkeypatch)
    client, page = signed_in(cast.therapist), reverse("paper", args=[cast.episode.ref, "home_program"])
    assert client.get(page).status_code == 200
    link = PersonalLink.objects.get(episode=cast.episode)
    assert f"http://testserver/p/{links.token_of(link)}" in printed[0]
    assert client.get(page).status_code == 200
    assert (PersonalLink.objects.count(), Document.objects.filter(kind="home_program").count(), len(printed)) == (1, 1, 1)
    assert signed_in(cast.assistant).get(page).status_code == 200


def test_a_change_of_the_program_or_of_the_link_prints_it_anew(cast: Cast, signed_in: In, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = care.under_care(cast.episode, cast.therapist)
    printing(monkeypatch)
    client, page = signed_in(cast.therapist), reverse("paper", args=[cast.episode.ref, "home_program"])
    client.get(page)
    with clock.fixed(NOW + timedelta(minutes=5)):
        HomeChange.objects.create(
            episode=cast.episode, plan=plan, item=care.item(plan, "exercise"), move="step_back", dose_pct=50, since=clock.today(),
            made_at=clock.now(), rules=["reg_response"], reason="told",
        )  # fmt: skip
        client.get(page)
        client.get(page)
    assert Document.objects.filter(kind="home_program").count() == 2
    with clock.fixed(NOW + timedelta(minutes=9)):
        links.renew(link=PersonalLink.objects.get(), by=cast.therapist)
        client.get(page)
    assert Document.objects.filter(kind="home_program").count() == 3


def test_a_paused_program_is_not_handed_out(cast: Cast) -> None:
    care.under_care(cast.episode, cast.therapist)
    alerts.pause_home(episode=cast.episode, reason="told", rules=(), by=cast.patient)
    with pytest.raises(Refused, match="paused"):
        bridge_papers.made("home_program", cast.episode, by=cast.therapist)
