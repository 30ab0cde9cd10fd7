"""What a person has agreed to or declined. A newer answer takes the place of an older one of its kind; both stay."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from ...accounts.models import User
from .. import audit, clock
from ..models import CONSENTS, Consent, Episode, PlanLine
from . import Refused

TREATED = ("care", "manual", "thrust")
"""What whoever treats has to know was declined."""

BY_ONESELF = ("care", "data")
"""What a person can agree to or decline alone with a page in plain words. Hands-on treatment is explained by whoever gives it."""


@transaction.atomic
def record(*, episode: Episode, kind: str, given: bool, text: str = "", by: User) -> Consent:
    """Records one answer: a yes in the presence of whoever explained it, a no also at the front desk."""
    if kind not in CONSENTS:
        raise Refused(f'There is no consent "{kind}"', "known: " + ", ".join(CONSENTS))
    if given and not by.may("deliver"):
        raise Refused("Consent is asked by whoever treats", "Ask the therapist to record it.")
    if not (by.may("deliver") or by.may("register")):
        raise Refused("This answer is recorded by the clinic", "Tell the front desk or the therapist.")
    there = standing(episode).get(kind)
    return there if there and not there.given and not given else _kept(episode, kind, given, text, by)


@transaction.atomic
def answer(*, episode: Episode, kind: str, given: bool, text: str, by: User) -> Consent:
    """Records what the person answered by themselves, on their phone. The same answer again is not recorded twice."""
    if kind not in BY_ONESELF:
        raise Refused("This consent is asked in person", "The therapist explains it first.")
    if episode.person.user_id != by.pk:
        raise Refused("Only the person themselves answers this", "Open your own link.")
    there = standing(episode).get(kind)
    return there if there and there.given == given and there.text else _kept(episode, kind, given, text, by)


def _kept(episode: Episode, kind: str, given: bool, text: str, by: User) -> Consent:
    found = Consent.objects.create(
        episode=episode, kind=kind, given=given, text=text.strip(), at=clock.now(), by=by, by_label=by.label, created_at=clock.now()
    )
    audit.write(by=by, action="consent.record", person=episode.person, subject=found.ref, kind=kind, given=given)
    return found


def standing(episode: Episode) -> dict[str, Consent]:
    """The newest answer of each kind."""
    return {row.kind: row for row in Consent.objects.filter(episode=episode)}


def declined(episode: Episode) -> list[str]:
    """What of treatment the person does not agree to now, in words."""
    found = standing(episode)
    return [CONSENTS[kind] for kind in TREATED if kind in found and not found[kind].given]


def needed(lines: Iterable[PlanLine]) -> tuple[str, ...]:
    """The consents that a plan rests on: care, hands-on treatment where it has any, and thrust named by itself."""
    techniques = {line.content.get("technique", "") for line in lines if line.item.kind == "manual"}
    return ("care", *(("manual",) if techniques else ()), *(("thrust",) if "thrust" in techniques else ()))
