"""The few pieces of Markdown that the reference pages are made of, as GitHub reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

CITED = re.compile(r"\[([VR]\d+)\]")
"""A source named in a text, such as [V182]."""


def text(words: str) -> str:
    """Free text, safe in Markdown; a source named in it becomes a link."""
    safe = words.strip().replace("\\", "\\\\").replace("<", "&lt;").replace("*", "\\*")
    return CITED.sub(r"[\1](sources.md#\1)", safe)


def cell(markdown: str) -> str:
    """Markdown on one line, as it may stand in a table."""
    return " ".join(markdown.split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table with an empty line after it; nothing at all when it has no rows."""
    lines = [_row(row) for row in rows]
    return [_row(head), _row(["---"] * len(head)), *lines, ""] if lines else []


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(cell, cells)) + " |"


def quote(words: str) -> list[str]:
    """What is said to the patient, paragraph by paragraph."""
    paragraphs = [" ".join(part.split()) for part in text(words).split("\n\n")]
    return [*"\n>\n".join(f"> {part}" for part in paragraphs).split("\n"), ""]


def rule(predicate: str) -> list[str]:
    """A predicate to the letter, so that it can be found in its file."""
    return ["```sql", predicate, "```", ""]


def labeled(label: str, markdown: str) -> list[str]:
    return [f"**{label}.** {markdown}", ""] if markdown else []


def spaced(word: str) -> str:
    """An option or key as words: side_lying is side lying."""
    return word.replace("_", " ")
