"""Lowering a raised concern. Software raises; only a named, licensed therapist, with a reason, lowers."""

from __future__ import annotations

from django.db import transaction

from ....knowledge import Knowledge
from ...accounts.models import User
from .. import audit, bridge, clock
from ..models import Concern, Episode
from . import Overtaken, Refused


@transaction.atomic
def lower(*, concern: Concern, reason: str, knowledge: Knowledge, by: User) -> bridge.Renewed:
    """Lowers an open concern and renews the reasoning. It is raised anew when newer findings raise it higher or faster."""
    if not by.may("sign"):
        raise Refused("Only a licensed therapist lowers a concern", "Ask the therapist who is responsible.")
    if len(reason.strip()) < 10:
        raise Refused("Lowering a concern needs a reason", "Say what was found or who cleared it, in a sentence.")
    found = Concern.objects.select_for_update().get(pk=concern.pk)
    if found.state != "open":
        raise Overtaken(f"This concern is {found.state} already")
    found.state, found.reason = "lowered", reason.strip()
    found.lowered_by, found.lowered_by_label, found.ended_at = by, by.label, clock.now()
    found.save()
    episode = Episode.objects.select_related("person").get(pk=found.episode_id)
    renewed = bridge.renew(episode, knowledge, on=clock.today())
    bridge.keep(episode, renewed.assessment, occasion="concern")
    audit.write(by=by, action="concern.lower", person=episode.person, subject=found.ref, condition=found.condition)
    return renewed
