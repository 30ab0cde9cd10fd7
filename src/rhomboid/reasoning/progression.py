"""Progression: from the log of home sessions to hold, advance, step back or stop, for each exercise and with the reason.

The pain-monitoring rule, the next morning, the 24-hour response and the criteria of the exercise's type decide; the numbers
stand in care/progression.toml. A stop symptom overrides everything. The therapist confirms what advances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import fmean as mean
from typing import Literal

from ..knowledge.care import MorningRule, PainRule, ProgressionRule, RegressionRule, ResponseCode, StopSymptom
from ..knowledge.model import Exercise, Irritability
from .assess import Assessment
from .planning.plan import irritability_of
from .session_log import Session

Move = Literal["stop", "step_back", "hold", "advance"]
Color = Literal["green", "amber", "red"]
COLORS: tuple[Color, ...] = ("green", "amber", "red")
SHORT_SET = "short re-screen set"
FLARE, HALF = 4, (50, 50)
"""The response code of a flare, and what it leaves of the dose."""
LOADED = ("strength", "endurance")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do with one exercise. `next_exercise` is the neighbor to change to, if any; `dose_pct` what remains of the dose."""

    exercise: str
    move: Move
    reason: str
    action: str
    rules: tuple[str, ...]
    next_exercise: str | None = None
    dose_pct: tuple[int, int] = (100, 100)
    rescreen: tuple[str, ...] = ()


def propose(log: Sequence[Session], assessment: Assessment, *, on: date) -> tuple[Proposal, ...]:
    """A proposal for each exercise in the log (sessions oldest first). Pure and deterministic."""
    by_exercise: dict[str, list[Session]] = {}
    for session in log:
        by_exercise.setdefault(session.exercise, []).append(session)
    return tuple(_Judge(assessment, exercise, sessions, log, on).judge() for exercise, sessions in by_exercise.items())


