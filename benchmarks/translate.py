"""Our predicates as text for other engines: FHIRPath and CEL. Derived findings are written out, as any user of those would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rhomboid.vocabulary.predicates import Definition, Node, Term
from rhomboid.vocabulary.predicates.tree import (
    Always,
    And,
    AnyOf,
    Arith,
    AtLeast,
    Column,
    Compare,
    Flag,
    Not,
    Number,
    OneOf,
    Or,
    ScoreCompare,
)


class Translator:
    """The part of the translation that the two languages share."""

    words: ClassVar[dict[str, str]] = {"and": "and", "or": "or", "true": "true"}

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = definitions

    def text(self, node: Node) -> str:
        match node:
            case Always():
                return self.words["true"]
            case Flag(name):
                definition = self.inlined(name)
                return self.text(definition.flag) if definition is not None and definition.flag is not None else name
            case OneOf(name, options):
                return self.one_of(name, options)
            case AnyOf(name, options):
                return "(" + f" {self.words['or']} ".join(self.contains(name, option) for option in options) + ")"
            case Compare(op, left, right):
                return f"({self.term(left)} {self.operator(op)} {self.term(right)})"
            case ScoreCompare(name, op, value):
                points = [(add, part) for add, part in self.definitions[name].points]
                return f"({self.count(points)} {self.operator(op)} {self.number(value)})"
            case Not(part):
                return self.negated(self.text(part))
            case And(parts):
                return "(" + f" {self.words['and']} ".join(map(self.text, parts)) + ")"
            case Or(parts):
                return "(" + f" {self.words['or']} ".join(map(self.text, parts)) + ")"
            case AtLeast(count, parts):
                return f"({self.count([(1, part) for part in parts])} >= {self.number(count)})"

    def inlined(self, name: str) -> Definition | None:
        definition = self.definitions.get(name)
        return None if definition is None or definition.plain else definition

    def one_of(self, name: str, options: tuple[str, ...]) -> str:
        definition = self.inlined(name)
        if definition is None:
            return "(" + f" {self.words['or']} ".join(self.equals(name, option) for option in options) + ")"
        return "(" + f" {self.words['or']} ".join(self.text(part) for value, part in definition.cases if value in options) + ")"

    def term(self, term: Term) -> str:
        match term:
            case Number(value):
                return self.number(value)
            case Column(name):
                definition = self.inlined(name)
                return self.term(definition.number) if definition is not None and definition.number is not None else name
            case Arith(op, left, right):
                return f"({self.term(left)} {op} {self.term(right)})"

    def count(self, points: list[tuple[float, Node]]) -> str:
        return "(" + " + ".join(self.chosen(self.text(part), self.number(add)) for add, part in points) + ")"

    def number(self, value: float) -> str:
        return repr(float(value))

    def operator(self, op: str) -> str:
        return op

    def equals(self, name: str, option: str) -> str:
        raise NotImplementedError

    def contains(self, name: str, option: str) -> str:
        raise NotImplementedError

    def negated(self, text: str) -> str:
        raise NotImplementedError

    def chosen(self, test: str, value: str) -> str:
        raise NotImplementedError


class FhirPath(Translator):
    def equals(self, name: str, option: str) -> str:
        return f"({name} = '{option}')"

    def contains(self, name: str, option: str) -> str:
        return f"('{option}' in {name})"

    def negated(self, text: str) -> str:
        return f"({text}).not()"

    def chosen(self, test: str, value: str) -> str:
        return f"iif({test}, {value}, 0.0)"


class Cel(Translator):
    words: ClassVar[dict[str, str]] = {"and": "&&", "or": "||", "true": "true"}

    def equals(self, name: str, option: str) -> str:
        return f'({name} == "{option}")'

    def contains(self, name: str, option: str) -> str:
        return f'("{option}" in {name})'

    def negated(self, text: str) -> str:
        return f"!({text})"

    def chosen(self, test: str, value: str) -> str:
        return f"({test} ? {value} : 0.0)"

    def operator(self, op: str) -> str:
        return "==" if op == "=" else op
