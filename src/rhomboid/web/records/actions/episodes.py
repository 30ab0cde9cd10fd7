"""Opening, assigning and moving an episode."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from ...accounts.models import User
from .. import audit, clock
from ..models import Assignment, CheckIn, Episode, Person
from . import Refused, links


@transaction.atomic
def open_episode(*, person: Person, by: User, therapist: User | None = None, title: str = "Upper back") -> Episode:
    """Opens an episode. One that comes after an earlier one names it: a recurrence keeps its history, the person keeps their
    link, and nobody asks any more how it goes after discharge."""
    if person.episodes.filter(ended_on=None).exists():
        raise Refused(f"{person} has an open episode already", "Go on with that one, or close it first.", status=409)
    before = person.episodes.order_by("-number").first()
    number = (person.episodes.aggregate(last=Max("number"))["last"] or 0) + 1
    episode = Episode.objects.create(
        person=person,
        number=number,
        title=title,
        started_on=clock.today(),
        therapist=therapist,
        follows=before,
        created_at=clock.now(),
    )
    links.move(to=episode, by=by)
    CheckIn.objects.filter(episode=before, answered_at=None, due_on__gt=clock.today()).delete()
    audit.write(by=by, action="episode.open", person=person, subject=episode.ref)
    return episode


@transaction.atomic
def assign(*, episode: Episode, user: User, by: User) -> Assignment:
    """Lets an assistant work with the person of an episode."""
    found, made = Assignment.objects.get_or_create(
        episode=episode, user=user, ended_on=None, defaults={"started_on": clock.today()}
    )
    if made:
        audit.write(by=by, action="episode.assign", person=episode.person, subject=episode.ref, user=user.pk)
    return found


@transaction.atomic
def end_assignment(*, episode: Episode, user: User, by: User) -> None:
    """From now on the assistant no longer sees this person."""
    if Assignment.objects.filter(episode=episode, user=user, ended_on=None).update(ended_on=clock.today()):
        audit.write(by=by, action="episode.unassign", person=episode.person, subject=episode.ref, user=user.pk)


@transaction.atomic
def take_over(*, episode: Episode, therapist: User, by: User) -> Episode:
    """Makes a therapist responsible for an episode."""
    episode.therapist = therapist
    episode.save(update_fields=["therapist"])
    audit.write(by=by, action="episode.therapist", person=episode.person, subject=episode.ref, user=therapist.pk)
    return episode


def move_on(episode: Episode, stage: str) -> None:
    """Moves an episode forward to a stage; never backward. Part of other actions."""
    order = ("intake", "evaluation", "care")
    before = order[: order.index(stage)]
    if episode.stage in before:  # as far as this copy of the row knows; somebody else may have moved it on
        Episode.objects.filter(pk=episode.pk, stage__in=before).update(stage=stage)
        episode.refresh_from_db(fields=["stage"])
