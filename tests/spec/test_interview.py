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
