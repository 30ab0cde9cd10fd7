"""An evaluation for the browser: Marisol has answered at the desk and is half examined; Theo is new."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.web.conftest import everybody

from rhomboid import read_case
from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import findings

CASE = Path(__file__).parents[1] / "cases" / "N32_36f_hygienist.toml"
EXAMINED = {"rom_thx_rot_seated_l": 44, "rom_thx_extension": 9, "pa_t5": "hypo", "pa_region_mid": "hypo"}


def fill() -> None:
    cast, knowledge = everybody(), current.knowledge()
    vocabulary = knowledge.vocabulary
    stated = read_case(CASE, vocabulary).findings
    given = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in stated.items()
        if name in vocabulary.gates or (name in vocabulary.findings and "patient" in vocabulary.findings[name].by)
    }
    for name in findings.FROM_PERSON:
        given.pop(name, None)
    before = clock.today() - timedelta(days=2)
    findings.record(episode=cast.episode, values=given, knowledge=knowledge, by=cast.front_desk, source="front_desk", on=before)
    findings.record(episode=cast.episode, values=EXAMINED, knowledge=knowledge, by=cast.therapist)
