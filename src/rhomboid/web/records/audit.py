"""The audit trail: every read and write of a record is an event in a chain of hashes, so that a change of the past shows.

The hash of an event is SHA-256 over its own fields and the hash of the event before it. `verify` recomputes them all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from ..accounts.models import User
from . import clock
from .models import AuditEvent, AuditHead, BreakGlass, Person

START = "0" * 64
FIELDS = ("id", "actor", "actor_ref", "action", "person_ref", "subject", "detail", "previous")


@dataclass(frozen=True, slots=True)
class Break:
    """The place where the chain does not hold, and how."""

    event: int
    what: str


def write(*, by: User | str, action: str, person: Person | None = None, subject: str = "", **detail: Any) -> AuditEvent:
    """Adds one event. `detail` holds ids, refs and counts, never what a person said: auditors read it.

    It is the last step of an action, inside its transaction: the lock on the end of the chain is short, and an action that
    fails leaves no event.
    """
    with transaction.atomic():
        head = _locked_head()
        event = AuditEvent(
            id=head.last + 1,
            at=clock.now(),
            actor=by.label if isinstance(by, User) else by,
            actor_ref=f"user {by.pk}" if isinstance(by, User) else "",
            action=action,
            person_ref=person.ref if person else "",
            subject=subject,
            detail=detail | ({"emergency": True} if person and in_emergency(by, person) else {}),
            previous=head.hash,
        )
        event.hash = digest(event)
        event.save(force_insert=True)
        AuditHead.objects.filter(id=1).update(last=event.id, hash=event.hash)
    return event


def in_emergency(by: User | str, person: Person) -> bool:
    """Whether somebody is in this person's record by emergency access alone: every event of it says so."""
    if not isinstance(by, User) or not by.may("break_glass"):
        return False
    return BreakGlass.objects.filter(user=by, person=person, until__gt=clock.now()).exists()


def _locked_head() -> AuditHead:
    """The end of the chain, locked until the transaction ends; made with the first event of all."""
    heads = AuditHead.objects.select_for_update().filter(id=1)
    head = heads.first()
    if head is None:
        AuditHead.objects.get_or_create(id=1)
        head = heads.get()
    return head


def digest(event: AuditEvent) -> str:
    """The hash of an event, over everything it says."""
    said = {name: getattr(event, name) for name in FIELDS} | {"at": event.at.timestamp()}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def verify() -> Iterator[Break]:
    """Walks the whole chain and yields every break: a changed event, a missing one, a cut end."""
    previous, expected = START, 1
    for event in AuditEvent.objects.order_by("id").iterator(chunk_size=2000):
        if event.id != expected:
            yield Break(event.id, f"events {expected} to {event.id - 1} are missing")
        elif event.previous != previous:
            yield Break(event.id, "does not follow from the event before it")
        if digest(event) != event.hash:
            yield Break(event.id, "its content was changed after it was written")
        previous, expected = event.hash, event.id + 1
    head = AuditHead.objects.filter(id=1).first() or AuditHead()
    if (head.last, head.hash) != (expected - 1, previous):
        yield Break(head.last, "the end of the trail is not the last event: events were removed or added")
