from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .assessment import Assessment
from .base import Record, RecordQuerySet
from .episode import Episode


class Discharge(Record):
    """How an episode ended, and what the person goes home with. Written once.

    `criteria` has each criterion of the pathway with true, false or null (not known) as it was confirmed; `contacts` the dates on
    which the clinic gets in touch; `staying_well`, `flare` and `come_back` the lines for the person.
    """

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="discharge")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    pathway = models.CharField(max_length=40, help_text="Id in the knowledge")
    criteria = models.JSONField(default=list)
    summary = models.TextField(blank=True)
    home = models.JSONField(default=list, help_text="The exercises that go on, with their dose in plain words")
    staying_well = models.JSONField(default=list)
    flare = models.JSONField(default=list)
    come_back = models.JSONField(default=list)
    contacts = models.JSONField(default=list, help_text="on, kind, text, optional")
    phone_until = models.DateField(null=True, blank=True, help_text="The last day on which the person's link opens")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_by_label = models.CharField(max_length=160)
    signed_at = models.DateTimeField()

    objects: ClassVar[RecordQuerySet[Discharge]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(pathway="") & ~Q(signed_by_label=""), name="discharge_has_pathway_and_name"),
        )
