"""Finding an entry from a clinician's or a patient's words: ids, labels, questions, help, options and other names."""

from __future__ import annotations

import difflib
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
WORD = re.compile(r"[a-z0-9]+")
SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("ise", "ize"), ("rrhea", "rrea"), ("rrhoea", "rrea"))
"""British spellings, read like American ones; both sides are respelled, so it does no harm where none is meant."""
ENDINGS = ("nesses", "ness", "ings", "ing", "ies", "ied", "es", "ed", "ic", "s", "y", "e")
SHORTEST, MANY = 4, 30
EMPTY = frozenset((
    "a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has", "have", "in", "is", "it",
    "no", "not", "of", "on", "or", "so", "than", "the", "to", "use", "used", "with", "you", "your",
))  # fmt: skip
"""Words that say nothing about what is sought."""
FIELDS: Mapping[str, float] = {
    "id": 3, "name": 3, "label": 3, "title": 3, "also_called": 3, "options": 1.5, "question": 2, "targets": 1.5, "finding": 1.5,
    "plain": 1, "summary": 1, "help": 1, "text": 1, "reference": 1,
}  # fmt: skip
"""The fields that are searched, and how much a word in each counts."""


class Index(Generic[Key]):
    """Keys by the words of their texts. A rare word counts more than a common one, and all words asked for more than some."""

    def __init__(self, entries: Iterable[tuple[Key, Any]]) -> None:
        self.weights: dict[str, dict[Key, float]] = defaultdict(dict)
        self.order: dict[Key, int] = {}
        for key, entry in entries:
            self.order[key] = len(self.order)
            for word, weight in _weighted(entry):
                self.weights[word][key] = max(weight, self.weights[word].get(key, 0.0))

    def find(self, query: str, most: int = 12) -> list[Key]:
        """The best keys first: those that hold more of the words, rarer ones, in more telling fields."""
        matched: dict[Key, int] = defaultdict(int)
        score: dict[Key, float] = defaultdict(float)
        for word in dict.fromkeys(words(query)):
            for key, weight in self._near(word).items():
                matched[key] += 1
                score[key] += weight
        return sorted(score, key=lambda key: (-score[key] * matched[key], self.order[key]))[:most]

    def _near(self, word: str) -> dict[Key, float]:
        """The keys that hold a word, or one that begins like it, or failing these one that is spelled nearly so."""
        found: dict[Key, float] = {}
        begin = [known for known in self.weights if len(word) >= SHORTEST <= len(known) and _begins_alike(word, known)]
        near = {word: 1.0} | dict.fromkeys(begin, 0.7) if word in self.weights else dict.fromkeys(begin, 0.7)
        near = near or dict.fromkeys(difflib.get_close_matches(word, self.weights, n=3, cutoff=0.85), 0.4)
        for known, share in near.items():
            rare = math.log(1 + len(self.order) / len(self.weights[known]))
            for key, weight in self.weights[known].items():
                found[key] = max(found.get(key, 0.0), share * rare * weight)
        return found


def words(text: str) -> Iterator[str]:
    """The telling words of a text, in one spelling and without their endings."""
    return (stem(word) for word in WORD.findall(text.lower()) if word not in EMPTY)


@cache
def stem(word: str) -> str:
    for british, american in SPELLINGS:
        word = word.replace(british, american)
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word.removesuffix(ending)
    return word


def _begins_alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _weighted(entry: Any) -> Iterator[tuple[str, float]]:
    """The words of an entry. Of many texts in one field, such as the regions of the body chart, each says less about it."""
    for field, weight in FIELDS.items():
        texts = _texts(getattr(entry, field, ""))
        for text in texts:
            yield from ((word, weight if len(texts) < MANY else weight / 3) for word in words(text))


def _texts(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return (value,)
    return [*value, *value.values()] if isinstance(value, dict) else [str(part) for part in value]
