"""What a person answers by themselves on the phone: the intake before the first visit, and the re-screen of "When to worry".

Each answer is a finding of the person's own, written as it is given; "not known" is kept beside it and never becomes a no. An
answer that raises an emergency, or a strong concern for today, ends the questions at once and alerts the clinic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from ....knowledge import Knowledge
from ....knowledge.care import Rescreen, StopSymptom
from ....knowledge.model import Condition
from ...accounts.models import User
from .. import audit, bridge, clock, interviewing
from ..interviewing import STOPS, WHICH, Outcome, State, listing_of, signs_of, state_of
from ..models import Concern, Episode, Finding, PatientInterview
from . import Overtaken, Refused, alerts, findings, visits

METHOD = "answered on the phone"
SOURCE = "patient"
PAUSES = ("emergency", "call")


@dataclass(frozen=True, slots=True)
class Answered:
    """The interview after an answer; `outcome` when it ended there, by a danger sign or because nothing is left to ask."""

    interview: PatientInterview
    outcome: Outcome | None = None


@transaction.atomic
def begin(*, episode: Episode, kind: str, knowledge: Knowledge, by: User) -> PatientInterview:
    """The interview that is open, so that it goes on wherever the person left it; else a new one."""
    episode = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=episode.pk)
    _own(episode, by)
    found = PatientInterview.objects.filter(episode=episode, kind=kind, finished_at=None).first()
    if found:
        return found
    made = PatientInterview.objects.create(episode=episode, kind=kind, started_at=clock.now())
    made.answers = foresee({}, state_of(made, knowledge, clock.today()))
    made.save(update_fields=["answers"])
    audit.write(by=by, action="interview.begin", person=episode.person, subject=made.ref, kind=kind)
    return made


@transaction.atomic
def leave(*, interview: PatientInterview, by: User) -> None:
    """Ends a re-screen that was begun too long ago to count: what was answered stays, and the questions begin anew."""
    found = _locked(interview, by)
    found.finished_at, found.outcome = clock.now(), {"action": "left"}
    found.save(update_fields=["finished_at", "outcome"])
    audit.write(by=by, action="interview.leave", person=found.episode.person, subject=found.ref)


@transaction.atomic
def answer(
    *, interview: PatientInterview, question: str, value: Any, knowledge: Knowledge, by: User, note: str = "", seen: str = ""
) -> Answered:
    """Saves the answer to the question that is asked, or another answer to one that was: None is "not known".

    `seen` is the ref of the answer that the page showed. Raises Refused for a value that does not fit, and Overtaken when the
    clinic has recorded something else in the meantime.
    """
    found = _locked(interview, by)
    state = state_of(found, knowledge, clock.today())
    if question not in state.told and question != state.next():
        raise Overtaken("This question is not asked any more", "Go on with the next one.")
    before = _stopping(found.episode)
    values = dict(_values(question, value, state, _own_answers(found.episode)))
    if values:
        findings.record(
            episode=found.episode, values=values, knowledge=knowledge, by=by, source=SOURCE, method=METHOD,
            seen={question: seen} if seen and question in values else None, notes={question: note[:500]} if note else None,
        )  # fmt: skip
    _keep(found, question, value)
    audit.write(by=by, action="interview.answer", person=found.episode.person, subject=found.ref, question=question)
    stands = _stopping(found.episode)
    return _after(found, knowledge, by, question, value, stands if _is_sign(found, question, value, knowledge) else stands - before)


def _is_sign(found: PatientInterview, question: str, value: Any, knowledge: Knowledge) -> bool:
    """Whether "When to worry" has just heard a sign: where a danger stands already, that is enough to stop."""
    told = bool(value) if question.startswith(WHICH) else value is True and question in knowledge.vocabulary.findings
    return found.kind == "rescreen" and told


def _after(found: PatientInterview, knowledge: Knowledge, by: User, question: str, value: Any, stopping: set[str]) -> Answered:
    """Ends the interview when it has to end, else foresees what is left of it."""
    state = state_of(found, knowledge, clock.today())
    if stopping or (question == STOPS and any(knowledge.of(StopSymptom)[name].call == "911" for name in value or ())):
        return _ended(found, state, by, stopped=True)
    if question == STOPS and value:  # told and paused now: the other questions may never be answered
        _tell(found, Outcome("call", "same_day", stops=tuple(state.stops)), state, by)
    if state.next() is None:
        return _ended(found, state, by, stopped=False)
    found.answers |= foresee(found.answers, state, question, value)
    found.save(update_fields=["answers", "outcome"])
    return Answered(found)


def foresee(answers: Mapping[str, Any], state: State, question: str = "", value: Any = None) -> dict[str, Any]:
    """What is left to ask, and by how much an answer has made it longer.

    It is looked at anew where an answer is not that of a well person, since that costs a look at every question to come. Else what
    was foreseen is left, with the next question in front.
    """
    before = answers.get("path") or []
    if before and value is not None and value == state.well_answer(question):
        following = state.next()
        known = state.told.keys() | state.known.keys()
        return {"path": [*filter(None, [following]), *(one for one in before if one not in known and one != following)], "more": 0}
    path = state.ahead()
    return {"path": path, "more": max(0, len(path) - max(0, len(before) - 1)) if before else 0}


# --- what an answer records --------------------------------------------------------------------------------------------------


def _values(question: str, value: Any, state: State, own: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The findings that an answer makes known. `own`: what the person has answered by themselves so far."""
    knowledge = state.knowledge
    if question == STOPS:
        unknown = [name for name in value or () if name not in knowledge.of(StopSymptom)]
        if unknown:
            raise Refused("This sign is not part of the list", "Choose from the list.")
    elif question.startswith(WHICH):
        yield from _signs(question.removeprefix(WHICH), value, state)
    elif question in knowledge.of(Rescreen):
        if value is False:
            yield from visits.nothing_new(_episode_of(state), knowledge.of(Rescreen)[question], knowledge).items()
    elif question in knowledge.vocabulary.gates:
        yield question, value
        if value is False:
            yield from ((name, False) for name in knowledge.vocabulary.gates[question].closes if own.get(name) is True)
    elif value is not None or question in own:
        yield question, value
        yield from _gate_of([question] if value is True else [], state)


