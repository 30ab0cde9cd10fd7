"""A clinic that has just opened: its staff, and nobody else."""

from __future__ import annotations

from tests.web.conftest import user

from rhomboid.web.records.models import Clinic


def fill() -> None:
    Clinic.objects.create(id=1, name="Juniper Street Physical Therapy", address="14 Juniper Street", phone="555 0142")
    user("Ada Owner", "owner")
    user("Dara Okafor", "therapist", credentials="PT, DPT", license_number="PT-1001")
    user("Finn Desk", "front_desk")
