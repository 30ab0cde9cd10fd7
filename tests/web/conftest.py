"""The fixed cast: one person of each role, two patients, and two episodes, in a real database."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client

from rhomboid.web.accounts.models import User
from rhomboid.web.config.logs import NoData
from rhomboid.web.records import clock
from rhomboid.web.records.actions import episodes, links, people
from rhomboid.web.records.models import Clinic, Episode, Person, PersonalLink

from .phone import agree

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
STAFF = ("owner", "therapist", "colleague", "assistant", "front_desk", "auditor", "integrator")


@dataclass(frozen=True)
class Cast:
    """Everybody who plays in the tests. `episode` is Marisol's, assigned to the assistant; `other` is Theo's."""

    owner: User
    therapist: User
    colleague: User
    assistant: User
    front_desk: User
    patient: User
    other_patient: User
    auditor: User
    integrator: User
    marisol: Person
    theo: Person
    episode: Episode
    other: Episode


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[datetime]:
    with clock.fixed(NOW):
        yield NOW


@pytest.fixture(autouse=True)
def quick_site(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.SECOND_FACTOR_REQUIRED = False  # type: ignore[attr-defined]


def user(name: str, role: str, **fields: str) -> User:
    email = f"{name.split()[0].lower()}@example.test"
    return User.objects.create(email=email, name=name, role=role, password=make_password("correct horse"), **fields)


@pytest.fixture
def cast(db: None, quick_site: None) -> Cast:
    return everybody()


def everybody() -> Cast:
    """The cast, in whatever transaction there is."""
    Clinic.objects.create(id=1, name="Juniper Street Physical Therapy")
    owner = user("Ada Owner", "owner")
    therapist = user("Dara Okafor", "therapist", credentials="PT, DPT", license_number="PT-1001")
    colleague = user("Sam Ortiz", "therapist", credentials="PT", license_number="PT-1002")
    assistant = user("Ines Assist", "assistant", credentials="PTA")
    desk = user("Finn Desk", "front_desk")
    patient, other_patient = user("Marisol Vega", "patient"), user("Theo Lindqvist", "patient")
    marisol = people.register(
        given_name="Marisol", family_name="Vega", date_of_birth=date(1972, 3, 9), sex_at_birth="female", by=desk
    )
    theo = people.register(given_name="Theo", family_name="Lindqvist", date_of_birth=date(1968, 5, 2), sex_at_birth="male", by=desk)
    for person, login in ((marisol, patient), (theo, other_patient)):
        person.user = login
        person.save()
    episode = episodes.open_episode(person=marisol, therapist=therapist, by=desk)
    other = episodes.open_episode(person=theo, therapist=colleague, by=desk)
    episodes.assign(episode=episode, user=assistant, by=therapist)
    return Cast(
        owner=owner,
        therapist=therapist,
        colleague=colleague,
        assistant=assistant,
        front_desk=desk,
        patient=patient,
        other_patient=other_patient,
        auditor=user("Uma Audit", "auditor"),
        integrator=user("Ivo Integrator", "integrator"),
        marisol=marisol,
        theo=theo,
        episode=episode,
        other=other,
    )


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[User], Client]:
    """A browser without a page: a client signed in as somebody."""

    def client_of(somebody: User) -> Client:
        client = Client()
        client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@pytest.fixture
def phone(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    """Marisol's phone, with her consents given."""
    agree(cast.episode, cast.patient)
    return signed_in(cast.patient)


@pytest.fixture
def link(cast: Cast) -> PersonalLink:
    """The link to Marisol's phone."""
    return links.issue(episode=cast.episode, by=cast.front_desk)


@pytest.fixture
def fresh_counts(db: None) -> None:
    """No wrong date of birth was ever tried."""
    cache.clear()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that any logger says, as the site's own handler writes it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(NoData())
    root = logging.getLogger()
    level, root.level = root.level, logging.DEBUG
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)
    root.level = level
