from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .base import Record, RecordQuerySet
from .episode import Episode
from .frozen import FrozenOnce


class PhoneReport(Record):
    """What a phone sent, once: its `key` makes sending again harmless. Once it has its answer, the row never changes.

    `done_at` is the phone's clock, `received_at` the clinic's; `digest` is the SHA-256 of the body, which a second sending
    under the same key must match.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="phone_reports")
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=24)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    done_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    answer = models.JSONField(null=True, blank=True)

    objects: ClassVar[RecordQuerySet[PhoneReport]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("received_at", "id")
        indexes = (models.Index(fields=["episode", "kind", "received_at"]),)
        constraints = (
            models.UniqueConstraint(fields=["episode", "key"], name="phone_report_once"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(kind="") & ~Q(digest=""), name="phone_report_is_named"),
            FrozenOnce(column="answer", name="an_answered_phone_report_never_changes"),
        )
