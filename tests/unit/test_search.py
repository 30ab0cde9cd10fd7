"""Whoever maps a story finds the finding by the words a clinician or a patient uses for it."""

from __future__ import annotations

import json

import pytest

from rhomboid import CaseError, Knowledge, case_from_table
from rhomboid.cli.main import main
from rhomboid.vocabulary.search import stem


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        ("shortness of breath", "rf_dyspnea"),
        ("dyspnoea", "rf_dyspnea"),
        ("haemoptysis", "rf_hemoptysis"),
        ("melaena", "rf_black_stool_or_hematemesis"),
        ("gibbus", "pe_kyphosis_new"),
        ("ptosis and miosis", "pe_horner"),
        ("both hands tingle at night", "hand_glove_sensation"),
        ("brisk knee jerks", "pe_reflex_le"),
        ("spine tender on tapping", "pe_midline_percussion_pain"),
        ("steroid stopped abruptly", "rf_adrenal_risk"),
        ("prednisolone for years", "rf_steroid_prolonged"),
        ("birth control pill", "rf_estrogen"),
        ("injects heroin", "rf_iv_drug_use"),
        ("urinary hesitancy", "rf_bladder_retention"),
        ("saddle anaesthesia", "rf_saddle_numbness"),
        ("stiff in the morning", "rf_morning_stiffness_min"),
        ("blood thinner", "rf_anticoagulant"),
        ("loss of weight", "rf_weight_loss_noticed"),
        ("tall and thin", "rf_pneumothorax_risk"),
        ("tachycardia", "hr_bpm"),
        ("shingles", "rf_vesicular_rash"),
        ("afraid of cancer", "worry_serious_disease"),
        ("sagging mattress", "sleep_setup_provokes"),
        ("electric feeling on bending the neck", "rf_lhermitte"),
        ("worse after meals", "rf_pain_meal_related"),
        ("chest expansion", "rom_chest_expansion_cm"),
    ],
)
def test_a_finding_is_among_the_first_for_its_words(words: str, finding: str, knowledge: Knowledge) -> None:
    assert finding in knowledge.vocabulary.index.find(words, 4)


def test_other_names_are_names_of_findings_only_once(knowledge: Knowledge) -> None:
    """The same other name on two findings would send people to either."""
    names = [name.lower() for finding in knowledge.vocabulary.findings.values() for name in finding.also_called]
    assert len(names) == len(set(names))
    assert len(names) > 100


@pytest.mark.parametrize(
    ("one", "other"), [("tumour", "tumor"), ("paraesthesia", "paresthesia"), ("breathlessness", "breathless"), ("tapped", "tap")]
)
def test_spellings_and_endings_do_not_matter(one: str, other: str) -> None:
    assert stem(one).startswith(stem(other)) or stem(other).startswith(stem(one))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("shortness_of_breath", 'perhaps "rf_dyspnea" (New breathlessness)'),
        ("age_year", 'did you mean "age_years"?'),
        ("smoker", 'perhaps "smoking" (Smoking)'),
    ],
)
def test_a_case_is_told_what_its_words_may_mean(name: str, hint: str, knowledge: Knowledge) -> None:
    with pytest.raises(CaseError) as caught:
        case_from_table({"findings": {name: True}}, knowledge.vocabulary)
    assert hint in str(caught.value)


def found(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    assert main(["knowledge", "find", *words, "--json"]) == 0
    data: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return data


def test_the_command_says_how_to_write_what_it_finds(capsys: pytest.CaptureFixture[str]) -> None:
    by_id = {one["id"]: one for one in found(capsys, "Babinski")}
    assert by_id["pe_babinski"]["write"] == "neg | pos | equivocal"
    assert by_id["pe_babinski"]["kind"] == "findings"
    assert found(capsys, "temperature")[0]["write"] == "30 to 45 degC"
    assert main(["knowledge", "find", "temperature"]) == 0
    assert "30 to 45 degC" in capsys.readouterr().out


def test_the_command_finds_every_kind_and_one_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert "biliary" in [one["id"] for one in found(capsys, "gallbladder") if one["kind"] == "conditions"]
    only = found(capsys, "wall", "slide", "--kind", "exercises")
    assert {one["kind"] for one in only} == {"exercises"}


def test_sides_and_levels_are_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    ids = [one["id"] for one in found(capsys, "rib", "springing")]
    assert sum(id_.startswith("rib_spring_") for id_ in ids) == 1


def test_what_is_called_like_nothing_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "find", "xyzzyx"]) == 2
    assert "nothing is called so" in capsys.readouterr().err
