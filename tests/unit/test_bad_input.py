"""Bad input gets a clear error that names the thing, the place and the fix: cases and knowledge files."""

from __future__ import annotations

import json
import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from rhomboid import CaseError, Knowledge, KnowledgeError, assess, case_from_table, load_knowledge, read_case
from rhomboid.cli.main import main
from rhomboid.knowledge.loader import CONTENT
from rhomboid.vocabulary.vocabulary import FOLDER

ON = date(2026, 11, 24)


def refused(findings: dict[str, object], knowledge: Knowledge) -> str:
    with pytest.raises(CaseError) as caught:
        assess(case_from_table({"findings": findings}, knowledge.vocabulary), knowledge, on=ON)
    return str(caught.value)


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ({"age_year": 44}, ["age_year", 'did you mean "age_years"?']),
        ({"temp_c": {"value": 38.5, "unit": "kg"}}, ["temp_c", '"kg" does not fit', "degC, degF"]),
        ({"temp_c": 385}, ["temp_c", "outside 30 to 45 °C"]),
        ({"age_years": 44.5}, ["age_years", "not a whole number"]),
        ({"age_years": "44"}, ["age_years", "is not a number"]),
        ({"bmi": float("nan")}, ["bmi", "not a finite number"]),
        ({"bmi": float("inf")}, ["bmi", "not a finite number"]),
        ({"rf_dyspnea": "yes"}, ["rf_dyspnea", "neither true nor false"]),
        ({"rf_dyspnea": {"value": True, "unit": "kg"}}, ["rf_dyspnea", "a flag has no unit", "leave the unit out"]),
        ({"onset_type": "suddn"}, ["onset_type", 'did you mean "sudden"?']),
        ({"pain_regions": ["sternu"]}, ["pain_regions", 'did you mean "sternum"?']),
        ({"onset_date": "last week"}, ["onset_date", "not a date"]),
        ({"onset_date": date(2027, 1, 1)}, ["onset_date", "is after the day of the assessment (2026-11-24)"]),
        ({"rf_pregnant_weeks": 20, "sex_at_birth": "male"}, ["pregnant and male", "correct rf_pregnant_weeks"]),
        ({"rf_pain_constant_nonmechanical": True, "rf_pain_varies_mechanical": True}, ["constant_and_varying"]),
        ({"pe_babinski": "neg", "babinski_l": "pos"}, ["babinski_summary"]),
        ({"gate_chest": False, "rf_chest_pressure": True}, ["gate_chest", "rf_chest_pressure", "leave gate_chest out"]),
        ({"weight_loss": True}, ["weight_loss", "it follows from other findings"]),
        ({"onset_date": date(2026, 11, 1), "rf_onset_days": 90}, ["rf_onset_days", "onset_date makes it 23"]),
        ({}, ["the case is empty"]),
    ],
)
def test_a_wrong_finding_is_named_with_its_fix(findings: dict[str, object], words: list[str], knowledge: Knowledge) -> None:
    message = refused(findings, knowledge)
    for word in words:
        assert word in message


def test_every_error_of_a_case_is_told_at_once(knowledge: Knowledge) -> None:
    message = refused({"age_year": 44, "temp_c": 385, "rf_dyspnea": "yes"}, knowledge)
    assert len(message.splitlines()) == 3


def test_thousands_of_wrong_names_are_all_told_and_soon(tmp_path: Path, knowledge: Knowledge) -> None:
    """The nearest word is looked for only while somebody may read it: for each name of a file of 1 MB it took minutes."""
    case = tmp_path / "case.toml"
    case.write_text("[findings]\n" + "".join(f"age_yeers_{number} = 4\n" for number in range(40_000)), encoding="utf-8")
    started = time.process_time()
    with pytest.raises(CaseError) as caught:
        read_case(case, knowledge.vocabulary)
    assert time.process_time() - started < 5
    assert len(caught.value.problems) == 40_000
    assert caught.value.problems[0].fix == 'did you mean "age_years"?'
    assert caught.value.problems[-1].fix == ""


def test_nobody_has_closed_a_concern_tomorrow(knowledge: Knowledge) -> None:
    closed = {"condition": "acs", "by": "A. Example, PT", "reason": "seen in the emergency department", "on": "2026-11-25"}
    case = case_from_table({"findings": {"age_years": 44}, "closed": [closed]}, knowledge.vocabulary)
    with pytest.raises(CaseError, match="closed on 2026-11-25, after the day of the assessment"):
        assess(case, knowledge, on=ON)
    assert assess(case, knowledge, on=date(2026, 11, 25))


def test_a_value_in_another_unit_is_converted(knowledge: Knowledge) -> None:
    case = case_from_table({"findings": {"temp_c": {"value": 101.3, "unit": "degF"}}}, knowledge.vocabulary)
    assert case.findings["temp_c"] == pytest.approx(38.5)


