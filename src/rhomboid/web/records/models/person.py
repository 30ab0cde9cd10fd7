from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from ...accounts.models import User
from .base import Record, RecordQuerySet, episodes_of
from .names import name_key

KEYS = ("family_key", "surname_key", "given_key")


class PersonQuerySet(RecordQuerySet["Person"]):
    def visible_to(self, user: User) -> PersonQuerySet:
        if user.role_of.assigned_only:
            return self.filter(episodes_of(user, "episodes__")).distinct()
        return self.filter(user=user) if user.role_of.id == "patient" else self if user.may("see_people") else self.none()

    def named(self, words: str) -> PersonQuerySet:
        """People whose names begin with each of the words, in any order; a whole family name of several words counts as well."""
        key = name_key(words)
        if not key:
            return self.none()
        found = self
        for word in key.split()[:4]:
            found = found.filter(Q(family_key__begins=word) | Q(surname_key__begins=word) | Q(given_key__begins=word))
        if " " not in key:
            return found
        # As a union, since PostgreSQL reads the whole table for an OR of a subquery and a name.
        whole = self.filter(family_key__begins=key)
        return self.filter(pk__in=found.order_by().values("pk").union(whole.order_by().values("pk")))


class Person(Record):
    """Somebody who has come to the clinic. Sex at birth and date of birth feed the findings of the same name."""

    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    family_key = models.CharField(max_length=120, db_index=True, editable=False, default="")
    surname_key = models.CharField(
        max_length=120, db_index=True, editable=False, default="", help_text="The last of several family names"
    )
    given_key = models.CharField(max_length=120, db_index=True, editable=False, default="")
    date_of_birth = models.DateField(db_index=True)
    sex_at_birth = models.CharField(max_length=10, blank=True, help_text="As the vocabulary's finding; empty is unknown")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="en")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="person")

    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("family_name", "given_name", "id")
        indexes = (models.Index(fields=["family_name", "given_name", "id"]),)
        constraints = (models.CheckConstraint(condition=~Q(given_name="") & ~Q(family_name=""), name="person_has_names"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, *KEYS}
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Writes what the search reads. Called on each save; who inserts many at once calls it before."""
        self.family_key, self.given_key = name_key(self.family_name)[:120], name_key(self.given_name)[:120]
        self.surname_key = self.family_key.rpartition(" ")[2]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def age_on(self, day: date) -> int:
        born = self.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
