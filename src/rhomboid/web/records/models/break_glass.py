from __future__ import annotations

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .person import Person


class BreakGlass(models.Model):
    """Emergency access to one person's record: by whom, why, until when. It is announced in the audit trail."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="broken_glass")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="broken_glass")
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="break_glass_has_reason"),
            models.CheckConstraint(condition=Q(until__gt=models.F("at")), name="break_glass_ends"),
        )
