from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """Who did what to whose record, when. Labels and refs, not foreign keys: the trail outlives what it tells of.

    Each event carries the hash of the one before it; a changed or missing row breaks the chain (audit.verify).
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=160)
    actor_ref = models.CharField(max_length=20, blank=True)
    action = models.CharField(max_length=60)
    person_ref = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=["person_ref", "-id"]),
            models.Index(fields=["actor_ref", "-id"]),
            models.Index(fields=["action", "-id"]),
            models.Index(fields=["at"]),
        )


class AuditHead(models.Model):
    """The end of the chain. One row, locked while an event is added, so that the chain never forks."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_audit_head"),)