def _signs(name: str, value: Any, state: State) -> Iterator[tuple[str, Any]]:
    """The signs that were picked from a list. What was not picked stays as it was; "none of these" is a no to what nobody knew."""
    listed = signs_of(listing_of(name, state.knowledge), state)
    stray = [one for one in value or () if one not in listed]
    if stray:
        raise Refused("This sign is not part of the list", "Choose from the list.")
    if value is not None and not value:
        yield from ((one, False) for one in listed if one not in state.known)
    yield from ((one, True) for one in value or ())
    yield from _gate_of(value or (), state)


def _gate_of(signs: Any, state: State) -> Iterator[tuple[str, Any]]:
    """A gate that was answered with no before one of its signs was told is a yes now; its other signs are open again."""
    for gate in state.knowledge.vocabulary.gates.values():
        if state.known.get(gate.id) is False and any(name in gate.closes for name in signs):
            yield gate.id, True


def _own_answers(episode: Episode) -> dict[str, Any]:
    rows = Finding.objects.filter(episode=episode, source=SOURCE).standing()
    return {row.finding: row.value for row in rows if row.value is not None}


def _keep(found: PatientInterview, question: str, value: Any) -> None:
    entry = {"q": question, "a": sorted(value) if isinstance(value, list | frozenset) else value, "at": clock.now().isoformat()}
    asked = list(found.answers.get("asked", ()))
    place = next((place for place, one in enumerate(asked) if one["q"] == question), len(asked))
    found.answers = found.answers | {"asked": [*asked[:place], entry, *asked[place + 1 :]]}
    found.save(update_fields=["answers"])


# --- how it ends -------------------------------------------------------------------------------------------------------------


def _ended(found: PatientInterview, state: State, by: User, *, stopped: bool) -> Answered:
    """Writes down what the answers ask for and tells the clinic. A stopped intake stays open: its other questions can wait."""
    assessment = bridge.assess_episode(found.episode, state.knowledge, on=state.on)
    outcome = interviewing.outcome_of(assessment, state.stops)
    found.outcome = outcome.table | {"at": clock.now().isoformat(), "stopped": stopped}
    if found.kind == "rescreen" or not stopped:
        found.finished_at = clock.now()
        found.answers = found.answers | {"path": [], "more": 0}
    found.save()
    _tell(found, outcome, state, by)
    audit.write(
        by=by, action="interview.end", person=found.episode.person, subject=found.ref, outcome=outcome.action, stopped=stopped
    )
    return Answered(found, outcome)


def _tell(found: PatientInterview, outcome: Outcome, state: State, by: User) -> None:
    """An alert for what needs somebody, and for anything new that "When to worry" has heard; exercises wait where they must."""
    if outcome.action != "go_on" or (found.kind == "rescreen" and state.something):
        urgency = outcome.urgency or "monitor"
        text = _said(found, outcome, state)
        alerts.raise_alert(episode=found.episode, kind=found.kind, urgency=urgency, text=text, by=by, since=found.started_at)
    if found.kind == "rescreen" and outcome.action in PAUSES:
        alerts.pause_home(episode=found.episode, reason="told in When to worry", rules=outcome.stops, by=by)


def _said(found: PatientInterview, outcome: Outcome, state: State) -> str:
    """What the clinic reads: what was raised and why, else what was told, in the therapist's words."""
    knowledge = state.knowledge
    names = [knowledge.of(Condition)[name].name for name in outcome.conditions]
    rows = Concern.objects.filter(episode=found.episode, condition__in=outcome.conditions, state="open")
    because = [words for row in rows for words in row.because][:3]
    stops = [knowledge.of(StopSymptom)[name].name for name in outcome.stops]
    signs = [knowledge.vocabulary.label(name) for name in sorted(state.signs)][:4] if not because else []
    parts = [", ".join(names[:2]), "; ".join(dict.fromkeys([*because, *stops, *signs]))]
    return ": ".join(filter(None, parts)) or "Something new, not sure of what; nothing urgent by the rules"


def _stopping(episode: Episode) -> set[str]:
    rows = Concern.objects.filter(episode=episode, state="open")
    return {one.condition for one in rows if interviewing.stops_now(one.urgency, one.level)}


# --- shared ------------------------------------------------------------------------------------------------------------------


def _locked(interview: PatientInterview, by: User) -> PatientInterview:
    """The interview while it may be written. Its episode is locked first, as in every action that records."""
    episode = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=interview.episode_id)
    _own(episode, by)
    found = PatientInterview.objects.select_for_update().get(pk=interview.pk)
    found.episode = episode
    if found.finished_at:
        raise Overtaken("These questions are finished", "Look at the answer.")
    return found


def _own(episode: Episode, by: User) -> None:
    if episode.person.user_id != by.pk:
        raise Refused("Only the person answers these questions", "The front desk enters the intake on its own page.")


def _episode_of(state: State) -> Episode:
    assert state.episode is not None
    return state.episode
