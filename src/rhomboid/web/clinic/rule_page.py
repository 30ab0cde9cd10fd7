"""What the review of a rule shows: its text, its predicates in words, its examples and its sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from msgspec import Struct

from ...knowledge import Knowledge
from ...knowledge.model import Example, Level, Source, Weight
from ...reasoning.entry_words import BASE, LABELS, REFERENCES, RULES, TITLES, ZERO_IS_NOTHING
from ...reasoning.facts import Facts
from ...reasoning.predicate_words import PredicateWords
from ...reasoning.proof import example_values
from ...reasoning.sources import CHECK_WORDS
from ...reasoning.words import stated
from ...vocabulary.predicates import Node

KIND_NAMES = {
    "condition": "Dangers to screen for",
    "never_alone": "What never raises alone",
    "safety_net": "When to worry",
    "contraindication": "Contraindications",
    "care_code": "Care codes",
    "pattern": "Patterns",
    "factor": "Contributing factors",
    "family": "Families of help",
    "exercise": "Exercises",
    "ladder": "Exercise ladders",
    "manual": "Manual therapy",
    "posture": "Posture advice",
    "modality": "Modalities",
    "education": "Education",
    "coordination": "Coordination of care",
    "urgency": "Urgencies",
    "concern": "Levels of concern",
    "rescreen": "Screening again",
    "letter_field": "Parts of a letter",
    "thrust": "Before thrust",
    "pain_rule": "Pain during exercise",
    "morning_rule": "The next morning",
    "response_code": "24-hour response",
    "progression_rule": "Going up a ladder",
    "regression_rule": "Stepping back",
    "stop_symptom": "Stop at once",
    "reevaluation": "Re-evaluation",
    "discharge": "Discharge",
    "staying_well": "Staying well",
    "planning": "How a plan is chosen",
    "phase": "Phases of care",
    "goal": "Goals",
    "frequency": "Visits and weeks",
    "prognosis_band": "Prognosis",
    "minimum_set": "Smallest sets of tests",
    "instrument": "Instruments",
    "finding": "Findings",
    "gate": "Opening questions",
    "derived": "What follows from findings",
    "fact": "Facts",
}
OWN_LABELS = {
    "group": "Where it comes from",
    "balance": "Why it is as wide as it is",
    "letter": "The letter asks for",
    "safety_net": "What the patient is told to watch",
    "holds": "Holds treatment until it is cleared",
    "support": "Speaks for it",
    "oppose": "Speaks against it",
    "must_exclude": "To be ruled out first",
    "first_line": "First line of care",
    "changes": "What it changes",
    "also_called": "Also called",
    "class": "Kind",
    "better": "Better is",
    "measure": "Measured again by",
    "first": "First choice",
    "second": "Second choice",
    "cells": "What it does to each kind of treatment",
    "unknown_blocks": "Not knowing blocks too",
    "never_override": "Nobody may decide against",
}
"""Words for a reviewer where the reference's would say too little."""
STANDS_ALONE = ("days_since", "value")
"""Keys of a derived finding that hold a formula, shown as it is written."""
EXPECTED = {
    "met": "is met",
    "not_met": "is not met",
    "unknown": "stays unknown",
    "none": "raises nothing",
    "undecided": "stays undecided",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A predicate: a line, or a head with its parts."""

    said: str
    parts: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One key of an entry: words, or several lines, or a predicate under its label."""

    label: str
    text: str = ""
    lines: tuple[str, ...] = ()
    rule: Words | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class ExampleRow:
    text: str
    known: tuple[str, ...]
    rest: str
    expect: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    key: str
    reference: str
    checked: bool
    how: str
    url: str


@dataclass(frozen=True)
class RulePage:
    """One entry as a reviewer reads it."""

    knowledge: Knowledge
    kind: str
    entry: Any

    @property
    def title(self) -> str:
        return title(self.entry)

    @property
    def kind_name(self) -> str:
        return KIND_NAMES.get(self.kind, spaced(self.kind).capitalize())

    @cached_property
    def rows(self) -> list[Row]:
        """Every key of the entry that says something, in the order of its record, the predicates where they stand."""
        names = [name for name in self.entry.__struct_fields__ if name not in {*BASE, "example"}]
        return [row for name in names if not self._says_nothing(name) for row in self._rows(name, getattr(self.entry, name))]

    @cached_property
    def examples(self) -> list[ExampleRow]:
        return [self._example(one) for one in getattr(self.entry, "example", ())]

    @cached_property
    def sources(self) -> list[SourceRow]:
        known = self.knowledge.of(Source)
        return [
            SourceRow(key, known[key].reference, known[key].checked != "recalled", CHECK_WORDS[known[key].checked], known[key].url)
            for key in self.entry.sources
            if key in known
        ]

    def _says_nothing(self, name: str) -> bool:
        value = getattr(self.entry, name)
        return value in (None, "", (), False, {}) or value == self.title or (name in ZERO_IS_NOTHING and value == 0)

    def _rows(self, name: str, value: Any) -> Iterator[Row]:
        label = label_of(name)
        if name in RULES and isinstance(value, str):
            yield Row(RULES[name], rule=self.words(value), code=value)
        elif name in STANDS_ALONE and isinstance(value, str):
            yield Row(label, code=value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Struct):
            yield from (self._part(label, part) for part in value)
        elif isinstance(value, tuple) and value and all(isinstance(one, str) for one in value):
            lines = tuple(self._said(name, one) for one in value)
            yield Row(label, lines=lines) if any(len(line) > 40 for line in lines) else Row(label, text=", ".join(lines))
        elif isinstance(value, dict):
            yield Row(label, lines=tuple(f"{spaced(str(key)).capitalize()}: {self._said(name, one)}" for key, one in value.items()))
        else:
            yield Row(label, text=self._said(name, value))

    def _part(self, label: str, part: Struct) -> Row:
        """A level, a weight or a care inside an entry: what it makes, and when."""
        if isinstance(part, Weight):
            return Row(f"{label}, {part.points:g}: {part.text}", rule=self.words(part.when), code=part.when)
        said = {name: getattr(part, name) for name in part.__struct_fields__}
        when = said.pop("when", "")
        faster = said.pop("faster", ())
        words = ", ".join(self._said(name, value) for name, value in said.items() if value not in ("", None, (), False))
        lines = tuple(f"{spaced(one.urgency)}, when {PredicateWords(self.knowledge).in_line(one.when)}" for one in faster)
        if isinstance(part, Level):
            label, words = f"{part.concern.capitalize()} concern, {spaced(part.urgency)}", part.within
        return Row(f"{label}: {words}" if words else label, lines=lines, rule=self.words(when) if when else None, code=when)

    def _said(self, name: str, value: Any) -> str:
        if value is True:
            return "yes"
        if isinstance(value, int | float):
            return f"{value:g}"
        if isinstance(value, str):
            return self._named(value) if name in REFERENCES else plain(value)
        if isinstance(value, tuple) and len(value) == 2 and all(isinstance(one, int | float) for one in value):
            return f"{value[0]:g} to {value[1]:g}"
        if isinstance(value, tuple | list):
            return ", ".join(self._said(name, one) for one in value)
        if isinstance(value, dict):
            return ", ".join(f"{spaced(str(key))} {self._said(name, one)}" for key, one in value.items())
        if isinstance(value, Struct):
            parts = {part: getattr(value, part) for part in value.__struct_fields__}
            return ", ".join(
                f"{spaced(part)} {self._said(part, one)}" for part, one in parts.items() if one not in (None, "", (), False)
            )
        return "" if value is None else str(value)

    def _named(self, id_: str) -> str:
        """What an id names, in words."""
        vocabulary = self.knowledge.vocabulary
        if id_ in vocabulary.findings or id_ in vocabulary.derived or id_ in vocabulary.gates:
            return vocabulary.label(id_)
        for entries in self.knowledge.entries.values():
            if id_ in entries and not isinstance(entries[id_], Source):
                return words_of(entries[id_])
        return plain(id_)

    def words(self, predicate: str) -> Words:
        said = PredicateWords(self.knowledge)
        return _words(said, said.tree(predicate))

    def _example(self, example: Example) -> ExampleRow:
        facts = Facts(self.knowledge, example_values(example, self.knowledge), {}, [])
        known = tuple(stated(name, facts) for name in example.given)
        rest = "the rest as in a well person" if example.otherwise == "well" else "the rest not known"
        return ExampleRow(example.text, known, rest, EXPECTED.get(example.expect, spaced(example.expect)))


def _words(said: PredicateWords, node: Node) -> Words:
    head, parts = said.group(node)
    return Words(head, tuple(_words(said, part) for part in parts)) if parts else Words(said.leaf(node))


def words_of(entry: Any) -> str:
    """The words by which an entry is known."""
    return next((str(words) for name in TITLES if (words := getattr(entry, name, ""))), spaced(entry.id).capitalize())


def title(entry: Any) -> str:
    """The same, short enough for a heading."""
    words = words_of(entry)
    return words if len(words) <= 90 else words[:87].rsplit(" ", 1)[0] + " ..."


def label_of(name: str) -> str:
    key = name.rstrip("_")
    return OWN_LABELS.get(key) or LABELS.get(key, spaced(key).capitalize())


def plain(words: str) -> str:
    """An id that names no entry, as words; texts, codes and abbreviations stay as they are."""
    words = " ".join(words.split())
    return spaced(words) if words.islower() and " " not in words else words


def spaced(word: str) -> str:
    return word.replace("_", " ")
