"""Why a predicate is true or false, and what would decide one that is neither.

*Why* is the smallest set of findings that suffices: change anything else, and the answer stays. *What would decide it* are
the unknown findings that could still turn the answer, the most decisive first.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from ..vocabulary.predicates import Definition, Node
from ..vocabulary.predicates.tree import (
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
    Term,
    term_columns,
)
from .facts import Facts

Sets = list[frozenset[str]]
KEPT = 24
"""How many of the smallest alternatives are kept at each step; the rules at hand never need half as many."""
BESIDE = 0.2
"""The share of what would make a question needless, beside the question itself."""
NOTHING: frozenset[str] = frozenset()
OPERATORS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class Explainer:
    """Explains predicates of one evaluation. Definitions that come up again and again are explained once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.definitions = facts.knowledge.definitions
        self.supported: dict[tuple[str, bool], Sets] = {}
        self.opened: dict[str, dict[str, float]] = {}

    def why(self, predicate: str) -> tuple[str, ...]:
        """The smallest set of findings that makes a decided predicate what it is, in the order of the vocabulary."""
        truth = self.facts.truth(predicate)
        if truth is None:
            return ()
        return self.smallest(self.supports(self.facts.knowledge.trees[predicate], truth))

    def smallest(self, sets: Sets) -> tuple[str, ...]:
        return tuple(sorted(sets[0])) if sets else ()

    def decides(self, predicate: str) -> dict[str, float]:
        """The unknown findings that could still turn an undecided predicate, with their share in it."""
        if self.facts.truth(predicate) is not None:
            return {}
        return self.open(self.facts.knowledge.trees[predicate])

    def worth_asking(self, finding: str) -> bool:
        """Whether a question makes sense for the person; what is not known rules nothing out."""
        when = self.facts.knowledge.asked_when.get(finding)
        return when is None or self.truth(when) is not False

    def questions(self, predicate: str) -> tuple[str, ...]:
        """The unknown findings that could still turn an undecided predicate, the most decisive first."""
        return ranked(self.decides(predicate))

    # --- truth -------------------------------------------------------------------------------------------------------

    def truth(self, node: Node) -> bool | None:
        match node:
            case Always():
                return True
            case Flag(name):
                value = self.facts.value(name)
                return value if isinstance(value, bool) else None
            case OneOf(name, options):
                value = self.facts.value(name)
                return None if value is None else value in options
            case AnyOf(name, options):
                value = self.facts.value(name)
                return not value.isdisjoint(options) if isinstance(value, frozenset) else None
            case Compare(op, left, right):
                one, other = self.number(left), self.number(right)
                return None if one is None or other is None else bool(OPERATORS[op](one, other))
            case ScoreCompare():
                return self.score_truth(node)
            case Not(part):
                truth = self.truth(part)
                return None if truth is None else not truth
            case And(parts):
                return _all(map(self.truth, parts))
            case Or(parts):
                return _any(map(self.truth, parts))
            case AtLeast(count, parts):
                truths = [self.truth(part) for part in parts]
                return True if truths.count(True) >= count else False if truths.count(False) > len(parts) - count else None

    def number(self, term: Term) -> float | None:
        match term:
            case Number(value):
                return value
            case Column(name):
                found = self.facts.value(name)
                return found if isinstance(found, int | float) else None
            case Arith(op, left, right):
                low, high = self.number(left), self.number(right)
                return None if low is None or high is None else float(ARITHMETIC[op](low, high))

    def score_truth(self, node: ScoreCompare) -> bool | None:
        low, high = self.score(node.name)
        compare = OPERATORS[node.op]
        if node.op == "=":
            return True if low == high == node.value else False if low > node.value or high < node.value else None
        ends = {bool(compare(low, node.value)), bool(compare(high, node.value))}
        return ends.pop() if len(ends) == 1 else None

    def score(self, name: str) -> tuple[float, float]:
        value = self.facts.value(name)
        assert isinstance(value, tuple)
        return value

    # --- why ---------------------------------------------------------------------------------------------------------

    def supports(self, node: Node, want: bool) -> Sets:
        """The smallest sets of findings that make the node `want`; empty when they do not."""
        match node:
            case Always():
                return [NOTHING] if want else []
            case Not(part):
                return self.supports(part, not want)
            case And(parts):
                return self.together(parts, want) if want else self.either(parts, want)
            case Or(parts):
                return self.either(parts, want) if want else self.together(parts, want)
            case AtLeast(count, parts):
                return self.some(count if want else len(parts) - count + 1, parts, want)
            case Compare(_, left, right):
                if self.truth(node) is not want:
                    return []
                return self.together_names({*term_columns(left), *term_columns(right)})
            case ScoreCompare():
                return self.score_supports(node, want)
            case Flag(name) | OneOf(name, _) | AnyOf(name, _):
                return self.named(name, want) if self.truth(node) is want else []

    def named(self, name: str, want: bool) -> Sets:
        """Why a name has its value: the finding itself where it was given, and what else gives it the same value."""
        definition = self.definitions.get(name)
        own = [frozenset((name,))]
        if definition is None:
            return own
        key = (name, want)
        if key not in self.supported:
            given = own if name in self.facts.known else []
            self.supported[key] = _smallest([*given, *self.defined(name, definition, want)]) or own
        return self.supported[key]

    def defined(self, name: str, definition: Definition, want: bool) -> Sets:
        """What gives a name its value by its definition; empty when its definition does not."""
        value = self.facts.value(name)
        if definition.asked_when is not None:
            return self.supports(definition.asked_when, False) if value == definition.normal else []
        if definition.flag is not None:
            return self.supports(definition.flag, want)
        if definition.number is not None:
            return self.together_names(set(term_columns(definition.number))) if self.number(definition.number) is not None else []
        return _smallest(found for case, part in definition.cases if case == value for found in self.supports(part, True))

    def together_names(self, names: Iterable[str]) -> Sets:
        return _products(self.named(name, True) for name in sorted(names))

    def together(self, parts: Iterable[Node], want: bool) -> Sets:
        alternatives = [NOTHING]
        for part in parts:
            own = self.supports(part, want)
            if not own:
                return []
            alternatives = _product(alternatives, own)
        return alternatives

    def either(self, parts: Iterable[Node], want: bool) -> Sets:
        return _smallest(found for part in parts for found in self.supports(part, want))

    def some(self, count: int, parts: Iterable[Node], want: bool) -> Sets:
        own = [sets for part in parts if (sets := self.supports(part, want))]
        own = sorted(own, key=lambda sets: len(sets[0]))[: count + 3]
        return _smallest(found for chosen in combinations(own, count) for found in _products(chosen))

    def score_supports(self, node: ScoreCompare, want: bool) -> Sets:
        """The smallest choices of parts with which the score is decided, whatever the other parts turn out to be."""
        if self.score_truth(node) is not want:
            return []
        given = [frozenset((node.name,))] if node.name in self.facts.known else []
        points, op = self.definitions[node.name].points, node.op
        if op == "=" and want:
            return _smallest([*given, *_products(self.supports(part, self.truth(part) is True) for _, part in points)])
        if op == "=":
            op, want = (">" if self.score(node.name)[0] > node.value else "<"), True
        rising = (op in (">", ">=")) is want
        start = sum(add for add, _ in points if (add < 0) is rising)
        sign = 1 if rising else -1
        moves = [(sign * abs(add), sets) for add, part in points if (sets := self.supports(part, (add > 0) is rising))]
        reached = _reaching(moves, lambda moved: OPERATORS[op](start + moved, node.value) is want)
        return _smallest([*given, *reached])

    # --- what would decide it ----------------------------------------------------------------------------------------

    def open(self, node: Node, share: float = 1.0) -> dict[str, float]:
        """The unknown findings below an undecided node; each undecided part gets an equal share of the node's."""
        if self.truth(node) is not None:
            return {}
        match node:
            case Not(part):
                return self.open(part, share)
            case And(parts) | Or(parts) | AtLeast(_, parts):
                undecided = [part for part in parts if self.truth(part) is None]
                return _added(self.open(part, share / len(undecided)) for part in undecided)
            case Compare(_, left, right):
                return _added(self.open_name(name, share) for name in {*term_columns(left), *term_columns(right)})
            case Flag(name) | OneOf(name, _) | AnyOf(name, _) | ScoreCompare(name, _, _):
                return self.open_name(name, share)
            case Always():
                return {}

    def open_name(self, name: str, share: float) -> dict[str, float]:
        if name not in self.opened:
            self.opened[name] = self.open_definition(name)
        return {finding: weight * share for finding, weight in self.opened[name].items()}

    def open_definition(self, name: str) -> dict[str, float]:
        definition = self.definitions.get(name)
        if definition is None or definition.plain:
            if self.facts.value(name) is not None:
                return {}
            needless = self.open(definition.asked_when, BESIDE) if definition and definition.asked_when is not None else {}
            return _added([needless, {name: 1.0}])
        if definition.number is not None:
            return _added(self.open_name(part, 1.0) for part in set(term_columns(definition.number)))
        nodes = [part for _, part in (*definition.cases, *definition.points)] + ([definition.flag] if definition.flag else [])
        undecided = [node for node in nodes if self.truth(node) is None]
        return _added(self.open(node, 1.0 / len(undecided)) for node in undecided)


