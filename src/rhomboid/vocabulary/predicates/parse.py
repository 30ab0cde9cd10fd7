"""From the text of a predicate to its tree: parsed by sqlglot, allow-listed, and type-checked against the known names."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, TypeVar

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ..problems import PredicateError, nearest
from .tree import (
    Always,
    And,
    AnyOf,
    Arith,
    Arithmetic,
    AtLeast,
    Column,
    Compare,
    Comparison,
    Flag,
    Node,
    Not,
    Number,
    OneOf,
    Or,
    ScoreCompare,
    Term,
)

ALLOWED = "AND OR NOT = != < <= > >= BETWEEN IN + - * ( ) AT_LEAST(n, ...)"
LONGEST = 4000
"""Characters of a predicate; the longest rule at hand has a third of that."""
DEEPEST = 40
"""Parentheses within parentheses; the compiled function has a few for each, and Python reads 200."""
QUOTED = re.compile(r"'[^']*'")
Read = TypeVar("Read")
COMPARISONS: dict[type[exp.Expr], Comparison] = {
    exp.EQ: "=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
ARITHMETIC: dict[type[exp.Expr], Arithmetic] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
MIRROR: dict[Comparison, Comparison] = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Name:
    """What a predicate may do with a name: compare it, test it, or look into it."""

    kind: Literal["flag", "number", "score", "choice", "several"]
    options: frozenset[str] = frozenset()


Names = Mapping[str, Name]


def parse(text: str, names: Names) -> Node:
    """The tree of a predicate. Raises PredicateError with the word that is wrong and the nearest right one."""
    return _checked(text, lambda: _Reader(text, names).node(_expression(text, "an SQL condition", f"allowed: {ALLOWED}")))


def parse_term(text: str, names: Names) -> Term:
    """The tree of an arithmetic expression over numbers, such as `a - b`. Raises PredicateError."""
    fix = "allowed: + - * ( ), numbers and findings"
    return _checked(text, lambda: _Reader(text, names).term(_expression(text, "arithmetic", fix)))


def _checked(text: str, read: Callable[[], Read]) -> Read:
    """Refuses what people would not see through, before any engine stumbles over it."""
    if len(text) > LONGEST:
        raise PredicateError(f"is longer than {LONGEST} characters", "name parts of it as derived findings")
    bare = QUOTED.sub("''", text)
    if "--" in bare or "/*" in bare:
        raise PredicateError("holds a comment", "write it into the note of the entry")
    if ";" in bare:
        raise PredicateError("holds a semicolon", "one condition, without an end mark")
    too_deep = PredicateError("is nested too deeply", "name parts of it as derived findings")
    if max(accumulate({"(": 1, ")": -1}.get(sign, 0) for sign in bare), default=0) > DEEPEST:
        raise too_deep
    try:
        return read()
    except RecursionError:
        raise too_deep from None


def _expression(text: str, what: str, fix: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(text)
    except SqlglotError as error:
        reason = str(error).splitlines()[0].removesuffix(".")
        raise PredicateError(f'cannot be read as {what} ({reason}): "{text}"', fix) from None


class _Reader:
    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.names = names

    def node(self, parsed: exp.Expr) -> Node:
        handler = _HANDLERS.get(type(parsed))
        if handler is None:
            raise self.refused(parsed)
        return handler(self, parsed)

    def refused(self, parsed: exp.Expr) -> PredicateError:
        if isinstance(parsed, exp.Is) or parsed.find(exp.Null):
            return PredicateError(
                f'"{parsed.sql()}" is refused: not knowing is no evidence', "write the finding itself, or NOT and the finding"
            )
        return PredicateError(f'"{parsed.sql()}" is not allowed in a predicate', f"allowed: {ALLOWED}")

    def known(self, name: str) -> Name:
        found = self.names.get(name)
        if found is None:
            raise PredicateError(f'there is no finding "{name}"', nearest(name, self.names))
        return found

    def paren(self, parsed: exp.Expr) -> Node:
        return self.node(parsed.this)

    def boolean(self, parsed: exp.Expr) -> Node:
        if not parsed.this:
            raise PredicateError("FALSE is never met", "leave the rule out")
        return Always()

    def column(self, parsed: exp.Expr) -> Node:
        name = _column_name(parsed)
        kind = self.known(name).kind
        if kind != "flag":
            raise PredicateError(f'"{name}" is a {kind}, not a flag', f"compare it with a value, such as {name} = ...")
        return Flag(name)

    def negation(self, parsed: exp.Expr) -> Node:
        return Not(self.node(parsed.this))

    def conjunction(self, parsed: exp.Expr) -> Node:
        return And(self.flattened(parsed, exp.And))

    def disjunction(self, parsed: exp.Expr) -> Node:
        return Or(self.flattened(parsed, exp.Or))

    def flattened(self, parsed: exp.Expr, kind: type[exp.Expr]) -> tuple[Node, ...]:
        parts: list[Node] = []
        for side in (parsed.args["this"], parsed.args["expression"]):
            bare = side.unnest() if isinstance(side, exp.Paren) else side
            if type(bare) is kind:
                parts.extend(self.flattened(bare, kind))
            else:
                parts.append(self.node(bare))
        return tuple(parts)

    def at_least(self, parsed: exp.Expr) -> Node:
        if str(parsed.this).upper() != "AT_LEAST":
            raise self.refused(parsed)
        count, *parts = parsed.expressions or [None]
        if not (isinstance(count, exp.Literal) and count.is_int):
            raise PredicateError("AT_LEAST starts with a whole number", "write AT_LEAST(2, p, q, r)")
        needed = int(count.this)
        if not 1 <= needed <= len(parts):
            raise PredicateError(f"AT_LEAST({needed}, ...) has {len(parts)} parts", "the number must be 1 to the number of parts")
        return AtLeast(needed, tuple(self.node(part) for part in parts))

    def between(self, parsed: exp.Expr) -> Node:
        if parsed.args.get("symmetric"):
            raise self.refused(parsed)
        low = self.compared(">=", parsed.this, parsed.args["low"])
        return And((low, self.compared("<=", parsed.this, parsed.args["high"])))

    def membership(self, parsed: exp.Expr) -> Node:
        if not isinstance(parsed.this, exp.Column) or not parsed.expressions:
            raise self.refused(parsed)
        return self.options(parsed.this, parsed.expressions)

    def unequal(self, parsed: exp.Expr) -> Node:
        return Not(self.equality(parsed.this, parsed.expression))

    def comparison(self, parsed: exp.Expr) -> Node:
        op = COMPARISONS[type(parsed)]
        if op == "=":
            return self.equality(parsed.this, parsed.expression)
        return self.compared(op, parsed.this, parsed.expression)

    def equality(self, left: exp.Expr, right: exp.Expr) -> Node:
        if isinstance(left, exp.Column) and isinstance(right, exp.Literal) and right.is_string:
            if self.known(_column_name(left)).kind == "several":
                name = _column_name(left)
                raise PredicateError(f'"{name}" can have several values', f"write {name} IN ('{right.this}')")
            return self.options(left, [right])
        return self.compared("=", left, right)

    def options(self, column: exp.Expr, values: list[exp.Expr]) -> Node:
        name = _column_name(column)
        known = self.known(name)
        if known.kind not in ("choice", "several"):
            raise PredicateError(f'"{name}" is a {known.kind}, not a choice', "compare numbers with < and >; write a flag bare")
        words = []
        for value in values:
            if not (isinstance(value, exp.Literal) and value.is_string):
                raise PredicateError(f'"{value.sql()}" is not one of the options of "{name}"', "quote options: 'left'")
            if value.this not in known.options:
                raise PredicateError(f'"{name}" has no option "{value.this}"', nearest(value.this, known.options))
            words.append(str(value.this))
        return OneOf(name, tuple(words)) if known.kind == "choice" else AnyOf(name, tuple(words))

    def compared(self, op: Comparison, left: exp.Expr, right: exp.Expr) -> Node:
        if self.is_score(right) and not self.is_score(left):
            return self.compared(MIRROR[op], right, left)
        if self.is_score(left):
            limit = self.term(right)
            if not isinstance(limit, Number):
                raise PredicateError(f'the score "{_column_name(left)}" is compared with something else than a number')
            return ScoreCompare(_column_name(left), op, limit.value)
        return Compare(op, self.term(left), self.term(right))

    def is_score(self, parsed: exp.Expr) -> bool:
        return isinstance(parsed, exp.Column) and self.known(_column_name(parsed)).kind == "score"

    def term(self, parsed: exp.Expr) -> Term:
        match parsed:
            case exp.Paren():
                return self.term(parsed.this)
            case exp.Literal() if not parsed.is_string:
                return Number(_number(parsed.this))
            case exp.Neg():
                inner = self.term(parsed.this)
                return Number(-inner.value) if isinstance(inner, Number) else Arith("-", Number(0), inner)
            case exp.Column():
                name = _column_name(parsed)
                if self.known(name).kind != "number":
                    raise PredicateError(f'"{name}" is a {self.known(name).kind}, not a number', "types never mix in a comparison")
                return Column(name)
            case exp.Add() | exp.Sub() | exp.Mul():
                return Arith(ARITHMETIC[type(parsed)], self.term(parsed.this), self.term(parsed.expression))
        if isinstance(parsed, exp.Literal):
            raise PredicateError(f"'{parsed.this}' is text, not a number", "types never mix in a comparison")
        raise self.refused(parsed)


_HANDLERS: dict[type[exp.Expr], Callable[[_Reader, exp.Expr], Node]] = {
    exp.Paren: _Reader.paren,
    exp.Boolean: _Reader.boolean,
    exp.Column: _Reader.column,
    exp.Not: _Reader.negation,
    exp.And: _Reader.conjunction,
    exp.Or: _Reader.disjunction,
    exp.Anonymous: _Reader.at_least,
    exp.Between: _Reader.between,
    exp.In: _Reader.membership,
    exp.NEQ: _Reader.unequal,
    **dict.fromkeys(COMPARISONS, _Reader.comparison),
}


def _column_name(parsed: exp.Expr) -> str:
    table = parsed.args.get("table")
    if parsed.args.get("db") is not None or not isinstance(parsed.this, exp.Identifier):
        raise PredicateError(f'there is no finding "{parsed.sql()}"', "write its id, or condition.level")
    return f"{table.this}.{parsed.this.this}" if table is not None else str(parsed.this.this)


def _number(text: str) -> float | int:
    try:
        value = int(text) if text.isdigit() else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise PredicateError(f"{text} is not a finite number", "write a number a person can have")
    return value
