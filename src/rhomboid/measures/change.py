"""One measure, then and now: is the change larger than the error of the measure, and does it matter?

Error: the smallest detectable change (MDC) of the finding or its instrument; without one, 1.96 x sqrt(2) x SEM, which is how an
MDC at 95 % follows from the standard error of a measurement; without that, the working rule in percent where the knowledge has
one. What matters: the MCID of the instrument or its percentage of the value then, whichever is more, as goals take it. The
figures and their sources stand in the vocabulary and in care/instruments.toml; clinical reference 6.1 and 6.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ..knowledge import Knowledge
from ..knowledge.care import GoalTemplate, Instrument
from ..knowledge.model import Factor
from ..vocabulary import Value
from ..vocabulary.finding import Derived, Finding

Verdict = Literal["matters", "real", "within_error", "error_unknown"]
Moved = Literal["better", "worse", "same", "other"]
Better = Literal["up", "down", "yes", "no", ""]
MORE_IS_BETTER = ("motion", "strength", "length")
"""Sections whose numbers count what a person can do, for findings that no instrument, factor or goal has a direction for."""
CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """`before` and `after` in the finding's unit; `error` and `matters` are sizes of change, None when not known.

    `moved` says in which direction, "other" when the direction has no meaning. Without a known error there is no verdict.
    """

    finding: str
    before: Value | None
    after: Value | None
    moved: Moved
    verdict: Verdict
    error: float | None
    matters: float | None
    sources: tuple[str, ...] = ()

    @property
    def difference(self) -> float | None:
        if _number(self.before) and _number(self.after):
            return round(float(self.after) - float(self.before), 6)  # type: ignore[arg-type]
        return None

    @property
    def improved(self) -> bool:
        """Better, beyond the error."""
        return self.moved == "better" and self.verdict in ("real", "matters")

    @property
    def worsened(self) -> bool:
        """Worse, beyond the error."""
        return self.moved == "worse" and self.verdict in ("real", "matters")


def change(name: str, before: Value | None, after: Value | None, knowledge: Knowledge) -> Change:
    """The change of a finding, or of the finding of an instrument, with its verdict. Unknown values have no verdict."""
    finding = _finding_of(name, knowledge)
    error, source = known_error(finding, before, knowledge)
    matters = _matters(finding, before, knowledge)
    moved = _moved(before, after, better_of(finding, knowledge))
    verdict = _verdict(before, after, error, matters)
    return Change(finding, before, after, moved, verdict, error, matters, source)


def known_error(name: str, before: Value | None, knowledge: Knowledge) -> tuple[float | None, tuple[str, ...]]:
    """The smallest change that is not chance, and the sources it is taken from; None when none is known."""
    entry, instrument = _entry(name, knowledge), _instrument(name, knowledge)
    for holder in filter(None, (entry, instrument)):
        if (mdc := getattr(holder, "mdc", None)) is not None:
            return mdc, holder.sources
    for holder in filter(None, (entry, instrument)):
        if (sem := getattr(holder, "sem", None)) is not None:
            return round(1.96 * math.sqrt(2) * sem, 2), holder.sources
    if instrument and instrument.mdc_pct and _number(before):
        return round(abs(float(before)) * instrument.mdc_pct / 100, 6), instrument.sources  # type: ignore[arg-type]
    return None, ()


def better_of(name: str, knowledge: Knowledge) -> Better:
    """The direction that is better: of the instrument, the goal or the factor measured by it; else what its section counts."""
    instrument = _instrument(name, knowledge)
    if instrument and instrument.higher:
        return "up" if instrument.higher == "better" else "down"
    for goal in knowledge.of(GoalTemplate).values():
        if goal.baseline == name:
            return goal.target.direction
    for factor in knowledge.of(Factor).values():
        if factor.measure == name:
            return factor.better
    entry = _entry(name, knowledge)
    if entry is None or entry.type not in ("number", "integer", "scale"):
        return ""
    return "up" if entry.section in MORE_IS_BETTER else "down" if entry.type == "scale" and entry.section == "pain" else ""


def _matters(name: str, before: Value | None, knowledge: Knowledge) -> float | None:
    instrument = _instrument(name, knowledge)
    if instrument is None or instrument.mcid is None:
        return None
    if instrument.mcid_pct and _number(before) and before:
        return max(instrument.mcid, round(abs(float(before)) * instrument.mcid_pct / 100, 6))  # type: ignore[arg-type]
    return instrument.mcid


def _moved(before: Value | None, after: Value | None, better: Better) -> Moved:
    if before is None or after is None:
        return "other"
    if before == after:
        return "same"
    if isinstance(before, bool) and isinstance(after, bool) and better in ("yes", "no"):
        return "better" if after == (better == "yes") else "worse"
    if _number(before) and _number(after) and better in ("up", "down"):
        return "better" if (after > before) == (better == "up") else "worse"  # type: ignore[operator]
    return "other"


def _verdict(before: Value | None, after: Value | None, error: float | None, matters: float | None) -> Verdict:
    if error is None or not (_number(before) and _number(after)):
        return "error_unknown"
    size = abs(float(after) - float(before))  # type: ignore[arg-type]
    if size < error - CLOSE or size == 0:
        return "within_error"
    return "matters" if matters is not None and size >= matters - CLOSE else "real"


def _number(value: Value | None) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _entry(name: str, knowledge: Knowledge) -> Finding | Derived | None:
    return knowledge.vocabulary.findings.get(name) or knowledge.vocabulary.derived.get(name)


def _finding_of(name: str, knowledge: Knowledge) -> str:
    if _entry(name, knowledge) is None and name in knowledge.of(Instrument):
        return knowledge.of(Instrument)[name].finding
    return name


def _instrument(name: str, knowledge: Knowledge) -> Instrument | None:
    return next((one for one in knowledge.of(Instrument).values() if one.finding == name), None)
