from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .assessment import Assessment
from .base import Record, RecordQuerySet
from .episode import Episode

PLAN_STATES = ("draft", "active", "superseded", "dropped")


class PlanOfCare(Record):
    """One version of an episode's plan of care. Only a therapist's signature makes it active; a newer active one supersedes it.

    `limits` is what the person can manage and what the therapist wished (lock, add, ban, swap), as the planner reads it.
    `content` is the rest of the plan as data: phases, frequency and visits, prognosis, what is left out and why, precautions.
    `revision` counts the changes of a draft: who saves on an older one is told, and loses nothing.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=[(s, s) for s in PLAN_STATES], default="draft")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="plans")
    knowledge_version = models.CharField(max_length=40)
    limits = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    reevaluation_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_by_label = models.CharField(max_length=160, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(default=False, help_text="The person agrees with goals and plan")

    objects: ClassVar[RecordQuerySet[PlanOfCare]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-version",)
        indexes = (models.Index(fields=["state", "created_at"]),)
        constraints = (
            models.UniqueConstraint(fields=["episode", "version"], name="plan_version_once"),
            models.UniqueConstraint(fields=["episode"], condition=Q(state="active"), name="one_active_plan"),
            models.UniqueConstraint(fields=["episode"], condition=Q(state="draft"), name="one_draft_plan"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "dropped"))
                | (Q(signed_by__isnull=False) & Q(signed_at__isnull=False) & ~Q(signed_by_label="")),
                name="an_active_plan_is_signed",
            ),
        )


class Item(Record):
    """One intervention in an episode's care, over all versions of the plan: a link to it stays good."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="items")
    intervention = models.CharField(max_length=80, help_text="Id in the knowledge")
    kind = models.CharField(max_length=14)

    objects: ClassVar[RecordQuerySet[Item]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (models.UniqueConstraint(fields=["episode", "intervention"], name="item_once_in_an_episode"),)


class PlanLine(models.Model):
    """One item as one version of the plan has it: phase, dose by phase, reasons, and what the therapist changed."""

    plan = models.ForeignKey(PlanOfCare, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    phase = models.CharField(max_length=10)
    doses = models.JSONField(default=dict, help_text="Phase to dose")
    changed_dose = models.JSONField(null=True, blank=True, help_text="What the therapist prescribes in place of the dose")
    content = models.JSONField(default=dict, help_text="Name, family, serves, because, limits, ask, sources, evidence")
    wanted = models.CharField(max_length=8, blank=True, choices=[(w, w) for w in ("lock", "add", "swap")])

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["plan", "item"], name="item_once_in_a_plan"),)


class Override(Record):
    """A therapist's decision against a precaution or a contraindication, on record for good (clinical reference 5.1)."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="overrides")
    plan = models.ForeignKey(PlanOfCare, on_delete=models.PROTECT, related_name="overrides")
    intervention = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=[(k, k) for k in ("precaution", "contraindication")])
    rows = models.JSONField(default=list, help_text="The rows of the matrix that it goes against")
    reason = models.TextField()
    clearance = models.TextField(blank=True, help_text="The medical clearance it rests on: by whom, when, what")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=160)
    license_number = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[RecordQuerySet[Override]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason="") & ~Q(by_label=""), name="override_has_reason_and_name"),
            models.CheckConstraint(
                condition=Q(kind="precaution") | (~Q(clearance="") & ~Q(license_number="")),
                name="against_a_contraindication_only_licensed_with_clearance",
            ),
        )


class Goal(Record):
    """A goal with its baseline, its target and its day. `error` and `matters` are in the finding's unit; null is not known."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="goals")
    plan = models.ForeignKey(PlanOfCare, on_delete=models.PROTECT, related_name="goals")
    template = models.CharField(max_length=80)
    finding = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=160)
    text = models.TextField()
    baseline = models.FloatField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    better = models.CharField(max_length=4, choices=[("up", "up"), ("down", "down")], blank=True)
    error = models.FloatField(null=True, blank=True)
    matters = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    due_on = models.DateField(null=True, blank=True)
    by_label = models.CharField(max_length=160, blank=True, help_text="Who wrote or changed it; empty as it was proposed")
    state = models.CharField(max_length=8, choices=[(s, s) for s in ("open", "met", "not_met", "dropped")], default="open")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RecordQuerySet[Goal]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "template"], name="goal_once_in_a_plan"),
            models.CheckConstraint(condition=~Q(text=""), name="goal_has_text"),
        )
