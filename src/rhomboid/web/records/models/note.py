from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .. import clock
from .base import Record, RecordQuerySet
from .episode import Episode
from .frozen import FrozenOnce
from .visit import Visit


class Note(Record):
    """The note of a visit. A draft has revisions; a signed note is frozen and has addenda.

    While it is a draft, a section follows the visit by itself until somebody writes in it (`written`) or takes it over from an
    earlier note: `carried` has the day of that visit for each section that still stands as it was taken over.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="notes")
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="note")
    revision = models.PositiveIntegerField(default=0)
    subjective = models.TextField(blank=True)
    objective = models.TextField(blank=True)
    assessment = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    carried = models.JSONField(default=dict, blank=True, help_text="Section to the day of the visit it was taken over from")
    written = models.JSONField(default=list, blank=True, help_text="Sections that somebody has written in")
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)
    saved_by_label = models.CharField(max_length=160, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_by_label = models.CharField(max_length=160, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the signed text")

    objects: ClassVar[RecordQuerySet[Note]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-created_at", "-id")
        # With the episode, so that who has something to sign is read from the index alone.
        indexes = (models.Index(fields=["created_at", "id", "episode"], condition=Q(signed_at=None), name="note_unsigned"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None, digest="")
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(signed_by_label="") & ~Q(digest="")),
                name="note_signature_is_whole",
            ),
            FrozenOnce(column="signed_at", name="a_signed_note_never_changes"),
        )

    @property
    def signed(self) -> bool:
        return self.signed_at is not None


class Addendum(Record):
    """What was added to a signed note, by whom and when."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="addenda")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=160)
    at = models.DateTimeField()

    objects: ClassVar[RecordQuerySet[Addendum]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="addendum_has_text"),
            FrozenOnce(column="at", name="an_addendum_never_changes"),
        )
