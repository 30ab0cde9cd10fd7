"""Filter first: which interventions may be chosen for this person in a phase, and why the others may not.

Contraindicated is never offered. Everything left out keeps its reason and what would change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...knowledge.care import Phase, Planning
from ...knowledge.model import (
    Coordination,
    Dose,
    Education,
    Exercise,
    Factor,
    Intervention,
    Irritability,
    Manual,
    Modality,
    Pattern,
    Posture,
)
from ..assess import Assessment
from ..safety import Ruling
from .limits import Limits
from .solve import Option

RELIEF = "relief"
"""The need for short-term relief, which hands-on care and modalities serve when they are indicated."""
NONSPECIFIC = "nonspecific_thoracic_pain"
LIMITED = 0.85
"""An intervention under a limit is a little less worth than one without (prod)."""
CARRIED_ON = 0.15
"""Going on with an exercise, or with its next step, is worth a little more than a new one (prod)."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An intervention that is not in the plan: a reason in one word, the reason in a sentence, and what would change it.

    `against`: the rows of the contraindication matrix that a licensed therapist may override; none where nobody may.
    """

    id: str
    reason: str
    text: str
    change: str
    because: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intervention that may be chosen, with what it serves, its dose, and the limits under which it is given."""

    intervention: Intervention
    serves: Mapping[str, float]
    dose: Dose | None
    ruling: Ruling
    forced: bool
    bonus: float = 0.0

    @property
    def id(self) -> str:
        return self.intervention.id


def needs_of(assessment: Assessment) -> dict[str, float]:
    """What help is needed for, with weights: each factor by its severity, and the templates of the patterns that fit best."""
    needs = {f"factor.{found.factor}": float(found.severity) for found in assessment.factors}
    planning = assessment.knowledge.of(Planning)["planning"]
    for pattern in fitting_patterns(assessment):
        needs[f"pattern.{pattern.id}"] = planning.pattern_weight
    needs[RELIEF] = planning.relief_weight
    return needs


def fitting_patterns(assessment: Assessment) -> list[Pattern]:
    """The one or two best supported patterns; nonspecific pain when none is."""
    patterns = assessment.knowledge.of(Pattern)
    found = [patterns[one.pattern] for one in assessment.patterns if one.status == "supported"][:2]
    return found or [patterns[NONSPECIFIC]]


