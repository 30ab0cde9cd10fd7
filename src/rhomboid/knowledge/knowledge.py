"""All that Rhomboid knows, in one immutable value: entries by kind, the tree of every predicate, and one compiled function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from ..vocabulary import Vocabulary
from ..vocabulary.predicates import Definition, Evaluate, Node, columns
from .model import Coordination, Education, Exercise, Intervention, Ladder, Manual, Modality, Posture

T = TypeVar("T")
INTERVENTIONS: tuple[type[Intervention], ...] = (Manual, Exercise, Posture, Modality, Education, Coordination)


@dataclass(frozen=True)
class Knowledge:
    """Read with `load_knowledge`. Safe to share between threads: nothing in it changes.

    `trees` has the tree of each predicate text, `places` the number of each text among the truths that `evaluate` returns,
    `definitions` how derived findings and condition levels (`acs.high`) come about. `files` has the file of each entry, by
    kind and id: entries of two kinds may share an id.
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
