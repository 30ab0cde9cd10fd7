"""Evidence and sources in words: what kind of support, and whether somebody has seen the publication."""

from __future__ import annotations

from functools import cache

from ..knowledge import Knowledge
from ..knowledge.model import Source
from ..vocabulary import Problem
from ..vocabulary.reading import read_files, toml_files
from ..vocabulary.vocabulary import FOLDER, KINDS

EVIDENCE = {
    "lit": "a cited paper says it",
    "cons": "textbook, guideline or consensus",
    "prod": "a working rule; the clinic signs it off",
}
CHECKED = {
    "claim": "✓ claim checked",
    "bibliography": "✓ bibliography checked, claim not",
    "recalled": "✗ recalled, not checked",
}


def source_line(key: str, knowledge: Knowledge) -> str:
    """A source with its check mark."""
    source = knowledge.of(Source)[key]
    return f"[{key}] {CHECKED[source.checked]}: {source.reference}"


def source_data(key: str, knowledge: Knowledge) -> dict[str, str]:
    source = knowledge.of(Source)[key]
    return {"key": key, "checked": source.checked, "reference": source.reference, "url": source.url, "doi": source.doi}


def file_of(id_: str, knowledge: Knowledge) -> str:
    """The file in which an entry stands, from the room it belongs to."""
    if id_ in knowledge.files:
        return f"knowledge/content/{knowledge.files[id_]}"
    return next((f"vocabulary/{place}" for place, ids in _vocabulary_files().items() if id_ in ids), "")


@cache
def _vocabulary_files() -> dict[str, frozenset[str]]:
    """The ids in each file of the vocabulary, which itself has no need to remember them."""
    ids: dict[str, set[str]] = {}
    ignored: list[Problem] = []
    for kind, pairs in read_files(toml_files(FOLDER), KINDS, FOLDER.parent, ignored).items():
        for entry, place in pairs if kind != "well" else ():
            ids.setdefault(place, set()).add(entry.id)
    return {place: frozenset(found) for place, found in ids.items()}
