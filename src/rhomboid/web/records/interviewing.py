"""What a person is asked on the phone, one question after the other, and what their answers ask for. It only reads.

The core picks the questions of the screening; which others an intake has, and in which order, is knowledge (`intake_part`). The
short re-screen has the stop symptoms, the set that is asked at each visit, and what the core still needs to know about a yes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from ...knowledge import Knowledge
from ...knowledge.care import Instrument, IntakePart, Rescreen, StopSymptom
from ...knowledge.model import HOLDING, Condition, Urgency
from ...reasoning.assess import Assessment
from ...reasoning.explain import Explainer
from ...reasoning.facts import Facts, evaluate, known_values
from ...reasoning.interview import Interview
from ...reasoning.letter import private_conditions
from ...reasoning.screening import Raised
from ...vocabulary import Value
from . import bridge
from .actions.findings import FROM_PERSON
from .actions.visits import due_questions
from .models import Concern, Episode, PatientInterview

STOPS = "stops"
"""The first question of a re-screen: a list of the stop symptoms."""
WHICH = "which:"
"""Before the id of a question of the short set, or of a stop symptom: which of its signs it is."""
SHIPPED = ("own_wording", "items_ok")
HIGH = ("high", "emergency")
"""From this concern on an urgency of the same day ends the questions (prod)."""
MOST_FOLLOWED = 8
"""How many questions of the core follow what was told in a re-screen: about two minutes in all (prod)."""
FOLLOWED: tuple[Urgency, ...] = ("emergency_now", "same_day")
"""The urgencies whose rules they follow, and whose open concerns hold the questions (prod)."""
Action = Literal["go_on", "see_doctor", "call", "emergency"]


@dataclass(frozen=True)
class State:
    """Where an interview stands. `known` is everything known of the person, `told` what was answered in this interview: None is
    "not known", which is an answer and no value."""

    knowledge: Knowledge
    kind: str
    on: date
    known: Mapping[str, Value]
    told: Mapping[str, Any] = field(default_factory=dict)
    episode: Episode | None = None

    @cached_property
    def facts(self) -> Facts:
        found, _ = known_values(self.known, self.knowledge.vocabulary, self.on)
        return evaluate(found, self.knowledge)

    def next(self) -> str | None:
        """What to ask next; None at the end."""
        return self._next

    @cached_property
    def _next(self) -> str | None:
        return next(self._rescreen() if self.kind == "rescreen" else self._intake(), None)

    def ahead(self) -> list[str]:
        """What is still to be asked if every answer is that of a well person: an honest guess of how long it takes."""
        state, found = self, []
        while (question := state.next()) is not None:
            found.append(question)
            state = state.as_well(question)
        return found

    def as_well(self, question: str) -> State:
        """The state after a well person's answer; where there is none, after "not known"."""
        value = self.well_answer(question)
        known = {**self.known, question: value} if value is not None and self._is_finding(question) else self.known
        return replace(self, known=known, told={**self.told, question: value})

    def well_answer(self, question: str) -> Any:
        """What a well person would say: a no, a usual value; None where there is nothing usual."""
        vocabulary = self.knowledge.vocabulary
        if question in vocabulary.dates:
            days = next((vocabulary.well.get(name) for name, of in vocabulary.days_since.items() if of == question), None)
            return (self.on - timedelta(days=int(days))).isoformat() if isinstance(days, int | float) else None
        if question in vocabulary.findings:
            return vocabulary.well.get(question)
        return [] if question == STOPS else False

    def _is_finding(self, name: str) -> bool:
        return name in self.knowledge.vocabulary.givable or name in self.knowledge.vocabulary.gates

    # --- intake --------------------------------------------------------------------------------------------------------

    def _intake(self) -> Iterator[str]:
        for part in self.knowledge.of(IntakePart).values():
            yield from (name for name in listed(part, self.knowledge) if self._open(name))
            if part.screening and (question := self._screening()) is not None:
                yield question

    def _open(self, name: str) -> bool:
        return name not in self.told and name not in self.known and self.applies(name)

    def applies(self, name: str) -> bool:
        """Whether a question is worth asking this person; one that is not known to be needless is."""
        return Explainer(self.facts).worth_asking(name)

    def _screening(self, about: frozenset[str] = frozenset()) -> str | None:
        """The core's next question, with a date where it asks for the days since."""
        vocabulary = self.knowledge.vocabulary
        unsure = {name for name, value in self.told.items() if value is None} | private(self.knowledge) | set(FROM_PERSON)
        unsure |= {days for days, of in vocabulary.days_since.items() if of in unsure}
        gates = [name for name in self.known if name in vocabulary.gates]
        core = Interview(
            self.knowledge, self.on, self.known, frozenset(unsure), (*self.told, *gates), by="patient", about=about,
            urgencies=FOLLOWED if about else (),
        )  # fmt: skip
        found = core.next_question()
        return vocabulary.days_since.get(found, found) if found else None

    # --- when to worry -------------------------------------------------------------------------------------------------

    def _rescreen(self) -> Iterator[str]:
        if STOPS not in self.told:
            yield STOPS
        yield from (f"{WHICH}{name}" for name in self.stops if self._opens(name))
        for one in due_questions(self.knowledge):
            if one.id not in self.told:
                yield one.id
            elif self.told[one.id] is not False:
                yield from self._opened(one)
        if self.signs and self._followed < MOST_FOLLOWED and (question := self._screening(self.signs)) is not None:
            yield question

    def _opens(self, name: str) -> bool:
        return f"{WHICH}{name}" not in self.told and bool(signs_of(listing_of(name, self.knowledge), self))

    def _opened(self, one: Rescreen) -> Iterator[str]:
        """What a yes, or not being sure, opens: which of its signs it is, and the numbers that belong to it."""
        if self._opens(one.id):
            yield f"{WHICH}{one.id}"
        findings = self.knowledge.vocabulary.findings
        numbers = (name for name in one.findings if name in findings and findings[name].type != "flag")
        yield from (name for name in numbers if name not in self.told and "patient" in findings[name].by and self.applies(name))

    @property
    def stops(self) -> list[str]:
        """The stop symptoms that were told."""
        return list(self.told.get(STOPS) or ())

    @cached_property
    def signs(self) -> frozenset[str]:
        """The signs that were told in this re-screen."""
        lists = [value or () for question, value in self.told.items() if question.startswith(WHICH)]
        flags = [name for name, value in self.told.items() if value is True and name in self.knowledge.vocabulary.findings]
        return frozenset(flags).union(*lists)

    @property
    def _followed(self) -> int:
        """How many of the core's own questions were asked."""
        asked = {name for one in due_questions(self.knowledge) for name in (one.id, *one.findings)}
        return sum(name not in asked and name != STOPS and not name.startswith(WHICH) for name in self.told)

    @property
    def something(self) -> bool:
        """Whether a re-screen has heard anything but no."""
        return bool(self.stops) or any(value is True or value is None for value in self.told.values())


