"""Emergency access: an assistant opens the record of somebody not assigned to them, with a reason, for a few hours, seen by all."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from ...accounts.models import User
from .. import audit, clock
from ..models import BreakGlass, Episode, Person
from . import Refused

HOURS = 4
SHOWN_DAYS = 7


@transaction.atomic
def open_record(*, person: Person, reason: str, by: User) -> BreakGlass:
    """Opens one person's record for HOURS. The owner and the responsible therapist are shown it."""
    if not by.may("break_glass"):
        raise Refused("Your role has no emergency access", "Ask a therapist.")
    if len(reason.strip()) < 10:
        raise Refused("Emergency access needs a reason", "Say in a sentence why it cannot wait for a therapist.")
    if not bars(person, by):
        raise Refused(f"You may open {person}'s record already", "Find it under People.", status=409)
    now = clock.now()
    made = BreakGlass.objects.create(user=by, person=person, reason=reason.strip(), at=now, until=now + timedelta(hours=HOURS))
    audit.write(by=by, action="person.break_glass", person=person, until=made.until.isoformat(timespec="minutes"))
    return made


def bars(person: Person, user: User) -> bool:
    """Whether some of a person's record is closed to somebody: all of it, or an episode to which they are not assigned."""
    if not user.may("see_clinical") or not Person.objects.visible_to(user).filter(pk=person.pk).exists():
        return True
    return person.episodes.exclude(pk__in=Episode.objects.visible_to(user).values("pk")).exists()


def shown_to(user: User) -> QuerySet[BreakGlass]:
    """Emergency accesses of the last days that concern somebody: an owner all, a therapist those to their own people."""
    recent = BreakGlass.objects.filter(at__gt=clock.now() - timedelta(days=SHOWN_DAYS)).select_related("user", "person")
    if user.may("manage_people"):
        return recent.order_by("-at")
    return recent.filter(person__episodes__therapist=user, person__episodes__ended_on=None).distinct().order_by("-at")
