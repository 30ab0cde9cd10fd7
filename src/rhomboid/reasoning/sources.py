"""Evidence and sources in words: what kind of support, and whether somebody has seen the publication."""

from __future__ import annotations

from typing import Any

from ..knowledge import Knowledge
from ..knowledge.kinds import NAMES
from ..knowledge.model import Source

EVIDENCE = {
    "lit": "a cited paper says it",
    "cons": "textbook, guideline or consensus",
    "prod": "a working rule; the clinic signs it off",
}
CHECK_WORDS = {
    "claim": "claim checked",
    "bibliography": "bibliography checked, claim not",
    "recalled": "recalled, not checked",
}
CHECKED = {how: f"{'✗' if how == 'recalled' else '✓'} {words}" for how, words in CHECK_WORDS.items()}


def source_line(key: str, knowledge: Knowledge) -> str:
    """A source with its check mark."""
    source = knowledge.of(Source)[key]
    return f"[{key}] {CHECKED[source.checked]}: {source.reference}"


def source_data(key: str, knowledge: Knowledge) -> dict[str, str]:
    source = knowledge.of(Source)[key]
    return {"key": key, "checked": source.checked, "reference": source.reference, "url": source.url, "doi": source.doi}


def file_of(entry: Any, knowledge: Knowledge) -> str:
    """The file in which an entry stands, below the package; for a local override its own name."""
    if override := knowledge.overrides.get((NAMES[type(entry)], entry.id)):
        return override.place
    key = type(entry), entry.id
    if key in knowledge.files:
        return f"knowledge/content/{knowledge.files[key]}"
    return f"vocabulary/{knowledge.vocabulary.files[key]}"
