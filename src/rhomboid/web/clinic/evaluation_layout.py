"""Where each finding stands on the evaluation page: sections, groups and rows, made once for a version of the knowledge."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ...knowledge import Knowledge
from ...vocabulary import Finding, Gate, Vocabulary
from ...vocabulary.predicates import Node, parse
from ..records.actions.findings import FROM_PERSON
from .fast_entry import side_of
from .labels import base_label

Side = Literal["said", "exam"]

SAID = {
    "symptoms": "Safety",
    "pain": "Pain",
    "history": "History",
    "medical": "Health",
    "function": "Function",
    "lifestyle": "Work, sleep",
    "beliefs": "Mood, worry",
    "profile": "Person",
}
EXAM = {
    "vitals": "Vital signs",
    "examination": "Red flags",
    "posture": "Posture",
    "motion": "Movement",
    "strength": "Strength",
    "length": "Muscle length",
    "control": "Shoulder blade",
    "joints": "Joints, ribs",
    "neuro": "Nerves",
    "palpation": "Touch",
    "breathing": "Breathing",
    "judgment": "Scores",
    "records": "On file",
}
AT_HOME = ("nrs_during_session", "session_settle_min", "nrs_next_morning", "session_stop_symptoms")
"""Asked after home sessions, not in an evaluation."""
LEVELED = re.compile(r"^(.*?)_?([cltsp]?\d{1,2})(_[lr])?$")
HEADED = re.compile(r"^([^:,(]{4,40})[:,] (.+)$")
LEAST = 3
"""How many findings make a group of their own."""
JUDGED = "Judged by eye"


@dataclass(frozen=True, slots=True)
class RowPlace:
    """One row: a finding, a pair, or a gate. `detail` rows are levels of a region; they count for nothing by themselves."""

    key: str
    label: str
    findings: tuple[str, ...]
    gate: str = ""
    detail: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.gate,) if self.gate else self.findings


@dataclass(frozen=True, slots=True)
class Group:
    heading: str
    rows: tuple[RowPlace, ...]
    folded: bool = False


@dataclass(frozen=True)
class Place:
    """One section of the page."""

    key: str
    side: Side
    name: str
    groups: tuple[Group, ...]

    @cached_property
    def rows(self) -> tuple[RowPlace, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @cached_property
    def findings(self) -> tuple[str, ...]:
        return tuple(name for row in self.rows for name in row.names)


@dataclass(frozen=True)
class Layout:
    """The whole page. `asked_when` has the tree of each condition under which a question is worth asking, by its text."""

    places: Mapping[str, Place]
    place_of: Mapping[str, Place]
    row_of: Mapping[str, RowPlace]
    asked_when: Mapping[str, Node]

    def side(self, side: Side) -> tuple[Place, ...]:
        return tuple(place for place in self.places.values() if place.side == side)


_layouts: dict[str, Layout] = {}


def layout_of(knowledge: Knowledge) -> Layout:
    """The layout for one version of the knowledge, made once."""
    found = _layouts.get(knowledge.version)
    if found is None:
        _layouts.clear()
        found = _layouts[knowledge.version] = _build(knowledge.vocabulary)
    return found


def _build(vocabulary: Vocabulary) -> Layout:
    sections: dict[str, list[Finding]] = {key_of(side, name): [] for side, names in _sides() for name in names}
    for finding in vocabulary.findings.values():
        if finding.id not in (*FROM_PERSON, *AT_HOME):
            sections[section_of(finding)].append(finding)
    closed_by = {name: gate for gate in vocabulary.gates.values() for name in gate.closes}
    places = {
        key_of(side, name): Place(key_of(side, name), side, title, tuple(_groups(sections[key_of(side, name)], closed_by)))
        for side, names in _sides()
        for name, title in names.items()
    }
    rows = [(row, place) for place in places.values() for row in place.rows]
    return Layout(
        places=places,
        place_of={name: place for row, place in rows for name in row.names},
        row_of={name: row for row, _ in rows for name in row.names},
        asked_when={text: parse(text, vocabulary.names) for finding in vocabulary.findings.values() if (text := finding.ask_when)},
    )


def _sides() -> tuple[tuple[Side, Mapping[str, str]], ...]:
    return (("said", SAID), ("exam", EXAM))


def key_of(side: Side, section: str) -> str:
    return section if side == "exam" else f"said-{section}"


def section_of(finding: Finding) -> str:
    """The section that shows a finding: what a patient can answer stands with their answers, the rest with the examination."""
    if finding.section in EXAM:
        return key_of("exam", finding.section)
    return key_of("said", finding.section) if "patient" in finding.by else key_of("exam", "judgment")


def _groups(findings: list[Finding], closed_by: Mapping[str, Gate]) -> Iterable[Group]:
    """Rows under headings, in the order of the vocabulary: gates first, then what has no heading."""
    heads = _headings(findings, closed_by)
    gates = {gate.label: gate for gate in closed_by.values()}
    by_head: dict[str, list[Finding]] = {heading: [] for heading in (*(h for h in heads.values() if h in gates), "")}
    for finding in findings:
        by_head.setdefault(heads[finding.id], []).append(finding)
    for heading, found in by_head.items():
        rows = _rows(found, heading)
        if heading in gates:
            rows.insert(0, RowPlace(gates[heading].id, gates[heading].label, (), gate=gates[heading].id))
        if rows:
            yield Group(heading, tuple(rows), folded=all(row.detail for row in rows))


def _headings(findings: list[Finding], closed_by: Mapping[str, Gate]) -> dict[str, str]:
    """The heading of each finding: its gate, the levels it is one of, the first words of its label that others share, or none."""
    levels = Counter(match[1] for finding in findings if (match := LEVELED.match(finding.id)))
    prefixes = Counter(match[1] for finding in findings if (match := HEADED.match(base_label(finding.label))))
    here = {finding.id for finding in findings}

    def heading(finding: Finding) -> str:
        gate = closed_by.get(finding.id)
        if gate and gate.closes[0] in here:
            return gate.label
        level, prefix = LEVELED.match(finding.id), HEADED.match(base_label(finding.label))
        if level and levels[level[1]] > 2 * LEAST:
            return _level_heading(finding)
        if finding.id.startswith("obs_"):
            return JUDGED
        return prefix[1] if prefix and prefixes[prefix[1]] >= 2 * LEAST else ""

    return {finding.id: heading(finding) for finding in findings}


def _level_heading(finding: Finding) -> str:
    words = re.sub(r"\b(of )?[CTLS]?\d+\b", "", base_label(finding.label))
    return re.sub(r"\s+(?=,)|\s{2,}", "", words).strip(" ,") + ", level by level"


def _rows(findings: list[Finding], heading: str) -> list[RowPlace]:
    """Left and right of a pair stand in one row, left first."""
    pairs: dict[str, list[Finding]] = {}
    for finding in findings:
        pairs.setdefault(finding.id[:-2] if side_of(finding.id) else finding.id, []).append(finding)
    return [
        RowPlace(
            key=key if len(found) > 1 else found[0].id,
            label=_row_label(found, heading),
            findings=tuple(sorted(one.id for one in found)),
            detail=heading.endswith("level by level"),
        )
        for key, found in pairs.items()
    ]


def _row_label(found: list[Finding], heading: str) -> str:
    label = base_label(found[0].label) if len(found) > 1 else found[0].label
    match = HEADED.match(label)
    if match and match[1] == heading:
        return match[2][:1].upper() + match[2][1:]
    if heading.endswith("level by level") and (level := re.search(r"\b[CTLS]?\d+\b", label)):
        return level[0]
    return label.removesuffix(" (judged)") if heading == JUDGED else label
