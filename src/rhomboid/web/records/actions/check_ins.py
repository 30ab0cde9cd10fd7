"""Check-ins after discharge: made with the discharge, answered on the phone, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from ....knowledge import Knowledge
from ...accounts.models import User
from .. import audit, clock
from ..models import CheckIn, Discharge, Episode
from ..staying_well import DAYS, HOW_LONG, LONGER, SAFETY, Standing, asks
from . import Overtaken, Refused, alerts, findings, interviews

METHOD = "check-in on the phone"
KINDS = ("message", "call", "visit")
"""From the lightest to the one that takes most: of two on one day the last is kept."""
STALE = timedelta(hours=1)
"""Safety questions that were begun longer ago are asked anew (prod)."""
TELLS: dict[str, str] = {
    "flare": "Check-in: a flare after discharge",
    "recurrence": "Check-in: worse for more than a week after discharge",
    "unclear": "Check-in: the person could not say how it is",
}


def plan(*, discharge: Discharge) -> list[CheckIn]:
    """The agreed dates, one check-in a day. Part of the discharge."""
    by_day: dict[str, list[Mapping[str, Any]]] = {}
    for one in discharge.contacts:
        by_day.setdefault(str(one["on"]), []).append(one)
    rows = [_row(discharge.episode, day, given) for day, given in sorted(by_day.items())]
    return CheckIn.objects.bulk_create(rows)


def _row(episode: Episode, day: str, given: Iterable[Mapping[str, Any]]) -> CheckIn:
    kinds = [str(one.get("kind") or KINDS[0]) for one in given]
    kind = max(kinds, key=lambda one: KINDS.index(one) if one in KINDS else -1)
    optional = all(one.get("optional") for one in given)
    return CheckIn(episode=episode, due_on=date.fromisoformat(day), kind=kind, optional=optional, created_at=clock.now())


@transaction.atomic
def answer(*, check_in: CheckIn, question: str, value: Any, knowledge: Knowledge, by: User) -> CheckIn:
    """Saves one answer, or another to a question answered before; None is "cannot say". Raises Refused for what does not fit."""
    found = _locked(check_in, by)
    standing = Standing(found, knowledge, clock.today())
    if question == SAFETY or question not in standing.steps:
        raise Overtaken("This question is not asked any more", "Go on with the next one.")
    if question == HOW_LONG and value not in (DAYS, LONGER, None):
        raise Refused("Choose how long it has been like this")
    checked = value if question == HOW_LONG else findings.checked_finding(question, value, knowledge)
    found.answers = found.answers | {question: checked}
    found.save(update_fields=["answers"])
    return found


@transaction.atomic
def begin_safety(*, check_in: CheckIn, knowledge: Knowledge, by: User) -> CheckIn:
    """Opens the safety questions of a check-in, or finds them open; those left lying are begun anew."""
    found = _locked(check_in, by)
    interview = found.interview
    if interview and not interview.finished_at and clock.now() - interview.started_at < STALE:
        return found
    opened = interviews.begin(episode=found.episode, kind="rescreen", knowledge=knowledge, by=by)
    if clock.now() - opened.started_at >= STALE:
        interviews.leave(interview=opened, by=by)
        opened = interviews.begin(episode=found.episode, kind="rescreen", knowledge=knowledge, by=by)
    found.interview = opened
    found.save(update_fields=["interview"])
    return found


@transaction.atomic
def finish(*, check_in: CheckIn, knowledge: Knowledge, by: User) -> CheckIn:
    """Closes a check-in whose questions are all answered: its measures go into the record, and the clinic hears what it must."""
    found = _locked(check_in, by)
    standing = Standing(found, knowledge, clock.today())
    result = standing.result()
    if standing.next() is not None and result != "danger":
        raise Refused("Not all questions are answered yet", "Go on with the next one.")
    values = {name: found.answers[name] for name in asks(knowledge) if found.answers.get(name) is not None}
    if values:
        findings.record(episode=found.episode, values=values, knowledge=knowledge, by=by, source="patient", method=METHOD)
    worse = [{"finding": one.finding, "then": one.then, "now": one.now} for one in standing.worse]
    found.result, found.outcome, found.answered_at = result, {"worse": worse}, clock.now()
    found.save(update_fields=["result", "outcome", "answered_at"])
    if result in TELLS:
        alerts.raise_alert(episode=found.episode, kind="check_in", urgency="monitor", text=_told(standing, result), by=by)
    audit.write(by=by, action="check_in.answer", person=found.episode.person, subject=found.ref, result=result)
    return found


def _told(standing: Standing, result: str) -> str:
    """What the clinic reads, in the therapist's words."""
    label = standing.knowledge.vocabulary.label
    changes = [
        f"{label(one.finding)} {'not known' if one.then is None else f'{one.then:g}'} to {one.now:g}" for one in standing.worse
    ]
    return ": ".join(filter(None, (TELLS[result], "; ".join(changes))))


def _locked(check_in: CheckIn, by: User) -> CheckIn:
    """The check-in while it may be written. Its episode is locked first, as in every action that records."""
    episode = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=check_in.episode_id)
    if episode.person.user_id != by.pk:
        raise Refused("Only the person answers a check-in", "Record what they say on the phone as findings.")
    found = CheckIn.objects.select_for_update(of=("self",)).select_related("interview").get(pk=check_in.pk)
    found.episode = episode
    if found.answered_at:
        raise Overtaken("This check-in is answered already", "Look at its answer.")
    if found.due_on > clock.today():
        raise Refused("This check-in is not due yet", "Come back on its day.")
    return found
