"""The interview reaches what the full form reaches, and asks at most half of it."""

from __future__ import annotations

from datetime import date

import pytest

from rhomboid import Case, Knowledge
from rhomboid.reasoning.explain import Explainer
from rhomboid.reasoning.facts import evaluate, known_values
from rhomboid.reasoning.interview import Interview, answers_from, form_questions, hold
from rhomboid.reasoning.screening import Screening, screen
from rhomboid.vocabulary import Value

ON = date(2026, 11, 24)


def outcome(screening: Screening) -> list[tuple[str, str, str]]:
    return sorted((one.condition, one.concern, one.urgency) for one in screening.raised)


def known_of(case: Case, knowledge: Knowledge) -> dict[str, Value]:
    known, _ = known_values(case.findings, knowledge.vocabulary, ON)
    return known


def completed(case: Case, knowledge: Knowledge) -> dict[str, Value]:
    """The case as a full form has it: what the record is silent about is answered as a well person answers it."""
    vocabulary = knowledge.vocabulary
    silent = {name: vocabulary.well[name] for name in form_questions(knowledge) if name in vocabulary.well}
    return silent | known_of(case, knowledge)


def interviewed(known: dict[str, Value], knowledge: Knowledge) -> Interview:
    return hold(Interview(knowledge, ON), answers_from(known, knowledge.vocabulary))


@pytest.fixture(scope="module")
def filled(published: list[Case], knowledge: Knowledge) -> list[tuple[str, dict[str, Value], Interview]]:
    found = []
    for case in published:
        known = completed(case, knowledge)
        found.append((case.id, known, interviewed(known, knowledge)))
    return found


def test_the_interview_ends_where_the_full_form_ends(filled: list, knowledge: Knowledge) -> None:
    for id_, known, interview in filled:
        full = screen(Explainer(evaluate(known, knowledge)))
        assert outcome(interview.screening()) == outcome(full), id_


def test_the_interview_asks_at_most_half_of_the_form_on_average(filled: list, knowledge: Knowledge) -> None:
    form = len(form_questions(knowledge))
    asked = [len(interview.asked) for _, _, interview in filled]
    assert sum(asked) / len(asked) <= form / 2, f"{asked} of {form}"


def test_what_is_not_known_leads_to_the_same_end_too(published: list[Case], knowledge: Knowledge) -> None:
    """With every silent finding left unknown the interview has to ask more, and still ends where the record ends."""
    for case in published[::4]:
        known = known_of(case, knowledge)
        full = screen(Explainer(evaluate(known, knowledge)))
        assert outcome(interviewed(known, knowledge).screening()) == outcome(full), case.id


def test_a_question_is_asked_once_and_only_while_it_matters(filled: list) -> None:
    for id_, _, interview in filled:
        assert len(set(interview.asked)) == len(interview.asked), id_
        assert interview.next_question() is None, id_


def test_an_interview_goes_back_by_keeping_the_earlier_one(knowledge: Knowledge) -> None:
    start = Interview(knowledge, ON)
    question = start.next_question()
    assert question is not None
    start.answered(question, None)
    assert start.asked == ()
    assert start.next_question() == question


# --- somebody who answers alone ----------------------------------------------------------------------------------------------


def told_by_patient(known: dict[str, Value], knowledge: Knowledge) -> dict[str, Value]:
    """What a person can say themselves, with what is on file and how long it has lasted."""
    vocabulary = knowledge.vocabulary
    mine = {name for name, one in vocabulary.findings.items() if "patient" in one.by or one.recorded}
    return {name: value for name, value in known.items() if name in mine or name in vocabulary.days_since}


@pytest.fixture(scope="module")
def alone(published: list[Case], knowledge: Knowledge) -> list[tuple[str, dict[str, Value], Interview]]:
    found, findings = [], knowledge.vocabulary.findings
    for case in published[::3]:
        known = told_by_patient(completed(case, knowledge), knowledge)
        # A number that follows from what was told in words (weight that was lost) is not at the same time that of a well person.
        told = known_of(case, knowledge)
        known = {name: value for name, value in known.items() if name in told or not findings[name].filled}
        on_file = {name: known[name] for name in ("age_years", "sex_at_birth", *knowledge.vocabulary.recorded)}
        start = Interview(knowledge, ON, on_file, by="patient")
        found.append((case.id, known, hold(start, answers_from(known, knowledge.vocabulary))))
    return found


def test_answers_alone_raise_what_the_full_form_would(alone: list, knowledge: Knowledge) -> None:
    for id_, known, interview in alone:
        full = screen(Explainer(evaluate(known, knowledge)))
        assert outcome(interview.screening()) == outcome(full), id_


def test_nobody_is_asked_what_only_an_examination_tells(alone: list, knowledge: Knowledge) -> None:
    vocabulary = knowledge.vocabulary
    for id_, _, interview in alone:
        asked = {vocabulary.days_since.get(name, name) for name in interview.asked} - vocabulary.gates.keys()
        assert {name for name in asked if "patient" not in vocabulary.findings[name].by} == set(), id_


def test_each_danger_is_named_before_any_is_looked_into(alone: list, knowledge: Knowledge) -> None:
    for id_, _, interview in alone:
        is_gate = [name in knowledge.vocabulary.gates for name in interview.asked[:8]]
        assert all(is_gate), id_


def test_what_is_only_followed_stays_with_its_finding(knowledge: Knowledge) -> None:
    known: dict[str, Value] = {"age_years": 54, "sex_at_birth": "female", "rf_fever_reported": True}
    about = frozenset({"rf_fever_reported"})
    start = Interview(knowledge, ON, known, by="patient", about=about, urgencies=("emergency_now", "same_day"))
    asked = hold(start, lambda name: knowledge.vocabulary.well.get(name, False)).asked
    assert 0 < len(asked) < 20
    assert "gate_itch_face" not in asked
    nothing = Interview(knowledge, ON, known, by="patient", about=frozenset({"groc"}))
    assert nothing.next_question() is None
