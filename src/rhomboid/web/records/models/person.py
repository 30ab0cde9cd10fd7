from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .base import Record, RecordQuerySet, episodes_of


class PersonQuerySet(RecordQuerySet["Person"]):
    def visible_to(self, user: User) -> PersonQuerySet:
        if user.role_of.assigned_only:
            return self.filter(episodes_of(user, "episodes__")).distinct()
        return self.filter(user=user) if user.role_of.id == "patient" else self if user.may("see_people") else self.none()

    def named(self, words: str) -> PersonQuerySet:
        """People whose given or family names begin with each of the words."""
        found = self
        for word in words.split()[:4]:
            found = found.filter(Q(family_name__istartswith=word) | Q(given_name__istartswith=word))
        return found


class Person(Record):
    """Somebody who has come to the clinic. Sex at birth and date of birth feed the findings of the same name."""

    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, db_index=True)
    date_of_birth = models.DateField()
    sex_at_birth = models.CharField(max_length=10, blank=True, help_text="As the vocabulary's finding; empty is unknown")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="en")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="person")

    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("family_name", "given_name", "id")
        indexes = (models.Index(fields=["given_name"]),)
        constraints = (models.CheckConstraint(condition=~Q(given_name="") & ~Q(family_name=""), name="person_has_names"),)

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def age_on(self, day: date) -> int:
        born = self.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
