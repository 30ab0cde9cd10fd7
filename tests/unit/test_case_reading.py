"""Reading cases and content files: what comes out of good ones, and odd input that ends in a plain refusal, never in a crash."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rhomboid import Case, CaseError, Knowledge, KnowledgeError, assess, case_from_table, load_knowledge, read_case
from rhomboid.vocabulary import Problem, load_vocabulary

ON = date(2026, 11, 24)


def read(knowledge: Knowledge, **findings: object) -> Case:
    return case_from_table({"findings": findings}, knowledge.vocabulary)


def problems(knowledge: Knowledge, table: dict[str, Any]) -> list[Problem]:
    """What is wrong with a case, in order, as it is read and as it is assessed."""
    with pytest.raises(CaseError) as caught:
        assess(case_from_table(table, knowledge.vocabulary, "case.toml"), knowledge, on=ON)
    return list(caught.value.problems)


def problem(knowledge: Knowledge, **findings: object) -> Problem:
    (only,) = problems(knowledge, {"findings": findings})
    return only


# --- good cases --------------------------------------------------------------------------------------------------------


def test_toml_and_json_say_the_same(knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(
        'id = "a"\non = 2026-11-24\n[findings]\nage_years = 44\nonset_date = 2026-11-01\npain_regions = ["sternum"]\n'
        'temp_c = { value = 37, unit = "degC", date = "2026-11-24", device = "ear thermometer" }\n',
        encoding="utf-8",
    )
    table = {
        "id": "a",
        "on": "2026-11-24",
        "findings": {
            "age_years": 44,
            "onset_date": "2026-11-01",
            "pain_regions": ["sternum"],
            "temp_c": {"value": 37, "unit": "degC", "date": "2026-11-24", "device": "ear thermometer"},
        },
    }
    (tmp_path / "case.json").write_text(json.dumps(table), encoding="utf-8")
    case = read_case(tmp_path / "case.toml", knowledge.vocabulary)
    assert case == read_case(tmp_path / "case.json", knowledge.vocabulary)
    assert case.on == ON
    assert case.findings == {"age_years": 44, "onset_date": "2026-11-01", "pain_regions": frozenset({"sternum"}), "temp_c": 37}
    assert case.details == {"temp_c": {"unit": "degC", "date": "2026-11-24", "device": "ear thermometer"}}


def test_an_empty_list_is_an_answer(knowledge: Knowledge) -> None:
    assert read(knowledge, pain_regions=[]).findings == {"pain_regions": frozenset()}


def test_a_moment_is_read_as_its_day(knowledge: Knowledge) -> None:
    assert read(knowledge, onset_date=datetime(2026, 11, 1, 10, 30, tzinfo=UTC)).findings == {"onset_date": "2026-11-01"}


@pytest.mark.parametrize(
    ("name", "value", "unit", "own"),
    [
        ("temp_c", 99.5, "degF", 37.5),
        ("temp_c", 310.15, "K", 37),
        ("temp_c", 37.5, "degC", 37.5),
        ("rf_onset_days", 3, "wk", 21),
        ("rf_onset_days", 2, "mo", 61),
        ("rf_onset_days", 1, "y", 365),
        ("sbp_mmhg", 16, "kPa", 120),
    ],
)
def test_a_value_is_converted_to_the_unit_of_its_finding(
    name: str, value: float, unit: str, own: float, knowledge: Knowledge
) -> None:
    converted = read(knowledge, **{name: {"value": value, "unit": unit}}).findings[name]
    assert converted == pytest.approx(own)
    assert type(converted) is (float if name == "temp_c" else int)


def test_a_gate_answers_what_it_closes_and_nothing_else(knowledge: Knowledge) -> None:
    closed = knowledge.vocabulary.gates["gate_chest"].closes
    known = assess(read(knowledge, gate_chest=False), knowledge, on=ON).facts.known
    assert {name for name in knowledge.vocabulary.findings if known.get(name) is False} == {*closed, *knowledge.vocabulary.recorded}
    assert set(assess(read(knowledge, gate_chest=True), knowledge, on=ON).facts.known) == set(knowledge.vocabulary.recorded)


def test_days_are_counted_to_the_day_of_the_assessment(knowledge: Knowledge) -> None:
    assert assess(read(knowledge, onset_date="2026-11-01"), knowledge, on=ON).facts.known["rf_onset_days"] == 23


# --- a finding ---------------------------------------------------------------------------------------------------------


def test_a_problem_names_file_finding_mistake_and_fix(knowledge: Knowledge) -> None:
    wrong = problem(knowledge, rf_dispnea=True)
    assert wrong == Problem("case.toml", "rf_dispnea", "there is no finding of this name to give", 'did you mean "rf_dyspnea"?')
    assert str(wrong) == 'case.toml: rf_dispnea: there is no finding of this name to give; did you mean "rf_dyspnea"?'


def test_a_unit_that_does_not_fit_lists_those_that_do(knowledge: Knowledge) -> None:
    wrong = problem(knowledge, temp_c={"value": 38.5, "unit": "mmHg"})
    assert (wrong.message, wrong.fix) == ('the unit "mmHg" does not fit', "units: degC, degF, K")


def test_a_range_holds_after_conversion(knowledge: Knowledge) -> None:
    wrong = problem(knowledge, temp_c={"value": 38.5, "unit": "degF"})
    assert (wrong.message, wrong.fix) == ("38.5 °F is outside 30 to 45 °C", "check the value and its unit")


@pytest.mark.parametrize(
    "raw", [10**400, -(10**400), 1e308, float("nan"), float("inf"), float("-inf")], ids=lambda raw: str(raw)[:6]
)
@pytest.mark.parametrize("name", ["age_years", "bmi", "nrs_now"])
def test_no_number_is_too_odd_to_be_refused(name: str, raw: float, knowledge: Knowledge) -> None:
    assert problem(knowledge, **{name: raw}).entry == name


@pytest.mark.parametrize("unit", ["wk", "y"])
def test_a_conversion_cannot_overflow(unit: str, knowledge: Knowledge) -> None:
    assert problem(knowledge, rf_onset_days={"value": 1e308, "unit": unit}).entry == "rf_onset_days"


@pytest.mark.parametrize("raw", [True, "44", None, [44], 44.5])
def test_types_never_mix_in_a_number(raw: object, knowledge: Knowledge) -> None:
    assert "number" in problem(knowledge, age_years=raw).message


@pytest.mark.parametrize("raw", [0, 1, "true", None, []])
def test_only_true_and_false_answer_a_flag(raw: object, knowledge: Knowledge) -> None:
    wrong = problem(knowledge, rf_dyspnea=raw)
    assert wrong.message.endswith("is neither true nor false")
    assert wrong.fix == "write true or false; leave it out when it is not known"


@pytest.mark.parametrize("raw", [True, None, 3, "SUDDEN", ["sudden"]])
def test_a_choice_is_one_of_its_options(raw: object, knowledge: Knowledge) -> None:
    assert "is not one of its options" in problem(knowledge, onset_type=raw).message


@pytest.mark.parametrize("raw", [True, {"value": {"sternum": True}}, [["sternum"]], [None]])
def test_regions_are_a_list_of_options(raw: object, knowledge: Knowledge) -> None:
    assert problem(knowledge, pain_regions=raw).entry == "pain_regions"


def test_a_misspelt_detail_is_named_with_the_nearest(knowledge: Knowledge) -> None:
    wrong = problem(knowledge, temp_c={"value": 37, "unti": "degC"})
    assert (wrong.message, wrong.fix) == ('"unti" is not part of a value', 'did you mean "unit"?')


@pytest.mark.parametrize("raw", [{}, {"unit": "degC"}])
def test_details_alone_are_no_value(raw: dict[str, object], knowledge: Knowledge) -> None:
    wrong = problem(knowledge, temp_c=raw)
    assert (wrong.message, wrong.fix) == ("has no value", "write { value = ..., unit = ... }")


# --- a person ----------------------------------------------------------------------------------------------------------


def test_a_contradiction_names_both_and_the_fix(knowledge: Knowledge) -> None:
    wrong = problem(knowledge, rf_pain_constant_nonmechanical=True, rf_pain_varies_mechanical=True)
    assert wrong.message == "contradiction: pain that nothing changes, and pain that positions clearly change"
    assert wrong.fix == "keep the one that is true"


def test_half_of_a_contradiction_is_none(knowledge: Knowledge) -> None:
    assess(read(knowledge, rf_pregnant_weeks=12), knowledge, on=ON)


def test_a_stated_score_stays_within_what_its_parts_allow(knowledge: Knowledge) -> None:
    """A count of 0 beside coughed blood and a fast pulse would lower the suspicion of a clot."""
    wrong = problem(knowledge, rf_hemoptysis=True, hr_bpm=120, wells_pe_score=0)
    assert wrong.entry == "wells_pe_score"
    assert "is given as 0" in wrong.message


def test_a_stated_score_that_its_parts_allow_is_kept(knowledge: Knowledge) -> None:
    facts = assess(read(knowledge, rf_hemoptysis=True, hr_bpm=120, wells_pe_score=4), knowledge, on=ON).facts
    assert facts.value("wells_pe_score") == (4, 4)


# --- a table -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "entry"),
    [
        ({"findings": [44]}, "findings"),
        ({"findings": {"age_years": 44}, "limits": []}, "limits"),
        ({"findings": {"age_years": 44}, "id": 5}, "id"),
        ({"findings": {"age_years": 44}, "on": "2026-02-30"}, "on"),
        ({"findings": {"age_years": 44}, "on": 20}, "on"),
        ({"findings": {"age_years": 44}, "closed": "acs"}, "closed"),
        ({"findings": {"age_years": 44}, "closed": [{"condition": "acs"}]}, "closed"),
        ({"findings": {"age_years": 44}, "closed": [{"condition": "acs", "by": " ", "reason": "r", "on": "2026-11-01"}]}, "closed"),
        ({"findings": {"age_years": 44}, "closed": [{"condition": "asc", "by": "T", "reason": "r", "on": "2026-11-01"}]}, "closed"),
    ],
)
def test_a_part_of_the_wrong_kind_is_named(table: dict[str, Any], entry: str, knowledge: Knowledge) -> None:
    assert entry in [wrong.entry for wrong in problems(knowledge, table)]


def test_all_mistakes_come_at_once_in_the_order_of_the_case(knowledge: Knowledge) -> None:
    table = {
        "finding": {},
        "findings": {"age_yaers": 44, "temp_c": 385, "rf_dyspnea": "yes", "bmi": {"value": 25, "unit": "lb"}},
        "id": 5,
    }
    assert [wrong.entry for wrong in problems(knowledge, table)] == ["finding", "age_yaers", "temp_c", "rf_dyspnea", "bmi", "id"]


# --- a file ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("deep.json", "[" * 100_000, "is not valid JSON"),
        ("deep.toml", "a = " + "[" * 100_000, "is not valid TOML"),
        ("digits.json", '{"findings": {"age_years": ' + "1" * 5000 + "}}", "is not valid JSON"),
        ("nan.json", '{"findings": {"age_years": NaN}}', "not a finite number"),
        ("inf.json", '{"findings": {"age_years": 1e999}}', "not a finite number"),
        ("null.json", '{"findings": {"age_years": null}}', "not a number"),
        ("twice.json", '{"findings": {"age_years": 44, "age_years": 80}}', "age_years"),
        ("twice.toml", "[findings]\nage_years = 44\nage_years = 80", "is not valid TOML"),
        ("empty.toml", "", "the case is empty"),
        ("empty.json", "", "is not valid JSON"),
    ],
)
def test_an_odd_file_is_refused(name: str, content: str, words: str, tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_case(tmp_path / name, knowledge.vocabulary)
    assert words in str(caught.value)
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize(("name", "reason"), [("none.toml", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named(name: str, reason: str, tmp_path: Path, knowledge: Knowledge) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(tmp_path / name, knowledge.vocabulary)
    assert str(caught.value).startswith(f"{tmp_path / name}: cannot be read ({reason})")


# --- findings files ----------------------------------------------------------------------------------------------------

FINDING = '[[finding]]\nid = "f"\nlabel = "F"\ntype = "flag"\nsection = "history"\nby = ["patient"]\n'
DERIVED = '[[derived]]\nid = "d"\nlabel = "D"\ntype = "flag"\nsection = "history"\n'


def refused_findings(text: str, folder: Path) -> Problem:
    (folder / "drawn.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_vocabulary(folder)
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("text", "entry", "message"),
    [
        ("[[finding]", "", "is not valid TOML"),
        ("[[findin]]", "findin", 'there is no kind of entry "findin"'),
        ("finding = 5", "finding", "table"),
        (FINDING.replace("label", "lable"), "f", 'unknown key "lable"'),
        (FINDING.replace('label = "F"\n', ""), "f", 'the key "label" is missing'),
        (FINDING.replace('id = "f"\n', ""), "finding", 'the key "id" is missing'),
        (FINDING.replace('"flag"', '"flga"'), "f", '"flga" is not allowed in "type"'),
        (FINDING.replace('"flag"', '"choice"'), "f", "a choice needs options"),
        (FINDING.replace('"flag"', '"number"'), "f", "a number needs unit, min and max"),
        (FINDING + "normal = 3", "f", "normal: 3.0 is neither true nor false"),
        (FINDING + 'ask_when = "f"\nnormal = false', "f", "derived findings go round in a circle: f -> f"),
        (FINDING + 'ask_when = "g"', "f", 'there is no finding "g"'),
        (FINDING + FINDING, "f", "this id stands already in"),
        (FINDING + DERIVED, "d", "exactly one of when, value, points, cases, days_since"),
        (FINDING + DERIVED + 'when = "f"\nvalue = "1"', "d", "exactly one of when, value, points, cases, days_since"),
        (FINDING + DERIVED + 'when = "d"', "d", "derived findings go round in a circle: d -> d"),
        (FINDING + DERIVED.replace('"flag"', '"integer"') + 'days_since = "f"', "d", 'there is no date finding "f"'),
        (FINDING + '[[gate]]\nid = "g"\nlabel = "G"\nquestion = "?"\ncloses = ["x"]', "g", 'closes "x", which is no flag finding'),
        (FINDING + '[well]\nff = true', "well", 'there is no finding "ff"'),
    ],
)  # fmt: skip
def test_a_broken_findings_file_is_refused(text: str, entry: str, message: str, tmp_path: Path) -> None:
    wrong = refused_findings(text, tmp_path)
    assert wrong.place.endswith("drawn.toml")
    assert wrong.entry == entry
    assert message in wrong.message


# --- content files -----------------------------------------------------------------------------------------------------

TEXTS = 'summary = "s"\nbalance = ""\ntherapist = "t"\npatient = "p"\nletter = "l"\n'
CONDITION = f'[[condition]]\nid = "c"\nname = "C"\ngroup = "spinal"\n{TEXTS}'
LEVEL = '[[condition.level]]\nconcern = "high"\nurgency = "same_day"\nwhen = "rf_dyspnea"\n'


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        (CONDITION, 'the key "level" is missing', "add it"),
        (CONDITION + LEVEL.replace('when = "rf_dyspnea"\n', ""), 'the key "when" is missing in "level[0]"', "add it"),
        (CONDITION + LEVEL.replace("when", "whn"), 'unknown key "whn" in "level[0]"', ""),
        (CONDITION + LEVEL.replace('"high"', '"hihg"'), '"hihg" is not allowed in "level[0].concern"', "knowledge-format.md"),
        (CONDITION + LEVEL.replace("rf_dyspnea", "rf_dispnea"), 'there is no finding "rf_dispnea"', 'did you mean "rf_dyspnea"?'),
        (CONDITION + LEVEL.replace("rf_dyspnea", "c.hihg"), 'there is no finding "c.hihg"', 'did you mean "c.high"?'),
        (CONDITION + LEVEL.replace("rf_dyspnea", "c.high"), "levels go round in a circle: c.high -> c.high", "break the circle"),
        (CONDITION + LEVEL.replace("rf_dyspnea", "AT_LEAST()"), "AT_LEAST starts with a whole number", "AT_LEAST(2, p, q, r)"),
        (CONDITION + LEVEL.replace("rf_dyspnea", "(" * 2000), "", ""),
        (CONDITION + 'safety_net = ["sn_x"]\n' + LEVEL, 'the safety-net line "sn_x" does not exist', ""),
        (CONDITION + LEVEL + CONDITION + LEVEL, "this id stands already in drawn.toml", "give it an id of its own"),
        (
            CONDITION + LEVEL + '[[condition.example]]\ntext = "t"\ngiven = { rf_dyspnea = "yes" }\nexpect = "high"\n',
            "an example gives \"rf_dyspnea\": 'yes' is neither true nor false",
            "leave it out when it is not known",
        ),
        (
            CONDITION + LEVEL + '[[condition.example]]\ntext = "t"\nexpect = "hgh"\n',
            'an example expects "hgh"',
            "one of low, moderate, high, emergency, none, undecided",
        ),
    ],
)
def test_a_broken_condition_is_refused(text: str, message: str, fix: str, tmp_path: Path) -> None:
    (tmp_path / "drawn.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(tmp_path)
    wrong = caught.value.problems[0]
    assert (wrong.place, wrong.entry) == ("drawn.toml", "c")
    assert message in wrong.message
    assert fix in wrong.fix


def test_content_of_another_shape_is_refused(tmp_path: Path) -> None:
    (tmp_path / "drawn.toml").write_text("condition = 5", encoding="utf-8")
    with pytest.raises(KnowledgeError):
        load_knowledge(tmp_path)


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(CONDITION + LEVEL.replace("rf_dyspnea", "rf_dispnea"), encoding="utf-8")
    other = CONDITION.replace('"c"', '"e"') + 'sources = ["V999"]\n' + LEVEL.replace("rf_dyspnea", "rf_dyspnea AND")
    (tmp_path / "b.toml").write_text(other, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(tmp_path)
    assert sorted((wrong.place, wrong.entry) for wrong in caught.value.problems) == [
        ("a.toml", "c"),
        ("b.toml", "e"),
        ("b.toml", "e"),
    ]
