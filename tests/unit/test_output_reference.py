"""docs/reference/output.md names every key of the machine output and of the files read, with its type, and no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rhomboid import Case, Knowledge, Limits, Override, assess, case_from_table, load_knowledge, plan, source_text
from rhomboid.cli import main as command_line
from rhomboid.cli.knowledge import counts
from rhomboid.knowledge.model import Dose
from rhomboid.reasoning.as_data import assessment_data
from rhomboid.reasoning.planning import limits_from_table
from rhomboid.reasoning.session_log import Session
from rhomboid.vocabulary.case import CLOSED, DETAILS, KEYS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "output.md"
CASES = Path(__file__).parents[1] / "cases"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| .+ \|$")
SHARED = (
    (re.compile(r"^.*\bbecause\[\]\.(.+)$"), r"reason.\1"),
    (re.compile(r"^.*\bdoses\.\w+\.(.+)$"), r"dose.\1"),
    (re.compile(r"^.*\bdoses\.\w+$"), ""),
    (re.compile(r"^.*\bdose\.(.+)$"), r"dose.\1"),
    (re.compile(r"^referral\.\w+\[\]\.(.+)$"), r"line.\1"),
    (re.compile(r"^.*\bcells\.\w+$"), ""),
    (re.compile(r"^confusion\..+$"), ""),
)
"""Keys of an object that stands in several places are documented once; ids and names used as keys are not keys of ours."""
JSON = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "list": (list,), "object": (dict,),
    "null": (type(None),), "reason": (dict,), "dose": (dict,), "line": (dict,), "date": (date, str),
}  # fmt: skip

Keys = dict[str, str]


def documented() -> dict[str, Keys]:
    """For each section of the page its keys, each with its type."""
    found: dict[str, Keys] = {}
    heading = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.strip("# ")
            found[heading] = {}
        elif row := ROW.match(line):
            assert row[1] not in found[heading], f"{row[1]} stands twice under {heading}"
            found[heading][row[1]] = row[2].strip()
    return found


SECTIONS = documented()
OBJECTS = {
    f"{word}.{key}": type_
    for word, heading in (("reason", "Reason"), ("dose", "Dose"), ("line", "Line"))
    for key, type_ in SECTIONS[heading].items()
}


def paths(value: object, at: str = "") -> Iterator[tuple[str, object]]:
    """Every key of an output, with its value; items of lists under one path."""
    if isinstance(value, dict):
        for key, part in value.items():
            here = f"{at}.{key}" if at else key
            yield here, part
            yield from paths(part, here)
    elif isinstance(value, list):
        for part in value:
            yield from paths(part, f"{at}[]")


def check(outputs: list[Any], *headings: str) -> set[str]:
    """Fails when an output has a key that is not documented, or a value of another type. Returns the documented keys not met."""
    known = {**OBJECTS, **{key: type_ for heading in headings for key, type_ in SECTIONS[heading].items()}}
    met = set()
    for path, value in (pair for output in outputs for pair in paths(output)):
        key = shared(path)
        if key:
            assert key in known, f"{key} is not documented in docs/reference/output.md"
            assert fits(value, known[key]), f"{key} is {value!r}, documented as {known[key]}"
            met.add(key)
    return known.keys() - OBJECTS.keys() - met


def shared(path: str) -> str:
    for pattern, replacement in SHARED:
        if pattern.match(path):
            return pattern.sub(replacement, path)
    return path


def fits(value: object, type_: str) -> bool:
    if type_ == "any":
        return True
    if type_.startswith("list of "):
        return isinstance(value, list) and all(fits(item, type_.removeprefix("list of ")) for item in value)
    return any(isinstance(value, JSON[word]) and (not isinstance(value, bool) or word == "boolean") for word in type_.split(" or "))


def as_json(data: object) -> Any:
    return json.loads(json.dumps(data))


@pytest.fixture(scope="module")
def assessments(knowledge: Knowledge, published: list[Case]) -> list[Any]:
    """What the assessment of every published case prints, and of a person whose prognosis is known, with a local override."""
    on = date(2026, 11, 24)
    person = case_from_table({"findings": {"age_years": 44, "prognosis_score": 1}}, knowledge.vocabulary)
    local = load_knowledge(overrides=[Override("factor", "smoking", source_text(knowledge, "factor", "smoking"))])
    assessed = [assess(case, knowledge, on=case.on or on) for case in published] + [assess(person, local, on=on)]
    return [as_json(assessment_data(one, plan(one, limits_from_table(one.case.limits, one.knowledge)))) for one in assessed]


def test_every_key_of_an_assessment_is_documented_and_comes_out(assessments: list[Any]) -> None:
    assert check(assessments, "`rhomboid assess --json`", "The plan", "Goals") == set()


def test_every_key_of_a_dose_is_documented() -> None:
    assert set(SECTIONS["Dose"]) == set(Dose.__struct_fields__)


def test_every_key_of_a_plan_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = [printed(capsys, "plan", str(next(CASES.glob(f"{name}_*"))), "--on", "2026-11-24") for name in ("S45", "N27")]
    unmet = check(outputs, "`rhomboid plan --json`", "The plan", "Goals")
    assert {key for key in unmet if not key.startswith("plan.visits.prognosis.")} == set()


def test_every_key_of_a_run_over_cases_is_documented(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("S45", "N27"):
        path = next(CASES.glob(f"{name}_*"))
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert check([printed(capsys, "cases", str(tmp_path), "--on", "2026-11-24")], "`rhomboid cases --json`") == set()


def test_every_key_of_the_counts_is_documented(capsys: pytest.CaptureFixture[str], knowledge: Knowledge) -> None:
    output = printed(capsys, "knowledge", "list", "--counts")
    assert output["counts"] == counts(knowledge)
    assert check([output], "`rhomboid knowledge list --counts --json`") == set()


def test_every_key_of_a_search_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    assert check([printed(capsys, "knowledge", "find", "night", "pain")], "`rhomboid knowledge find --json`") == set()


def test_every_key_about_languages_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    """What is missing or too hard does not come out: nothing is."""
    gaps = {"[].missing[].id", "[].missing[].field"}
    assert check([printed(capsys, "knowledge", "language", "es")], "`rhomboid knowledge language CODE --json`") == gaps
    languages = printed(capsys, "knowledge", "reading")
    hard = {"long_sentences[].text", "long_sentences[].words"}
    assert check(list(languages.values()), "`rhomboid knowledge reading --json`") == hard


def test_every_key_of_progress_is_documented(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    log.write_text(json.dumps({"session": [{"exercise": "ex_aer_walk", "on": "2026-11-23", "rest": 1, "during": 2}]}), "utf-8")
    case = str(next(CASES.glob("N27_*")))
    assert check([printed(capsys, "progress", case, str(log), "--on", "2026-11-24")], "`rhomboid progress --json`") == set()


def test_every_key_of_an_error_is_documented(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert command_line.main(["assess", str(tmp_path / "none.toml"), "--json"]) == 2
    assert check([json.loads(capsys.readouterr().out)], "Errors") == set()


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert command_line.main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


# --- what is read --------------------------------------------------------------------------------------------------------


def test_every_part_of_a_case_file_is_documented(published: list[Case]) -> None:
    keys = SECTIONS["Case file"]
    truth = {f"truth.{key}" for case in published for key in case.truth}
    assert set(keys) == {
        *KEYS,
        *(f"findings.{{id}}.{key}" for key in DETAILS),
        *(f"limits.{field.name}" for field in fields(Limits)),
        *(f"closed[].{key}" for key in CLOSED),
        *truth,
    }
    for case in published:
        for key, value in case.truth.items():
            assert fits(value, keys[f"truth.{key}"]), (case.id, key)


def test_every_key_of_a_session_is_documented() -> None:
    assert set(SECTIONS["Session log"]) == {f"session[].{name}" for name in Session.__struct_fields__}


def test_a_session_of_the_documented_types_can_be_read() -> None:
    drawn = {"string": "x", "integer": 1, "number": 1.5, "boolean": True, "list of string": ["x"], "date": "2026-11-24"}
    session = {
        key.removeprefix("session[]."): drawn[type_.removesuffix(" or null")] for key, type_ in SECTIONS["Session log"].items()
    }
    assert msgspec.convert(session, Session).on == date(2026, 11, 24)
