"""The full explanation of one line of the reasoning: every part of its rule with what is known, and the sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...knowledge import Knowledge
from ...knowledge.model import CONCERNS, Condition, Contraindication, Factor, Pattern, Source, Weight
from ...reasoning.assess import Assessment
from ...reasoning.predicate_words import PredicateWords
from ...reasoning.sources import CHECK_WORDS, EVIDENCE
from ...reasoning.words import matrix_words
from ...vocabulary.finding import Entry
from ..ui.icons import URGENCY_WORDS
from .evaluation_words import joined

TRUTHS = {True: "met", False: "not met", None: "not decided"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a rule: what it asks for, whether it holds, why, and what would decide it."""

    title: str
    rule: str
    truth: str
    because: str = ""
    open: str = ""
    points: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    key: str
    reference: str
    checked: str
    seen: bool
    url: str


@dataclass(frozen=True, slots=True)
class Why:
    kind: str
    id: str
    name: str
    summary: str
    parts: tuple[Part, ...]
    texts: tuple[tuple[str, str], ...]
    evidence: str
    working: bool
    sources: tuple[SourceLine, ...]


def why_of(kind: str, id_: str, assessment: Assessment) -> Why | None:
    """The explanation of an entry; None when there is no such entry."""
    explain = _Explaining(assessment)
    made = {"condition": explain.condition, "pattern": explain.pattern, "factor": explain.factor, "contraindication": explain.row}
    return made[kind](id_) if kind in made else None


class _Explaining:
    def __init__(self, assessment: Assessment) -> None:
        self.assessment, self.facts, self.knowledge = assessment, assessment.facts, assessment.knowledge
        self.explainer, self.words = assessment.safety.explainer, PredicateWords(assessment.knowledge)

    def part(self, title: str, predicate: str, points: str = "") -> Part:
        truth = self.facts.truth(predicate)
        labels = [self.knowledge.vocabulary.label(name) for name in self.explainer.questions(predicate)[:5]]
        because = joined(self.explainer.why(predicate), self.facts, 6)
        return Part(title, self.words.in_line(predicate), TRUTHS[truth], because, ", ".join(labels), points)

    def condition(self, id_: str) -> Why | None:
        entry = self.knowledge.of(Condition).get(id_)
        if entry is None:
            return None
        parts = []
        for level in sorted(entry.level, key=lambda level: -CONCERNS.index(level.concern)):
            parts.append(self.part(f"{level.concern.capitalize()} concern, {URGENCY_WORDS[level.urgency].lower()}", level.when))
            parts += [self.part(f"Faster: {URGENCY_WORDS[faster.urgency].lower()}", faster.when) for faster in level.faster]
        texts = (("What to do", entry.therapist), ("Why the rule is as wide as it is", entry.balance))
        return self.why("condition", entry, entry.name, entry.summary, parts, texts)

    def pattern(self, id_: str) -> Why | None:
        entry = self.knowledge.of(Pattern).get(id_)
        if entry is None:
            return None
        parts = [self.weight(weight) for weight in (*entry.support, *entry.oppose)]
        conditions = self.knowledge.of(Condition)
        exclude = ", ".join(conditions[name].name for name in entry.must_exclude if name in conditions)
        texts = (("Rule out first", exclude), ("First line of care", entry.first_line), ("Watch", entry.watch))
        return self.why("pattern", entry, entry.name, entry.summary, parts, texts)

    def weight(self, weight: Weight) -> Part:
        return self.part(weight.text, weight.when, f"{weight.points:+g}".replace("-", "\N{MINUS SIGN}"))

    def factor(self, id_: str) -> Why | None:
        entry = self.knowledge.of(Factor).get(id_)
        if entry is None:
            return None
        rules = (("Found", entry.found), ("Marked: changing it changes the symptoms", entry.marked), ("Severe", entry.severe))
        parts = [self.part(title, rule) for title, rule in rules if rule]
        texts = (("Measured again by", self.knowledge.vocabulary.label(entry.measure)),)
        return self.why("factor", entry, entry.name, "", parts, texts)

    def row(self, id_: str) -> Why | None:
        entry = self.knowledge.of(Contraindication).get(id_)
        if entry is None:
            return None
        never = ", ".join(entry.never_override) if entry.never_override != ("*",) else "everything it forbids"
        texts = (
            ("Not given", matrix_words(entry, "C")),
            ("With care", matrix_words(entry, "P")),
            ("Nobody may override", never),
            ("Note", entry.note),
        )
        return self.why("contraindication", entry, entry.name, "", [self.part("Applies", entry.when)], texts)

    def why(self, kind: str, entry: Entry, name: str, summary: str, parts: list[Part], texts: Iterable[tuple[str, str]]) -> Why:
        return Why(
            kind=kind,
            id=entry.id,
            name=name,
            summary=summary,
            parts=tuple(parts),
            texts=tuple((title, text) for title, text in texts if text),
            evidence=EVIDENCE[entry.evidence],
            working=entry.evidence == "prod",
            sources=tuple(_sources(entry.sources, self.knowledge)),
        )


def _sources(keys: Iterable[str], knowledge: Knowledge) -> Iterator[SourceLine]:
    for key in keys:
        source = knowledge.of(Source)[key]
        url = source.url or (f"https://doi.org/{source.doi}" if source.doi else "")
        yield SourceLine(key, source.reference, CHECK_WORDS[source.checked], source.checked != "recalled", url)