Listing = Rescreen | StopSymptom


def listing_of(name: str, knowledge: Knowledge) -> Listing:
    """What has a list of signs: a question of the short set, or a stop symptom. Raises KeyError for anything else."""
    found: Listing = knowledge.of(Rescreen)[name] if name in knowledge.of(Rescreen) else knowledge.of(StopSymptom)[name]
    return found


def state_of(interview: PatientInterview, knowledge: Knowledge, on: date) -> State:
    known = bridge.case_of(interview.episode, knowledge, on=on).findings
    return State(knowledge, interview.kind, on, known, told_in(interview), interview.episode)


def told_in(interview: PatientInterview) -> dict[str, Any]:
    """The answers of an interview in the order in which they were asked."""
    return {one["q"]: one["a"] for one in interview.answers.get("asked", ())}


def listed(part: IntakePart, knowledge: Knowledge) -> list[str]:
    """The findings a part asks for, those of its questionnaires included, each once."""
    names = list(part.findings)
    if part.questionnaires:
        names += [one.finding for one in knowledge.of(Instrument).values() if _shipped(one, knowledge)]
    return list(dict.fromkeys(names))


def _shipped(one: Instrument, knowledge: Knowledge) -> bool:
    """Whether a questionnaire may be shown in our words at intake, to be answered by the person."""
    entry = knowledge.vocabulary.findings.get(one.finding)
    return one.ship in SHIPPED and "intake" in one.schedule and entry is not None and "patient" in entry.by


def signs_of(one: Listing, state: State) -> list[str]:
    """The yes-or-no signs of a question that a person can answer and that apply to them."""
    findings = state.knowledge.vocabulary.findings
    flags = (name for name in one.findings if name in findings and findings[name].type == "flag")
    return [name for name in flags if "patient" in findings[name].by and state.applies(name)]


def private(knowledge: Knowledge) -> set[str]:
    """What is asked in a quiet room and never on a phone that others may see."""
    conditions = knowledge.of(Condition)
    return set(knowledge.findings_read(level.when for name in private_conditions(knowledge) for level in conditions[name].level))


# --- what the answers ask for ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the person is to do, how fast, for which conditions, and which of their own findings and stop symptoms say so."""

    action: Action
    urgency: str = ""
    conditions: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()

    @property
    def table(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "urgency": self.urgency,
            "conditions": list(self.conditions),
            "because": list(self.because),
            "stops": list(self.stops),
        }


def stops_now(urgency: str, concern: str) -> bool:
    """Whether a raised concern ends an interview at once: an emergency does, and one for today when it is strong.

    The person goes on when a licensed therapist has lowered it; what is slower never stops anybody.
    """
    return urgency == "emergency_now" or (urgency == "same_day" and concern in HIGH)


def standing_stop(episode: Episode) -> bool:
    """Whether an open concern keeps this person from going on with questions."""
    rows = Concern.objects.filter(episode=episode, state="open", urgency__in=FOLLOWED)
    return any(stops_now(one.urgency, one.level) for one in rows)


def outcome_of(assessment: Assessment, stops: Collection[str] = ()) -> Outcome:
    """The outcome of all that is known, with the stop symptoms that were just told."""
    standing = [one for one in assessment.screening.raised if not one.closed_by and one.urgency in HOLDING]
    urgency = _fastest(standing, stops, assessment.knowledge)
    raised = [one for one in standing if one.urgency == urgency]
    return Outcome(
        action=_action(urgency),
        urgency=urgency,
        conditions=tuple(one.condition for one in raised),
        because=_told_by_patient(raised, assessment.knowledge),
        stops=tuple(stops),
    )


def _fastest(standing: Iterable[Raised], stops: Collection[str], knowledge: Knowledge) -> str:
    calls = [knowledge.of(StopSymptom)[name].call for name in stops]
    found = [one.urgency for one in standing] + ["emergency_now" if call == "911" else "same_day" for call in calls]
    return min(found, key=HOLDING.index, default="")


def _action(urgency: str) -> Action:
    actions: dict[str, Action] = {"emergency_now": "emergency", "same_day": "call", "urgent_days": "see_doctor"}
    return actions.get(urgency, "go_on")


def _told_by_patient(raised: Iterable[Raised], knowledge: Knowledge) -> tuple[str, ...]:
    findings = knowledge.vocabulary.findings
    names = dict.fromkeys(name for one in raised for name in one.because)
    plain = dict.fromkeys(below for name in names for below in (knowledge.plain_below(name) or [name]))
    return tuple(name for name in plain if name in findings and "patient" in findings[name].by)
