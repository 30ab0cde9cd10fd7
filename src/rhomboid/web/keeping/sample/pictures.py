"""The clinical pictures of the sample clinic, and what an intake and an examination of such a person would hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from ....knowledge import Knowledge
from ....knowledge.care import MinimumSet
from ....reasoning.assess import assess
from ....vocabulary.case import Case
from ....vocabulary.values import checked_value
from ....vocabulary.vocabulary import INTAKE
from ...records.actions.findings import FROM_PERSON
from ...records.bridge import stored

FILE = Path(__file__).with_name("pictures.toml")
TOLD = (*INTAKE, "pain", "lifestyle", "beliefs")
ONSET = "onset_date"
MOST_TESTS = 60
"""How many more tests an examination adds to the minimum before it leaves a question open."""


@dataclass(frozen=True, slots=True)
class Picture:
    """How somebody differs from a well person: told, found, and the measures that move with care (from, to)."""

    id: str
    title: str
    ages: tuple[int, int]
    onset_days: int
    told: Mapping[str, Any]
    found: Mapping[str, Any]
    moves: Mapping[str, tuple[float, float]]


@cache
def pictures() -> dict[str, Picture]:
    tables = tomli.loads(FILE.read_text(encoding="utf-8"))["picture"]
    return {table["id"]: _picture(table) for table in tables}


def _picture(table: dict[str, Any]) -> Picture:
    told = dict(table["told"])
    onset = told.pop("onset_days")
    moves = {name: (ends[0], ends[1]) for name, ends in table["moves"].items()}
    low, high = table["ages"]
    return Picture(table["id"], table["title"], (low, high), onset, told, table["found"], moves)


def intake_of(picture: Picture, knowledge: Knowledge, started: date) -> dict[str, Any]:
    """What the person says before the first visit: a well person's answers, with the picture's own in their place."""
    vocabulary = knowledge.vocabulary
    asked = {
        one.id
        for one in vocabulary.findings.values()
        if "patient" in one.by and one.section in TOLD and one.question and one.id not in FROM_PERSON
    }
    well = {name: stored(value) for name, value in vocabulary.well.items() if name in asked and name not in picture.moves}
    onset = (started - timedelta(days=picture.onset_days)).isoformat()
    return well | dict(picture.told) | {ONSET: onset}


def examination_of(
    picture: Picture, told: Mapping[str, Any], knowledge: Knowledge, *, age: int, sex: str, on: date
) -> dict[str, Any]:
    """What a first examination holds: the minimum for everybody, what the picture shows, and then whatever the reasoning still
    asks for, until nothing dangerous is left open."""
    well = knowledge.vocabulary.well
    first = knowledge.of(MinimumSet)["min_every_evaluation"].findings
    found: dict[str, Any] = {name: stored(well[name]) for name in first if name in well and name not in told}
    found |= dict(picture.found) | {name: ends[0] for name, ends in picture.moves.items()}
    for _ in range(MOST_TESTS):
        known = {"age_years": age, "sex_at_birth": sex, **told, **found}
        case = Case({name: checked_value(knowledge.vocabulary.findings[name], raw) for name, raw in known.items()}, on=on)
        questions = assess(case, knowledge, on=on).next_questions
        asked = [one.finding for one in questions if one.finding in well and one.finding not in known]
        if not asked:
            break
        found |= {name: stored(well[name]) for name in asked[:4]}
    return found


def measures_of(picture: Picture, share: float, knowledge: Knowledge) -> dict[str, Any]:
    """The measures that move, when a share (0 to 1) of the way is gone; whole where the vocabulary counts whole."""
    found: dict[str, Any] = {}
    for name, (start, end) in picture.moves.items():
        value = start + (end - start) * share
        whole = knowledge.vocabulary.findings[name].type in ("integer", "scale")
        found[name] = round(value) if whole else round(value, 1)
    return found
