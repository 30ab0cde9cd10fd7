from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .base import Record, RecordQuerySet
from .episode import Episode

DOCUMENT_KINDS = ("evaluation", "plan", "home_program", "note", "progress", "discharge", "referral", "received", "other")
MIMES = ("application/pdf", "image/png", "image/jpeg")


class Document(Record):
    """A file of an episode, kept in the database so that one backup holds everything. Its content decides its type."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=14, choices=[(k, k) for k in DOCUMENT_KINDS])
    title = models.CharField(max_length=160)
    mime = models.CharField(max_length=20, choices=[(m, m) for m in MIMES])
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_by_label = models.CharField(max_length=160)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    objects: ClassVar[RecordQuerySet[Document]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (models.CheckConstraint(condition=Q(size__gt=0, size__lte=10 * 2**20), name="document_has_a_size"),)
