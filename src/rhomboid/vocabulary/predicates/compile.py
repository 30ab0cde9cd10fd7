"""From trees to one Python function: all definitions and predicates of a knowledge version, in microseconds.

A predicate p becomes two ordinary boolean expressions, one that is truthy exactly when p is true and one when p is false;
p is unknown when neither is. Because None is falsy, a flag's own value serves as its first expression, and `and`, `or`
stop early by themselves. Three-valued logic (Kleene's strong logic, the one SQL uses) costs nothing that way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

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
    columns,
    term_columns,
)

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!="}


@dataclass(frozen=True, slots=True)
class Definition:
    """How a name gets its value, ready to be compiled: exactly one of flag, number, cases, points and asked_when is set.

    With `asked_when` the name is a plain finding that has its normal value as soon as it is not worth asking; with
    `entered` it is a plain finding that has the value of the first true case when nobody entered it.
    """

    name: str
    flag: Node | None = None
    number: Term | None = None
    cases: tuple[tuple[str | bool | int, Node], ...] = ()
    points: tuple[tuple[float, Node], ...] = ()
    may_be_given: bool = False
    asked_when: Node | None = None
    normal: object = None
    entered: bool = False

    @property
    def plain(self) -> bool:
        """Whether the name is a finding that is asked or measured itself."""
        return self.entered or self.asked_when is not None

    def reads(self) -> set[str]:
        """The names it is computed from."""
        nodes = [part for _, part in (*self.cases, *self.points)]
        nodes += [node for node in (self.flag, self.asked_when) if node is not None]
        found = {name for node in nodes for name in columns(node)}
        return found | set(term_columns(self.number)) if self.number is not None else found


Truths = list[bool | None]
Evaluate = Callable[[Mapping[str, object]], tuple[Truths, dict[str, object]]]


def compile_all(definitions: Sequence[Definition], predicates: Sequence[Node]) -> Evaluate:
    """One function of the known values (name -> value, unknown names absent) that returns the truth of each predicate, in
    order, and the value of each definition by name (a score as a pair: the least and the most it can be).

    `definitions` must stand in an order in which each reads only findings and earlier definitions.
    """
    return _Writer(definitions).write(predicates)


class _Writer:
    def __init__(self, definitions: Sequence[Definition]) -> None:
        self.definitions = definitions
        self.defined = {definition.name for definition in definitions}
        self.locals: dict[str, str] = {}

    def write(self, predicates: Sequence[Node]) -> Evaluate:
        body = [line for definition in self.definitions for line in self.define(definition)]
        results = ", ".join(self.three_valued(node) for node in predicates)
        values = ", ".join(f"{d.name!r}: {self.value_of(d)}" for d in self.definitions)
        loads = [f"    {local} = get({name!r})" for name, local in self.locals.items() if name not in self.defined]
        source = "\n".join(["def evaluate(known):", "    get = known.get", *loads, *body, f"    return [{results}], {{{values}}}"])
        namespace: dict[str, Evaluate] = {}
        exec(compile(source, "<predicates>", "exec"), {"__builtins__": {"frozenset": frozenset}}, namespace)  # noqa: S102 - built from checked trees
        return namespace["evaluate"]

    def local(self, name: str) -> str:
        if name not in self.locals:
            self.locals[name] = f"v{len(self.locals)}"
        return self.locals[name]

    def value_of(self, definition: Definition) -> str:
        local = self.local(definition.name)
        return f"({local}_lo, {local}_hi)" if definition.points else local

    def define(self, definition: Definition) -> list[str]:
        local = self.local(definition.name)
        if definition.points:
            return self.define_score(local, definition)
        if definition.asked_when is not None:
            needless = self.false(definition.asked_when)
            return [
                f"    {local} = get({definition.name!r})",
                f"    if {local} is None and {needless}: {local} = {definition.normal!r}",
            ]
        if definition.flag is not None:
            computed = self.three_valued(definition.flag)
        elif definition.number is not None:
            known = self.all_known(definition.number)
            computed = f"({self.term(definition.number)}) if {known} else None" if known else self.term(definition.number)
        else:
            computed = "".join(f"{value!r} if {self.true(node)} else " for value, node in definition.cases) + "None"
        if definition.entered:
            return [f"    {local} = get({definition.name!r})", f"    if {local} is None: {local} = {computed}"]
        lines = [f"    {local} = {computed}"]
        if definition.may_be_given:
            lines.append(f"    if {local} is None: {local} = get({definition.name!r})")
        return lines

    def define_score(self, local: str, definition: Definition) -> list[str]:
        """The least and the most the score can be, given what is unknown."""
        low, high = [], []
        for add, node in definition.points:
            true, false = self.true(node), self.false(node)
            sure, possible = f"({add!r} if {true} else 0)", f"(0 if {false} else {add!r})"
            low.append(sure if add > 0 else possible)
            high.append(possible if add > 0 else sure)
        lines = [f"    {local}_lo = {' + '.join(low)}", f"    {local}_hi = {' + '.join(high)}"]
        if definition.may_be_given:
            given = f"get({definition.name!r})"
            lines.append(f"    if {local}_lo != {local}_hi and {given} is not None: {local}_lo = {local}_hi = {given}")
        return lines

    def three_valued(self, node: Node) -> str:
        match node:
            case Always():
                return "True"
            case Flag(name):
                return self.local(name)
        return f"(True if {self.true(node)} else False if {self.false(node)} else None)"

    def true(self, node: Node) -> str:
        """An expression that is truthy exactly when the node is true."""
        match node:
            case Always():
                return "True"
            case Flag(name):
                return self.local(name)
            case OneOf(name, options):
                return f"{self.local(name)} in {options!r}"
            case AnyOf(name, options):
                return f"({self.local(name)} is not None and not {self.local(name)}.isdisjoint({options!r}))"
            case Compare(op, left, right):
                return self.compare(op if op != "=" else "==", left, right)
            case ScoreCompare(name, op, value):
                return self.score(name, op, value)
            case Not(part):
                return self.false(part)
            case And(parts):
                return "(" + " and ".join(map(self.true, parts)) + ")"
            case Or(parts):
                return "(" + " or ".join(map(self.true, parts)) + ")"
            case AtLeast(count, parts):
                return "(" + " + ".join(f"(1 if {self.true(part)} else 0)" for part in parts) + f" >= {count})"

    def false(self, node: Node) -> str:
        """An expression that is truthy exactly when the node is false."""
        match node:
            case Always():
                return "False"
            case Flag(name):
                return f"{self.local(name)} is False"
            case OneOf(name, options):
                return f"({self.local(name)} is not None and {self.local(name)} not in {options!r})"
            case AnyOf(name, options):
                return f"({self.local(name)} is not None and {self.local(name)}.isdisjoint({options!r}))"
            case Compare(op, left, right):
                return self.compare(OPPOSITE[op], left, right)
            case ScoreCompare(name, op, value):
                return self.score_never(name, op, value)
            case Not(part):
                return self.true(part)
            case And(parts):
                return "(" + " or ".join(map(self.false, parts)) + ")"
            case Or(parts):
                return "(" + " and ".join(map(self.false, parts)) + ")"
            case AtLeast(count, parts):
                false = " + ".join(f"(1 if {self.false(part)} else 0)" for part in parts)
                return f"({false} > {len(parts) - count})"

    def compare(self, op: str, left: Term, right: Term) -> str:
        known = self.all_known(left, right)
        test = f"{self.term(left)} {op} {self.term(right)}"
        return f"({known} and {test})" if known else f"({test})"

    def score(self, name: str, op: str, value: float) -> str:
        low, high = f"{self.local(name)}_lo", f"{self.local(name)}_hi"
        if op == "=":
            return f"({low} == {high} == {value!r})"
        return f"({low if op in ('>', '>=') else high} {op} {value!r})"

    def score_never(self, name: str, op: str, value: float) -> str:
        low, high = f"{self.local(name)}_lo", f"{self.local(name)}_hi"
        if op == "=":
            return f"({low} > {value!r} or {high} < {value!r})"
        return f"({high if op in ('>', '>=') else low} {OPPOSITE[op]} {value!r})"

    def all_known(self, *terms: Term) -> str:
        names = dict.fromkeys(name for term in terms for name in term_columns(term))
        return " and ".join(f"{self.local(name)} is not None" for name in names)

    def term(self, term: Term) -> str:
        match term:
            case Number(value):
                return repr(value)
            case Column(name):
                return self.local(name)
            case Arith(op, left, right):
                return f"({self.term(left)} {op} {self.term(right)})"
