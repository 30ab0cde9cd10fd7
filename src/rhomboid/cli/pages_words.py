"""Predicates in plain words as a nested Markdown list, every finding linked to its entry."""

from __future__ import annotations

from collections.abc import Iterator

from ..knowledge.model import Condition
from ..reasoning.predicate_words import PredicateWords as PlainWords
from ..vocabulary.predicates import Node
from .pages_markdown import text


class PredicateWords(PlainWords):
    """Says predicates of one knowledge for a page."""

    def said(self, predicate: str) -> list[str]:
        """A predicate as a list, followed by an empty line."""
        return [*self.lines(self.tree(predicate)), ""]

    def lines(self, node: Node, depth: int = 0) -> Iterator[str]:
        indent = "  " * depth
        head, parts = self.group(node)
        if not parts:
            yield f"{indent}- {self.leaf(node)}"
            return
        yield f"{indent}- {head}:"
        for part in parts:
            yield from self.lines(part, depth + 1)

    def label(self, name: str) -> str:
        condition, _, level = name.partition(".")
        if level:
            return f"[{text(self.knowledge.of(Condition)[condition].name)}, {level} concern](conditions.md#{condition})"
        page = "derived-findings.md" if name in self.vocabulary.derived else "findings.md"
        return f"[{text(self.vocabulary.label(name))}]({page}#{name})"

    def value(self, name: str, value: object) -> str:
        return text(super().value(name, value))