class _Judge:
    """Judges one exercise by its sessions; the latest weighs first."""

    def __init__(
        self, assessment: Assessment, exercise: str, sessions: Sequence[Session], log: Sequence[Session], on: date
    ) -> None:
        """`sessions` are those of this exercise, `log` those of all: a stop symptom stops every exercise."""
        self.assessment, self.sessions, self.log, self.on = assessment, sessions, log, on
        self.knowledge = assessment.knowledge
        self.exercise = self.knowledge.of(Exercise)[exercise]
        self.latest = sessions[-1]
        self.irritability: Irritability = irritability_of(assessment)

    def judge(self) -> Proposal:
        for verdict in (self.stop(), self.call(), self.back(), self.rising(), self.morning(), self.amber()):
            if verdict is not None:
                return verdict
        missing = list(self.missing())
        if missing:
            rule = self.rule()
            return self.proposal("hold", "not yet: " + "; ".join(missing), rule.text, (rule.id,))
        return self.advance()

    def proposal(
        self,
        move: Move,
        reason: str,
        action: str,
        rules: tuple[str, ...],
        *,
        next_exercise: str | None = None,
        dose_pct: tuple[int, int] = (100, 100),
        rescreen: tuple[str, ...] = (),
    ) -> Proposal:
        return Proposal(self.exercise.id, move, reason, action, rules, next_exercise, dose_pct, rescreen)

    # --- stop and call -----------------------------------------------------------------------------------------------

    def stop(self) -> Proposal | None:
        names = self.standing_symptoms()
        symptoms = [self.knowledge.of(StopSymptom)[name] for name in names]
        if symptoms:
            emergency = any(symptom.call == "911" for symptom in symptoms)
            action = "Stop all exercises. Call 911 now." if emergency else "Stop all exercises and call the clinic today."
            ask = tuple(name for symptom in symptoms for name in symptom.findings)
            words = ", ".join(symptom.name.lower() for symptom in symptoms)
            return self.proposal("stop", f"stop symptom: {words}", action, names, dose_pct=(0, 0), rescreen=ask)
        if any(session.response == 5 for session in self.since_cleared()):
            reason, action = "a new symptom was reported", self.response_action(5)
            return self.proposal("stop", reason, action, ("resp_5",), dose_pct=(0, 0), rescreen=(SHORT_SET,))
        return None

    def since_cleared(self) -> Sequence[Session]:
        """The sessions since a therapist last cleared what was reported: a good session clears nothing by itself."""
        start = max((place for place, session in enumerate(self.log) if session.cleared), default=0)
        return self.log[start:]

    def standing_symptoms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for session in self.since_cleared() for name in session.symptoms))

    def call(self) -> Proposal | None:
        rule = self.morning_rule()
        if rule is None or not rule.rescreen:
            return None
        reason = f"the morning after was {self.rise_next_morning()} points above usual"
        return self.proposal("hold", reason, rule.plain, (rule.id,), dose_pct=rule.dose_pct, rescreen=(SHORT_SET,))

    # --- step back ---------------------------------------------------------------------------------------------------

    def back(self) -> Proposal | None:
        for trigger, reason in self.triggers():
            rule = next(rule for rule in self.knowledge.of(RegressionRule).values() if rule.trigger == trigger)
            again = trigger == "response" and len(self.sessions) > 1 and (self.sessions[-2].response or 0) >= rule.at
            easier = self.neighbor(-1) if again or trigger in ("pain_in_set", "form") else None
            flare = trigger == "response" and self.latest.response == FLARE
            return self.proposal(
                "step_back",
                reason,
                rule.action,
                (rule.id,),
                next_exercise=easier,
                dose_pct=HALF if flare else rule.dose_pct,
                rescreen=(SHORT_SET,) if flare else (),
            )
        return None

    def triggers(self) -> Iterator[tuple[str, str]]:
        """What asks for less, the gravest first."""
        latest = self.latest
        if latest.ill:
            yield "illness", "illness was reported"
        if latest.response is not None and latest.response >= 3:
            yield "response", f"24-hour response {latest.response}: {self.response_name(latest.response)}"
        if self.color() == "red":
            yield "pain_in_set", f"pain {latest.during}/10 in the set is beyond the limit (resting pain {latest.rest}/10)"
        if latest.form_ok is False:
            yield "form", "form broke"
        missed = (self.on - latest.on).days
        if missed >= next(r.at for r in self.knowledge.of(RegressionRule).values() if r.trigger == "missed_days"):
            yield "missed_days", f"{missed} days without a session"

    def rising(self) -> Proposal | None:
        """Resting pain that rises from week to week asks for another look before anything is added."""
        rule = next(rule for rule in self.knowledge.of(RegressionRule).values() if rule.trigger == "rising_weeks")
        weeks = self.weekly_rest(rule.at + 1)
        if any(one >= following for one, following in pairwise(weeks)) or weeks[-1] - weeks[0] < 1:
            return None
        reason = f"resting pain has risen for {rule.at} weeks: " + ", ".join(f"{mean:.1f}" for mean in weeks)
        return self.proposal("hold", reason, rule.action, (rule.id,), rescreen=(SHORT_SET,))

    def weekly_rest(self, count: int) -> list[float]:
        """Mean resting pain of the last weeks over all exercises, the earliest first; zeros while a week has none recorded."""
        weeks: list[list[int]] = [[] for _ in range(count)]
        for session in self.log:
            ago = (self.on - session.on).days // 7
            if session.rest is not None and 0 <= ago < count:
                weeks[-1 - ago].append(session.rest)
        return [mean(week) for week in weeks] if all(weeks) else [0.0] * count

    def morning(self) -> Proposal | None:
        rule = self.morning_rule()
        if rule is None or (rule.dose_pct == (100, 100) and not rule.hold):
            return None
        reason = self.morning_reason()
        move: Move = "hold" if rule.dose_pct == (100, 100) else "step_back"
        return self.proposal(move, reason, rule.text, (rule.id,), dose_pct=rule.dose_pct)

    def morning_reason(self) -> str:
        rise = self.rise_next_morning() or 0
        if self.latest.bad_night:
            return "a bad night because of the back"
        return (
            "stiff for more than 30 minutes in the morning"
            if self.latest.stiff_morning and rise <= 1
            else (f"the morning after was {rise} above usual")
        )

    def morning_rule(self) -> MorningRule | None:
        rise = self.rise_next_morning()
        if self.latest.stiff_morning:
            rise = max(rise or 0, 1)
        if self.latest.bad_night:
            rise = max(rise or 0, 2)
        if rise is None:
            return None
        return next(rule for rule in self.knowledge.of(MorningRule).values() if rule.rise[0] <= rise <= rule.rise[1])

    def rise_next_morning(self) -> int | None:
        rest, morning = self.latest.rest, self.latest.morning
        return None if rest is None or morning is None else morning - rest

    # --- pain in the set ---------------------------------------------------------------------------------------------

    def amber(self) -> Proposal | None:
        color = self.color()
        slow = [
            rule for rule in self.pain_rules() if self.latest.settled_min is not None and self.latest.settled_min > rule.settle_min
        ]
        if slow:
            reason = f"pain took {self.latest.settled_min} minutes to settle, more than {slow[0].settle_min}"
            remains = 100 - slow[0].settle_cut_pct
            action = f"Cut the dose by {slow[0].settle_cut_pct} %"
            return self.proposal("step_back", reason, action, (slow[0].id,), dose_pct=(remains, remains))
        resting = next((rule for rule in self.pain_rules() if not rule.loaded), None)
        if resting and self.exercise.type in LOADED:
            return self.proposal("hold", f"resting pain {self.latest.rest}/10", resting.green, (resting.id,), dose_pct=(0, 0))
        if color == "amber":
            rules = self.pain_rules()
            return self.proposal(
                "hold", f"pain {self.latest.during}/10 in the set", rules[0].amber, tuple(rule.id for rule in rules)
            )
        return None

    def pain_rules(self) -> list[PainRule]:
        return [] if self.latest.rest is None else pain_rules(self.assessment, self.latest.rest)

    def color(self) -> Color | None:
        rest, during = self.latest.rest, self.latest.during
        rules = self.pain_rules()
        if rest is None or during is None or not rules:
            return None
        return _strictest(rules, rest, during)[0]

    # --- hold or advance ---------------------------------------------------------------------------------------------

    def rule(self) -> ProgressionRule:
        return next(rule for rule in self.knowledge.of(ProgressionRule).values() if self.exercise.type in rule.types)

    def missing(self) -> Iterator[str]:
        """What of the criteria does not hold yet, or was not recorded."""
        rule = self.rule()
        recent = self.sessions[-rule.sessions :]
        if len(recent) < rule.sessions:
            yield f"{len(recent)} of {rule.sessions} sessions"
        if not all(session.completed for session in recent):
            yield "a session was not completed"
        if self.color() is None:
            yield "pain at rest and in the set were not recorded"
        if self.rise_next_morning() is None:
            yield "pain of the next morning not recorded"
        yield from _short("24-hour response", [s.response for s in recent], rule.response_max, at_most=True)
        if rule.rpe_max < 10:
            yield from _short("effort", [s.effort for s in recent], rule.rpe_max, at_most=True)
        for name, values, needed in (
            ("extra repetitions", [s.extra_reps for s in recent], rule.extra_reps),
            ("seconds beyond the target", [s.extra_hold_s for s in recent], rule.extra_hold_s),
            ("correct repetitions of 10", [s.correct_of_10 for s in recent], rule.correct_of_10),
            ("gain in MDC", [s.gain_mdc for s in recent[-1:]], rule.gain_mdc),
        ):
            if needed:
                yield from _short(name, values, needed, at_most=False)
        if rule.weeks_at_dose and (self.latest.on - self.sessions[0].on).days < 7 * rule.weeks_at_dose:
            yield f"less than {rule.weeks_at_dose} weeks at this dose"

    def advance(self) -> Proposal:
        rule = self.rule()
        harder = self.neighbor(+1)
        return self.proposal("advance", rule.text, rule.step, (rule.id,), next_exercise=harder)

    def neighbor(self, step: int) -> str | None:
        """The next exercise on the ladder that this person may do, skipping what is contraindicated."""
        move = self.knowledge.harder if step > 0 else self.knowledge.easier
        candidate = move(self.exercise.id)
        while candidate is not None:
            if self.assessment.safety.rule(self.knowledge.of(Exercise)[candidate]).verdict in ("ok", "care"):
                return candidate
            candidate = move(candidate)
        return None

    def response_name(self, code: int) -> str:
        return next(one.name for one in self.knowledge.of(ResponseCode).values() if one.code == code).lower()

    def response_action(self, code: int) -> str:
        return next(one.action for one in self.knowledge.of(ResponseCode).values() if one.code == code)


