"""The tree of a predicate: what an SQL boolean expression over findings means to Rhomboid.

Every node is immutable. A node that yields a truth value yields true, false or unknown; unknown never counts as either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Comparison = Literal["=", "<", "<=", ">", ">="]
Arithmetic = Literal["+", "-", "*"]


@dataclass(frozen=True, slots=True)
class Number:
    value: float | int


@dataclass(frozen=True, slots=True)
class Column:
    """A finding that holds a number."""

    name: str


@dataclass(frozen=True, slots=True)
class Arith:
    op: Arithmetic
    left: Term
    right: Term


Term = Number | Column | Arith


@dataclass(frozen=True, slots=True)
class Always:
    """The constant TRUE, for what is offered to everybody."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A finding, a derived finding or a condition's level (`acs.emergency`) that is true, false or unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice that has one of these values."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A finding of several choices in which at least one of these is marked."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    op: Comparison
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class ScoreCompare:
    """A score against a number; decided as soon as its unknown parts can no longer change the answer."""

    name: str
    op: Comparison
    value: float | int


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True when `count` parts are true whatever the unknown ones turn out to be; false when it cannot be reached."""

    count: int
    parts: tuple[Node, ...]


Node = Always | Flag | OneOf | AnyOf | Compare | ScoreCompare | Not | And | Or | AtLeast


def term_columns(term: Term) -> Iterator[str]:
    """The findings an arithmetic term reads."""
    match term:
        case Column(name):
            yield name
        case Arith(_, left, right):
            yield from term_columns(left)
            yield from term_columns(right)


def columns(node: Node) -> Iterator[str]:
    """Every name a predicate reads, in the order of the text, with repetitions."""
    match node:
        case Flag(name) | OneOf(name, _) | AnyOf(name, _) | ScoreCompare(name, _, _):
            yield name
        case Compare(_, left, right):
            yield from term_columns(left)
            yield from term_columns(right)
        case Not(part):
            yield from columns(part)
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                yield from columns(part)
