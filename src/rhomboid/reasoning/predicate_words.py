"""Predicates in plain words: the tree that decides, said in the labels of its findings."""

from __future__ import annotations

from ..knowledge import Knowledge
from ..knowledge.model import Condition
from ..vocabulary.predicates import Node, Term, parse
from ..vocabulary.predicates.tree import (
    Always,
    And,
    AnyOf,
    Arith,
    AtLeast,
    Column,
    Compare,
    Comparison,
    Flag,
    Not,
    Number,
    OneOf,
    Or,
    ScoreCompare,
    term_columns,
)
from .words import value_text

COMPARED: dict[Comparison, str] = {"=": "exactly", "<": "below", "<=": "at most", ">": "above", ">=": "at least"}
OPPOSITE: dict[Comparison, str] = {"=": "not", "<": "at least", "<=": "above", ">": "at most", ">=": "below"}
ARITHMETIC = {"+": "plus", "-": "minus", "*": "times"}


class PredicateWords:
    """Says predicates of one knowledge. `group` and `leaf` say a tree part by part, `in_line` all of it."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.vocabulary = knowledge.vocabulary

    def in_line(self, predicate: str) -> str:
        """A predicate in one line."""
        return self.flat(self.tree(predicate))

    def flat(self, node: Node) -> str:
        head, parts = self.group(node)
        return f"{head} ({'; '.join(map(self.flat, parts))})" if parts else self.leaf(node)

    def tree(self, predicate: str) -> Node:
        return self.knowledge.trees.get(predicate) or parse(predicate, self.vocabulary.names)

    def group(self, node: Node) -> tuple[str, tuple[Node, ...]]:
        """How a node with parts begins; no parts for one that is said in a line."""
        match node:
            case And(parts) if not between(node):
                return "all of", parts
            case Or(parts):
                return "any of", parts
            case AtLeast(count, parts):
                return f"at least {count} of", parts
            case Not(And(parts) as group) if not between(group):
                return "not all of", parts
            case Not(Or(parts)):
                return "none of", parts
            case Not(AtLeast(count, parts)):
                return f"fewer than {count} of", parts
        return "", ()

    def leaf(self, node: Node) -> str:
        match node:
            case Always():
                return "always"
            case Flag(name):
                return self.label(name)
            case OneOf(name, options):
                return f"{self.label(name)}: {self.options(name, options, 'or')}"
            case AnyOf(name, options):
                return f"{self.label(name)}: any of {self.options(name, options, ',')}"
            case Compare(op, left, right):
                return f"{self.term(left)} {COMPARED[op]} {self.limit(left, right)}"
            case ScoreCompare(name, op, value):
                return f"{self.label(name)} {COMPARED[op]} {value:g}"
            case And() if ends := between(node):
                name, low, high = ends
                return f"{self.label(name)} from {low:g} to {self.value(name, high)}"
            case Not(part):
                return self.negated(part)
        raise AssertionError(node)

    def negated(self, node: Node) -> str:
        match node:
            case OneOf(name, options):
                return f"{self.label(name)}: not {self.options(name, options, 'or')}"
            case AnyOf(name, options):
                return f"{self.label(name)}: none of {self.options(name, options, ',')}"
            case Compare(op, left, right):
                return f"{self.term(left)} {OPPOSITE[op]} {self.limit(left, right)}"
            case ScoreCompare(name, op, value):
                return f"{self.label(name)} {OPPOSITE[op]} {value:g}"
        return f"not: {self.leaf(node)}"

    def label(self, name: str) -> str:
        """The therapist's words for a finding; a level of a condition is named as such."""
        condition, _, level = name.partition(".")
        return f"{self.knowledge.of(Condition)[condition].name}, {level} concern" if level else self.vocabulary.label(name)

    def options(self, name: str, options: tuple[str, ...], between_them: str) -> str:
        joint = ", " if between_them == "," else f" {between_them} "
        return joint.join(self.value(name, option) for option in options)

    def value(self, name: str, value: object) -> str:
        return value_text(name, value, self.vocabulary)

    def term(self, term: Term) -> str:
        match term:
            case Number(value):
                return f"{value:g}"
            case Column(name):
                return self.label(name)
            case Arith(op, left, right):
                return f"({self.term(left)} {ARITHMETIC[op]} {self.term(right)})"

    def limit(self, left: Term, right: Term) -> str:
        """What a number is held against, with the unit of the finding it is held against."""
        names = list(term_columns(left))
        if isinstance(right, Number) and names:
            return self.value(names[0], right.value)
        return self.term(right)


def between(node: Node) -> tuple[str, float, float] | None:
    """The finding and both ends when the node says no more than 'from this to that'."""
    match node:
        case And((Compare(">=", Column(name), Number(low)), Compare("<=", Column(other), Number(high)))) if name == other:
            return name, low, high
    return None
