"""What this person must not be given, and what only with care: the contraindication matrix and its engine rules (5, 5.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from ..knowledge.model import (
    COLUMNS,
    CareCode,
    Cell,
    Condition,
    Contraindication,
    Exercise,
    Intervention,
    Manual,
    Modality,
)
from .explain import Explainer
from .screening import Screening

WAITING = ("TM", "EST", "US", "HT")
"""Columns that wait while a status that matters to them is unknown (5.1 rule 2)."""
MOVEMENT = ("EXF", "EXE", "RES", "AER")
MANUAL_AND_ELECTRICAL = ("TM", "M12", "M34", "RIB", "STM", "EST", "US")
OPEN_CONCERN: Mapping[str, Cell] = {"TM": "C", "M34": "P", "RIB": "P"}
"""What an open concern of moderate strength does to the matrix (5.1 rule 7)."""
WORSE = {"ok": 0, "P": 1, "C": 2}
UNANSWERED = "unanswered"
OVF_ROWS = ("osteoporotic_vf_recent_lt_12wk", "osteoporotic_vf_healed")

Verdict = Literal["ok", "care", "wait", "blocked"]
VERDICTS: tuple[Verdict, ...] = ("ok", "care", "wait", "blocked")


@dataclass(frozen=True, slots=True)
class Active:
    """A row of the matrix that applies to this person."""

    row: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether one intervention may be offered. `rows` are the reasons, `limits` the words of care, `ask` what to find out first.

    `against` are the rows that forbid it; where the verdict is not blocked, a therapist has overridden them. `final`: nobody may.
    """

    verdict: Verdict
    rows: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    final: bool = False
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Safety:
    """The matrix for one person: active rows, rows still unknown that block, and the worst cell of each column with its rows."""

    active: tuple[Active, ...]
    waiting: tuple[str, ...]
    cells: Mapping[str, tuple[Cell, tuple[str, ...]]]
    codes: Mapping[str, bool | None]
    thrust_unknown: tuple[str, ...]
    screening: Screening
    held: bool
    explainer: Explainer = field(repr=False, compare=False)

    @cached_property
    def thrust_missing(self) -> tuple[str, ...]:
        """What has to be known before any thrust (1.7): the named findings, then whatever leaves the screen open."""
        if self.thrust_unknown:
            return self.thrust_unknown
        return tuple(dict.fromkeys(undecided.questions[0] for undecided in self.screening.undecided if undecided.questions))

    @cached_property
    def waiting_for(self) -> tuple[str, ...]:
        """The questions whose answers the waiting columns need, the most decisive of each row."""
        rows = self.explainer.facts.knowledge.of(Contraindication)
        asked: dict[str, None] = {}
        for row in self.waiting:
            asked |= dict.fromkeys(self.explainer.questions(rows[row].when)[:3])
        return tuple(asked)

    @cached_property
    def no_movement(self) -> tuple[str, ...]:
        """The rows that forbid every kind of exercise, as fever does: then not even breathing exercises are given that day."""
        cells = [self.cells[column] for column in MOVEMENT]
        if any(cell != "C" for cell, _ in cells):
            return ()
        return tuple(dict.fromkeys(row for _, rows in cells for row in rows))

    def name(self, row: str) -> str:
        """A row of the matrix, a care code, an open concern or an intervention's own condition in words."""
        knowledge = self.explainer.facts.knowledge
        kind, _, id_ = row.rpartition(".")
        if kind == "care_code":
            return knowledge.of(CareCode)[id_].name.lower()
        if kind == "concern":
            return f"open concern: {knowledge.of(Condition)[id_].name.lower()}"
        if row in knowledge.of(Contraindication):
            return knowledge.of(Contraindication)[row].name.lower()
        return {
            UNANSWERED: "open safety questions",
            "open_concern": "an open concern",
            "thrust_minimum": "what must be known before any thrust",
        }.get(row, "its own conditions")

    def rule(self, intervention: Intervention, overridden: Collection[str] = ()) -> Ruling:
        """The ruling on one intervention: the worst over its columns, its care codes and its own conditions.

        `overridden` are rows against which a therapist has decided for it (5.1 rule 3); what nobody may override still blocks.
        """
        if not isinstance(intervention, Exercise | Manual | Modality):
            return Ruling("ok")
        if self.held:
            return Ruling("blocked", ("open_concern",), final=True, against=("open_concern",))
        return _worst(self._after_decisions(intervention, overridden))

    def _after_decisions(self, intervention: Exercise | Manual | Modality, overridden: Collection[str]) -> Iterable[Ruling]:
        """All rulings, as they stand after the therapist's decisions. Who overrides a row still waits for what is not known."""
        for ruling in self._rulings(intervention):
            decided = self._overridden(ruling, overridden)
            yield decided
            if decided.verdict == "care" and decided.against:
                yield from filter(None, map(self._wait, intervention.columns))

    def _overridden(self, ruling: Ruling, overridden: Collection[str]) -> Ruling:
        """A blocked ruling as it stands after the therapist's decisions: one that is overridden whole becomes a limit."""
        if ruling.verdict != "blocked":
            return ruling
        final = ruling.final or self._nobody_overrides(ruling.rows)
        if not final and set(ruling.rows) <= set(overridden):
            return Ruling("care", ruling.rows, tuple(map(self._limit, ruling.rows)), against=ruling.rows)
        return replace(ruling, final=final, against=ruling.rows)

    def _nobody_overrides(self, rows: Iterable[str]) -> bool:
        """While a danger that forbids every override stands, nothing is overridden; an open concern is lowered, not overridden."""
        matrix = self.explainer.facts.knowledge.of(Contraindication)
        absolute = any("*" in matrix[one.row].never_override for one in self.active)
        return absolute or any(row.startswith("concern.") for row in rows)

    def _rulings(self, intervention: Exercise | Manual | Modality) -> Iterable[Ruling]:
        truth = self.explainer.facts.truth
        for column in intervention.columns:
            yield self._column(column, ovf_ok=isinstance(intervention, Exercise) and intervention.ovf_ok)
        if isinstance(intervention, Exercise):
            if self.no_movement:
                yield Ruling("blocked", self.no_movement)
            codes = self.explainer.facts.knowledge.of(CareCode)
            yield from (self._avoided(codes[code].when, f"care_code.{code}") for code in intervention.avoid)
        elif intervention.avoid_when:
            yield self._avoided(intervention.avoid_when, f"{intervention.id}.avoid_when", unknown="care")
        for care in intervention.care:
            if self.codes[care.code] if care.code else truth(care.when):
                yield Ruling("care", (f"care_code.{care.code}",) if care.code else (f"{intervention.id}.care",), (care.text,))

    def _avoided(self, when: str, row: str, unknown: Verdict = "wait") -> Ruling:
        """Not offered when the reason to avoid it holds. While that is not known an exercise waits for the answer, and hands-on
        care is given with the question asked right before it (5.1 rule 2)."""
        truth = self.explainer.facts.truth(when)
        if truth:
            return Ruling("blocked", (row,))
        if truth is None:
            return Ruling(unknown, (row,), ask=self.explainer.questions(when)[:3])
        return Ruling("ok")

    def _limit(self, row: str) -> str:
        """The words of care of a row."""
        rows = self.explainer.facts.knowledge.of(Contraindication)
        if row in rows:
            return rows[row].note
        if row == UNANSWERED:
            return "low force and short, until the open safety questions are answered"
        return f"with care while {self.name(row)} stands"

    def _wait(self, column: str) -> Ruling | None:
        """What has to be known before anything of a column is given."""
        if column == "TM" and self.thrust_missing:
            return Ruling("wait", ("thrust_minimum",), ask=self.thrust_missing)
        if column in WAITING and self.waiting:
            return Ruling("wait", self.waiting, ask=self.waiting_for)
        return None

    def _column(self, column: str, *, ovf_ok: bool) -> Ruling:
        cell, rows = self.cells[column]
        contraindications = self.explainer.facts.knowledge.of(Contraindication)
        if cell == "C" and ovf_ok:
            rows_left = tuple(row for row in rows if row not in OVF_ROWS)
            if not rows_left:
                return Ruling("care", rows, tuple(self._limit(row) for row in rows))
            rows = rows_left
        if cell == "C":
            final = any(row in contraindications and contraindications[row].never(column) for row in rows)
            return Ruling("blocked", rows, final=final)
        if wait := self._wait(column):
            return wait
        if cell == "P":
            return Ruling("care", rows, tuple(self._limit(row) for row in rows))
        return Ruling("ok")


