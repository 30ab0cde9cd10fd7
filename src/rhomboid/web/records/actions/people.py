"""Registering people and correcting what identifies them."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from ...accounts.models import User
from .. import audit, clock
from ..models import Person
from . import Refused

OLDEST = 120


@transaction.atomic
def register(
    *,
    given_name: str,
    family_name: str,
    date_of_birth: date,
    sex_at_birth: str = "",
    phone: str = "",
    email: str = "",
    language: str = "en",
    by: User,
) -> Person:
    """Registers a person. A second one of the same names and birthday is refused."""
    given_name, family_name = given_name.strip(), family_name.strip()
    _check(given_name, family_name, date_of_birth)
    twin = Person.objects.filter(
        given_name__iexact=given_name, family_name__iexact=family_name, date_of_birth=date_of_birth
    ).first()
    if twin:
        raise Refused(f"{twin} is registered already with this date of birth", "Open that record instead.", status=409)
    person = Person.objects.create(
        given_name=given_name,
        family_name=family_name,
        date_of_birth=date_of_birth,
        sex_at_birth=sex_at_birth,
        phone=phone.strip(),
        email=email.strip(),
        language=language,
        created_at=clock.now(),
    )
    audit.write(by=by, action="person.register", person=person)
    return person


@transaction.atomic
def correct_identity(*, person: Person, by: User, **changes: object) -> Person:
    """Corrects names, date of birth, sex at birth or how to reach a person."""
    allowed = {"given_name", "family_name", "date_of_birth", "sex_at_birth", "phone", "email", "language"}
    assert changes.keys() <= allowed, changes
    for name, value in changes.items():
        setattr(person, name, value)
    _check(person.given_name, person.family_name, person.date_of_birth)
    person.save(update_fields=list(changes))
    audit.write(by=by, action="person.correct", person=person, fields=sorted(changes))
    return person


def _check(given_name: str, family_name: str, born: date) -> None:
    if not given_name or not family_name:
        raise Refused("A person needs a given name and a family name", "Where there is only one, write it in both.")
    today = clock.today()
    if born > today or today.year - born.year > OLDEST:
        raise Refused(f"{born.isoformat()} cannot be a date of birth", f"It lies between {today.year - OLDEST} and today.")
