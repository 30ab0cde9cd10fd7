"""What every record has: a reference that goes into addresses and says nothing, and a queryset that knows who may see it."""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .. import clock

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
M = TypeVar("M", bound=models.Model)


def new_ref() -> str:
    """Twelve signs (59 bits) that can be read aloud and guessed by nobody."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def episodes_of(user: User, to_episode: str = "") -> Q:
    """The filter for what a user may see, given the way from a row to its episode (`episode__`, or nothing for episodes).

    The clinic's therapists see everybody, an assistant what is assigned, a patient only their own; access in an emergency
    (BreakGlass) opens one person until it ends.
    """
    if user.role_of.id == "patient":
        return Q(**{f"{to_episode}person__user": user})
    if user.role_of.assigned_only:
        broken = user.broken_glass.filter(until__gt=clock.now()).values("person")
        assigned = user.assignments.filter(ended_on=None).values("episode")
        return Q(**{f"{to_episode}id__in": assigned}) | Q(**{f"{to_episode}person__in": broken})
    return Q() if user.may("see_people") else Q(pk__in=[])


class RecordQuerySet(models.QuerySet[M]):
    """Rows that hang on an episode."""

    def visible_to(self, user: User) -> RecordQuerySet[M]:
        return self.filter(episodes_of(user, "episode__"))


class Record(models.Model):
    """A row that people point to."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: Any = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
