"""Alerts: what a person told their phone that somebody at the clinic has to see now."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from ....knowledge import Knowledge
from ...accounts.mailing import sent
from ...accounts.models import User
from .. import audit, clock
from ..models import Alert, Clinic, Episode, HomeChange, HomeSession
from . import Overtaken, Refused, home, home_changes

MAILED = ("emergency_now", "same_day")
FEWEST_LETTERS = 10
SUBJECT = "Rhomboid: please sign in"
MESSAGE = "A patient's answers need you now. Sign in."
"""Neither says who, nor what: a mail is read by many on its way."""
REPORTED = "rescreen"
"""The rule by which exercises at home pause after "When to worry"."""


@transaction.atomic
def raise_alert(*, episode: Episode, kind: str, urgency: str, text: str, by: User, since: datetime | None = None) -> Alert:
    """Tells the clinic. The same again while nobody has seen it is not told twice. An urgent one is mailed, without who or what.

    With `since`, one that was raised from then on and nobody has seen says the new text in place of its own.
    """
    unseen = Alert.objects.filter(episode=episode, kind=kind, urgency=urgency, seen_at=None)
    same = unseen.filter(Q(text=text[:300]) | Q(at__gte=since) if since else Q(text=text[:300])).first()
    if same:
        same.text = text[:300]
        same.save(update_fields=["text"])
        return same
    alert = Alert.objects.create(episode=episode, kind=kind, urgency=urgency, text=text[:300], at=clock.now())
    audit.write(by=by, action="alert.raise", person=episode.person, subject=alert.ref, kind=kind, urgency=urgency)
    if urgency in MAILED:
        transaction.on_commit(_mail, robust=True)
    return alert


def _mail() -> None:
    """To the clinic's own address, when there is one and mail is set up. A mail that fails takes nothing back, and is logged."""
    to = Clinic.current().email
    if settings.SENDS_MAIL and to:
        sent(EmailMessage(SUBJECT, MESSAGE, to=[to]))


@transaction.atomic
def see(*, alert: Alert, by: User) -> Alert:
    """Somebody who treats has seen it: their name and the time stay with it. Seen by two, the first one stands."""
    if not by.may("see_clinical"):
        raise Refused("Whoever treats this person marks an alert as seen", "Tell a therapist about it.")
    found = Alert.objects.select_for_update(of=("self",)).select_related("episode__person").get(pk=alert.pk)
    if found.seen_at is None:
        found.seen_at, found.seen_by, found.seen_by_label = clock.now(), by, by.label
        found.save(update_fields=["seen_at", "seen_by", "seen_by_label"])
        audit.write(by=by, action="alert.see", person=found.episode.person, subject=found.ref)
    return found


@transaction.atomic
def pause_home(*, episode: Episode, reason: str, rules: tuple[str, ...], by: User) -> HomeChange:
    """Pauses all exercises at home from now on. What was told before it stays part of it. A therapist lets them go on."""
    last = home_changes.paused(episode)
    wanted = [*dict.fromkeys([*(last.rules if last else ()), REPORTED, *rules])]
    if last and len(wanted) == len(last.rules):
        return last
    row = HomeChange.objects.create(
        episode=episode, move="stop", dose_pct=0, since=clock.today(), reason=reason, rules=wanted, made_at=clock.now(),
    )  # fmt: skip
    audit.write(by=by, action="home.pause", person=episode.person, subject=episode.ref)
    return row


@transaction.atomic
def let_go_on(*, episode: Episode, reason: str, knowledge: Knowledge, by: User) -> HomeChange:
    """A licensed therapist has looked into it, on the phone or in person: exercises at home may go on, unless a concern holds them.

    What was reported in a session at home is cleared with it.
    """
    if not by.may("sign"):
        raise Refused("Only a licensed therapist lets exercises go on", "Ask the therapist who is responsible.")
    if len(reason.strip()) < FEWEST_LETTERS:
        raise Refused("Letting exercises go on needs a reason", "Say what was looked at and found, in a sentence.")
    Episode.objects.select_for_update().get(pk=episode.pk)
    if home_changes.paused(episode) is None:
        raise Overtaken("The exercises at home are not paused any more")
    last = HomeSession.objects.filter(episode=episode).order_by("on", "pk").last()
    if last and not last.cleared:
        HomeSession.objects.create(
            episode=episode, item=last.item, on=clock.today(), completed=False, cleared=True, note=reason.strip()[:300],
            recorded_at=clock.now(),
        )  # fmt: skip
    row = HomeChange.objects.create(
        episode=episode, move="go_on", since=clock.today(), reason=reason.strip(), by_label=by.label, made_at=clock.now()
    )
    home.answered(episode, knowledge)
    audit.write(by=by, action="home.go_on", person=episode.person, subject=episode.ref)
    return row
