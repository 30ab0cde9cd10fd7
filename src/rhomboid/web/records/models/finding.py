from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from ...accounts.models import User
from .. import clock
from .base import Record, RecordQuerySet
from .episode import Episode

SOURCES = ("patient", "therapist", "device", "record", "front_desk")


class FindingQuerySet(RecordQuerySet["Finding"]):
    def standing(self) -> FindingQuerySet:
        """Findings that no newer one has corrected. Asked row by row: next to nothing is ever corrected."""
        return self.exclude(Exists(Finding.objects.order_by().filter(corrects=OuterRef("pk"))))


class Finding(Record):
    """One value of one thing known of a person, as it was given. Never edited: a newer row that `corrects` it takes its place.

    `value` is JSON; null means that it was withdrawn, or not tested for the reason in `note`. A newer row that corrects
    nothing is a new measurement, and the older one stays true of its date.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="findings")
    finding = models.CharField(max_length=80, help_text="Id in the vocabulary")
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    observed_on = models.DateField()
    source = models.CharField(max_length=10, choices=[(s, s) for s in SOURCES])
    method = models.CharField(max_length=80, blank=True)
    device = models.CharField(max_length=80, blank=True)
    rater = models.CharField(max_length=160, blank=True, help_text="Label of who measured or said it")
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="correction")

    objects: ClassVar[FindingQuerySet] = FindingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("observed_on", "id")
        indexes = (models.Index(fields=["episode", "finding", "observed_on"]),)
        constraints = (
            models.CheckConstraint(condition=~Q(finding=""), name="finding_is_named"),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="finding_source_known"),
        )
