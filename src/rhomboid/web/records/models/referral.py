from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .base import Record, RecordQuerySet
from .concern import Concern
from .document import Document
from .episode import Episode

REFERRAL_STATES = ("draft", "sent", "answered", "dropped")


class Referral(Record):
    """A letter to somebody else about a raised concern, from draft to answer."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="referrals")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    state = models.CharField(max_length=10, choices=[(s, s) for s in REFERRAL_STATES], default="draft")
    revision = models.PositiveIntegerField(default=0)
    urgency = models.CharField(max_length=20)
    to = models.CharField(max_length=160, blank=True)
    to_address = models.TextField(blank=True)
    to_email = models.EmailField(blank=True)
    subject = models.CharField(max_length=160)
    letter = models.JSONField(default=dict, help_text="The letter's parts as they were when it was written")
    message = models.TextField(blank=True, help_text="What the therapist adds in their own words")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by_label = models.CharField(max_length=160, blank=True)
    sent_how = models.CharField(max_length=10, blank=True, choices=[(h, h) for h in ("handed", "phone", "fax", "mail", "email")])
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The letter as it went out"
    )
    answer_document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[RecordQuerySet[Referral]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=["state", "created_at"]),)
        constraints = (
            models.UniqueConstraint(fields=["concern"], condition=~Q(state="dropped"), name="one_letter_for_a_concern"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "dropped")) | (Q(sent_at__isnull=False) & ~Q(to="") & ~Q(sent_how="")),
                name="a_sent_letter_says_to_whom_and_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | (Q(answered_at__isnull=False) & ~Q(answer="")), name="an_answer_has_text"
            ),
        )
