"""From a tree back to SQL, for the engines that referee the in-process evaluator (SQLite) or run it over many people.

A finding of several choices is one boolean column per option (`pain_regions__sternum`). Derived names are written out by
`definitions`. Booleans are 0 and 1, unknown is NULL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .compile import Definition
from .tree import (
    Always,
    And,
    AnyOf,
    Arith,
    AtLeast,
    Column,
    Compare,
    Flag,
    Node,
    Not,
    Number,
    OneOf,
    Or,
    ScoreCompare,
    Term,
)

NEVER_REACHED = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}


def to_sql(node: Node, definitions: Mapping[str, Definition]) -> str:
    """The predicate as SQL over the columns of the plain findings."""
    return _Sql(definitions).node(node)


class _Sql:
    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = definitions

    def node(self, node: Node) -> str:
        match node:
            case Always():
                return "1"
            case Flag(name):
                return self.name(name)
            case OneOf(name, options):
                return f"({self.name(name)} IN ({', '.join(map(quoted, options))}))"
            case AnyOf(name, options):
                return "(" + " OR ".join(self.option(name, option) for option in options) + ")"
            case Compare(op, left, right):
                return f"({self.term(left)} {op} {self.term(right)})"
            case ScoreCompare(name, op, value):
                return self.score(self.definitions[name], op, value)
            case Not(part):
                return f"(NOT {self.node(part)})"
            case And(parts):
                return "(" + " AND ".join(map(self.node, parts)) + ")"
            case Or(parts):
                return "(" + " OR ".join(map(self.node, parts)) + ")"
            case AtLeast(count, parts):
                return self.at_least(count, parts)

    def option(self, name: str, option: str) -> str:
        """One option of several choices, which is its own column."""
        column = identifier(f"{name}__{option}")
        definition = self.definitions.get(name)
        if definition is None or definition.asked_when is None:
            return column
        normal = isinstance(definition.normal, frozenset) and option in definition.normal
        return f"coalesce({column}, CASE WHEN NOT {self.node(definition.asked_when)} THEN {int(normal)} END)"

    def at_least(self, count: int, parts: Sequence[Node]) -> str:
        true = " + ".join(f"(CASE WHEN {self.node(part)} THEN 1 ELSE 0 END)" for part in parts)
        false = " + ".join(f"(CASE WHEN NOT {self.node(part)} THEN 1 ELSE 0 END)" for part in parts)
        return f"(CASE WHEN ({true}) >= {count} THEN 1 WHEN ({false}) > {len(parts) - count} THEN 0 END)"

    def score(self, definition: Definition, op: str, value: float) -> str:
        low = " + ".join(self.points(add, node, add < 0) for add, node in definition.points)
        high = " + ".join(self.points(add, node, add > 0) for add, node in definition.points)
        if definition.may_be_given:
            given = identifier(definition.name)
            low, high = (f"(CASE WHEN ({low}) = ({high}) THEN {side} ELSE coalesce({given}, {side}) END)" for side in (low, high))
        if op == "=":
            reached = f"({low}) = {value!r} AND ({high}) = {value!r}"
            return f"(CASE WHEN {reached} THEN 1 WHEN ({low}) > {value!r} OR ({high}) < {value!r} THEN 0 END)"
        sure, best = (low, high) if op in (">", ">=") else (high, low)
        return f"(CASE WHEN ({sure}) {op} {value!r} THEN 1 WHEN ({best}) {NEVER_REACHED[op]} {value!r} THEN 0 END)"

    def points(self, add: float, node: Node, unknown_counts: bool) -> str:
        condition = self.node(node)
        test = f"NOT {condition}" if unknown_counts else condition
        yes, no = (0, repr(add)) if unknown_counts else (repr(add), 0)
        return f"(CASE WHEN {test} THEN {yes} ELSE {no} END)"

    def name(self, name: str) -> str:
        definition = self.definitions.get(name)
        if definition is None:
            return identifier(name)
        if definition.asked_when is not None:
            needless = f"CASE WHEN NOT {self.node(definition.asked_when)} THEN {literal(definition.normal)} END"
            return f"coalesce({identifier(name)}, {needless})"
        if definition.flag is not None:
            computed = self.node(definition.flag)
        elif definition.number is not None:
            computed = self.term(definition.number)
        else:
            whens = " ".join(f"WHEN {self.node(node)} THEN {literal(value)}" for value, node in definition.cases)
            computed = f"(CASE {whens} END)"
        if definition.entered:
            return f"coalesce({identifier(name)}, {computed})"
        return f"coalesce({computed}, {identifier(name)})" if definition.may_be_given else computed

    def term(self, term: Term) -> str:
        match term:
            case Number(value):
                return repr(value)
            case Column(name):
                return self.name(name)
            case Arith(op, left, right):
                return f"({self.term(left)} {op} {self.term(right)})"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def literal(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return quoted(value) if isinstance(value, str) else repr(value)