class Filter:
    """Sorts all interventions for one phase into candidates and left out."""

    def __init__(
        self,
        assessment: Assessment,
        limits: Limits,
        phase: Phase,
        irritability: Irritability,
        before: Mapping[str, int],
        *,
        first: bool,
    ) -> None:
        """`before`: for each ladder the step reached in an earlier phase; `first`: whether the plan starts in this phase."""
        self.first = first
        self.assessment, self.limits, self.phase, self.irritability, self.before = assessment, limits, phase, irritability, before
        self.knowledge = assessment.knowledge
        self.planning = self.knowledge.of(Planning)["planning"]
        self.truth = assessment.facts.truth
        self.serving = self._serving()
        self.left_out: dict[str, LeftOut] = {}
        self.standing_in = self._standing_in()

    def _serving(self) -> dict[str, dict[str, float]]:
        """For each intervention the needs it serves, and how much: first choice, second choice, template of a pattern."""
        serving: dict[str, dict[str, float]] = {}
        factors = self.knowledge.of(Factor)
        for found in self.assessment.factors:
            factor = factors[found.factor]
            for ids, worth in ((factor.second, self.planning.second_choice), (factor.first, self.planning.first_choice)):
                for id_ in ids:
                    serving.setdefault(id_, {})[f"factor.{factor.id}"] = worth
        for pattern in fitting_patterns(self.assessment):
            for id_ in self._template(pattern):
                serving.setdefault(id_, {})[f"pattern.{pattern.id}"] = self.planning.first_choice
        return serving

    def _standing_in(self) -> dict[str, list[Manual]]:
        """The gentler techniques that take the place of firm ones which a row of the matrix limits, with those firm ones."""
        found: dict[str, list[Manual]] = {}
        for firm in self.knowledge.interventions.values():
            if isinstance(firm, Manual) and self._limiting(firm) and self._may_be_given(firm.gentler):
                found.setdefault(firm.gentler, []).append(firm)
        return found

    def _may_be_given(self, gentler: str) -> bool:
        return bool(gentler) and self.assessment.safety.rule(self.knowledge.interventions[gentler]).verdict in ("ok", "care")

    def _limiting(self, firm: Manual) -> tuple[str, ...]:
        """The active rows of the matrix that limit it; what is not known yet, and its own words of care, are none."""
        ruling = self.assessment.safety.rule(firm, self.limits.rows_overridden(firm.id))
        active = {one.row for one in self.assessment.safety.active}
        return tuple(row for row in ruling.rows if row in active) if ruling.verdict == "care" and not ruling.against else ()

    def _template(self, pattern: Pattern) -> tuple[str, ...]:
        """The pattern's template for this phase; a plan that starts later takes what the phases before it would have given."""
        phases = list(self.knowledge.of(Phase))
        here = phases.index(self.phase.id)
        taken = phases[: here + 1] if self.first else [self.phase.id]
        return tuple(id_ for phase in taken for id_ in getattr(pattern, phase, ()))

    def candidates(self, kinds: tuple[type[Intervention], ...]) -> list[Candidate]:
        found = []
        for intervention in self.knowledge.interventions.values():
            if isinstance(intervention, kinds):
                candidate = self.candidate(intervention)
                if candidate:
                    found.append(candidate)
        return found

    def out(self, intervention: Intervention, reason: str, text: str, change: str, because: tuple[str, ...] = ()) -> None:
        self.left_out[intervention.id] = LeftOut(intervention.id, reason, text, change, because)

    def candidate(self, intervention: Intervention) -> Candidate | None:
        forced = intervention.id in self.limits.wanted
        ruling = self.assessment.safety.rule(intervention, self.limits.rows_overridden(intervention.id))
        if not (self._allowed(intervention, ruling) and self._fits(intervention) and (forced or self._speaks_for(intervention))):
            return None
        dose = self._dose(intervention)
        if dose is None and isinstance(intervention, Exercise | Manual):
            text = f"is not used at {self.irritability} irritability"
            self.out(intervention, "irritability", text, "when irritability has fallen")
            return None
        return Candidate(intervention, self._worth(intervention, ruling), dose, ruling, forced, self._bonus(intervention))

    def _allowed(self, intervention: Intervention, ruling: Ruling) -> bool:
        """Whether safety and the therapist let it in."""
        if ruling.verdict == "blocked":
            self._blocked(intervention, ruling)
        elif ruling.verdict == "wait" and not self._can_be_tested(intervention):
            asked = ", ".join(self.knowledge.vocabulary.label(name) for name in ruling.ask[:4])
            self.out(intervention, "unanswered", "waits for answers that matter to its safety", f"find out: {asked}", ruling.ask)
        elif intervention.id in self.limits.banned:
            self.out(intervention, "banned", "banned or swapped by the therapist", "lift the ban")
        else:
            return True
        return False

    def _blocked(self, intervention: Intervention, ruling: Ruling) -> None:
        reasons = dict.fromkeys(self.assessment.safety.name(row) for row in ruling.rows)
        names = dict.fromkeys(
            name for active in self.assessment.safety.active if active.row in ruling.rows for name in active.because
        )
        text = "contraindicated: " + "; ".join(reasons)
        after = self.assessment.safety.rule(intervention, ruling.against)
        if after.verdict == "wait" and not self._can_be_tested(intervention):
            asked = ", ".join(self.knowledge.vocabulary.label(name) for name in after.ask[:4])
            self.out(intervention, "contraindicated", text, f"nothing before this is known: {asked}", tuple(names))
            return
        against = () if ruling.final else ruling.against
        self.left_out[intervention.id] = LeftOut(
            intervention.id, "contraindicated", text, self._change(ruling), tuple(names), against
        )

    def _change(self, ruling: Ruling) -> str:
        """What would let a contraindicated intervention in."""
        if not ruling.final:
            return "only a licensed therapist, with a reason and the medical clearance it rests on"
        if all(row.startswith("concern.") for row in ruling.against):
            return "when the concern is cleared, or a named therapist lowers it with a reason"
        return "nothing: this one may not be overridden"

    def _can_be_tested(self, intervention: Intervention) -> bool:
        """Heat waits for a test that is done right before it: it is offered with that test."""
        return isinstance(intervention, Modality) and intervention.columns == ("HT",)

    def _fits(self, intervention: Intervention) -> bool:
        """Whether the person's own limits let it in."""
        if not isinstance(intervention, Exercise):
            return True
        if missing := self.limits.missing(intervention):
            things = " and ".join(item.replace("_", " ") for item in missing)
            self.out(intervention, "equipment", f"needs {things}", f"with {things} at hand")
        elif intervention.position in self.limits.avoid_positions:
            position = intervention.position.replace("_", " ")
            self.out(intervention, "position", f"is done {position}", f"when {position} is tolerated")
        elif self._outgrown(intervention):
            self.out(intervention, "outgrown", "an earlier phase is further up its ladder", "when a harder step is too much")
        else:
            return True
        return False

    def _outgrown(self, exercise: Exercise) -> bool:
        ladder = self.knowledge.ladder_of[exercise.id]
        return ladder.steps.index(exercise.id) < self.before.get(ladder.id, 0) and exercise.id not in self.limits.wanted

    def _speaks_for(self, intervention: Intervention) -> bool:
        return self._indicated(intervention) and not self._gentler_first(intervention)

    def _gentler_first(self, intervention: Intervention) -> bool:
        """Whether a gentler technique stands in for it."""
        if not isinstance(intervention, Manual) or intervention not in self.standing_in.get(intervention.gentler, ()):
            return False
        rows = ", ".join(self.assessment.safety.name(row) for row in self._limiting(intervention))
        instead = self.knowledge.interventions[intervention.gentler].name
        self.out(intervention, "gentler_first", f"{instead} stands in for it: {rows}", "if the therapist adds it")
        return True

    def _indicated(self, intervention: Intervention) -> bool:
        """Whether anything speaks for it: a need it serves, and for hands-on help and modalities its own indication."""
        serves = intervention.id in self.serving
        if isinstance(intervention, Manual | Modality):
            return self._indicated_when(intervention)
        offer = getattr(intervention, "offer_when", "")
        truth = self.truth(offer) if offer else None
        if truth or (serves and truth is None):
            return True
        wanted = [
            factor.name.lower()
            for factor in self.knowledge.of(Factor).values()
            if intervention.id in (*factor.first, *factor.second)
        ]
        change = "if one of these were found: " + ", ".join(wanted[:4]) if wanted else "if the therapist adds it"
        self.out(intervention, "not_needed", "serves none of the contributing factors found", change)
        return False

    def _indicated_when(self, intervention: Manual | Modality) -> bool:
        firm = self.standing_in.get(intervention.id, [])
        if self.irritability not in intervention.irritability and not firm:
            text = f"is not used at {self.irritability} irritability"
            self.out(intervention, "irritability", text, "when irritability has fallen")
            return False
        if any(self.truth(one.indicated_when) for one in firm):
            return True
        truth = self.truth(intervention.indicated_when)
        if not truth:
            open_ = self.assessment.safety.explainer.decides(intervention.indicated_when)
            asked = sorted(open_, key=lambda name: (-open_[name], name))[:3]
            labels = ", ".join(self.knowledge.vocabulary.label(name) for name in asked)
            text = "its indication is not known yet" if truth is None else "is not indicated"
            self.out(
                intervention,
                "not_indicated",
                text,
                f"find out: {labels}" if labels else "if its indication were found",
                tuple(asked),
            )
        return bool(truth)

    def _dose(self, intervention: Intervention) -> Dose | None:
        doses: Mapping[Irritability, Dose] = getattr(intervention, "dose", {})
        return self.limits.dose_of(intervention.id) or doses.get(self.irritability) if doses else None

    def _worth(self, intervention: Intervention, ruling: Ruling) -> dict[str, float]:
        """What it gives to each need: its rank, the strength of its evidence, how well it fits the phase, and its limits."""
        serves = dict(self.serving.get(intervention.id, {}))
        for firm in self.standing_in.get(intervention.id, ()):
            serves |= self.serving.get(firm.id, {})
        if isinstance(intervention, Manual | Modality):
            serves = {RELIEF: self.planning.second_choice} | serves
        fit = self.planning.grades.get(getattr(intervention, "grade", "B"), 1.0)
        if isinstance(intervention, Exercise):
            fit *= self.phase.weights.get(intervention.type, 0.0)
        elif isinstance(intervention, Manual):
            fit *= self.phase.manual
        if ruling.verdict == "care":
            fit *= LIMITED
        return {need: worth * fit for need, worth in serves.items()}

    def _bonus(self, intervention: Intervention) -> float:
        if not isinstance(intervention, Exercise):
            return 0.0
        ladder = self.knowledge.ladder_of[intervention.id]
        reached = self.before.get(ladder.id)
        step = ladder.steps.index(intervention.id)
        return CARRIED_ON if reached is not None and step in (reached, reached + 1) else 0.0


