"""Findings as reasons: in the person's own values, a few at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...reasoning.facts import Facts
from ...reasoning.words import value_text
from .labels import measured

REASONS = 4


def joined(names: Iterable[str], facts: Facts, most: int = REASONS) -> str:
    """Findings as reasons, in the person's own values, joined by "and"."""
    return listed([reason(name, facts) for name in names], most)


def reason(name: str, facts: Facts) -> str:
    """One finding as a reason: its label for a yes, "no …" for a no, else label and value."""
    vocabulary = facts.knowledge.vocabulary
    value, label = facts.value(name), vocabulary.label(name).removesuffix(" (0-10)")
    small = label if label[:2].isupper() or label.split()[0][1:] != label.split()[0][1:].lower() else label[0].lower() + label[1:]
    if value is True:
        return small
    if value is False:
        return f"no {small}"
    entry = vocabulary.findings.get(name) or vocabulary.derived.get(name)
    if entry is not None and isinstance(value, int | float):
        return f"{small} {measured(value, entry)}"
    words = value_text(name, value, vocabulary)
    return f"{small}: {words[0].lower() + words[1:]}"


def listed(words: Sequence[str], most: int, last: str = "and") -> str:
    """`a, b and c`, and how many more there are."""
    shown, rest = list(words[:most]), len(words) - most
    if rest > 0:
        return ", ".join(shown) + f" {last} {rest} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}" if shown else ""
