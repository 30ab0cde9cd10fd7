from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .base import Record, RecordQuerySet
from .episode import Episode

CONSENTS = {
    "care": "Evaluation and treatment",
    "manual": "Hands-on treatment",
    "thrust": "Thrust manipulation",
    "data": "Keeping this record",
    "share": "Sending letters to other clinicians",
}


class Consent(Record):
    """What a person has agreed to, or declined. A newer row takes the place of an older one of its kind."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=8, choices=list(CONSENTS.items()))
    given = models.BooleanField()
    text = models.TextField(blank=True, help_text="What was explained")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=160)

    objects: ClassVar[RecordQuerySet[Consent]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("at", "id")
        constraints = (models.CheckConstraint(condition=Q(kind__in=list(CONSENTS)), name="consent_kind_known"),)
