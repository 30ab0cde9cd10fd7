from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ...accounts.models import User
from .base import Record, RecordQuerySet
from .episode import DISPOSITIONS, Episode


class Alert(Record):
    """Something a person told their phone that somebody at the clinic has to see. It stays until a named person has seen it."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=24)
    urgency = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_by_label = models.CharField(max_length=160, blank=True)

    objects: ClassVar[RecordQuerySet[Alert]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["at"], condition=Q(seen_at=None), name="alert_unseen"),)
        constraints = (
            models.CheckConstraint(condition=Q(urgency__in=(*DISPOSITIONS, "monitor")), name="alert_urgency_known"),
            models.CheckConstraint(condition=~Q(kind="") & ~Q(text=""), name="alert_says_what"),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None, seen_by_label="")
                | (Q(seen_at__gte=F("at"), seen_by__isnull=False) & ~Q(seen_by_label="")),
                name="alert_seen_by_somebody",
            ),
        )