def rule_safety(explainer: Explainer, screening: Screening, thrust_known: Iterable[str]) -> Safety:
    """The matrix for one person. `thrust_known`: what must be known before any thrust or end-range technique (1.7)."""
    facts = explainer.facts
    rows = facts.knowledge.of(Contraindication)
    active = tuple(Active(row.id, explainer.why(row.when)) for row in rows.values() if facts.truth(row.when))
    waiting = tuple(row.id for row in rows.values() if row.unknown_blocks and facts.truth(row.when) is None)
    return Safety(
        active=active,
        waiting=waiting,
        cells=_cells(rows, active, waiting, screening),
        codes={code.id: facts.truth(code.when) for code in facts.knowledge.of(CareCode).values()},
        thrust_unknown=tuple(name for name in thrust_known if facts.value(name) is None),
        screening=screening,
        held=bool(screening.holding),
        explainer=explainer,
    )


def _cells(
    rows: Mapping[str, Contraindication], active: Iterable[Active], waiting: tuple[str, ...], screening: Screening
) -> dict[str, tuple[Cell, tuple[str, ...]]]:
    """The worst value of each column over all that applies, with the rows that bring it (5.1 rules 1, 2, 7)."""
    worst: dict[str, tuple[Cell, tuple[str, ...]]] = {column: ("ok", ()) for column in COLUMNS}  # noqa: C420 - fromkeys widens the type

    def add(column: str, cell: Cell, row: str) -> None:
        now, because = worst[column]
        if WORSE[cell] > WORSE[now]:
            worst[column] = (cell, (row,))
        elif cell == now != "ok":
            worst[column] = (now, (*because, row))

    for one in active:
        for column, cell in rows[one.row].cells.items():
            add(column, cell, one.row)
    for raised in screening.raised:
        if raised.concern == "moderate" and not raised.closed_by:
            for name, cell in OPEN_CONCERN.items():
                add(name, cell, f"concern.{raised.condition}")
    if waiting:
        for name in MANUAL_AND_ELECTRICAL:
            add(name, "P", UNANSWERED)
    return worst


def _worst(rulings: Iterable[Ruling]) -> Ruling:
    """The strictest verdict, with the reasons, limits and questions of all."""
    found = list(rulings)
    strictest = VERDICTS[max((VERDICTS.index(ruling.verdict) for ruling in found), default=0)]
    return Ruling(
        strictest,
        rows=tuple(dict.fromkeys(row for ruling in found if ruling.verdict in (strictest, "care") for row in ruling.rows)),
        limits=tuple(dict.fromkeys(limit for ruling in found for limit in ruling.limits if limit)),
        ask=tuple(dict.fromkeys(name for ruling in found for name in ruling.ask)),
        final=any(ruling.final for ruling in found),
        against=tuple(dict.fromkeys(row for ruling in found for row in ruling.against)),
    )
