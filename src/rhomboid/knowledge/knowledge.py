"""All that Rhomboid knows, in one immutable value: entries by kind, the tree of every predicate, and one compiled function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from ..vocabulary import Override, Vocabulary
from ..vocabulary.predicates import Definition, Evaluate, Node, columns, parse
from .care import TruthWord
from .kinds import KINDS, NAMES
from .model import Coordination, Education, Exercise, Intervention, Ladder, Manual, Modality, Posture

T = TypeVar("T")
INTERVENTIONS: tuple[type[Intervention], ...] = (Manual, Exercise, Posture, Modality, Education, Coordination)


@dataclass(frozen=True)
class Knowledge:
    """Read with `load_knowledge`. Safe to share between threads: nothing in it changes.

    `trees` has the tree of each predicate text, `places` the number of each text among the truths that `evaluate` returns,
    `definitions` how derived findings and condition levels (`acs.high`) come about. `files` has the file of each entry, by
    kind and id: entries of two kinds may share an id. `folders` are those that the files of the content and of the
    vocabulary are named from. `overrides` has what is local to a clinic, by name of the table and id.
    """

    version: str
    vocabulary: Vocabulary
    entries: Mapping[type, Mapping[str, Any]]
    files: Mapping[tuple[type, str], str]
    trees: Mapping[str, Node]
    places: Mapping[str, int]
    definitions: Mapping[str, Definition]
    evaluate: Evaluate
    interventions: Mapping[str, Intervention]
    ladder_of: Mapping[str, Ladder]
    folders: tuple[Path, Path] = (Path(), Path())
    overrides: Mapping[tuple[str, str], Override] = field(default_factory=dict)

    @property
    def overridden(self) -> frozenset[tuple[str, str]]:
        """What is local to a clinic: the name of the table and the id of each entry, such as ("factor", "sedentary_exposure")."""
        return frozenset(self.overrides)

    @cached_property
    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """All entries by the name of their table in the files, content first, then the vocabulary."""
        vocabulary = self.vocabulary
        return {name: self.of(kind) for name, kind in KINDS.items()} | {
            "finding": vocabulary.findings,
            "gate": vocabulary.gates,
            "derived": vocabulary.derived,
            "contradiction": {one.id: one for one in vocabulary.contradictions},
        }

    @cached_property
    def asked_when(self) -> Mapping[str, Node]:
        """When a question makes sense, by finding: those that need not be asked of everybody."""
        names = self.vocabulary.names
        return {one.id: parse(one.ask_when, names) for one in self.vocabulary.findings.values() if one.ask_when}

    @cached_property
    def languages(self) -> dict[str, Any]:
        """The languages read so far over this knowledge, by code: `knowledge.languages.load_language` fills it."""
        return {}

    def working_rules(self) -> Iterator[tuple[str, Any]]:
        """Every entry that waits for a clinic's sign-off (`evidence = "prod"`) with the name of its table, in a fixed order.

        Words for the truths of published collections are left out: they never reach a person.
        """
        for name, entries in self.tables.items():
            if name != NAMES[TruthWord]:
                yield from ((name, entry) for entry in entries.values() if getattr(entry, "evidence", "") == "prod")

    def of(self, kind: type[T]) -> Mapping[str, T]:
        """All entries of a kind, by id, in the order of the files: `knowledge.of(Condition)["acs"]`."""
        return cast("Mapping[str, T]", self.entries.get(kind, {}))

    def findings_read(self, predicates: Iterable[str]) -> list[str]:
        """The plain findings on which some predicates rest, through everything derived, in the order of the text."""
        found: dict[str, None] = {}
        for predicate in predicates:
            for name in columns(self.trees[predicate]):
                found |= dict.fromkeys(self.plain_below(name) or [name])
        return list(found)

    def plain_below(self, name: str) -> list[str]:
        """The plain findings a derived finding is computed from; none for a plain finding."""
        definition = self.definitions.get(name)
        if definition is None or definition.plain:
            return []
        return [below for part in sorted(definition.reads()) for below in self.plain_below(part) or [part]]

    def easier(self, exercise: str) -> str | None:
        """The exercise one step down the same ladder; None at its end."""
        return self._neighbor(exercise, -1)

    def harder(self, exercise: str) -> str | None:
        """The exercise one step up the same ladder; None at its end."""
        return self._neighbor(exercise, +1)

    def _neighbor(self, exercise: str, step: int) -> str | None:
        steps = self.ladder_of[exercise].steps
        place = steps.index(exercise) + step
        return steps[place] if 0 <= place < len(steps) else None
