"""What speaks for a condition that is not decided: known findings that its open rules ask for, not those they ask to be absent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...reasoning.facts import Facts
from ...vocabulary.predicates import Definition, Node
from ...vocabulary.predicates.tree import And, AtLeast, Flag, Not, Or


def speaking_for(predicates: Iterable[str], facts: Facts) -> list[str]:
    """The known findings that help to meet some predicates and that a well person does not have.

    What one of them wants and another wants absent speaks for nothing: the mild form of a known aneurysm asks for mechanical
    pain, the leaking one for pain that is not.
    """
    findings = facts.knowledge.vocabulary.findings
    leaves = dict.fromkeys(leaf for text in predicates for leaf in _wanted(facts.knowledge.trees[text], facts, True, 0))
    wanted = [name for name, want in leaves if want and (name, False) not in leaves]
    return [name for name in wanted if name in findings and findings[name].normal is False and facts.known.get(name) is True]


def _wanted(node: Node, facts: Facts, want: bool, depth: int) -> Iterator[tuple[str, bool]]:
    """The flags below a node, each with what it should be for the node to become `want`, through what is derived from them."""
    match node:
        case Not(part):
            yield from _wanted(part, facts, not want, depth)
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                yield from _wanted(part, facts, want, depth)
        case Flag(name):
            definition = facts.knowledge.definitions.get(name)
            if definition is not None and not definition.plain and depth < 6:
                yield from _below(definition, facts, want, depth + 1)
            else:
                yield name, want


def _below(definition: Definition, facts: Facts, want: bool, depth: int) -> Iterator[tuple[str, bool]]:
    if definition.flag is not None:
        yield from _wanted(definition.flag, facts, want, depth)
