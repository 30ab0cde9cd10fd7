"""A clinic that has just opened: its staff, and nobody else."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

from tests.web.conftest import user

from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock
from rhomboid.web.records.actions import episodes, links, people
from rhomboid.web.records.models import Clinic

PHONE = "phone.json"


def fill() -> None:
    Clinic.objects.create(id=1, name="Juniper Street Physical Therapy", address="14 Juniper Street", phone="555 0142")
    user("Ada Owner", "owner")
    user("Dara Okafor", "therapist", credentials="PT, DPT", license_number="PT-1001")
    user("Finn Desk", "front_desk")


def with_a_phone() -> None:
    """The same, and Odile, who speaks Spanish: with a personal link whose address is in the data folder."""
    fill()
    therapist = User.objects.get(email="dara@example.test")
    with clock.fixed(clock.now()):
        odile = people.register(
            given_name="Odile", family_name="Penrose", date_of_birth=date(1972, 6, 2), sex_at_birth="female", by=therapist
        )
        odile.language = "es"
        odile.save()
        episode = episodes.open_episode(person=odile, therapist=therapist, by=therapist)
        link = links.issue(episode=episode, by=therapist)
    Path(os.environ["RHOMBOID_DATA"], PHONE).write_text(json.dumps(f"/p/{links.token_of(link)}"), encoding="utf-8")
