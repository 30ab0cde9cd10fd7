"""Registering people and correcting what identifies them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from ....knowledge import Knowledge
from ...accounts.models import User
from .. import audit, bridge, clock
from ..fitting import fits
from ..models import Person
from ..models.names import name_key
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
    person = Person(
        given_name=given_name,
        family_name=family_name,
        date_of_birth=date_of_birth,
        sex_at_birth=sex_at_birth,
        phone=phone.strip(),
        email=email.strip(),
        language=language,
        created_at=clock.now(),
    )
    fits(Person, person)  # before the database is asked with these words
    twin = Person.objects.filter(
        given_name__iexact=given_name, family_name__iexact=family_name, date_of_birth=date_of_birth
    ).first()
    if twin:
        raise Refused(f"{twin} is registered already with this date of birth", "Open that record instead.", status=409)
    person.save()
    audit.write(by=by, action="person.register", person=person)
    return person


def look_alikes(*, given_name: str, family_name: str, date_of_birth: date) -> list[Person]:
    """Who may be the same person: the same family name and birthday, or both names with another birthday."""
    given, family = name_key(given_name), name_key(family_name)
    same_day = Q(date_of_birth=date_of_birth) & (Q(family_key=family) | Q(given_key=given))
    return list(Person.objects.filter(same_day | Q(family_key=family, given_key=given))[:5]) if given and family else []


@transaction.atomic
def correct_identity(*, person: Person, by: User, knowledge: Knowledge | None = None, **changes: object) -> Person:
    """Corrects names, date of birth, sex at birth or how to reach a person. Age and sex feed the reasoning, which is renewed."""
    allowed = {"given_name", "family_name", "date_of_birth", "sex_at_birth", "phone", "email", "language"}
    assert changes.keys() <= allowed, changes
    for name, value in changes.items():
        setattr(person, name, value)
    _check(person.given_name, person.family_name, person.date_of_birth)
    person.save(update_fields=list(changes))
    if knowledge and changes.keys() & {"date_of_birth", "sex_at_birth"}:
        for episode in person.episodes.filter(ended_on=None, findings__isnull=False).distinct():
            bridge.renew(episode, knowledge, on=clock.today())
    audit.write(by=by, action="person.correct", person=person, fields=sorted(changes))
    return person


def _check(given_name: str, family_name: str, born: date) -> None:
    if not given_name or not family_name:
        raise Refused("A person needs a given name and a family name", "Where there is only one, write it in both.")
    today = clock.today()
    if born > today or today.year - born.year > OLDEST:
        raise Refused(f"{born.isoformat()} cannot be a date of birth", f"It lies between {today.year - OLDEST} and today.")
