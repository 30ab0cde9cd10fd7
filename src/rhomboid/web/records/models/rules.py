from __future__ import annotations

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .base import new_ref


class LocalRule(models.Model):
    """A clinic's own wording of one entry of the knowledge. Versions stay; at most one of an entry is in force."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    kind = models.CharField(max_length=40, help_text="Name of its table in the knowledge files")
    entry = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    toml = models.TextField()
    reason = models.TextField()
    in_force = models.BooleanField(default=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "entry", "-version")
        constraints = (
            models.UniqueConstraint(fields=["kind", "entry"], condition=Q(in_force=True), name="one_local_rule_in_force"),
            models.UniqueConstraint(fields=["kind", "entry", "version"], name="local_rule_version_once"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(toml=""), name="local_rule_has_reason"),
        )


class SignOff(models.Model):
    """A licensed therapist has read a working rule and accepts it for this clinic. It holds for exactly this content (`digest`)."""

    kind = models.CharField(max_length=40)
    entry = models.CharField(max_length=80)
    digest = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=160)
    license_number = models.CharField(max_length=40)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("kind", "entry", "-at")
        constraints = (
            models.UniqueConstraint(fields=["kind", "entry", "digest"], condition=Q(withdrawn_at=None), name="signed_off_once"),
            models.CheckConstraint(condition=~Q(license_number=""), name="only_the_licensed_sign_off"),
        )
