"""Sixty-four short made-up people for the rules of the clinical reference: what must be raised, and what must not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rhomboid import Knowledge
from rhomboid.knowledge.model import CONCERNS, Example
from rhomboid.reasoning.explain import Explainer
from rhomboid.reasoning.facts import evaluate
from rhomboid.reasoning.proof import example_values
from rhomboid.reasoning.screening import Screening, screen

PEOPLE = json.loads((Path(__file__).parent / "rule-examples.json").read_text(encoding="utf-8"))["people"]


def screened(person: dict, knowledge: Knowledge) -> Screening:
    values = example_values(Example(text=person["text"], given=person["findings"], expect=""), knowledge)
    return screen(Explainer(evaluate(values, knowledge)))


@pytest.mark.parametrize("person", PEOPLE, ids=[person["text"] for person in PEOPLE])
def test_a_person_is_screened_as_the_reference_says(person: dict, knowledge: Knowledge) -> None:
    raised = {one.condition: one.concern for one in screened(person, knowledge).raised}
    for condition, concern in person["must_raise"].items():
        assert raised.get(condition) == concern or (
            condition in raised and CONCERNS.index(raised[condition]) > CONCERNS.index(concern)
        ), raised
    if person["nothing_else"]:
        assert set(raised) == set(person["must_raise"]), raised
