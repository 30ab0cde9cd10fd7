"""The plan of care: phases with the best home program each, help in the clinic, advice, goals and visits, with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...knowledge import Knowledge
from ...knowledge.care import Phase, Planning
from ...knowledge.model import Dose, Exercise, Intervention, Irritability, Manual, Modality, PhaseId, Posture
from ...vocabulary import Problem, RhomboidError
from ..assess import Assessment
from .candidates import Candidate, Filter, LeftOut, by_rule, choices, fitting_patterns, needs_of, option_of
from .goals import Goal, goals_of
from .limits import Limits
from .schedule import Visits, visits_of
from .solve import Choice, solve, to_relax
from .solve import Problem as Choosing

HELD = "a raised concern comes first: instructions and a referral letter replace the plan"


class LimitsTooTight(RhomboidError):
    """What must be in does not fit the limits; each problem names a limit and what it would have to be."""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One line of the plan. `serves` are the needs it answers, `because` the findings behind them, `limits` the words of care,
    `ask` what to find out or test right before it, `phase` where it starts, `overridden` the rows of the contraindication matrix
    against which a therapist has decided for it."""

    id: str
    kind: str
    family: str
    name: str
    phase: PhaseId
    dose: Dose | None
    serves: tuple[str, ...]
    because: tuple[str, ...]
    limits: tuple[str, ...]
    ask: tuple[str, ...]
    sources: tuple[str, ...]
    evidence: str
    wanted: bool
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """One phase: its items by id with their doses in it, the irritability it is dosed for, minutes of home program and of
    general activity on an average day, the limits that are full, the value of the choice, and notes of the patterns."""

    phase: Phase
    irritability: Irritability
    items: tuple[str, ...]
    doses: Mapping[str, Dose]
    minutes: float
    activity_minutes: float
    full: tuple[str, ...]
    value: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PlanOfCare:
    """A proposal worth signing; only a therapist activates it. `status`: withheld while a concern holds treatment, provisional
    while the screen is not complete, else proposed."""

    assessment: Assessment
    limits: Limits
    status: str
    irritability: Irritability
    phases: tuple[PhasePlan, ...]
    items: tuple[PlanItem, ...]
    left_out: tuple[LeftOut, ...]
    goals: tuple[Goal, ...]
    visits: Visits | None

    @property
    def knowledge(self) -> Knowledge:
        return self.assessment.knowledge

    def item(self, id_: str) -> PlanItem | None:
        return next((item for item in self.items if item.id == id_), None)

    def without(self, id_: str) -> LeftOut | None:
        return next((left for left in self.left_out if left.id == id_), None)


def plan(assessment: Assessment, limits: Limits | None = None) -> PlanOfCare:
    """The plan of care for an assessment under the person's limits. Pure and deterministic; each choice is proven optimal.

    Raises LimitsTooTight when locked or added items do not fit, naming the limit to relax.
    """
    limits = limits or Limits()
    if assessment.held:
        return _withheld(assessment, limits)
    return _Planner(assessment, limits).plan()


def irritability_of(assessment: Assessment) -> Irritability:
    """The irritability that doses the plan; moderate while it is not known, high when the worst pain is 7 or more (prod)."""
    found = assessment.facts.value("sinss_irritability")
    if found == "high" or found == "moderate" or found == "low":
        return found
    planning = assessment.knowledge.of(Planning)["planning"]
    worst = assessment.facts.value("nrs_worst_24h")
    severe = isinstance(worst, int) and worst >= planning.high_from_worst_pain
    return "high" if severe else planning.irritability_when_unknown


def _withheld(assessment: Assessment, limits: Limits) -> PlanOfCare:
    everything = assessment.knowledge.interventions.values()
    change = "when the concern is cleared, or a named therapist closes it with a reason"
    left = tuple(LeftOut(one.id, "open_concern", HELD, change) for one in everything)
    return PlanOfCare(assessment, limits, "withheld", irritability_of(assessment), (), (), left, (), None)


