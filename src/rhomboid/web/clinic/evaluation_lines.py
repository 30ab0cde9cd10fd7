"""What the reasoning column shows, line by line: plain data for the templates."""

from __future__ import annotations

from dataclasses import dataclass

from ..ui.strips import Tally, tally

Line = tuple[str, str]
"""The small word (because, against, then) and the text behind it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer button: the finding and the value it records; no value says that it cannot be told."""

    label: str
    finding: str
    value: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """The next best question. Without answers it is opened in its section."""

    finding: str
    question: str
    verb: str
    can: str
    answers: tuple[Answer, ...]
    number: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A raised or lowered concern, or conditions that wait for the same answer."""

    id: str
    kind: str
    name: str
    lines: tuple[Line, ...] = ()
    concern: str = ""
    urgency: str = ""
    within: str = ""
    action: str = ""
    ref: str = ""
    letter: str = ""
    private: bool = False
    ask: Ask | None = None
    others: tuple[str, ...] = ()
    unsigned: bool = False
    changed: bool = False
    new: str = ""

    @property
    def do(self) -> str:
        """The first thing to do."""
        return self.action.partition(". ")[0].rstrip(".") + "." if self.action else ""

    @property
    def then(self) -> str:
        return self.action.partition(". ")[2]


@dataclass(frozen=True, slots=True)
class PatternLine:
    id: str
    name: str
    supporting: int
    against: int
    because: str
    changed: bool = False
    new: str = ""
    unsigned: bool = False

    @property
    def tally(self) -> Tally:
        return tally(self.supporting, self.against)


@dataclass(frozen=True, slots=True)
class FactorLine:
    id: str
    name: str
    severity: int
    reason: str
    changed: bool = False
    new: str = ""
    unsigned: bool = False


@dataclass(frozen=True, slots=True)
class SafetyLine:
    id: str
    name: str
    because: str
    limits: str
    changed: bool = False
    unsigned: bool = False


@dataclass(frozen=True)
class Column:
    """Everything the column shows. `spoken` is its one summary for an entry."""

    words: str
    details: str
    seal: str
    held: bool
    empty: bool
    raised: tuple[Card, ...]
    lowered: tuple[Card, ...]
    undecided: tuple[Card, ...]
    more: tuple[Card, ...]
    cleared: tuple[str, ...]
    patterns: tuple[PatternLine, ...]
    possible: tuple[PatternLine, ...]
    factors: tuple[FactorLine, ...]
    safety: tuple[SafetyLine, ...]
    waiting: tuple[Ask, ...]
    waits: str
    unsigned: int
    asked: frozenset[str] = frozenset()

    @property
    def undecided_count(self) -> int:
        return sum(1 + len(card.others) for card in (*self.undecided, *self.more))

    @property
    def foot(self) -> str:
        raised = f"{len(self.raised)} raised" if self.raised else "none raised"
        return f"{raised}, {self.undecided_count} undecided"
