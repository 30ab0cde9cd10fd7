from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .base import Record, RecordQuerySet
from .episode import Episode
from .frozen import FrozenOnce
from .plan import Item, PlanOfCare

HOME_MOVES = ("stop", "step_back", "hold", "go_on")


class HomeChange(Record):
    """What the rules, or a therapist at a visit, made of the program at home between two versions of the plan. Never edited.

    The newest row of an item is in force while its plan is; a row without an item speaks of all exercises, whatever the plan.
    `dose_pct` is what remains of the plan's dose, `since` the first day it holds, `session_on` the day of the session it answers,
    `next_exercise` the easier one that is proposed to the therapist. An empty `by_label` means the rules.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="home_changes")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="home_changes")
    plan = models.ForeignKey(PlanOfCare, on_delete=models.PROTECT, null=True, blank=True, related_name="home_changes")
    move = models.CharField(max_length=10, choices=[(m, m) for m in HOME_MOVES])
    dose_pct = models.PositiveSmallIntegerField(default=100)
    next_exercise = models.CharField(max_length=80, blank=True)
    since = models.DateField()
    session_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    action = models.TextField(blank=True)
    rules = models.JSONField(default=list, blank=True)
    by_label = models.CharField(max_length=160, blank=True)
    made_at = models.DateTimeField()

    objects: ClassVar[RecordQuerySet[HomeChange]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["episode", "item"]),)
        constraints = (
            models.CheckConstraint(condition=Q(dose_pct__lte=100), name="home_change_is_at_most_the_plan"),
            models.CheckConstraint(condition=Q(item=None) | Q(plan__isnull=False), name="home_change_of_an_item_has_its_plan"),
            FrozenOnce(column="made_at", name="a_home_change_never_changes"),
        )
