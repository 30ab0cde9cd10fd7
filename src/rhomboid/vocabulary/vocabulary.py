"""The vocabulary: every finding, gate and derived finding, checked, with the names a predicate may use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

from .contradictions import Contradiction
from .finding import DERIVES, Derived, Finding, Gate, Value
from .overrides import Override, replace_entries
from .predicates import Definition, Name, Node, parse, parse_term
from .problems import KnowledgeError, PredicateError, Problem, nearest
from .reading import read_files, repeated, toml_files
from .search import Index
from .values import ValueProblem, checked_value

FOLDER = Path(__file__).parent / "findings"
TABLES: dict[str, Any] = {"finding": Finding, "gate": Gate, "derived": Derived, "contradiction": Contradiction}
KINDS = {**TABLES, "well": dict[str, object]}
Parsed = TypeVar("Parsed")
INTAKE = ("profile", "history", "symptoms", "medical")


@dataclass(frozen=True)
class Vocabulary:
    """What can be known.

    `well` is the ordinary well person. `definitions` stand in the order in which they are computed; among them are the
    findings that need not be asked of everybody (`ask_when`). `files` has the file of each entry, by kind and id.
    """

    findings: Mapping[str, Finding]
    gates: Mapping[str, Gate]
    derived: Mapping[str, Derived]
    names: Mapping[str, Name]
    well: Mapping[str, Value]
    definitions: tuple[Definition, ...]
    contradictions: Mapping[Contradiction, Node]
    files: Mapping[tuple[type, str], str]

    def label(self, name: str) -> str:
        """The therapist's words for a finding, derived finding or gate."""
        entry = self.findings.get(name) or self.derived.get(name) or self.gates.get(name)
        return entry.label if entry else name

    @cached_property
    def index(self) -> Index[str]:
        """Findings, derived findings that a case may state, and gates, by their words."""
        entries: list[Finding | Derived | Gate] = [*self.findings.values(), *self.gates.values()]
        entries += [entry for entry in self.derived.values() if entry.may_be_given]
        return Index((entry.id, entry) for entry in entries)

    @cached_property
    def givable(self) -> frozenset[str]:
        """Every id that a case may state."""
        return frozenset(self.findings) | {name for name, derived in self.derived.items() if derived.may_be_given}

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """The finding of each alias."""
        return {alias: finding.id for finding in self.findings.values() for alias in finding.alias}

    @cached_property
    def recorded(self) -> tuple[str, ...]:
        """Documents on file: without a record they are a known no."""
        return tuple(finding.id for finding in self.findings.values() if finding.recorded)

    @cached_property
    def dates(self) -> tuple[str, ...]:
        return tuple(finding.id for finding in self.findings.values() if finding.type == "date")

    @cached_property
    def days_since(self) -> Mapping[str, str]:
        """Derived findings that count the days since a date, each with that date's id."""
        return {entry.id: entry.days_since for entry in self.derived.values() if entry.days_since}


def load_vocabulary(folder: Path = FOLDER, overrides: Iterable[Override] = ()) -> Vocabulary:
    """Reads and checks all files of a vocabulary. Raises KnowledgeError with every problem found."""
    problems: list[Problem] = []
    entries = read_files(toml_files(folder), KINDS, folder.parent, problems)
    replace_entries(entries, overrides, TABLES, problems)
    named = [pair for kind in TABLES for pair in entries[kind]]
    repeated(named, problems)
    places = {entry.id: place for entry, place in named}
    findings = {entry.id: entry for entry, _ in entries["finding"]}
    gates = {entry.id: entry for entry, _ in entries["gate"]}
    derived = {entry.id: entry for entry, _ in entries["derived"]}
    check = _Check(findings, derived, places, problems)
    definitions = check.definitions()
    vocabulary = Vocabulary(
        findings=findings,
        gates=gates,
        derived=derived,
        names=check.names,
        well=check.well(entries["well"]),
        definitions=definitions,
        contradictions=check.contradictions(entry for entry, _ in entries["contradiction"]),
        files={(type(entry), entry.id): place for entry, place in named},
    )
    check.gates(gates.values())
    if problems:
        raise KnowledgeError(problems)
    return vocabulary


