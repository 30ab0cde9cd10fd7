"""An episode then and now: every measure taken at baseline, the factors, the goals, and what to measure again first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...knowledge import Knowledge
from ...knowledge.care import Instrument
from ...knowledge.model import Factor
from ...measures import Change, Meaning, change, known_error, meaningful
from ...measures.meaning import RATINGS
from ...reasoning.assess import Assessment
from ...vocabulary import RhomboidError
from ...vocabulary.finding import NUMERIC
from ...vocabulary.finding import Finding as Entry
from . import bridge, wording
from .models import Episode, Finding, Goal

CORE = ("nrs_average_7d", "psfs_mean", "groc")
"""Asked again at every re-evaluation, whatever else is."""
PAST = ("profile", "history", "medical")
AGAIN = ("every_10_visits", "each_visit", "discharge")
PLAN_FIRST = 9


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. `now` is None until it was measured after `then_on`: an old value is never shown as today's."""

    finding: str
    label: str
    then: Any
    then_on: date | None
    now: Any
    now_on: date | None
    then_text: str
    now_text: str
    change: Change
    error: str
    inputs: tuple[Entry, ...]
    refs: Mapping[str, str]
    low: float | None
    high: float | None

    @property
    def again(self) -> bool:
        """Whether it was measured again."""
        return self.now is not None

    @property
    def numeric(self) -> bool:
        return isinstance(self.then, int | float) and not isinstance(self.then, bool)


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A contributing factor, severity then and now (0 is gone, None is not known yet), and its measure."""

    id: str
    name: str
    then: int
    now: int | None
    row: Row


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal. `met` is what the newest value says; None until it was measured again."""

    goal: Goal
    now: Any
    now_text: str
    target_text: str
    baseline_text: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`then` and `now` are assessments of both days with the knowledge in force today."""

    then_on: date
    on: date
    rows: tuple[Row, ...]
    factors: tuple[FactorRow, ...]
    goals: tuple[GoalRow, ...]
    meaning: Meaning
    then: Assessment | None
    now: Assessment

    @property
    def due(self) -> tuple[Row, ...]:
        """What to measure again first: instruments, goals, then factors by severity."""
        factors = [one.row for one in sorted(self.factors, key=lambda one: -one.then)]
        alone = {row.finding for row in self.rows}
        derived = [row for row in factors if not alone.issuperset(entry.id for entry in row.inputs)]
        due = [row for row in [*self.rows, *derived] if not row.again and (row.then is not None or row.finding in CORE)]
        rows = {row.finding: row for row in due}
        return tuple(rows.values())[:PLAN_FIRST]


def compare(
    episode: Episode, knowledge: Knowledge, *, on: date, now: Assessment | None = None, findings: list[Finding] | None = None
) -> Comparison:
    """Then and now. A constant number of queries: the first assessment, all goals, and all findings up to that day if not given."""
    findings = bridge.standing_findings(episode, on) if findings is None else findings
    then_on = baseline_day(episode, findings, on)
    goals = list(_goals(episode))
    reader = _Reader(knowledge, findings, then_on)
    reader.then = _assessed(episode, knowledge, then_on, [row for row in findings if row.observed_on <= then_on])
    reader.now = now or bridge.assess_episode(episode, knowledge, on=on, findings=findings)
    factors = reader.factors()
    return Comparison(
        then_on=then_on,
        on=on,
        rows=tuple(reader.row(name) for name in reader.measures(goals, {one.row.finding for one in factors})),
        factors=factors,
        goals=tuple(reader.goal(goal) for goal in goals),
        meaning=meaningful(reader.values_then(), reader.values_now(), knowledge),
        then=reader.then,
        now=reader.now,
    )


def baseline_day(episode: Episode, findings: Iterable[Finding], on: date) -> date:
    """What "then" means: the day the first signed plan rests on, else of the evaluation, else of the first findings."""
    # Days alone: a plan and its assessment with all they say are seventy kilobytes.
    first_finding = min((row.observed_on for row in findings), default=on)
    planned = episode.plans.exclude(signed_at=None).order_by("version").values_list("assessment__on", flat=True).first()
    if planned:
        return max(planned, first_finding)
    return episode.assessments.filter(occasion="evaluation").order_by("on").values_list("on", flat=True).first() or first_finding


def _goals(episode: Episode) -> Iterable[Goal]:
    """The goals of the plan in force, else of the last one that was signed."""
    plan = episode.plans.exclude(signed_at=None).order_by("-version").values_list("pk", flat=True).first()
    return Goal.objects.filter(plan=plan).exclude(state="dropped") if plan else ()


def _assessed(episode: Episode, knowledge: Knowledge, on: date, findings: list[Finding]) -> Assessment | None:
    try:
        return bridge.assess_episode(episode, knowledge, on=on, findings=findings)
    except RhomboidError:
        return None


class _Reader:
    """Reads values then and now out of the findings of an episode."""

    then: Assessment | None
    now: Assessment

    def __init__(self, knowledge: Knowledge, findings: list[Finding], then_on: date) -> None:
        self.knowledge, self.then_on = knowledge, then_on
        self.series: dict[str, list[Finding]] = {}
        for row in findings:
            if row.value is not None:
                self.series.setdefault(row.finding, []).append(row)

    def pair(self, name: str) -> tuple[Finding | None, Finding | None]:
        """The value then, and the newest one of a later day. A rating of change has no value then."""
        rows = self.series.get(name, [])
        if not rows or name in RATINGS:
            return None, rows[-1] if rows else None
        first = next((row for row in reversed(rows) if row.observed_on <= self.then_on), rows[0])
        return first, rows[-1] if rows[-1].observed_on > first.observed_on else None

    def values_then(self) -> dict[str, Any]:
        return {name: bridge.value_of(first.value) for name in self.series if (first := self.pair(name)[0])}

    def values_now(self) -> dict[str, Any]:
        return {name: bridge.value_of(last.value) for name in self.series if (last := self.pair(name)[1])}

    # --- which ---------------------------------------------------------------------------------------------------------

    def measures(self, goals: Iterable[Goal], factors: set[str]) -> list[str]:
        """Instruments, goals, and ranges and tests taken at baseline; measures of factors have their own table."""
        instruments = [one.finding for one in self.knowledge.of(Instrument).values() if set(AGAIN) & set(one.schedule)]
        known = [name for name in (*CORE, *instruments) if name in self.series or name in CORE]
        examined = [name for name in self.series if self.examined(name)]
        names = dict.fromkeys([*known, *(goal.finding for goal in goals if goal.finding), *examined])
        judged = {name for name in factors if known_error(name, None, self.knowledge)[0] is not None}
        shown = {part for name in factors for part in (self.parts(name) if name in judged else [name])}
        return [name for name in names if name in self.knowledge.vocabulary.findings and name not in shown]

    def examined(self, name: str) -> bool:
        entry = self.knowledge.vocabulary.findings.get(name)
        return entry is not None and entry.numeric and (entry.mdc is not None or entry.sem is not None)

    def parts(self, name: str) -> list[str]:
        """The plain findings to measure: itself, or those a derived one comes from that were known at baseline."""
        below = self.knowledge.plain_below(name)
        known = [part for part in below if part in self.series]
        return known or below or [name]

    # --- lines ---------------------------------------------------------------------------------------------------------

    def row(self, name: str) -> Row:
        derived = name in self.knowledge.vocabulary.derived and name not in self.series
        then, then_on, now, now_on = self._derived(name) if derived else self._plain(name)
        found = change(name, bridge.value_of(then), bridge.value_of(now), self.knowledge)
        entries = self.knowledge.vocabulary.findings
        parts = [part for part in self.parts(name) if part in entries]
        entry = entries.get(name)
        return Row(
            finding=name,
            label=self.knowledge.vocabulary.label(name),
            then=then,
            then_on=then_on,
            now=now,
            now_on=now_on,
            then_text=wording.value(name, then, self.knowledge),
            now_text=wording.value(name, now, self.knowledge),
            change=found,
            error=wording.error_words(found, self.knowledge),
            inputs=tuple(entries[part] for part in parts[:4]),
            refs={part: self.series[part][-1].ref if part in self.series else "" for part in parts[:4]},
            low=0.0 if entry and entry.type == "scale" else entry.min if entry else None,
            high=10.0 if entry and entry.type == "scale" else entry.max if entry else None,
        )

    def _plain(self, name: str) -> tuple[Any, date | None, Any, date | None]:
        first, last = self.pair(name)
        return (
            first.value if first else None,
            first.observed_on if first else None,
            last.value if last else None,
            last.observed_on if last else None,
        )

    def _derived(self, name: str) -> tuple[Any, date | None, Any, date | None]:
        """A derived measure is known again when every part known then was measured again."""
        then = self.then.facts.value(name) if self.then else None
        pairs = [self.pair(part) for part in self.parts(name) if part in self.series]
        again = [last for _, last in pairs if last]
        if not pairs or len(again) < len(pairs):
            return _one(then), self.then_on, None, None
        return _one(then), self.then_on, _one(self.now.facts.value(name)), max(last.observed_on for last in again)

    def factors(self) -> tuple[FactorRow, ...]:
        if self.then is None:
            return ()
        names = self.knowledge.of(Factor)
        severity = {one.factor: one.severity for one in self.now.factors}
        found = []
        for one in self.then.factors:
            row = self.measured_by(names[one.factor].measure, one.because)
            still = self.now.facts.truth(names[one.factor].found)
            now = None if not row.again or still is None else severity.get(one.factor, 0)
            found.append(FactorRow(one.factor, names[one.factor].name, one.severity, now, row))
        return tuple(found)

    def measured_by(self, measure: str, because: Iterable[str]) -> Row:
        """The measure of a factor; when it was not taken at baseline, the first finding that showed the factor then."""
        row = self.row(measure)
        if row.then is not None:
            return row
        entries = self.knowledge.vocabulary.findings
        shown = [name for name in because if name in self.series and name in entries and _measurable(entries[name])]
        return self.row(shown[0]) if shown else row

    def goal(self, goal: Goal) -> GoalRow:
        _, last = self.pair(goal.finding) if goal.finding else (None, None)
        now = last.value if last else None
        met = None
        if isinstance(now, int | float) and goal.target is not None and goal.better:
            met = now >= goal.target if goal.better == "up" else now <= goal.target
        now_text, target, baseline = (wording.value(goal.finding, raw, self.knowledge) for raw in (now, goal.target, goal.baseline))
        return GoalRow(goal, now, now_text, target, baseline, met)


def _measurable(entry: Entry) -> bool:
    """Whether a finding can be looked at again: it is no matter of the past, and one field holds it."""
    return entry.section not in PAST and entry.type in ("flag", "choice", *NUMERIC)


def _one(value: object) -> Any:
    """A score that is decided is a number; one that is not is unknown."""
    if isinstance(value, tuple):
        return value[0] if value[0] == value[1] else None
    return bridge.stored(value) if value is not None else None  # type: ignore[arg-type]
