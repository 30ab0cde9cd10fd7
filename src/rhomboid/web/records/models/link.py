from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .base import Record, RecordQuerySet
from .episode import Episode


class PersonalLinkQuerySet(RecordQuerySet["PersonalLink"]):
    def live(self, on: date) -> PersonalLinkQuerySet:
        """Links that are not revoked and whose last day is not over."""
        return self.filter(revoked_at=None).filter(Q(expires_on=None) | Q(expires_on__gte=on))


class PersonalLink(Record):
    """The address by which a person opens their own episode on a phone. What goes out is a signature over `ref`; no secret is kept.

    `failed` counts wrong dates of birth since the link was made; `locked_until` is when the next try is heard, and `locked` that
    none is heard any more until the clinic makes a new link. `expires_on` is the last day on which it opens; none is without end.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="links")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_by_label = models.CharField(max_length=160)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When it last went out by e-mail")
    expires_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by_label = models.CharField(max_length=160, blank=True)
    failed = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    locked = models.BooleanField(default=False)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonalLinkQuerySet] = PersonalLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=["episode"], condition=Q(revoked_at=None), name="one_live_link_per_episode"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by_label="") | (Q(revoked_at__isnull=False) & ~Q(revoked_by_label="")),
                name="link_revoked_by_somebody",
            ),
        )

    def opens(self, on: date) -> bool:
        """Whether it is neither taken back nor over. A locked link still serves the phones that it has opened before."""
        return self.revoked_at is None and (self.expires_on is None or self.expires_on >= on)