@dataclass(frozen=True, slots=True)
class Question:
    """A finding worth asking for next, with how much hangs on it and the conditions that wait for it."""

    finding: str
    weight: float
    for_: tuple[str, ...]


def _reaching(moves: list[tuple[float, Sets]], enough: Callable[[float], bool]) -> Iterator[frozenset[str]]:
    """What brings enough points together, for every choice of parts of which none can be spared."""
    found: list[set[int]] = []
    for count in range(len(moves) + 1):
        for chosen in combinations(range(len(moves)), count):
            if enough(sum(moves[place][0] for place in chosen)) and not any(smaller < set(chosen) for smaller in found):
                found.append(set(chosen))
                yield from _products(moves[place][1] for place in chosen)


def _all(truths: Iterable[bool | None]) -> bool | None:
    found = set(truths)
    return False if False in found else None if None in found else True


def _any(truths: Iterable[bool | None]) -> bool | None:
    found = set(truths)
    return True if True in found else None if None in found else False


def _product(left: Sets, right: Sets) -> Sets:
    if len(left) == 1 and len(right) == 1:
        return [left[0] | right[0]]
    return _smallest(a | b for a in left for b in right)


def _products(many: Iterable[Sets]) -> Sets:
    alternatives = [NOTHING]
    for sets in many:
        alternatives = _product(alternatives, sets)
    return alternatives


def _smallest(sets: Iterable[frozenset[str]]) -> Sets:
    """The smallest sets, none of which holds another, in a fixed order."""
    distinct = list(dict.fromkeys(sets))
    if len(distinct) < 2:
        return distinct
    kept: Sets = []
    for candidate in sorted(distinct, key=lambda found: (len(found), sorted(found))):
        if not any(smaller <= candidate for smaller in kept):
            kept.append(candidate)
            if len(kept) == KEPT:
                break
    return kept


def ranked(weights: Mapping[str, float]) -> tuple[str, ...]:
    """Names by weight, the heaviest first."""
    return tuple(sorted(weights, key=lambda name: (-weights[name], name)))


def _added(weights: Iterable[dict[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for part in weights:
        for name, weight in part.items():
            total[name] = total.get(name, 0.0) + weight
    return total
