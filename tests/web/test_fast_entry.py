"""The fast entry: what a therapist types is read as values, or says what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rhomboid import Knowledge
from rhomboid.vocabulary import KnowledgeError, load_vocabulary
from rhomboid.web.clinic.fast_entry import parse_entry
from rhomboid.web.clinic.labels import base_label


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("rot l 38 r 31", {"rom_thx_rot_seated_l": 38, "rom_thx_rot_seated_r": 31}),
        ("rot 44/31", {"rom_thx_rot_seated_l": 44, "rom_thx_rot_seated_r": 31}),
        ("ROT L 38°", {"rom_thx_rot_seated_l": 38}),
        ("ext 9", {"rom_thx_extension": 9}),
        ("ext 9 fam", {"rom_thx_extension": 9, "pain_response_extension": "reproduces_familiar"}),
        ("pa t6 stiff fam r", {"pa_t6": "hypo", "upa_pain_t6_r": "familiar"}),
        ("pa 6 loose", {"pa_t6": "hyper"}),
        ("pa t6 l stiff", {"upa_t6_l": "hypo"}),
        ("nrs 4", {"nrs_now": 4}),
        ("nrs worst 7", {"nrs_worst_24h": 7}),
        ("lt r 3", {"mmt_lower_trap_r": 3}),
        ("lt kg l 12,5 r 10", {"hhd_lower_trap_l": 12.5, "hhd_lower_trap_r": 10}),
        ("sbp 142", {"sbp_mmhg": 142}),
        ("bp 142/88", {"sbp_mmhg": 142, "dbp_mmhg": 88}),
        ("dnf 16s", {"dnf_endurance_s": 16}),
        ("percussion no", {"pe_midline_percussion_pain": False}),
        ("crepitus yes", {"joint_crepitus": True}),
        ("babinski both neg", {"babinski_l": "neg", "babinski_r": "neg"}),
        ("quad r fam", {"pain_response_ext_rot_r": "reproduces_familiar"}),
        ("rib 4 r stiff", {"rib_spring_4_r": "stiff"}),
        ("rom_thx_extension −2", {"rom_thx_extension": -2}),
        ("rot l 38, ext 9; nrs 4", {"rom_thx_rot_seated_l": 38, "rom_thx_extension": 9, "nrs_now": 4}),
    ],
)
def test_an_entry_is_read(text: str, values: dict[str, Any], knowledge: Knowledge) -> None:
    entry = parse_entry(text, knowledge)
    assert (dict(entry.values), entry.ready, entry.problem) == (values, True, "")


def test_the_sentence_says_what_will_be_recorded_and_what_it_replaces(knowledge: Knowledge) -> None:
    entry = parse_entry("rot l 38 r 31", knowledge, {"rom_thx_rot_seated_l": 44})
    assert entry.reads == "Thoracic rotation, seated: left 38°, was 44°, right 31°."


def test_a_grade_between_two_is_kept_as_written(knowledge: Knowledge) -> None:
    entry = parse_entry("lt r 3+", knowledge)
    assert (entry.values["mmt_lower_trap_r"], entry.notes["mmt_lower_trap_r"]) == (3, "written as 3+")


def test_a_half_number_is_never_rounded(knowledge: Knowledge) -> None:
    assert not parse_entry("nrs 4.5", knowledge).ready


def test_a_skipped_test_says_why(knowledge: Knowledge) -> None:
    entry = parse_entry("rot heel nt knee", knowledge)
    assert dict(entry.skipped) == {"rom_thx_rot_lumbar_locked_l": "knee", "rom_thx_rot_lumbar_locked_r": "knee"}
    assert not entry.values


def test_what_could_be_added_is_offered(knowledge: Knowledge) -> None:
    entry = parse_entry("pa t6 stiff", knowledge)
    assert (entry.ready, entry.add, entry.words) == (True, "No pain given: add", ("loc", "fam"))


@pytest.mark.parametrize(
    ("text", "problem", "fix"),
    [
        ("rott l 38", '"rott" is no finding', 'did you mean "rot"?'),
        ("rto l 38", '"rto" is no finding', 'did you mean "rot"?'),
        ("rot l 38 l 44", "a second number", "comma"),
        ("nrs 4 7", "a second number", "comma"),
        ("rot 38", "Left or right?", "Write l or r before the value."),
        ("bp 142", "Which one", "Write one word more."),
        ("rot l 138", "outside 0 to 90", "Check the value"),
        ("pa t6 sttiff", '"sttiff" is no value', 'did you mean "stiff"?'),
        ("pa t6", "no value yet", "stiff, normal or loose"),
        ("ext 9 nrs 4", '"nrs" is no value', "comma"),
        ("x" * 500, "no finding", ""),
        ("rot l " + "3" * 500, "too long", "400"),
        ("pain t6", "no value", ""),
        ("rot nan", "no value", ""),
    ],
)
def test_what_cannot_be_read_says_what_to_write(text: str, problem: str, fix: str, knowledge: Knowledge) -> None:
    entry = parse_entry(text, knowledge)
    assert not entry.ready
    assert problem in entry.problem or (problem == "no finding" and "too long" in entry.problem)
    assert fix in entry.fix


def test_nothing_typed_is_neither_ready_nor_wrong(knowledge: Knowledge) -> None:
    entry = parse_entry("  ", knowledge)
    assert (entry.ready, entry.problem) == (False, "")


def test_every_id_and_every_alias_begins_an_entry(knowledge: Knowledge) -> None:
    for name in [*knowledge.vocabulary.findings, *knowledge.vocabulary.aliases]:
        assert "is no finding" not in parse_entry(name, knowledge).problem, name


def test_every_alias_reaches_its_finding(knowledge: Knowledge) -> None:
    from rhomboid.web.clinic.fast_entry import typed_options

    for alias, name in knowledge.vocabulary.aliases.items():
        finding = knowledge.vocabulary.findings[name]
        value = f"{int(finding.max or 10) if finding.numeric else typed_options(finding)[0]}"
        assert name in parse_entry(f"{alias} {value}", knowledge).values, f"{alias} {value}"


FINDING = '[[finding]]\nid = "{}"\nlabel = "F"\ntype = "flag"\nsection = "motion"\nby = ["therapist"]\nalias = ["{}"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FINDING.format("one", "Ext"), "is not plain"),
        (FINDING.format("one", "ext") + FINDING.format("two", "ext"), 'the alias "ext" names one already'),
        (FINDING.format("one", "two") + FINDING.format("two", "x"), 'the alias "two" names'),
    ],
)
def test_an_alias_is_plain_and_names_one_finding(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(KnowledgeError) as error:
        load_vocabulary(tmp_path)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("label", "base"),
    [
        ("Thoracic rotation, seated, to the left", "Thoracic rotation, seated"),
        ("Unilateral pressure T6, right, mobility", "Unilateral pressure T6, mobility"),
        ("Grip strength, left", "Grip strength"),
        ("Shoulder flexion, lying on the back, right", "Shoulder flexion, lying on the back"),
    ],
)
def test_a_pair_has_one_name(label: str, base: str) -> None:
    assert base_label(label) == base
