"""Change that is real: against the error of the measure and the change that matters, with the figures of the knowledge."""

from __future__ import annotations

import pytest

from rhomboid import Knowledge
from rhomboid.knowledge.care import Instrument
from rhomboid.measures import change, known_error, meaningful
from rhomboid.measures.change import better_of


@pytest.mark.parametrize(
    ("name", "before", "after", "moved", "verdict"),
    [
        ("psfs_mean", 4.0, 6.0, "better", "matters"),
        ("psfs_mean", 4.0, 5.9, "better", "within_error"),
        ("psfs_mean", 6.0, 4.0, "worse", "matters"),
        ("psfs", 4.0, 6.5, "better", "matters"),
        ("nrs_average_7d", 6, 4, "better", "within_error"),
        ("nrs_average_7d", 7, 3, "better", "matters"),
        ("rom_thx_rot_seated_l", 31, 37.3, "better", "real"),
        ("rom_thx_rot_seated_l", 31, 37.2, "better", "within_error"),
        ("rom_thx_rot_seated_l", 31, 31, "same", "within_error"),
        ("rmdq", 14, 6, "better", "error_unknown"),
        ("ndi", 25, 14, "better", "matters"),
        ("ndi", 25, 16, "better", "within_error"),
        ("timed_loaded_standing_s", 50, 61, "better", "real"),
        ("timed_loaded_standing_s", 50, 59, "better", "within_error"),
        ("lower_trap_low", True, False, "better", "error_unknown"),
        ("lower_trap_low", False, True, "worse", "error_unknown"),
        ("sleep_quality", 5, 8, "better", "error_unknown"),
        ("kyphosis_inclinometer_deg", 58, 49, "better", "real"),
    ],
)
def test_a_change_is_judged_by_error_and_importance(
    name: str, before: float, after: float, moved: str, verdict: str, knowledge: Knowledge
) -> None:
    found = change(name, before, after, knowledge)
    assert (found.moved, found.verdict) == (moved, verdict)


def test_two_points_of_pain_matter_only_beyond_the_error_of_one_rating(knowledge: Knowledge) -> None:
    found = change("nrs_average_7d", 5, 3, knowledge)
    assert (found.error, found.matters, found.verdict, found.improved) == (4.0, 2.0, "within_error", False)


def test_a_percentage_asks_more_of_a_high_score(knowledge: Knowledge) -> None:
    assert change("odi", 60, 40, knowledge).matters == 18.0
    assert change("odi", 20, 10, knowledge).matters == 10.0


@pytest.mark.parametrize(("before", "after"), [(None, 3), (4.0, None), (None, None)])
def test_what_is_not_known_has_no_verdict(before: float | None, after: float | None, knowledge: Knowledge) -> None:
    found = change("psfs_mean", before, after, knowledge)
    assert (found.verdict, found.moved, found.difference) == ("error_unknown", "other", None)


def test_an_error_follows_from_the_standard_error(knowledge: Knowledge) -> None:
    error, sources = known_error("mmt_hhd_x", 3, knowledge)
    assert (error, sources) == (None, ())
    name = next(one.id for one in knowledge.vocabulary.findings.values() if one.sem is not None and one.mdc is None)
    sem = knowledge.vocabulary.findings[name].sem or 0
    assert known_error(name, 10, knowledge)[0] == pytest.approx(1.96 * 2**0.5 * sem, abs=0.01)


def test_every_error_names_its_sources(knowledge: Knowledge) -> None:
    for entry in knowledge.vocabulary.findings.values():
        error, sources = known_error(entry.id, 10, knowledge)
        if error is not None and entry.evidence == "lit":
            assert sources or entry.sources, entry.id


def test_every_instrument_with_a_direction_agrees_with_its_finding(knowledge: Knowledge) -> None:
    for one in knowledge.of(Instrument).values():
        if one.finding and one.higher:
            assert better_of(one.finding, knowledge) == ("up" if one.higher == "better" else "down"), one.id


def test_better_is_never_said_from_one_instrument_alone(knowledge: Knowledge) -> None:
    then = {"nrs_average_7d": 6, "psfs_mean": 4.0}
    assert meaningful(then, {"nrs_average_7d": 2}, knowledge).standing == "unknown"
    assert meaningful(then, {"nrs_average_7d": 2, "psfs_mean": 4.5, "groc": 1, "rmdq": 9}, knowledge).standing == "unknown"
    assert meaningful(then | {"rmdq": 10}, {"nrs_average_7d": 2, "psfs_mean": 4.5, "groc": 1, "rmdq": 9}, knowledge).standing == (
        "not_better"
    )
    found = meaningful(then, {"nrs_average_7d": 2, "psfs_mean": 7.0}, knowledge)
    assert (found.standing, found.because) == ("better", ("nrs_average_7d", "psfs_mean"))


def test_worse_by_two_asks_for_a_look(knowledge: Knowledge) -> None:
    found = meaningful({"nrs_average_7d": 4, "psfs_mean": 6.0}, {"nrs_average_7d": 6, "psfs_mean": 5.0}, knowledge)
    assert (found.worse, found.standing, found.percent) == (("nrs_average_7d",), "unknown", -50.0)
