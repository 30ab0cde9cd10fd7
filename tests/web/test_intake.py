"""The intake at the front desk: the patient's words, nothing clinical, nothing lost, and a danger sign says what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rhomboid import Knowledge
from rhomboid.knowledge.model import Condition
from rhomboid.web.accounts.models import User
from rhomboid.web.clinic.evaluation_layout import AT_HOME
from rhomboid.web.clinic.intake_form import TITLES, not_asked, questions_of
from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import findings
from rhomboid.web.records.models import Concern, Episode, Finding

from .conftest import Cast

SignedIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
EMERGENCY = {"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0}


@pytest.fixture
def desk(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.front_desk)


def path(cast: Cast) -> str:
    return f"/episodes/{cast.episode.ref}/intake"


def test_a_section_is_saved_with_who_typed_it(cast: Cast, desk: Client) -> None:
    answers = {"v.nrs_now": "6", "was.nrs_now": "", "v.pain_quality": ["ache", "tight"], "was.pain_quality": ""}
    answer = desk.post(path(cast), {"section": "pain", "go": "1"} | answers)
    assert (answer.status_code, answer["Location"]) == (302, f"{path(cast)}?section=history")
    rows = {row.finding: row for row in Finding.objects.all()}
    assert (rows["nrs_now"].value, rows["pain_quality"].value) == (6, ["ache", "tight"])
    typed_in = {(row.source, row.method, row.rater) for row in rows.values()}
    assert typed_in == {("front_desk", "typed in at the front desk", "Finn Desk")}
    cast.episode.refresh_from_db()
    assert cast.episode.stage == "intake"


def test_the_last_section_leads_to_the_person_unless_an_alarm_stands(cast: Cast, desk: Client) -> None:
    last = {"section": "profile", "go": "1", "v.work_type": "desk", "was.work_type": ""}
    assert desk.post(path(cast), last)["Location"] == f"/people/{cast.marisol.ref}"
    assert "The intake is saved: 1 of " in desk.get(f"/people/{cast.marisol.ref}").content.decode()
    findings.record(episode=cast.episode, values=EMERGENCY, knowledge=current.knowledge(), by=cast.therapist)
    assert desk.post(path(cast), last)["Location"] == f"{path(cast)}?section=profile"


def test_the_bar_tells_the_desk_nothing_clinical(cast: Cast, desk: Client, signed_in: SignedIn) -> None:
    Episode.objects.filter(pk=cast.episode.pk).update(held=True, irritability="high")
    assert "Treatment on hold" in signed_in(cast.therapist).get(f"/episodes/{cast.episode.ref}/evaluation").content.decode()
    text = desk.get(path(cast)).content.decode()
    assert "Week 1" in text
    assert "Treatment on hold" not in text
    assert "Irritability" not in text


def test_one_answer_is_saved_as_it_is_given(cast: Cast, desk: Client) -> None:
    answer = desk.post(path(cast), {"section": "symptoms", "v.gate_fever": "false", "was.gate_fever": ""}, **HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "3 questions answered with no" in text
    assert 'id="q-rf_chills_rigors"' not in text
    assert Finding.objects.get().value is False


def test_not_sure_records_nothing(cast: Cast, desk: Client) -> None:
    desk.post(path(cast), {"section": "symptoms", "v.gate_fever": "", "was.gate_fever": ""}, **HTMX)
    assert not Finding.objects.exists()


def test_what_was_typed_may_be_corrected_the_same_day(cast: Cast, desk: Client) -> None:
    desk.post(path(cast), {"section": "pain", "v.nrs_now": "6", "was.nrs_now": ""})
    ref = Finding.objects.get().ref
    desk.post(path(cast), {"section": "pain", "v.nrs_now": "5", "was.nrs_now": "6", "seen.nrs_now": ref})
    assert [row.value for row in Finding.objects.all().standing()] == [5]


def test_the_therapists_answers_are_neither_shown_nor_overwritten(cast: Cast, desk: Client) -> None:
    findings.record(episode=cast.episode, values={"nrs_now": 8}, knowledge=current.knowledge(), by=cast.therapist)
    text = desk.get(f"{path(cast)}?section=pain").content.decode()
    assert "Answered already" in text
    answer = desk.post(path(cast), {"section": "pain", "v.nrs_now": "2", "was.nrs_now": ""})
    assert answer.status_code == 409
    assert [row.value for row in Finding.objects.all().standing()] == [8]


def test_a_wrong_answer_is_refused_and_what_was_typed_is_kept(cast: Cast, desk: Client) -> None:
    answer = desk.post(path(cast), {"section": "pain", "v.time_to_settle_min": "ages", "was.time_to_settle_min": ""})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="ages"' in text
    assert "is not a number" in text
    assert not Finding.objects.exists()


def test_only_questions_of_the_intake_are_taken(cast: Cast, desk: Client) -> None:
    answer = desk.post(path(cast), {"section": "pain", "v.pe_babinski": "pos", "was.pe_babinski": ""})
    assert answer.status_code == 422
    assert not Finding.objects.exists()


def test_a_danger_says_what_to_do_and_never_its_name(cast: Cast, desk: Client, knowledge: Knowledge) -> None:
    assert "Get a therapist now" not in desk.get(path(cast)).content.decode()
    findings.record(episode=cast.episode, values=EMERGENCY, knowledge=knowledge, by=cast.front_desk, source="front_desk")
    assert Concern.objects.filter(state="open", urgency="emergency_now").exists()
    answer = desk.post(path(cast), {"section": "pain", "v.nrs_now": "9", "was.nrs_now": ""}, **HTMX)
    text = answer.content.decode()
    assert "Get a therapist now" in text
    assert "Call 911 now" in text
    assert "Call 911 now" in answer["HX-Trigger"]
    raised = Concern.objects.filter(state="open").values_list("condition", flat=True)
    for name in raised:
        assert knowledge.of(Condition)[name].name not in text
    cast.episode.refresh_from_db()
    assert cast.episode.held


def test_no_clinical_word_reaches_the_desk(cast: Cast, desk: Client, knowledge: Knowledge) -> None:
    texts = "".join(desk.get(f"{path(cast)}?section={section}").content.decode() for section in TITLES)
    for condition in knowledge.of(Condition).values():
        assert condition.name not in texts
    for word in ("Undecided", "Patterns that fit", "Babinski", "Rhomboid reasoning"):
        assert word not in texts


def test_what_belongs_to_a_quiet_room_is_not_asked_at_the_desk(knowledge: Knowledge) -> None:
    names = {name for groups in questions_of(knowledge).values() for group in groups for row in group.rows for name in row.names}
    assert "rf_unsafe_at_home" in not_asked(knowledge)
    assert "rf_unsafe_at_home" not in names
    assert "groc" not in names
    expected = {finding.id for finding in knowledge.vocabulary.findings.values() if "patient" in finding.by}
    expected -= {*findings.FROM_PERSON, *AT_HOME}
    assert {name for name in names if name not in knowledge.vocabulary.gates} == expected - not_asked(knowledge)


def test_the_blank_form_is_printed_in_the_persons_language_or_another(cast: Cast, desk: Client) -> None:
    english = desk.get(f"{path(cast)}?blank=1").content.decode()
    assert "Fecha de nacimiento" not in english
    cast.marisol.language = "es"
    cast.marisol.save()
    text = desk.get(f"{path(cast)}?blank=1").content.decode()
    assert '<div lang="es">' in text
    assert "Fecha de nacimiento" in text
    assert "No, nada de esto" in text
    assert "¿Dónde siente este dolor?" in text
    assert desk.get(f"{path(cast)}?blank=1&lang=en").content.decode().count('class="blank-question') == text.count(
        'class="blank-question'
    )


def test_the_blank_form_holds_every_question_and_no_answer(cast: Cast, desk: Client, knowledge: Knowledge) -> None:
    findings.record(episode=cast.episode, values={"nrs_now": 8}, knowledge=knowledge, by=cast.therapist)
    text = desk.get(f"{path(cast)}?blank=1").content.decode()
    assert "How strong is the pain right now?" in text
    assert "checked" not in text
    assert text.count('class="blank-question') > 280


def test_a_closed_episode_takes_nothing(cast: Cast, desk: Client) -> None:
    Episode.objects.filter(pk=cast.episode.pk).update(stage="discharged", ended_on=clock.today())
    assert desk.post(path(cast), {"section": "pain", "v.nrs_now": "6", "was.nrs_now": ""}).status_code == 422
    assert not Finding.objects.exists()


def test_queries_do_not_grow(cast: Cast, desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    values: dict[str, Any] = {"nrs_now": 4, "nrs_worst_24h": 6, "gate_fever": False, "pain_regions": ["interscapular_r"]}
    findings.record(episode=cast.episode, values=values, knowledge=current.knowledge(), by=cast.front_desk, source="front_desk")
    with django_assert_max_num_queries(22):
        desk.get(path(cast))
