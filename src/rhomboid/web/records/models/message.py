from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .base import Record, RecordQuerySet
from .episode import Episode


class Message(Record):
    """A line between a person and the clinic. `read_at` is when the other side first opened it."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="messages")
    from_patient = models.BooleanField()
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=160)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by_label = models.CharField(max_length=160, blank=True)

    objects: ClassVar[RecordQuerySet[Message]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("at", "id")
        indexes = (
            models.Index(fields=["episode", "at"]),
            models.Index(fields=["at"], condition=Q(read_at=None, from_patient=True), name="message_to_clinic_unread"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(text="") & ~Q(by_label=""), name="message_has_text_and_name"),
            models.CheckConstraint(condition=Q(read_at=None) | Q(read_at__gte=models.F("at")), name="message_read_after_sent"),
        )
