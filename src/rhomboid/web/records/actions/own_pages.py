"""What a person does by themselves on their phone beside the exercises: a lesson read, a place looked at, something changed there.

Each is kept once as a report of the phone; the answers about a place become findings, so that the therapist sees them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ....knowledge import Knowledge
from ....knowledge.care import OwnPlace
from ....knowledge.model import Education
from ...accounts.models import User
from .. import audit, clock
from ..models import Episode, PhoneReport
from ..own_places import CHANGE, LOOK, METHOD
from ..understanding import CARD
from . import Refused, findings, phone


@transaction.atomic
def read_card(*, episode: Episode, card: str, knowledge: Knowledge, by: User) -> PhoneReport:
    """The person has read a lesson to the end. Read again, it stays the first time; after its text has changed it is a new one."""
    lesson = knowledge.of(Education).get(card)
    if lesson is None:
        raise Refused(f'There is no lesson "{card}"', "Choose one of the list.")
    stamp = hashlib.sha256(lesson.text.encode()).hexdigest()[:8]
    return _kept(episode, f"{CARD}-{card[:50]}-{stamp}", CARD, {"card": card}, by)


@transaction.atomic
def look(*, episode: Episode, place: str, values: Mapping[str, Any], key: str, knowledge: Knowledge, by: User) -> PhoneReport:
    """The person has looked at a place. `values` has what they answered; what they were not sure of is left out. Once for a key."""
    entry = knowledge.of(OwnPlace).get(place)
    if entry is None or not set(values) <= set(entry.asks):
        raise Refused(f'Nothing of this is asked of "{place}"', "Choose one of the list.")
    if not key or len(key) > phone.LONGEST_KEY:
        raise Refused("This came without its key", "Open the page again.")
    _own(episode, by)
    there = PhoneReport.objects.filter(episode=episode, key=key).first()
    if there:
        return there
    if values:
        findings.record(episode=episode, values=values, knowledge=knowledge, by=by, source="patient", method=METHOD)
    return _kept(episode, key, LOOK, {"place": place, "answered": sorted(values)}, by)


@transaction.atomic
def changed(*, episode: Episode, advice: str, knowledge: Knowledge, by: User) -> PhoneReport:
    """The person has followed a piece of advice. Once a day."""
    if not any(advice in one.advice for one in knowledge.of(OwnPlace).values()):
        raise Refused(f'There is no advice "{advice}"', "Choose one of the list.")
    return _kept(episode, f"{CHANGE}-{advice[:40]}-{clock.today()}", CHANGE, {"advice": advice}, by)


def _own(episode: Episode, by: User) -> None:
    if episode.person.user_id != by.pk:
        raise Refused("Only the person themselves answers this", "Open your own link.")


def _kept(episode: Episode, key: str, kind: str, body: dict[str, Any], by: User) -> PhoneReport:
    _own(episode, by)
    Episode.objects.select_for_update().get(pk=episode.pk)
    there = PhoneReport.objects.filter(episode=episode, key=key).first()
    if there:
        return there
    now = clock.now()
    report = PhoneReport.objects.create(
        episode=episode,
        key=key,
        kind=kind,
        body=body | {"on": clock.today().isoformat()},
        digest=phone.digest_of(body),
        done_at=now,
        received_at=now,
        created_at=now,
        answer={"ack": key},
    )
    audit.write(by=by, action="phone.report", person=episode.person, subject=episode.ref, kind=kind)
    return report
