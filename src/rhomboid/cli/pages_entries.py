"""What all reference pages say in the same way: the head of an entry, its links, its evidence and sources, rules, examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from ..knowledge import Knowledge
from ..knowledge.care import CodePair, TruthWord
from ..knowledge.kinds import KINDS
from ..knowledge.model import (
    Contraindication,
    Coordination,
    Education,
    Example,
    Exercise,
    Factor,
    Manual,
    Modality,
    Pattern,
    Posture,
    Source,
    predicates_of,
)
from ..reasoning.entry_words import BASE, LABELS, REFERENCES, RULES, TITLES, ZERO_IS_NOTHING
from ..reasoning.facts import Facts
from ..reasoning.proof import example_values
from ..reasoning.sources import CHECKED, EVIDENCE, file_of
from ..reasoning.words import stated
from ..vocabulary.contradictions import Contradiction
from ..vocabulary.finding import Derived, Entry, Finding, Gate
from ..vocabulary.predicates import columns
from .pages_markdown import labeled, rule, spaced, table, text
from .pages_words import PredicateWords

PACKAGE_PATH = "src/rhomboid/"
CONTENT_PATH = f"{PACKAGE_PATH}knowledge/content/"
VOCABULARY_PATH = f"{PACKAGE_PATH}vocabulary/"
ROOT = "../../"
"""From docs/reference to the top of the checkout."""

PAGE_OF: dict[type, str] = {
    Finding: "findings.md",
    Derived: "derived-findings.md",
    Gate: "findings.md",
    Contradiction: "findings.md",
    Pattern: "patterns.md",
    Factor: "factors.md",
    Exercise: "exercises.md",
    Manual: "manual-therapy.md",
    Posture: "posture.md",
    Modality: "modalities.md",
    Education: "education.md",
    Coordination: "coordination.md",
    Contraindication: "contraindications.md",
    Source: "sources.md",
    **{KINDS[kind]: "conditions.md" for kind in ("condition", "never_alone", "safety_net", "concern", "urgency", "accuracy")},
    **{KINDS[kind]: "patterns.md" for kind in ("fact", "icd10_pair", "icd10_extra")},
    KINDS["ladder"]: "exercises.md",
    KINDS["care_code"]: "contraindications.md",
    KINDS["instrument"]: "instruments.md",
}
CARE = "care.md"
"""The page of every kind that has none of its own."""


def page_of(entry: object) -> str:
    return PAGE_OF.get(type(entry), CARE)


def title(entry: Any) -> str:
    """The words by which an entry is known."""
    if isinstance(entry, CodePair):
        return f"{entry.a} with {entry.b}"
    return next((str(words) for name in TITLES if (words := getattr(entry, name, ""))), spaced(entry.id).capitalize())


def link(entry: Any) -> str:
    return f"[{text(title(entry))}]({page_of(entry)}#{entry.id})"


class Writer:
    """Writes entries of one knowledge as Markdown."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.vocabulary = knowledge.vocabulary
        self.words = PredicateWords(knowledge)

    # --- what is where -----------------------------------------------------------------------------------------------

    @cached_property
    def in_vocabulary(self) -> dict[str, Any]:
        """Findings, gates and derived findings by id."""
        return {**self.vocabulary.findings, **self.vocabulary.gates, **self.vocabulary.derived}

    @cached_property
    def named(self) -> dict[str, Any]:
        """Every entry that another may name, by id; a finding goes before a rule of the same id."""
        kinds = (entries for kind, entries in self.knowledge.entries.items() if kind not in (Source, TruthWord))
        return {id_: entry for entries in (*kinds, self.in_vocabulary) for id_, entry in entries.items()}

    @cached_property
    def readers(self) -> Mapping[str, list[Any]]:
        """For each finding the entries whose rules name it."""
        found: dict[str, dict[str, Any]] = {}
        entries = [entry for kind in self.knowledge.entries.values() for entry in kind.values()]
        for entry in entries:
            for predicate in predicates_of(entry):
                for name in columns(self.knowledge.trees[predicate]):
                    found.setdefault(name, {})[entry.id] = entry
        for derived in self.vocabulary.derived.values():
            for name in self.knowledge.definitions[derived.id].reads() if derived.id in self.knowledge.definitions else ():
                found.setdefault(name, {})[derived.id] = derived
        return {name: list(readers.values()) for name, readers in found.items()}

    def file_of(self, entry: Any) -> str:
        """The path of an entry's file in the checkout."""
        return PACKAGE_PATH + file_of(entry, self.knowledge)

    def files_of(self, entries: Iterable[Any]) -> list[str]:
        return list(dict.fromkeys(map(self.file_of, entries)))

    # --- pieces ------------------------------------------------------------------------------------------------------

    def opening(self, heading: str, sentences: str, entries: Iterable[Any]) -> list[str]:
        """The head of a page: what it is, and from which files it comes."""
        files = ", ".join(file_link(path) for path in self.files_of(entries))
        return [
            f"# {heading}",
            "",
            sentences,
            "",
            f"This page is generated by `rhomboid knowledge pages docs/reference`. To correct it, correct the files: {files}.",
            "",
        ]

    def head(self, entry: Any, level: int = 3) -> list[str]:
        """Anchor, title, id, file, evidence and sources of an entry."""
        facts = [f"`{entry.id}`", file_link(self.file_of(entry)), *self.basis(entry)]
        return [f'<a id="{entry.id}"></a>', "", f"{'#' * level} {text(title(entry))}", "", " · ".join(facts), ""]

    def basis(self, entry: Entry) -> list[str]:
        """The evidence in words, and the sources, if any, with how each was checked."""
        sources = ", ".join(map(self.source, entry.sources))
        return [EVIDENCE[entry.evidence], *([f"sources: {sources}"] if sources else [])]

    def source(self, key: str) -> str:
        source = self.knowledge.of(Source)[key]
        return f"[{key}](sources.md#{key}) ({CHECKED[source.checked]})"

    def rule(self, predicate: str) -> list[str]:
        """A rule to the letter, and in plain words."""
        return [*rule(predicate), *self.words.said(predicate)] if predicate else []

    def note(self, entry: Entry) -> list[str]:
        return labeled("Note", text(entry.note))

    def links(self, ids: Iterable[str]) -> str:
        """Entries by id as links; what names no entry stays a word."""
        return ", ".join(link(self.named[id_]) if id_ in self.named else text(plain_word(id_)) for id_ in ids)

    def contents(self, groups: Mapping[str, Iterable[Any]]) -> list[str]:
        """The entries of a page by group, as links."""
        lines = [
            f"- {heading}: " + ", ".join(f"[{text(title(entry))}](#{entry.id})" for entry in entries)
            for heading, entries in groups.items()
        ]
        return [*lines, ""]

    def examples(self, examples: Iterable[Example]) -> list[str]:
        """The people beside a rule: who, what is known, what must follow."""
        rows = [[text(one.text), self.given(one), spaced(one.expect)] for one in examples]
        return ["**Examples** (they run as tests)", "", *table(["who", "known", "expected"], rows)] if rows else []

    def given(self, example: Example) -> str:
        """What is known of the person, in words."""
        facts = Facts(self.knowledge, example_values(example, self.knowledge), {}, [])
        known = [text(stated(name, facts)) for name in example.given]
        rest = "the rest as in a well person" if example.otherwise == "well" else "the rest not known"
        return "; ".join([*known, rest])

    # --- any entry ---------------------------------------------------------------------------------------------------

    def entry(self, entry: Any, level: int = 3, skip: Iterable[str] = ()) -> list[str]:
        """An entry with every key it has, in the order of its record."""
        return [*self.head(entry, level), *self.keys(entry, skip), *self.note(entry)]

    def keys(self, entry: Struct, skip: Iterable[str] = ()) -> list[str]:
        """The keys of an entry; what its heading says already, and a zero that asks nothing, is left out."""
        hidden = {*BASE, "example", *skip}
        values = {name: getattr(entry, name) for name in entry.__struct_fields__ if name not in hidden}
        names = [name for name, value in values.items() if value != title(entry) and not (name in ZERO_IS_NOTHING and value == 0)]
        stated = {name: self.said(name, values[name]) for name in names if name not in RULES}
        lines = [f"- {label(name)}: {said}" for name, said in stated.items() if said]
        return [*lines, *([""] if lines else []), *self.rules(entry, names)]

    def rules(self, entry: Struct, names: Iterable[str]) -> list[str]:
        """The predicates of an entry, each under the words for its key."""
        found = [(RULES[name], getattr(entry, name)) for name in names if name in RULES]
        return [line for words, predicate in found if predicate for line in (f"**{words}:**", "", *self.rule(predicate))]

    def said(self, name: str, value: object) -> str:
        """The value of a key in words; '' for one that says nothing."""
        match value:
            case None | "" | () | False:
                return ""
            case True:
                return "yes"
            case int() | float():
                return f"{value:g}"
            case str():
                return self.links([value]) if name in REFERENCES else text(plain_word(" ".join(value.split())))
            case (int() | float() as low, int() | float() as high):
                return f"{low:g} to {high:g}"
            case tuple() | list():
                items = [self.said(name, item) for item in value]
                return (", " if name in REFERENCES or not any(" " in item for item in items) else "; ").join(items)
            case dict():
                return "; ".join(f"{spaced(str(key))} {self.said(name, item)}" for key, item in value.items())
            case Struct():
                parts = {part: self.said(part, getattr(value, part)) for part in value.__struct_fields__}
                return ", ".join(f"{spaced(part)} {said}" for part, said in parts.items() if said)
        raise AssertionError(value)


def label(name: str) -> str:
    """The words for a key."""
    key = name.rstrip("_")
    return LABELS.get(key, spaced(key).capitalize())


def plain_word(word: str) -> str:
    """An id that names no entry, as words; codes and abbreviations stay as they are."""
    return spaced(word) if word.islower() and " " not in word else word


def file_link(path: str) -> str:
    short = path.removeprefix(CONTENT_PATH).removeprefix(VOCABULARY_PATH)
    return f"[{short}]({ROOT}{path})"