def name_of(entry: Finding | Derived) -> Name:
    """What a predicate may do with an entry."""
    options = frozenset(entry.options)
    if isinstance(entry, Derived):
        if entry.type == "choice":
            return Name("choice", frozenset(case.value for case in entry.cases) | options)
        return Name("score" if entry.type == "score" else "flag" if entry.type == "flag" else "number")
    if entry.numeric:
        return Name("number")
    if entry.several:
        return Name("several", options)
    return Name("choice", options) if entry.type == "choice" else Name("flag")


class _Check:
    """Everything that must hold between the entries of a vocabulary."""

    def __init__(
        self, findings: Mapping[str, Finding], derived: Mapping[str, Derived], places: Mapping[str, str], problems: list[Problem]
    ) -> None:
        self.findings, self.derived, self.places, self.problems = findings, derived, places, problems
        entries: Iterable[Finding | Derived] = [*findings.values(), *derived.values()]
        self.names = {entry.id: name_of(entry) for entry in entries if entry.type != "date"}
        for entry in entries:
            self.measured(entry)
        for finding in findings.values():
            self.finding(finding)
        self.aliases(findings.values())

    def wrong(self, entry: str, message: str, fix: str = "") -> None:
        self.problems.append(Problem(self.places.get(entry, "vocabulary"), entry, message, fix))

    def measured(self, entry: Finding | Derived) -> None:
        """Unit and range belong to numbers (a scale has its own), and the range has an inside."""
        if entry.type not in ("integer", "number", "score") and (entry.unit or entry.min is not None or entry.max is not None):
            self.wrong(entry.id, f"a {entry.type} has no unit, min or max", "take them out, or make it a number")
        if entry.min is not None and entry.max is not None and entry.min >= entry.max:
            self.wrong(entry.id, f"min {entry.min:g} is not below max {entry.max:g}", "turn them round")

    def finding(self, finding: Finding) -> None:
        if finding.type in ("choice", "choices", "regions") and not finding.options:
            self.wrong(finding.id, f"a {finding.type} needs options", 'add options = { id = "label" }')
        if finding.type in ("integer", "number") and (finding.min is None or finding.max is None or not finding.unit):
            self.wrong(finding.id, "a number needs unit, min and max", 'unit = "1" if it has none')
        if finding.recorded != ("record" in finding.by):
            self.wrong(finding.id, 'recorded = true and by = ["record"] go together')
        if finding.lasting and (finding.type not in ("flag", "choice") or not finding.question):
            self.wrong(finding.id, "only a flag or a choice that a person is asked for can be lasting", "take lasting out")
        if finding.normal is not None:
            try:
                checked_value(finding, finding.normal)
            except ValueProblem as error:
                self.wrong(finding.id, f"normal: {error.message}", error.fix)

    def aliases(self, findings: Iterable[Finding]) -> None:
        """An alias names one finding, in plain lower case, and no other finding's id."""
        taken: dict[str, str] = {}
        for finding in findings:
            for alias in finding.alias:
                if alias != " ".join(alias.lower().split()) or not alias:
                    self.wrong(finding.id, f'the alias "{alias}" is not plain', "write it in lower case, with single spaces")
                if taken.setdefault(alias, finding.id) != finding.id or (alias in self.findings and alias != finding.id):
                    self.wrong(finding.id, f'the alias "{alias}" names {taken[alias]} already', "one alias for each finding")

    def parsed(self, entry: str, text: str, reader: Callable[[str, Mapping[str, Name]], Parsed]) -> Parsed | None:
        try:
            return reader(text, self.names)
        except PredicateError as error:
            self.wrong(entry, error.message, error.fix)
            return None

    def definitions(self) -> tuple[Definition, ...]:
        built = {entry.id: definition for entry in self.derived.values() if (definition := self.definition(entry))}
        built |= self.asked() | self.filled()
        graph = {name: definition.reads() & built.keys() for name, definition in built.items()}
        try:
            return tuple(built[name] for name in TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            self.wrong(error.args[1][0], f"derived findings go round in a circle: {circle}", "break the circle")
            return ()

    def definition(self, entry: Derived) -> Definition | None:
        if len(entry.ways) != 1:
            self.wrong(entry.id, "exactly one of when, value, points, cases, days_since says how it is derived")
            return None
        if entry.type not in DERIVES[entry.ways[0]]:
            self.wrong(entry.id, f"{entry.ways[0]} makes no {entry.type}", f'type = "{DERIVES[entry.ways[0]][0]}"')
            return None
        if entry.days_since:
            self.days_since(entry)
            return None
        if entry.value:
            term = self.parsed(entry.id, entry.value, parse_term)
            return Definition(entry.id, number=term, may_be_given=entry.may_be_given) if term else None
        nodes = [self.parsed(entry.id, text, parse) for text in entry.predicates]
        if any(node is None for node in nodes):
            return None
        known = [node for node in nodes if node is not None]
        if entry.points:
            points = tuple(zip((part.add for part in entry.points), known, strict=True))
            return Definition(entry.id, points=points, may_be_given=entry.may_be_given)
        if entry.cases:
            cases = tuple(zip((part.value for part in entry.cases), known, strict=True))
            return Definition(entry.id, cases=cases, may_be_given=entry.may_be_given)
        return Definition(entry.id, flag=known[0], may_be_given=entry.may_be_given)

    def days_since(self, entry: Derived) -> None:
        """Days since a date are counted when the case is read, with the date of the assessment: no predicate knows the clock."""
        date = self.findings.get(entry.days_since)
        if date is None or date.type != "date":
            self.wrong(entry.id, f'there is no date finding "{entry.days_since}"', nearest(entry.days_since, self.findings))

    def contradictions(self, entries: Iterable[Contradiction]) -> dict[Contradiction, Node]:
        return {entry: node for entry in entries if (node := self.parsed(entry.id, entry.when, parse))}

    def asked(self) -> dict[str, Definition]:
        """Questions that do not apply to everybody: when `ask_when` is false they have their normal value (a man is not pregnant).

        That holds for what is asked in an intake. A measurement that was not worth taking stays unknown.
        """
        found = {}
        for finding in self.findings.values():
            node = self.parsed(finding.id, finding.ask_when, parse) if finding.ask_when else None
            if node is None or finding.section not in INTAKE:
                continue
            if finding.normal is None:
                self.wrong(finding.id, "ask_when needs a normal value", "add normal = ...")
            else:
                found[finding.id] = Definition(finding.id, asked_when=node, normal=checked_value(finding, finding.normal))
        return found

    def filled(self) -> dict[str, Definition]:
        """Summaries such as the Babinski sign, filled from the entries for each side when they are not entered themselves."""
        found = {}
        for finding in self.findings.values():
            cases = [(part, node) for part in finding.filled if (node := self.parsed(finding.id, part.when, parse))]
            for part, _ in cases:
                try:
                    checked_value(finding, part.value)
                except ValueProblem as error:
                    self.wrong(finding.id, f"filled: {error.message}", error.fix)
            if cases:
                found[finding.id] = Definition(finding.id, cases=tuple((part.value, node) for part, node in cases), entered=True)
        return found

    def gates(self, gates: Iterable[Gate]) -> None:
        closed: dict[str, str] = {}
        for gate in gates:
            for name in gate.closes:
                finding = self.findings.get(name)
                if finding is None or finding.type != "flag":
                    self.wrong(gate.id, f'closes "{name}", which is no flag finding', nearest(name, self.findings))
                if name in closed:
                    self.wrong(gate.id, f'closes "{name}", which {closed[name]} closes already', "one gate for each finding")
                closed[name] = gate.id

    def well(self, tables: list[tuple[dict[str, object], str]]) -> dict[str, Value]:
        """The well person: each finding's normal value, overlaid with the [well] table."""
        given = {name: finding.normal for name, finding in self.findings.items() if finding.normal is not None}
        for table, place in tables:
            for name in table:
                if name not in self.names:
                    self.problems.append(Problem(place, "well", f'there is no finding "{name}"', nearest(name, self.names)))
            given.update({name: value for name, value in table.items() if name in self.names})  # type: ignore[misc]
        values: dict[str, Value] = {}
        for name, value in given.items():
            try:
                values[name] = checked_value(self.findings.get(name) or self.derived[name], value)
            except ValueProblem as error:
                self.wrong(name, f"the well person's value: {error.message}", error.fix)
        return values