def option_of(candidate: Candidate, ladders: Mapping[str, str], *, own_minutes: bool) -> Option:
    """The candidate as an option of the optimisation: what it uses of each limit.

    General activity such as walking stands beside the home program, with a limit of its own; where the person named the
    minutes of a day (`own_minutes`), it counts there too.
    """
    intervention, dose = candidate.intervention, candidate.dose
    uses: dict[str, float] = {}
    minutes = 0.0
    if isinstance(intervention, Exercise) and dose:
        minutes = daily_minutes(dose)
        uses = {f"ladder.{ladders[intervention.id]}": 1.0}
        if intervention.type == "aerobic":
            uses |= {"activity": 1.0, "activity_minutes": minutes}
        else:
            uses["exercises"] = 1.0
        if own_minutes or intervention.type != "aerobic":
            uses["minutes"] = minutes
    elif isinstance(intervention, Manual) and dose:
        minutes = dose.minutes
        uses = {"manual": 1.0, "visit_minutes": minutes, f"technique.{intervention.technique}": 1.0}
    elif isinstance(intervention, Modality):
        minutes = intervention.minutes
        uses = {"modalities": 1.0}
    elif isinstance(intervention, Posture):
        uses = {"posture": 1.0}
    return Option(candidate.id, candidate.serves, uses, minutes, candidate.forced, candidate.bonus)


