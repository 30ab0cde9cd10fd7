"""Reads the content files into a `Knowledge`, and refuses what must not be used: file, entry, word, fix."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from ..vocabulary import KnowledgeError, Override, PredicateError, Problem, Vocabulary, load_vocabulary, nearest
from ..vocabulary.overrides import replace_entries
from ..vocabulary.predicates import Definition, Name, Node, compile_all, parse
from ..vocabulary.reading import read_files, repeated, toml_files
from ..vocabulary.vocabulary import FOLDER as VOCABULARY
from .kinds import KINDS, NAMES
from .knowledge import INTERVENTIONS, Knowledge
from .model import Condition, Intervention, Ladder, predicates_of
from .references import References

CONTENT = Path(__file__).parent / "content"


def load_knowledge(content: Path = CONTENT, findings: Path = VOCABULARY, overrides: Sequence[Override] = ()) -> Knowledge:
    """Reads, checks and compiles everything, with a clinic's overrides. Raises KnowledgeError with every problem found."""
    vocabulary = load_vocabulary(findings, overrides)
    problems = list(_of_no_kind(overrides))
    paths = toml_files(content)
    read = read_files(paths, KINDS, content, problems)
    replace_entries(read, overrides, KINDS, problems)
    for kind in KINDS:
        repeated(read[kind], problems)
    repeated([pair for kind, pairs in read.items() if KINDS[kind] in INTERVENTIONS for pair in pairs], problems)
    files = {(type(entry), entry.id): place for kind in KINDS for entry, place in read[kind]}
    entries = {kind: {entry.id: entry for entry, _ in read[name]} for name, kind in KINDS.items()}
    if problems:
        raise KnowledgeError(problems)
    definitions, trees = _Predicates(vocabulary, entries, files, problems).read()
    interventions: dict[str, Intervention] = {id_: entry for kind in INTERVENTIONS for id_, entry in entries[kind].items()}
    References(vocabulary, entries, interventions, files, problems).check()
    if problems:
        raise KnowledgeError(problems)
    texts = {text: number for number, text in enumerate(trees)}
    return Knowledge(
        version=_version([*paths, *toml_files(findings)]) + _local(overrides),
        vocabulary=vocabulary,
        entries=entries,
        files=files,
        trees=trees,
        places=texts,
        definitions={definition.name: definition for definition in definitions},
        evaluate=compile_all(definitions, list(trees.values())),
        interventions=interventions,
        ladder_of={step: ladder for ladder in entries[Ladder].values() for step in ladder.steps},
        folders=(content, findings),
        overrides={(override.kind, override.id): override for override in overrides},
    )


def _of_no_kind(overrides: Iterable[Override]) -> Iterator[Problem]:
    for override in overrides:
        if override.kind not in NAMES.values():
            yield Problem(
                override.place, "", f'there is no kind of entry "{override.kind}"', nearest(override.kind, NAMES.values())
            )


def _version(files: Iterable[Path]) -> str:
    """Twelve hexadecimal digits that change whenever any content file does."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _local(overrides: Iterable[Override]) -> str:
    """What overrides add to the version: nothing, or a plus and eight digits that change whenever any of them does."""
    parts = sorted((override.kind, override.id, override.text) for override in overrides)
    return "+" + hashlib.sha256(repr(parts).encode()).hexdigest()[:8] if parts else ""


class _Predicates:
    """The trees of all predicate texts, and the definitions of condition levels beside those of the vocabulary."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        entries: Mapping[type, Mapping[str, Any]],
        files: Mapping[tuple[type, str], str],
        problems: list[Problem],
    ) -> None:
        self.vocabulary, self.entries, self.files, self.problems = vocabulary, entries, files, problems
        self.levels = {f"{c.id}.{level.concern}": level.when for c in entries[Condition].values() for level in c.level}
        self.names = {**vocabulary.names, **dict.fromkeys(self.levels, Name("flag"))}
        self.trees: dict[str, Node] = {}

    def read(self) -> tuple[list[Definition], dict[str, Node]]:
        for kind in self.entries:
            for entry in self.entries[kind].values():
                for text in predicates_of(entry):
                    self.tree(text, entry)
        for contradiction, node in self.vocabulary.contradictions.items():
            self.trees[contradiction.when] = node
        levels = {name: Definition(name, flag=self.trees[text]) for name, text in self.levels.items() if text in self.trees}
        return [*self.vocabulary.definitions, *self.ordered(levels)], self.trees

    def tree(self, text: str, entry: Any) -> None:
        if text in self.trees:
            return
        try:
            self.trees[text] = parse(text, self.names)
        except PredicateError as error:
            self.problems.append(Problem(self.files[type(entry), entry.id], entry.id, error.message, error.fix))

    def ordered(self, levels: Mapping[str, Definition]) -> list[Definition]:
        graph = {name: definition.reads() & levels.keys() for name, definition in levels.items()}
        try:
            return [levels[name] for name in TopologicalSorter(graph).static_order()]
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            entry = error.args[1][0].split(".")[0]
            place = self.files[Condition, entry]
            self.problems.append(Problem(place, entry, f"levels go round in a circle: {circle}", "break the circle"))
            return []
