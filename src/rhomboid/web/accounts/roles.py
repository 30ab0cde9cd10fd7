"""Roles: a sentence for people and a list of permissions each. A permission is a word that views and templates ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Permission = Literal[
    "see_people", "register", "enter_intake", "schedule", "see_clinical", "record", "plan", "deliver", "sign", "refer",
    "see_outcomes", "export", "break_glass", "manage_clinic", "manage_people", "review_rules", "see_audit", "see_own", "use_api",
]  # fmt: skip
RoleId = Literal["owner", "therapist", "assistant", "front_desk", "patient", "auditor", "integrator"]


@dataclass(frozen=True, slots=True)
class Role:
    """`needs_license`: permissions held only with a license number on file. `assigned_only`: sees assigned episodes alone."""

    id: RoleId
    name: str
    sentence: str
    permissions: frozenset[Permission]
    needs_license: frozenset[Permission] = frozenset()
    assigned_only: bool = False
    staff: bool = True


CARE: frozenset[Permission] = frozenset(
    {
        "see_people",
        "register",
        "enter_intake",
        "schedule",
        "see_clinical",
        "record",
        "plan",
        "deliver",
        "refer",
        "see_outcomes",
        "export",
    }
)
LICENSED: frozenset[Permission] = frozenset({"sign", "review_rules"})
LEAD: frozenset[Permission] = frozenset(
    {"see_people", "register", "schedule", "manage_clinic", "manage_people", "see_audit", "see_outcomes", "export", "break_glass"}
)

ROLES: dict[str, Role] = {
    role.id: role
    for role in (
        Role(
            "owner",
            "Owner",
            "Runs the clinic: its settings, its people, its audit trail. With a license, treats and signs as well.",
            LEAD,
            needs_license=CARE | LICENSED,
        ),
        Role(
            "therapist",
            "Therapist",
            "Evaluates, plans, treats and signs, for every person of the clinic.",
            CARE,
            needs_license=LICENSED,
        ),
        Role(
            "assistant",
            "Assistant",
            "Carries out visits and drafts notes for the people assigned to them; a therapist signs.",
            frozenset({"see_people", "see_clinical", "record", "deliver", "break_glass"}),
            assigned_only=True,
        ),
        Role(
            "front_desk",
            "Front desk",
            "Registers people, keeps the calendar and types in intake forms; sees no clinical text.",
            frozenset({"see_people", "register", "enter_intake", "schedule"}),
        ),
        Role("patient", "Patient", "Sees their own record and nobody else's.", frozenset({"see_own"}), staff=False),
        Role("auditor", "Auditor", "Reads and verifies the audit trail; sees no clinical text.", frozenset({"see_audit"})),
        Role("integrator", "Integrator", "Connects other systems; has no pages of records.", frozenset({"use_api"})),
    )
}
