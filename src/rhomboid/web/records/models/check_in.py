from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .base import Record, RecordQuerySet
from .episode import Episode


class CheckIn(Record):
    """A date after discharge on which the clinic asks how it goes, and what the person answered. No answer is not a good answer."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="check_ins")
    due_on = models.DateField()
    kind = models.CharField(max_length=24)
    optional = models.BooleanField(default=False)
    answers = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RecordQuerySet[CheckIn]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_on", "id")
        indexes = (models.Index(fields=["due_on"], condition=Q(answered_at=None), name="check_in_unanswered"),)
        constraints = (
            models.UniqueConstraint(fields=["episode", "due_on", "kind"], name="check_in_once_a_day"),
            models.CheckConstraint(condition=~Q(kind=""), name="check_in_has_a_kind"),
        )
