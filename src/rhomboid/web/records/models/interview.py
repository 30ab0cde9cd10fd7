from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from .base import Record, RecordQuerySet
from .episode import Episode

INTERVIEWS = ("intake", "rescreen")


class PatientInterview(Record):
    """Questions that a person answers by themselves, one after the other: before the first visit, or when they worry.

    `answers` has what was said to each question asked so far, "don't know" included, which is an answer and not a no.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="interviews")
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in INTERVIEWS])
    answers = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RecordQuerySet[PatientInterview]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("started_at", "id")
        constraints = (
            models.UniqueConstraint(fields=["episode", "kind"], condition=Q(finished_at=None), name="one_interview_at_a_time"),
            models.CheckConstraint(condition=Q(kind__in=INTERVIEWS), name="interview_kind_known"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")), name="interview_ends_after_start"
            ),
        )
