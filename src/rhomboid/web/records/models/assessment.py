from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .. import clock
from .base import Record, RecordQuerySet
from .episode import Episode

OCCASIONS = ("evaluation", "concern", "plan", "visit", "reevaluation", "discharge")
DECISIONS = ("go_on", "change", "refer", "discharge")


class Assessment(Record):
    """What the reasoning made of an episode on a day: the findings it read, the version it used, and what came out, for good.

    A re-evaluation also has the therapist's `decision` on how care goes on.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="assessments")
    on = models.DateField()
    made_at = models.DateTimeField(default=clock.now)
    occasion = models.CharField(max_length=14, choices=[(o, o) for o in OCCASIONS])
    knowledge_version = models.CharField(max_length=40)
    disposition = models.CharField(max_length=24)
    findings = models.JSONField(help_text="Finding id to value")
    decision = models.CharField(max_length=12, blank=True, choices=[(d, d) for d in DECISIONS])
    words = models.TextField(blank=True, help_text="The therapist's words on the decision")
    outcome = models.JSONField(help_text="As `rhomboid assess --json` prints it, without the plan")

    objects: ClassVar[RecordQuerySet[Assessment]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("on", "id")
        indexes = (models.Index(fields=["episode", "on"]),)
        constraints = (
            models.CheckConstraint(condition=~Q(knowledge_version=""), name="assessment_names_its_knowledge"),
            models.CheckConstraint(condition=Q(occasion__in=OCCASIONS), name="assessment_occasion_known"),
        )
