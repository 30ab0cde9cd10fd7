from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .base import Record, RecordQuerySet
from .episode import Episode


class Message(Record):
    """A line between a person and the clinic. `read_at` is when the other side first opened it.

    `key` comes from the page it was written on: sending it again is harmless. `settled_at` is when a person's message was
    answered, or when somebody said that it needs no answer; until then it waits.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="messages")
    from_patient = models.BooleanField()
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=160)
    at = models.DateTimeField()
    key = models.CharField(max_length=64, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by_label = models.CharField(max_length=160, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_label = models.CharField(max_length=160, blank=True)

    objects: ClassVar[RecordQuerySet[Message]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("at", "id")
        indexes = (
            models.Index(fields=["episode", "at"]),
            models.Index(fields=["at"], condition=Q(settled_at=None, from_patient=True), name="message_to_clinic_waiting"),
        )
        constraints = (
            models.UniqueConstraint(fields=["episode", "key"], condition=~Q(key=""), name="message_once"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(by_label=""), name="message_has_text_and_name"),
            models.CheckConstraint(condition=Q(read_at=None) | Q(read_at__gte=models.F("at")), name="message_read_after_sent"),
        )