def test_a_stated_score_must_agree_with_its_parts(knowledge: Knowledge) -> None:
    items = ("ibp_onset_lt_40", "ibp_insidious", "ibp_better_exercise", "ibp_not_better_rest", "ibp_night_pain_better_getting_up")
    message = refused({**dict.fromkeys(items, True), "ibp_count": 2}, knowledge)
    assert "ibp_count" in message
    assert "make it 5" in message


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("big.toml", b'text = "' + b"x" * 10_000_000 + b'"', "is 10.0 MB; a case has at most 1 MB"),
        ("broken.toml", b"[findings\nage_years = 4", "is not valid TOML"),
        ("broken.json", b'{"findings": {', "is not valid JSON"),
        ("list.json", b"[1, 2]", "is not a table"),
        ("binary.toml", b"\xff\xfe\x00", "is not valid TOML"),
        ("part.toml", b"[finding]\nage_years = 44", 'did you mean "findings"?'),
        ("loose.toml", b"age_years = 44", "findings stand under [findings]"),
    ],
)
def test_a_file_that_is_no_case_is_refused(name: str, content: bytes, words: str, tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CaseError) as caught:
        read_case(tmp_path / name, knowledge.vocabulary)
    assert words in str(caught.value)


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_a_command_ends_with_2_and_writes_nothing(flags: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.toml"
    case.write_text("[findings]\nage_year = 44\n", encoding="utf-8")
    report = tmp_path / "report.html"
    assert main(["assess", str(case), "--html", str(report), *flags]) == 2
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out + printed.err
    assert not report.exists()
    if flags:
        assert json.loads(printed.out)["errors"][0]["entry"] == "age_year"
    else:
        assert "age_years" in printed.err


# --- knowledge files -------------------------------------------------------------------------------------------------------


def broken(tmp_path: Path, file: str, old: str, new: str) -> str:
    """Breaks one file of a copy of the content, and returns what the loader says."""
    shutil.copytree(CONTENT, tmp_path / "content")
    shutil.copytree(FOLDER, tmp_path / "findings")
    path = tmp_path / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(tmp_path / "content", tmp_path / "findings")
    return str(caught.value)


SPINAL = "content/conditions/spinal.toml"
EACH = 'each = { side = ["l", "r"] }'
LADDERS = "content/interventions/ladders.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            SPINAL,
            "bone_fragility_risk",
            "bone_fragility_rsk",
            ["spinal.toml: fx_osteoporotic", 'did you mean "bone_fragility_risk"?'],
        ),
        (SPINAL, "spinal_spot AND (bone", "spinal_spot AND AND (bone", ["cannot be read as an SQL"]),
        (SPINAL, "spinal_spot AND (bone", "age_years IS NULL AND (bone", ["IS NULL", "not knowing is no evidence"]),
        (SPINAL, 'urgency = "routine_referral"', 'urgency = "soon"', ["fx_osteoporotic", '"soon" is not allowed']),
        (SPINAL, 'group = "spinal"', 'grupe = "spinal"', ['unknown key "grupe"', 'did you mean "group"?']),
        (SPINAL, '"V190"', '"V999"', ['the source "V999" does not exist']),
        (LADDERS, '"ex_mob_table_slide",', '"ex_mob_table_slide", "ex_mob_towel_vertical",', ["comes back in a circle"]),
        (LADDERS, '"ex_mob_table_slide",', "", ["ex_mob_table_slide: stands in no ladder"]),
        (SPINAL, 'concern = "high"', 'concern = "moderate"', ["fx_osteoporotic", "the level moderate stands twice"]),
        (SPINAL, 'concern = "moderate"', 'concern = "emergency"', ["the level emergency stands before high", "in the order low,"]),
        (
            "findings/posture.toml",
            'each = { side = ["l", "r"] }',
            "each = { side = 2 }",
            ["shoulder_protraction_cm_{side}", "no table of lists"],
        ),
        ("findings/posture.toml", EACH, 'each = ["l"]', ["no table of lists"]),
        ("findings/posture.toml", EACH, 'each = { side = "lr" }', ["no table of lists"]),
        ("findings/posture.toml", EACH, "each = { side = [] }", ["no table of lists"]),
        ("findings/vitals.toml", "min = 30", "min = 45", ["temp_c", "min 45 is not below max 45"]),
        ("findings/symptoms.toml", 'type = "flag"', 'type = "flag"\nunit = "kg"', ["a flag has no unit"]),
        ("findings/screening_derived.toml", 'type = "flag"', 'type = "number"', ["when makes no number", 'type = "flag"']),
        ("findings/symptoms.toml", 'id = "rf_lhermitte"', 'id = "rf_dyspnea"', ["this id stands already in"]),
        (
            "findings/screening_derived.toml",
            'when = "rf_night_pain_unrelieved"',
            'when = "fatigue AND night_pain"',
            ["circle", "night_pain"],
        ),
    ],
)
def test_a_broken_knowledge_file_is_refused(file: str, old: str, new: str, words: list[str], tmp_path: Path) -> None:
    message = broken(tmp_path, file, old, new)
    for word in words:
        assert word in message


def test_a_stated_score_never_hides_the_points_that_are_known(knowledge: Knowledge) -> None:
    """Stated as 0 beside coughed blood and a fast pulse, the score would calm the rule for a lung clot."""
    message = refused({"wells_pe_score": 0, "rf_hemoptysis": True, "hr_bpm": 120}, knowledge)
    assert "wells_pe_score: is given as 0, but the other findings make it 2.5 to" in message


def test_months_are_not_rounded_into_years(knowledge: Knowledge) -> None:
    assert "age_years" in refused({"age_years": {"value": 18, "unit": "mo"}}, knowledge)
