"""The order of what is undecided: what already speaks for a danger brings its question to the top (docs/decisions/0021)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from rhomboid import Case, Knowledge, read_case
from rhomboid.knowledge.care import TruthWord
from rhomboid.knowledge.model import Condition
from rhomboid.reasoning.assess import Assessment, assess
from rhomboid.vocabulary import RhomboidError
from rhomboid.web.clinic.evaluation_reasoning import column_of
from rhomboid.web.records import current

ON = date(2026, 11, 24)
FOLDERS = [Path(__file__).parents[1] / name for name in ("cases", "vignettes")]
ALWAYS = {"age_years", "sex_at_birth"}


@pytest.fixture
def knowledge(db: None) -> Knowledge:
    return current.knowledge()


@pytest.mark.parametrize("told", [["rf_pain_abrupt_severe"], ["rf_pain_abrupt_severe", "rf_pain_tearing"]])
def test_abrupt_pain_asks_for_the_aorta_first(told: list[str], knowledge: Knowledge) -> None:
    case = Case(findings={"age_years": 62, "sex_at_birth": "male", **dict.fromkeys(told, True)})
    column = column_of(assess(case, knowledge, on=ON))
    assert column.undecided[0].id == "aortic_dissection"
    assert column.undecided[0].lines[0][1].startswith("abrupt severe pain")


def test_mechanical_pain_speaks_for_no_danger(knowledge: Knowledge) -> None:
    """The mild form of a known aneurysm wants it, the leaking one wants it absent."""
    told = {"age_years": 36, "sex_at_birth": "female", "rf_pain_varies_mechanical": True, "pe_familiar_pain_reproduced": True}
    column = column_of(assess(Case(findings=told), knowledge, on=ON))
    assert "Symptomatic abdominal aortic aneurysm" not in (column.undecided[0].name, *column.undecided[0].others)
    assert not any(words for card in (*column.undecided, *column.more) for word, words in card.lines if word == "because")


def test_with_nothing_told_what_most_hangs_on_is_asked_first(knowledge: Knowledge) -> None:
    column = column_of(assess(Case(findings={"age_years": 62, "sex_at_birth": "male"}), knowledge, on=ON))
    hangs = [1 + len(card.others) for card in column.undecided]
    assert hangs[0] == max(hangs)
    assert {card.urgency for card in column.undecided} == {"emergency_now"}


def test_of_a_serious_picture_half_told_the_true_danger_is_asked_for_early(knowledge: Knowledge) -> None:
    """By the sum of what hangs on each answer alone, the true one was first in 19 and among the four shown in 66 of 100."""
    places = list(_places(knowledge))
    assert len(places) >= 90
    assert sum(place == 0 for place in places) / len(places) >= 0.35
    assert sum(place < 4 for place in places) / len(places) >= 0.7


def _places(knowledge: Knowledge) -> Iterator[int]:
    """Where the card of the true danger stands while nothing of it is raised; a part of each case is known."""
    words = {word.id.rpartition(".")[2]: word.means for word in knowledge.of(TruthWord).values() if word.of == "condition"}
    rng = Random(5)
    for case in (read_case(path, knowledge.vocabulary) for folder in FOLDERS for path in sorted(folder.glob("*.toml"))):
        true = {ours for word in (case.truth["condition"], *case.truth["must_flag"]) for ours in words.get(word, (word,))}
        true &= knowledge.of(Condition).keys()
        if not case.truth["serious"] or not true:
            continue
        for share in (0.15, 0.3, 0.5):
            kept = {name: value for name, value in case.findings.items() if name in ALWAYS or rng.random() < share}
            found = _assessed(replace(case, findings=kept), knowledge)
            if found and true.isdisjoint(one.condition for one in found.screening.raised):
                yield from _place(found, true)


def _assessed(case: Case, knowledge: Knowledge) -> Assessment | None:
    try:
        return assess(case, knowledge, on=ON)
    except RhomboidError:  # a part that contradicts itself without the rest
        return None


def _place(found: Assessment, true: set[str]) -> Iterator[int]:
    column = column_of(found)
    names = {found.knowledge.of(Condition)[one].name for one in true}
    for place, card in enumerate((*column.undecided, *column.more)):
        if names & {card.name, *card.others}:
            yield place
            return