def pain_rules(assessment: Assessment, rest: int) -> list[PainRule]:
    """The bands that fit this person's resting pain (0-10) and irritability; all hold, and the strictest color wins."""
    irritability = irritability_of(assessment)
    return [
        rule
        for rule in assessment.knowledge.of(PainRule).values()
        if rule.rest[0] <= rest <= rule.rest[1] and irritability in rule.irritability and assessment.facts.truth(rule.when)
    ]


@dataclass(frozen=True, slots=True)
class PainLimits:
    """What pain in a set means on a day with this resting pain: a color for each number 0 to 10, and the band whose words say
    what to do; `loaded` is False when strength and endurance wait that day."""

    colors: tuple[Color, ...]
    rules: tuple[PainRule, ...]
    loaded: bool


def pain_limits(assessment: Assessment, rest: int) -> PainLimits:
    """The agreed limits for one person and one resting pain (0-10), as a page shows them beside an exercise."""
    rules = pain_rules(assessment, rest)
    found = [_strictest(rules, rest, during) for during in range(11)]
    return PainLimits(tuple(color for color, _ in found), tuple(rule for _, rule in found), all(rule.loaded for rule in rules))


def _strictest(rules: Sequence[PainRule], rest: int, during: int) -> tuple[Color, PainRule]:
    found = [(_color(rule, during, during - rest), rule) for rule in rules]
    return max(found, key=lambda one: COLORS.index(one[0]))


def _color(rule: PainRule, during: int, rise: int) -> Color:
    numbers = {"number": (during, rule.number_green, rule.number_amber), "rise": (rise, rule.rise_green, rule.rise_amber)}
    counted = [numbers[what] for what in rule.counts]
    if any(value > amber for value, _, amber in counted):
        return "red"
    return "amber" if any(value > green for value, green, _ in counted) else "green"


def _short(name: str, values: Sequence[float | None], limit: float, *, at_most: bool) -> Iterator[str]:
    """Whether recorded values miss a limit, in words; what was not recorded is missing too."""
    if any(value is None for value in values):
        yield f"{name} not recorded"
    elif at_most and any(value is not None and value > limit for value in values):
        yield f"{name} above {limit:g}"
    elif not at_most and any(value is not None and value < limit for value in values):
        yield f"{name} below {limit:g}"