class _Planner:
    def __init__(self, assessment: Assessment, limits: Limits) -> None:
        self.assessment, self.limits = assessment, limits
        self.knowledge = assessment.knowledge
        self.planning = self.knowledge.of(Planning)["planning"]
        self.irritability = irritability_of(assessment)
        self.needs = needs_of(assessment)
        self.ladders = {exercise: ladder.id for exercise, ladder in self.knowledge.ladder_of.items()}
        self.reached: dict[str, int] = {}
        self.items: dict[str, PlanItem] = {}
        self.left_out: dict[str, LeftOut] = {}
        self.phases: list[PhasePlan] = []

    def plan(self) -> PlanOfCare:
        refused = self.refused()
        if refused:
            raise RhomboidError(refused)
        start = True
        for phase in self.knowledge.of(Phase).values():
            if phase.id == "keep" or (start and self.irritability not in phase.starts_at):
                continue
            self.add_phase(phase, first=start)
            start = False
        first = self.phases[0].phase.id
        self.add_by_rule(first)
        self.refuse_unfit()
        status = "proposed" if self.assessment.screening.complete else "provisional"
        return PlanOfCare(
            assessment=self.assessment,
            limits=self.limits,
            status=status,
            irritability=self.irritability,
            phases=tuple(self.phases),
            items=tuple(self.items.values()),
            left_out=tuple(left for id_, left in self.left_out.items() if id_ not in self.items),
            goals=goals_of(self.assessment),
            visits=visits_of(self.assessment, fitting_patterns(self.assessment)),
        )

    def refused(self) -> list[Problem]:
        """Wanted items that may not be offered to this person."""
        both = sorted(self.limits.wanted & self.limits.banned)
        problems = [Problem("limits", id_, "is wanted and banned at the same time", "keep one of the two") for id_ in both]
        for id_ in sorted(self.limits.wanted):
            ruling = self.assessment.safety.rule(self.knowledge.interventions[id_], self.limits.rows_overridden(id_))
            if ruling.verdict == "blocked":
                rows = ", ".join(self.assessment.safety.name(row) for row in ruling.rows)
                problems.append(
                    Problem("limits", id_, f"is contraindicated for this person ({rows})", "leave it out of lock, add and swap")
                )
        return problems

    def overridden(self, candidate: Candidate) -> tuple[str, ...]:
        decided = self.limits.rows_overridden(candidate.id)
        return tuple(row for row in candidate.ruling.rows if row in decided)

    def refuse_unfit(self) -> None:
        """A wanted item that no phase could take is refused with its reason, never left out in silence."""
        unfit = [self.left_out[id_] for id_ in sorted(self.limits.wanted) if id_ not in self.items]
        if unfit:
            raise RhomboidError([Problem("limits", left.id, f"cannot be in the plan: {left.text}", left.change) for left in unfit])

    def add_phase(self, phase: Phase, *, first: bool) -> None:
        irritability = self.dosed_for(phase)
        kinds = (Exercise, Manual, Modality, Posture) if first else (Exercise,)
        sieve = Filter(self.assessment, self.limits, phase, irritability, self.reached, first=first)
        candidates = sieve.candidates(kinds)
        problem = self.choosing(candidates, irritability)
        choice = solve(problem)
        if choice is None:
            raise self.too_tight(problem)
        chosen = [candidate for candidate in candidates if candidate.id in choice.chosen]
        self.remember(chosen, phase)
        # The reason of the earliest phase stands: that is where the therapist looks for the item.
        self.left_out = sieve.left_out | self.passed_over(candidates, problem, choice) | self.left_out
        notes = [pattern.phase_notes.get(phase.id, "") for pattern in fitting_patterns(self.assessment)]
        minutes = sum(option.minutes for option in problem.options if option.id in choice.chosen and "exercises" in option.uses)
        activity = sum(option.minutes for option in problem.options if option.id in choice.chosen and "activity" in option.uses)
        self.phases.append(
            PhasePlan(
                phase=phase,
                irritability=irritability,
                items=choice.chosen,
                doses={candidate.id: candidate.dose for candidate in chosen if candidate.dose},
                minutes=round(minutes, 1),
                activity_minutes=round(activity, 1),
                full=choice.tight,
                value=choice.value,
                notes=tuple(filter(None, notes)),
            )
        )

    def dosed_for(self, phase: Phase) -> Irritability:
        """A phase after the first is dosed for the irritability at which it begins."""
        order: tuple[Irritability, ...] = ("high", "moderate", "low")
        return max(self.irritability, phase.dosed_for, key=order.index)

    def choosing(self, candidates: list[Candidate], irritability: Irritability) -> Choosing:
        limits, planning = self.limits, self.planning
        most = {
            "exercises": float(limits.exercises or planning.max_exercises[irritability]),
            "minutes": limits.minutes or planning.minutes_per_day,
            "visit_minutes": limits.visit_minutes or planning.visit_minutes,
            "activity": 1.0,
            "activity_minutes": planning.activity_minutes,
            "manual": float(planning.max_manual),
            "modalities": float(planning.max_modalities),
            "posture": float(planning.max_posture),
        }
        options = [
            option_of(candidate, self.ladders, own_minutes=limits.minutes is not None)
            for candidate in candidates
            if candidate.serves or candidate.forced
        ]
        once = {name: 1.0 for option in options for name in option.uses if name.startswith(("ladder.", "technique."))}
        return Choosing(options, self.needs, most | once, planning.diminishing)

    def too_tight(self, problem: Choosing) -> LimitsTooTight:
        problems = []
        for name, needed in to_relax(problem).items():
            what, most = name.replace("_", " "), problem.limits[name]
            if name.startswith("ladder."):
                problems.append(Problem("limits", name, "two wanted exercises stand on the same ladder", "keep one of them"))
            else:
                message = f"the wanted items need {needed:g} {what}, the limit is {most:g}"
                problems.append(Problem("limits", name, message, f"allow {needed:g} {what}, or want fewer items"))
        return LimitsTooTight(problems)

    def remember(self, chosen: list[Candidate], phase: Phase) -> None:
        for candidate in chosen:
            intervention = candidate.intervention
            if isinstance(intervention, Exercise):
                ladder = self.knowledge.ladder_of[intervention.id]
                self.reached[ladder.id] = ladder.steps.index(intervention.id)
            self.items.setdefault(intervention.id, self.item(intervention, phase.id, candidate))

    def item(self, intervention: Intervention, phase: PhaseId, candidate: Candidate | None = None) -> PlanItem:
        serves = tuple(candidate.serves) if candidate else served_by(intervention.id, self.assessment)
        if not serves:
            serves = ("everybody",) if getattr(intervention, "offer_when", "") == "TRUE" else ("indication",)
        return PlanItem(
            id=intervention.id,
            kind=intervention.kind,
            family=intervention.family,
            name=intervention.name,
            phase=phase,
            dose=candidate.dose if candidate else None,
            serves=serves,
            because=self.findings_behind(serves, intervention),
            limits=candidate.ruling.limits if candidate else (),
            ask=candidate.ruling.ask if candidate else (),
            sources=intervention.sources,
            evidence=intervention.evidence,
            wanted=intervention.id in self.limits.wanted,
            overridden=self.overridden(candidate) if candidate else (),
        )

    def findings_behind(self, serves: tuple[str, ...], intervention: Intervention) -> tuple[str, ...]:
        """The findings behind the needs an item serves, and behind its own indication."""
        names: list[str] = []
        for found in self.assessment.factors:
            if f"factor.{found.factor}" in serves:
                names += found.because
        for pattern in self.assessment.patterns:
            if f"pattern.{pattern.pattern}" in serves:
                names += pattern.because
        own = getattr(intervention, "indicated_when", "") or getattr(intervention, "offer_when", "")
        if own and self.assessment.facts.truth(own):
            names += self.assessment.safety.explainer.why(own)
        return tuple(dict.fromkeys(names))

    def passed_over(self, candidates: list[Candidate], problem: Choosing, choice: Choice) -> dict[str, LeftOut]:
        """Why a candidate was not chosen: its ladder has one, a limit it would need is full, or it would add nothing."""
        rivals = {self.ladders[id_]: self.knowledge.interventions[id_].name for id_ in choice.chosen if id_ in self.ladders}
        uses = {option.id: option.uses for option in problem.options}
        left = {}
        for candidate in candidates:
            if candidate.id in choice.chosen:
                continue
            full = [name.replace("_", " ") for name in choice.tight if name in uses.get(candidate.id, {}) and "." not in name]
            if rival := rivals.get(self.ladders.get(candidate.id, "")):
                text, change = f"another step of the same ladder was chosen: {rival}", "lock it, or swap the two"
            elif full:
                text, change = (
                    f"other items help more, and the limit is reached ({', '.join(full)})",
                    f"lock it, or allow more {full[0]}",
                )
            else:
                text, change = "what it serves is served by the items chosen", "lock it, or ban one of those"
            left[candidate.id] = LeftOut(candidate.id, "better_chosen", text, change, tuple(candidate.serves))
        return left

    def add_by_rule(self, phase: PhaseId) -> None:
        chosen, left = by_rule(self.assessment, self.limits)
        for intervention in chosen:
            self.items[intervention.id] = self.item(intervention, phase)
        self.left_out |= left


def served_by(id_: str, assessment: Assessment) -> tuple[str, ...]:
    """The needs for which an intervention is a choice."""
    from_factors = [f"factor.{found.factor}" for found in assessment.factors if id_ in choices(assessment, found.factor)]
    from_patterns = [f"pattern.{p.id}" for p in fitting_patterns(assessment) if id_ in (*p.calm, *p.restore, *p.load)]
    return (*from_factors, *from_patterns)
