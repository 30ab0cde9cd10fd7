from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ...accounts.models import User
from .base import Record, RecordQuerySet, episodes_of
from .person import Person

STAGES = ("intake", "evaluation", "care", "discharged", "closed")
DISPOSITIONS = ("emergency_now", "same_day", "urgent_days", "routine_referral", "treat_with_precautions", "treat")
"""The fastest urgency first: the place in this list orders the caseload."""


class EpisodeQuerySet(RecordQuerySet["Episode"]):
    def visible_to(self, user: User) -> EpisodeQuerySet:
        return self.filter(episodes_of(user))

    def current(self) -> EpisodeQuerySet:
        """Episodes under care: not discharged, not closed."""
        return self.filter(ended_on=None)


class Episode(Record):
    """One problem from intake to discharge.

    `disposition`, `held`, `works_on`, `irritability` and the numbers repeat what the last assessment and the newest findings
    say, so that a list of thousands needs no reasoning; `bridge.refresh` is the only place that writes them.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="episodes")
    number = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120, default="Upper back")
    stage = models.CharField(max_length=12, choices=[(s, s) for s in STAGES], default="intake")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    therapist = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="episodes")
    reevaluation_on = models.DateField(null=True, blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")

    disposition = models.CharField(max_length=24, blank=True, choices=[(d, d) for d in DISPOSITIONS])
    rank = models.PositiveSmallIntegerField(default=9, help_text="Place of the disposition, the fastest first; 9 is not assessed")
    held = models.BooleanField(default=False)
    screen_complete = models.BooleanField(default=False)
    works_on = models.CharField(max_length=160, blank=True)
    irritability = models.CharField(max_length=10, blank=True)
    pain_first = models.FloatField(null=True, blank=True)
    pain_last = models.FloatField(null=True, blank=True)
    function_first = models.FloatField(null=True, blank=True)
    function_last = models.FloatField(null=True, blank=True)
    off_track_on = models.DateField(null=True, blank=True, help_text="From this day on it is off track (records.track)")

    to_confirm = models.CharField(max_length=200, blank=True, help_text="What the home sessions propose and nobody has decided yet")

    objects: ClassVar[EpisodeQuerySet] = EpisodeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-started_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=["person", "number"], name="episode_numbered_once"),
            models.CheckConstraint(condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="episode_ends_after_start"),
            models.CheckConstraint(
                condition=Q(stage__in=("discharged", "closed"), ended_on__isnull=False)
                | (~Q(stage__in=("discharged", "closed")) & Q(ended_on=None)),
                name="episode_end_and_stage_agree",
            ),
        )
        indexes = (
            models.Index(fields=["therapist", "ended_on", "rank"]),
            models.Index(fields=["ended_on", "rank", "started_on"]),
            models.Index(fields=["ended_on", "reevaluation_on"]),
            models.Index(fields=["ended_on", "off_track_on", "rank"]),
            models.Index(fields=["therapist", "ended_on", "off_track_on", "rank"]),
            models.Index(fields=["ended_on", "started_on"]),
            models.Index(fields=["stage", "ended_on"]),
            models.Index(fields=["ended_on", "to_confirm"]),
            models.Index(fields=["started_on"], condition=Q(follows__isnull=False), name="episode_that_follows"),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.title}"


class Assignment(models.Model):
    """An assistant who works with the person of an episode."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["episode", "user"], condition=Q(ended_on=None), name="assigned_once"),)
