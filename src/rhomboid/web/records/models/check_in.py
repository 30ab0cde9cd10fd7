from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .base import Record, RecordQuerySet
from .episode import Episode
from .frozen import FrozenOnce
from .interview import PatientInterview

RESULTS = ("well", "flare", "recurrence", "danger", "unclear")


class CheckIn(Record):
    """A date after discharge on which the clinic asks how it goes, and what the person answered. No answer is not a good answer.

    `answers` has what was said to each question, "cannot say" (null) included; the safety questions are those of `interview`.
    `result` is what came of it. Once it is answered, the row never changes.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="check_ins")
    due_on = models.DateField()
    kind = models.CharField(max_length=24)
    optional = models.BooleanField(default=False)
    answers = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    interview = models.OneToOneField(PatientInterview, on_delete=models.PROTECT, null=True, blank=True, related_name="check_in")
    result = models.CharField(max_length=12, blank=True, choices=[(one, one) for one in RESULTS])
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When the one reminder went out by e-mail")

    objects: ClassVar[RecordQuerySet[CheckIn]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_on", "id")
        indexes = (
            models.Index(fields=["due_on"], condition=Q(answered_at=None), name="check_in_unanswered"),
            models.Index(fields=["due_on", "result", "optional", "episode"], name="check_in_results"),
        )
        constraints = (
            models.UniqueConstraint(fields=["episode", "due_on", "kind"], name="check_in_once_a_day"),
            models.CheckConstraint(condition=~Q(kind=""), name="check_in_has_a_kind"),
            models.CheckConstraint(
                condition=Q(answered_at=None, result="") | (Q(answered_at__isnull=False) & Q(result__in=RESULTS)),
                name="check_in_answered_with_a_result",
            ),
            FrozenOnce(column="answered_at", name="an_answered_check_in_never_changes"),
        )
