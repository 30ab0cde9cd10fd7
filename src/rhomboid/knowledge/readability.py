"""How hard a text is to read: sentences, words and syllables, and the formula of each language that has one.

English: the Flesch-Kincaid grade (Kincaid, Fishburne, Rogers and Chissom 1975), in years of school in the United States.
Spanish: the index of Szigriszt-Pazos (1993), 0 to 100, read on the INFLESZ scale, which was made with texts for patients
(Barrio-Cantalejo et al. 2008): 65 to 80 is "quite easy". What is measured, and why these limits: docs/decisions/0016-languages.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .languages import Language, Text, patient_texts

PASSAGE = 50
"""Words from which a text is measured by itself; shorter ones of a kind are measured together, because few words say little."""
NOT_PROSE = ("options", "name", "title", "group")
"""Answers, names and headings are no sentences."""

SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")
WORD = re.compile(r"[^\W\d_][^\W\d_'’]*")
KNOWN_WORD_SYLLABLES = 2
"""A medical word that a person has to know is counted as an easy one."""

Syllables = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula on words per sentence and syllables per word. `limit` may be reached; beyond it a text is too hard. No sentence
    may have more words than `longest`; Spanish needs about a fifth more than English for the same."""

    name: str
    limit: float
    easier_is_lower: bool
    longest: int
    score: Callable[[float, float], float]

    def too_hard(self, score: float) -> bool:
        return score > self.limit if self.easier_is_lower else score < self.limit


FORMULAS: Mapping[str, Formula] = {
    "en": Formula("Flesch-Kincaid grade", 7.0, True, 30, lambda words, syllables: 0.39 * words + 11.8 * syllables - 15.59),
    "es": Formula("INFLESZ", 65.0, False, 36, lambda words, syllables: 206.835 - 62.3 * syllables - words),
}


@dataclass(slots=True)
class Passage:
    """Texts of one kind that are measured together: where they stand, and their sentences."""

    kind: str
    places: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    def add(self, places: list[str], sentences: list[str]) -> None:
        self.places += places
        self.sentences += sentences

    @property
    def words(self) -> int:
        return sum(len(words_in(sentence)) for sentence in self.sentences)

    def score(self, formula: Formula, syllables: Syllables, known: Collection[str] = ()) -> float:
        """The formula's value for the whole passage. `known`: words that count as easy, in small letters."""
        words = [word.lower() for sentence in self.sentences for word in words_in(sentence)]
        counted = sum(KNOWN_WORD_SYLLABLES if word in known else syllables(word) for word in words)
        return round(formula.score(len(words) / len(self.sentences), counted / len(words)), 1)


def words_in(text: str) -> list[str]:
    return WORD.findall(text)


def sentences_in(text: Text) -> list[str]:
    """The sentences of a text; of a list, each part is at least one."""
    parts = [text] if isinstance(text, str) else list(text.values() if isinstance(text, dict) else text)
    return [sentence for part in parts for sentence in SENTENCE.split(part.strip()) if words_in(sentence)]


def passages(language: Language) -> Iterator[Passage]:
    """All patient texts of a language that are prose: each long one by itself, short ones of a kind together."""
    kinds: dict[str, list[tuple[str, list[str]]]] = {}
    for kind, id_, english in patient_texts(language.knowledge):
        for name in [name for name in english if name not in NOT_PROSE]:
            kinds.setdefault(kind, []).append((f"{id_} ({name})", sentences_in(language.say(kind, id_, name))))
    for kind, texts in kinds.items():
        yield from grouped(kind, texts)


def grouped(kind: str, texts: Iterable[tuple[str, list[str]]]) -> list[Passage]:
    """Texts, each a place with its sentences, as passages of enough words; what is left over goes to the last."""
    found = [Passage(kind)]
    for place, sentences in texts:
        if found[-1].words >= PASSAGE:
            found.append(Passage(kind))
        found[-1].add([place], sentences)
    if len(found) > 1 and found[-1].words < PASSAGE:
        rest = found.pop()
        found[-1].add(rest.places, rest.sentences)
    return found


def long_sentences(found: Iterable[Passage], longest: int) -> list[tuple[Passage, str, int]]:
    """Sentences of more words than a reader can hold, with their passage and length."""
    every: list[tuple[Any, str, int]] = [(one, text, len(words_in(text))) for one in found for text in one.sentences]
    return [(passage, text, words) for passage, text, words in every if words > longest]


def vowel_groups(word: str) -> int:
    """Syllables of an English word that no dictionary has: groups of vowels, without the silent e at its end."""
    stem = re.sub(r"(?<![laeiouy])es?$|(?<=[^td])ed$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", stem)))