def daily_minutes(dose: Dose) -> float:
    """Minutes on an average day of the week: strength three times a week does not cost every day."""
    return round(dose.minutes * min(dose.per_week or 7.0, 7.0) / 7.0, 1)


def by_rule(assessment: Assessment, limits: Limits) -> tuple[list[Intervention], dict[str, LeftOut]]:
    """Education and work with others are offered by their own rules, not by the optimisation: words cost no strength."""
    chosen: list[Intervention] = []
    left: dict[str, LeftOut] = {}
    asked = {id_ for found in assessment.factors for id_ in choices(assessment, found.factor)}
    asked |= {id_ for pattern in fitting_patterns(assessment) for id_ in (*pattern.calm, *pattern.restore, *pattern.load)}
    for intervention in assessment.knowledge.interventions.values():
        if not isinstance(intervention, Education | Coordination):
            continue
        truth = assessment.facts.truth(intervention.offer_when)
        if intervention.id in limits.banned:
            left[intervention.id] = LeftOut(intervention.id, "banned", "banned or swapped by the therapist", "lift the ban")
        elif truth or (intervention.id in asked and truth is None) or intervention.id in limits.wanted:
            chosen.append(intervention)
        else:
            open_ = assessment.safety.explainer.decides(intervention.offer_when)
            labels = ", ".join(assessment.knowledge.vocabulary.label(name) for name in sorted(open_)[:3])
            change = f"find out: {labels}" if labels else "when its reason arises"
            left[intervention.id] = LeftOut(intervention.id, "not_needed", "nothing found asks for it", change)
    return chosen, left


def choices(assessment: Assessment, factor: str) -> tuple[str, ...]:
    """The interventions of first and second choice for a factor."""
    entry = assessment.knowledge.of(Factor)[factor]
    return (*entry.first, *entry.second)
