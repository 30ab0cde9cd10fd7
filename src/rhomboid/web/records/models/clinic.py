from __future__ import annotations

from django.db import models
from django.db.models import Q


class Clinic(models.Model):
    """The one clinic of this installation: its name, its letterhead, and the version of its local rules."""

    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    emergency_number = models.CharField(max_length=20, default="911")
    paper = models.CharField(max_length=6, choices=[("Letter", "US Letter"), ("A4", "A4")], default="Letter")
    logo = models.BinaryField(blank=True, default=bytes)
    logo_mime = models.CharField(max_length=20, blank=True)
    rules_revision = models.PositiveIntegerField(default=0, help_text="Counts changes of the local rules")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_clinic"),)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Clinic:
        """The clinic; made with a plain name when the installation is new."""
        found, _ = cls.objects.defer("logo").get_or_create(id=1, defaults={"name": "Our clinic"})
        return found
