"""It came back: a discharged person opens the next episode from their phone, with what is known of them for good."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from ....knowledge import Knowledge
from ...accounts.models import User
from .. import audit, bridge, clock
from ..models import Episode, Finding
from ..staying_well import lasting
from . import Overtaken, Refused, alerts
from .episodes import open_episode

KIND = "recurrence"


@transaction.atomic
def come_back(*, episode: Episode, knowledge: Knowledge, by: User, changed: Collection[str] = ()) -> Episode:
    """Opens an episode that follows this one, and tells the clinic. The person's link goes on working, and leads there.

    What is known for good is carried over with the day it is from, but for the findings in `changed`, which are asked again, as
    is everything else. Raises Overtaken where an episode is open already.
    """
    if episode.person.user_id != by.pk:
        raise Refused("Only the person comes back by their phone", "Open a new episode on their page.")
    if not episode.ended_on or episode.person.episodes.filter(ended_on=None).exists():
        raise Overtaken("There is an open episode already", "Go on with that one.")
    therapist = episode.therapist if episode.therapist and episode.therapist.is_active else None
    new = open_episode(person=episode.person, by=by, therapist=therapist, title=episode.title)
    _carry(episode, new, knowledge, by, changed)
    since = f"{episode.ended_on:%b} {episode.ended_on.day}, {episode.ended_on.year}"
    text = f"Back after discharge on {since}: wants to be seen again"
    alerts.raise_alert(episode=new, kind=KIND, urgency="monitor", text=text, by=by)
    return new


def _carry(old: Episode, new: Episode, knowledge: Knowledge, by: User, changed: Collection[str]) -> None:
    rows = [row for row in lasting(old, knowledge) if row.finding not in changed]
    if not rows:
        return
    now, method = clock.now(), f"known from episode {old.number}"
    Finding.objects.bulk_create(
        Finding(
            episode=new, finding=row.finding, value=row.value, unit=row.unit, observed_on=row.observed_on, source=row.source,
            method=method, rater=row.rater, recorded_at=now, created_at=now, recorded_by=by,
        )
        for row in rows
    )  # fmt: skip
    bridge.renew(new, knowledge, on=clock.today())
    findings = [row.finding for row in rows]
    audit.write(by=by, action="finding.carry", person=new.person, subject=new.ref, findings=findings, follows=old.ref)
