"""A case: everything known of one person in one episode at one time, read from TOML, JSON or a table, and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import tomli

from .finding import Derived, Finding, Value
from .problems import HINTS, CaseError, Problem, hint, nearest
from .values import ValueProblem, checked_value, shown
from .vocabulary import Vocabulary

MAX_BYTES = 1_000_000
KEYS = ("id", "title", "text", "on", "findings", "limits", "closed", "source", "truth", "tags")
DETAILS = ("value", "unit", "date", "by", "method", "device", "note")
CLOSED = ("condition", "by", "reason", "on")


@dataclass(frozen=True, slots=True)
class Closed:
    """A concern that a named therapist has lowered, with the reason and the day."""

    condition: str
    by: str
    reason: str
    on: str


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a person. `findings` holds known values only; a gate's answer is among them under the gate's id.

    `details` keeps date, method, device and source where they were given. `limits` and `truth` are for planning and for
    runs over cases with a known outcome; the reasoning about the person never reads them.
    """

    findings: Mapping[str, Value]
    id: str = ""
    title: str = ""
    text: str = ""
    on: date | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    closed: tuple[Closed, ...] = ()
    truth: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_case(path: Path, vocabulary: Vocabulary) -> Case:
    """Reads a case file (TOML or JSON, up to 1 MB). Raises CaseError with everything that is wrong with it."""
    place = path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise CaseError([Problem(str(path), "", f"cannot be read ({error.strerror})", "check the file's name")]) from None
    if size > MAX_BYTES:
        message = f"is {size / 1e6:.1f} MB; a case has at most {MAX_BYTES / 1e6:.0f} MB"
        raise CaseError([Problem(place, "", message, "one person in one file, findings only")])
    return case_from_table(_decoded(path, place), vocabulary, place)


def _decoded(path: Path, place: str) -> Mapping[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        table = json.loads(text, object_pairs_hook=_once) if path.suffix == ".json" else tomli.loads(text)
    except OSError as error:
        raise CaseError([Problem(str(path), "", f"cannot be read ({error.strerror})", "a case is one TOML or JSON file")]) from None
    except (ValueError, RecursionError) as error:
        kind = "JSON" if path.suffix == ".json" else "TOML"
        raise CaseError(
            [Problem(place, "", f"is not valid {kind}: {error}", "a case is TOML, or JSON in a file named .json")]
        ) from None
    if not isinstance(table, dict):
        raise CaseError([Problem(place, "", "is not a table", 'a case has [findings] with lines such as "age_years = 44"')])
    return table


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which nothing is said twice; TOML refuses that by itself."""
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError("stands twice: " + ", ".join(sorted({name for name in names if names.count(name) > 1})))
    return table


def case_from_table(table: Mapping[str, Any], vocabulary: Vocabulary, place: str = "case") -> Case:
    """A case from plain data. Raises CaseError with everything that is wrong with it."""
    reader = _CaseReader(vocabulary, place)
    case = reader.read(table)
    if reader.problems:
        raise CaseError(reader.problems)
    return case


class _CaseReader:
    def __init__(self, vocabulary: Vocabulary, place: str) -> None:
        self.vocabulary, self.place = vocabulary, place
        self.known = vocabulary.givable
        self.problems: list[Problem] = []

    def wrong(self, entry: str, message: str, fix: str = "") -> None:
        self.problems.append(Problem(self.place, entry, message, fix))

    def read(self, table: Mapping[str, Any]) -> Case:
        for key in table:
            if key not in KEYS:
                inside = " (findings stand under [findings])" if key in self.known or key in self.vocabulary.gates else ""
                self.wrong(key, f"a case has no such part{inside}", hint(self.problems, key, KEYS))
        findings, details = self.findings(self.part(table, "findings", dict))
        return Case(
            findings=findings,
            id=self.part(table, "id", str),
            title=self.part(table, "title", str),
            text=self.part(table, "text", str),
            on=self.day(table.get("on")),
            limits=self.part(table, "limits", dict),
            closed=tuple(filter(None, map(self.closed, self.part(table, "closed", list)))),
            truth=self.part(table, "truth", dict),
            source=self.part(table, "source", dict),
            tags=tuple(map(str, self.part(table, "tags", list))),
            details=details,
        )

    def part(self, table: Mapping[str, Any], key: str, kind: type) -> Any:
        content = table.get(key, kind())
        if not isinstance(content, kind):
            self.wrong(key, f"is {shown(content)}, not a {'table' if kind is dict else 'list' if kind is list else 'text'}")
            return kind()
        return content

    def day(self, raw: object) -> date | None:
        if raw is None or type(raw) is date:
            return raw
        try:
            return date.fromisoformat(str(raw))
        except ValueError:
            self.wrong("on", f"{shown(raw)} is not a date", "write it as 2026-01-31")
            return None

    def closed(self, raw: object) -> Closed | None:
        if not isinstance(raw, dict) or set(raw) != set(CLOSED) or not all(str(value).strip() for value in raw.values()):
            self.wrong("closed", "a closed concern needs condition, by, reason and on", "only a named therapist lowers a concern")
            return None
        try:
            date.fromisoformat(str(raw["on"]))
        except ValueError:
            self.wrong("closed", f"{shown(raw['on'])} is not a date", "write it as 2026-01-31")
            return None
        return Closed(*(str(raw[key]) for key in CLOSED))

    def findings(self, table: Mapping[str, Any]) -> tuple[dict[str, Value], dict[str, dict[str, Any]]]:
        if not table:
            self.wrong("findings", "the case is empty", 'add [findings] with lines such as "age_years = 44"')
        values: dict[str, Value] = {}
        details: dict[str, dict[str, Any]] = {}
        for name, raw in table.items():
            given = dict(raw) if isinstance(raw, dict) else {"value": raw}
            for key in given.keys() - set(DETAILS):
                self.wrong(name, f'"{key}" is not part of a value', hint(self.problems, key, DETAILS))
            if "value" not in given:
                self.wrong(name, "has no value", "write { value = ..., unit = ... }")
                continue
            value = self.value(name, given["value"], str(given.get("unit", "")))
            if value is not None:
                values[name] = value
                if len(given) > 1:
                    details[name] = {key: given[key] for key in given if key != "value"}
        return values, details

    def value(self, name: str, raw: object, unit: str) -> Value | None:
        if name in self.vocabulary.gates:
            if isinstance(raw, bool):
                return raw
            self.wrong(name, f"{shown(raw)} is neither true nor false", "leave a gate out when the answer is not sure")
            return None
        entry = self.vocabulary.findings.get(name) or self.vocabulary.derived.get(name)
        if entry is None or name not in self.known:
            derived = " (it follows from other findings)" if entry else ""
            self.wrong(name, f"there is no finding of this name to give{derived}", self.meant(name))
            return None
        return self.checked(name, entry, raw, unit)

    def meant(self, name: str) -> str:
        """The finding that is spelled nearly so, else what the words of the name may mean, such as shortness_of_breath."""
        if len(self.problems) >= HINTS:
            return ""
        names = [*self.known, *self.vocabulary.gates]
        return nearest(name, names, near=0.8) or self.by_words(name) or nearest(name, names)

    def by_words(self, name: str) -> str:
        found = self.vocabulary.index.find(name.replace("_", " "), 2)
        return "perhaps " + " or ".join(f'"{one}" ({self.vocabulary.label(one)})' for one in found) + "?" if found else ""

    def checked(self, name: str, entry: Finding | Derived, raw: object, unit: str) -> Value | None:
        try:
            return checked_value(entry, raw, unit)
        except ValueProblem as error:
            self.wrong(name, error.message, error.fix)
            return None
