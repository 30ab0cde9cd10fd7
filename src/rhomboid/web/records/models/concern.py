from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .. import clock
from .base import Record, RecordQuerySet
from .episode import DISPOSITIONS, Episode

STATES = ("open", "lowered", "gone")


class Concern(Record):
    """A serious condition that the reasoning has raised, from the moment it was raised.

    `lowered`: a named therapist has lowered it, with a reason. `gone`: newer findings no longer raise it. Software raises; only
    a person lowers.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="concerns")
    condition = models.CharField(max_length=80, help_text="Id in the knowledge")
    level = models.CharField(max_length=10)
    urgency = models.CharField(max_length=20)
    because = models.JSONField(default=list, help_text="The reasons in words, as they were when it was raised")
    knowledge_version = models.CharField(max_length=40)
    raised_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=8, choices=[(s, s) for s in STATES], default="open")
    ended_at = models.DateTimeField(null=True, blank=True)
    lowered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lowered_by_label = models.CharField(max_length=160, blank=True)
    reason = models.TextField(blank=True)

    objects: ClassVar[RecordQuerySet[Concern]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-raised_at", "-id")
        indexes = (models.Index(fields=["state", "urgency", "raised_at"]),)
        constraints = (
            models.UniqueConstraint(
                fields=["episode", "condition"], condition=Q(state__in=("open", "lowered")), name="concern_stands_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="lowered") | (Q(lowered_by__isnull=False) & ~Q(reason="") & ~Q(lowered_by_label="")),
                name="only_a_named_person_with_a_reason_lowers",
            ),
            models.CheckConstraint(condition=Q(urgency__in=(*DISPOSITIONS, "monitor")), name="concern_urgency_known"),
        )
