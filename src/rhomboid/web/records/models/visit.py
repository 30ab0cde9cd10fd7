from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ...accounts.models import User
from .. import clock
from .base import Record, RecordQuerySet
from .episode import Episode
from .plan import Item

VISIT_KINDS = ("evaluation", "treatment", "reevaluation", "discharge")
VISIT_STATES = ("planned", "started", "done", "cancelled", "no_show")
PAIN = Q(pain_before=None) | Q(pain_before__range=(0, 10))
PAIN_AFTER = Q(pain_after=None) | Q(pain_after__range=(0, 10))


class Visit(Record):
    """One meeting. It has a planned date and time; who books it and how comes later.

    `rescreen` has the answer ("none", "something") to each question of the short safety set, `progress` what was decided about
    each exercise at home.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="visits")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=14, choices=[(k, k) for k in VISIT_KINDS])
    state = models.CharField(max_length=10, choices=[(s, s) for s in VISIT_STATES], default="planned")
    planned_at = models.DateTimeField()
    therapist = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True)
    rescreen = models.JSONField(default=dict, blank=True)
    progress = models.JSONField(default=dict, blank=True)
    summary = models.CharField(max_length=160, blank=True, help_text="One line for lists, from the note")

    objects: ClassVar[RecordQuerySet[Visit]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("planned_at", "id")
        indexes = (models.Index(fields=["therapist", "planned_at"]), models.Index(fields=["planned_at"]))
        constraints = (
            models.UniqueConstraint(fields=["episode", "number"], name="visit_numbered_once"),
            models.CheckConstraint(condition=PAIN & PAIN_AFTER, name="visit_pain_is_0_to_10"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
                name="visit_ends_after_start",
            ),
        )


class DeliveredIntervention(Record):
    """What was done in a visit, and the test before and after it."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="delivered")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="delivered")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="delivered")
    segment = models.CharField(max_length=20, blank=True)
    side = models.CharField(max_length=5, blank=True, choices=[(s, s) for s in ("left", "right", "both")])
    technique = models.CharField(max_length=80, blank=True)
    grade = models.CharField(max_length=12, blank=True)
    dose = models.CharField(max_length=160, blank=True)
    minutes = models.FloatField()
    test = models.CharField(max_length=80, blank=True, help_text="Finding id of the within-visit test")
    before = models.FloatField(null=True, blank=True)
    after = models.FloatField(null=True, blank=True)
    response = models.CharField(max_length=300, blank=True)
    by_label = models.CharField(max_length=160)

    objects: ClassVar[RecordQuerySet[DeliveredIntervention]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["visit", "item", "segment", "side"], name="delivered_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0, minutes__lte=240), name="delivered_minutes_make_sense"),
        )


class HomeSession(Record):
    """One exercise on one day at home, as the person reported it; what was not said is null and is never taken for good.

    The fields are those of `reasoning.session_log.Session`, where each is explained. Of several sessions in a day it holds the
    worst of each; with `by_phone` the person's own phone has reported it, and PhoneReport keeps every single report.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="home_sessions")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="home_sessions")
    on = models.DateField()
    completed = models.BooleanField(default=True)
    rest = models.PositiveSmallIntegerField(null=True, blank=True)
    during = models.PositiveSmallIntegerField(null=True, blank=True)
    morning = models.PositiveSmallIntegerField(null=True, blank=True)
    effort = models.PositiveSmallIntegerField(null=True, blank=True)
    response = models.PositiveSmallIntegerField(null=True, blank=True)
    extra_reps = models.PositiveSmallIntegerField(null=True, blank=True)
    extra_hold_s = models.PositiveSmallIntegerField(null=True, blank=True)
    correct_of_10 = models.PositiveSmallIntegerField(null=True, blank=True)
    settled_min = models.PositiveSmallIntegerField(null=True, blank=True)
    form_ok = models.BooleanField(null=True, blank=True)
    ill = models.BooleanField(default=False)
    bad_night = models.BooleanField(default=False)
    stiff_morning = models.BooleanField(default=False)
    cleared = models.BooleanField(default=False)
    symptoms = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by_phone = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[RecordQuerySet[HomeSession]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("on", "id")
        indexes = (models.Index(fields=["episode", "on"]),)
        constraints = (
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__range": (0, 10)}), name=f"home_{name}_is_0_to_10"
                )
                for name in ("rest", "during", "morning", "effort", "correct_of_10")
            ),
            models.CheckConstraint(condition=Q(response=None) | Q(response__range=(0, 5)), name="home_response_is_0_to_5"),
        )
