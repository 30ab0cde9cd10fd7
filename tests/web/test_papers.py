"""Printouts from the record: each kind prints, what is signed is kept, what is not there is refused with the way to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from rhomboid import papers
from rhomboid.knowledge.languages import load_language
from rhomboid.web.accounts.models import User
from rhomboid.web.records import bridge_papers, clock, current
from rhomboid.web.records.actions import Refused, findings, notes, plans, referrals
from rhomboid.web.records.models import Clinic, Concern, Document, Note

from . import care
from .conftest import NOW, Cast

SignedIn = Callable[[User], Client]


def html(kind: str, cast: Cast, note: str = "") -> str:
    return bridge_papers.made(kind, cast.episode, by=cast.therapist, note=note).html()


@pytest.mark.parametrize("kind", ["plan", "home_program", "discharge", "nothing"])
def test_what_is_not_there_is_refused(kind: str, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        html(kind, cast)
    assert refusal.value.fix


def in_care(cast: Cast) -> None:
    cast.episode.started_on = clock.today() - timedelta(weeks=4)
    cast.episode.save()
    with clock.fixed(NOW - timedelta(weeks=4)):
        care.under_care(cast.episode, cast.therapist)


def test_the_letterhead_is_the_clinics(cast: Cast) -> None:
    Clinic.objects.update(name="Juniper Street", address="214 Juniper Street\nBrooklyn", phone="(212) 555-0142", paper="A4")
    found = bridge_papers.letterhead(cast.therapist)
    assert (found.address, found.paper, found.by) == (("214 Juniper Street", "Brooklyn"), "A4", "Dara Okafor, PT, DPT")


def test_the_plan_prints_what_was_signed(cast: Cast) -> None:
    in_care(cast)
    page = html("plan", cast)
    plan = cast.episode.plans.get(state="active")
    assert f"Signed by {cast.therapist.label}" in page
    for line in plan.lines.filter(item__kind="exercise"):
        assert line.content["name"] in page
    for goal in plan.goals.all():
        assert goal.text in page or goal.text.replace("'", "&#39;") in page
    assert "Draft" not in page


def test_a_draft_says_so(cast: Cast) -> None:
    findings.record(
        episode=cast.episode, values=care.case_values() | care.MEASURES, knowledge=current.knowledge(), by=cast.therapist
    )
    plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    assert "Draft" in html("plan", cast)
    assert not bridge_papers.made("plan", cast.episode, by=cast.therapist).signed


def test_the_home_program_has_the_exercises_of_the_phase(cast: Cast) -> None:
    with clock.fixed(NOW):
        care.under_care(cast.episode, cast.therapist)
    plan = cast.episode.plans.get(state="active")
    first = plan.content["phases"][0]["id"]
    page = html("home_program", cast)
    language = load_language("en", current.knowledge())
    names = {line: language.say("exercise", line.item.intervention, "name") for line in plan.lines.filter(item__kind="exercise")}
    shown = {name for name in names.values() if escape(name) in page}
    assert shown == {name for line, name in names.items() if first in line.doses}
    assert "How much pain is fine?" in page


def test_the_evaluation_and_the_progress_report_print(cast: Cast) -> None:
    in_care(cast)
    findings.record(
        episode=cast.episode, values={"nrs_average_7d": 3, "psfs_mean": 7.0}, knowledge=current.knowledge(), by=cast.therapist
    )
    assert "Marisol Vega" in html("evaluation", cast)
    page = html("progress", cast)
    assert "within error" in page
    assert "Marisol Vega" in page


def test_a_note_prints_with_its_signature_and_addenda(cast: Cast) -> None:
    in_care(cast)
    note = care.signed_visit(cast.episode, cast.therapist, NOW - timedelta(days=3))
    before = bridge_papers.made("note", cast.episode, by=cast.therapist, note=note.ref)
    notes.addendum(note=note, text="He called: better.", by=cast.therapist)
    after = bridge_papers.made("note", cast.episode, by=cast.therapist, note=note.ref)
    assert "He called: better." in after.html()
    assert before.title != after.title
    assert before.signed


def test_a_note_of_somebody_else_is_not_printed(cast: Cast) -> None:
    in_care(cast)
    note = care.signed_visit(cast.episode, cast.therapist, NOW - timedelta(days=3))
    with pytest.raises(Refused):
        bridge_papers.made("note", cast.other, by=cast.therapist, note=note.ref)
    assert Note.objects.exists()


def test_a_private_concern_is_on_no_paper(cast: Cast) -> None:
    in_care(cast)
    findings.record(episode=cast.episode, values={"rf_unsafe_at_home": True}, knowledge=current.knowledge(), by=cast.therapist)
    assert Concern.objects.filter(state="open", condition="abuse_violence").exists()
    for kind in ("evaluation", "progress", "plan"):
        page = html(kind, cast).lower()
        assert "violence" not in page
        assert "unsafe" not in page


def test_what_is_signed_is_printed_once_and_kept(cast: Cast, signed_in: SignedIn) -> None:
    in_care(cast)
    client, address = signed_in(cast.therapist), reverse("paper", args=[cast.episode.ref, "home_program"])
    first = client.get(address)
    assert first["Content-Type"] == "application/pdf"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first.content.startswith(b"%PDF")
    again = signed_in(cast.colleague).get(address)
    assert again.content == first.content
    assert Document.objects.get(kind="home_program").made_by == cast.therapist


def test_a_letter_on_paper_has_the_therapists_words(cast: Cast) -> None:
    values = {"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0}
    findings.record(episode=cast.episode, values=values, knowledge=current.knowledge(), by=cast.therapist)
    letter = referrals.write(
        concern=Concern.objects.get(condition="aortic_dissection"), knowledge=current.knowledge(), by=cast.therapist
    )
    letter = referrals.save(
        referral=letter,
        revision=0,
        to="Dr. Brandt",
        to_address="Union Square",
        to_email="",
        message="She is pale.",
        by=cast.therapist,
    )
    page = papers.referral_html(bridge_papers.letter_paper(letter, current.knowledge()), bridge_papers.letterhead(cast.therapist))
    for words in ("Dr. Brandt", "Union Square", "She is pale.", "Acute aortic syndrome"):
        assert words in page
