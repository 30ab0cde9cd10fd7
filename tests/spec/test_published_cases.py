"""Published cases with known outcomes. The thresholds are those the project promises in its README."""

from __future__ import annotations

from datetime import date

import pytest

from rhomboid import Case, Knowledge
from rhomboid.reasoning.truth import Verdict, judge, totals


@pytest.fixture(scope="module")
def verdicts(published: list[Case], knowledge: Knowledge) -> list[Verdict]:
    return [judge(case, knowledge, date(2026, 11, 24)) for case in published]


def test_all_published_cases_are_here(published: list[Case]) -> None:
    assert len(published) == 29
    assert sum(bool(case.truth["serious"]) for case in published) == 15


def test_every_serious_case_is_raised_at_its_urgency_or_above(verdicts: list[Verdict]) -> None:
    assert not [(one.id, one.truth, one.got) for one in verdicts if one.serious and not one.urgent_enough]


def test_the_true_condition_is_among_those_raised(verdicts: list[Verdict]) -> None:
    assert not [(one.id, one.raised) for one in verdicts if one.serious and not one.condition_raised]


def test_at_most_one_in_ten_of_the_others_is_referred_urgently(verdicts: list[Verdict]) -> None:
    found = totals(verdicts)
    assert found.over_referred <= found.others / 10, [one.id for one in verdicts if one.over_referred]


def test_nothing_forbidden_is_offered(verdicts: list[Verdict]) -> None:
    assert not [(one.id, one.offered_forbidden) for one in verdicts if one.offered_forbidden]


def test_nine_in_ten_expected_factors_and_kinds_of_help_are_found(verdicts: list[Verdict]) -> None:
    found = totals(verdicts)
    assert found.factors_found >= 0.9 * found.factors_expected, [
        (one.id, one.missed_factors) for one in verdicts if one.missed_factors
    ]
    assert found.help_found >= 0.9 * found.help_expected, [(one.id, one.missed_help) for one in verdicts if one.missed_help]
