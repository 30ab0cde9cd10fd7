"""A person at their phone: agreeing, and answering what is asked, from a list of what is true of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.test import Client

from rhomboid import Case, Knowledge
from rhomboid.knowledge.care import IntakePart
from rhomboid.reasoning.interview import form_questions
from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current, interviewing
from rhomboid.web.records.actions import consents, findings
from rhomboid.web.records.actions.findings import FROM_PERSON
from rhomboid.web.records.models import Episode, PatientInterview, Person

INTAKE, WORRY = "/me/intake", "/me/worry/questions"
STOPS = interviewing.STOPS


def agree(episode: Episode, by: User) -> None:
    for kind in consents.BY_ONESELF:
        consents.answer(episode=episode, kind=kind, given=True, text="What was read", by=by)


def interview(episode: Episode, kind: str = "intake") -> PatientInterview:
    found = PatientInterview.objects.filter(episode=episode, kind=kind).last()
    assert found
    return found


def asked(episode: Episode, kind: str = "intake") -> str | None:
    """What is asked now."""
    found = interview(Episode.objects.select_related("person").get(pk=episode.pk), kind)
    return None if found.finished_at else interviewing.state_of(found, current.knowledge(), clock.today()).next()


def sent(question: str, value: Any, knowledge: Knowledge) -> dict[str, Any]:
    """What the form of a question sends for a value; None presses "I don't know", or marks "not sure"."""
    entry = knowledge.vocabulary.findings.get(question)
    if entry is None or entry.type == "flag":
        several = question == STOPS or question.startswith(interviewing.WHICH)
        if several:
            return {"q": question, "a": ["?"] if value is None else sorted(value) or ["-"]}
        return {"q": question, "a": "?" if value is None else str(value).lower()}
    if value is None:
        return {"q": question, "unsure": "1"}
    if entry.type == "date":
        return {"q": question, "ago": str((clock.today() - date.fromisoformat(value)).days), "unit": "d"}
    if question == "psfs_mean":
        return {"q": question, "what0": "Look over my shoulder", "how0": "6"}
    if entry.type == "regions":
        return {"q": question, "pain_regions": sorted(value)}
    return {"q": question, "a": sorted(value) or ["-"] if entry.several else str(value)}


def say(client: Client, question: str, value: Any, where: str = INTAKE) -> Any:
    return client.post(where, sent(question, value, current.knowledge()))


def everything_of(case: Case, knowledge: Knowledge) -> dict[str, Any]:
    """What is true of the person of a case: what the record is silent about is as in a well person."""
    well = knowledge.vocabulary.well
    return {**well, **{name: well[name] for name in form_questions(knowledge) if name in well}, **case.findings}


def answer_to(question: str, true: Mapping[str, Any], knowledge: Knowledge) -> Any:
    """The true answer: a gate is a yes when any of what it closes is."""
    vocabulary = knowledge.vocabulary
    if question in vocabulary.gates:
        return true.get(question, any(true.get(name) is True for name in vocabulary.gates[question].closes))
    if question in vocabulary.dates:
        days = true.get("rf_onset_days")
        return None if days is None else (clock.today() - timedelta(days=int(days))).isoformat()
    return true.get(question)


def become(person: Person, true: Mapping[str, Any]) -> None:
    """Gives a person the age and the sex of a case."""
    person.date_of_birth = date(clock.today().year - int(true["age_years"]), 1, 1)
    person.sex_at_birth = true["sex_at_birth"]
    person.save()


def known_but(episode: Episode, by: User, *names: str) -> None:
    """The clinic knows that all is well with the person, but for some questions: only these are left to ask."""
    knowledge = current.knowledge()
    vocabulary = knowledge.vocabulary
    listed = {name for part in knowledge.of(IntakePart).values() for name in interviewing.listed(part, knowledge)}
    wanted = ({*form_questions(knowledge), *listed} & vocabulary.well.keys() & vocabulary.givable) - {*FROM_PERSON, *names}
    opened = {gate.id for gate in vocabulary.gates.values() if {gate.id, *gate.closes} & {*names}}
    values: dict[str, Any] = {name: vocabulary.well[name] for name in wanted if name not in vocabulary.days_since}
    values |= {"onset_date": clock.today().isoformat(), "home_minutes": 15} | dict.fromkeys(vocabulary.gates.keys() - opened, False)
    values |= {name: [] for name in ("home_equipment", "positions_not_tolerated", "aggravating", "easing", "goals")}
    values = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items() if name not in names}
    findings.record(episode=episode, values=values, knowledge=knowledge, by=by)


def play(client: Client, episode: Episode, true: Mapping[str, Any], most: int = 120) -> str:
    """Answers the intake until it ends; the address it ends at. What does not fit is answered with "I don't know"."""
    knowledge, place = current.knowledge(), INTAKE
    client.get(INTAKE)
    for _ in range(most):
        question = asked(episode)
        if place != INTAKE or question is None:
            return place
        answer = say(client, question, answer_to(question, true, knowledge))
        if answer.status_code == 422:
            answer = say(client, question, None)
        place = answer["Location"]
    raise AssertionError("the intake does not end")
