"""Episodes with the findings of a published case, so that plans are solved for somebody whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from rhomboid import read_case
from rhomboid.web.accounts.models import User
from rhomboid.web.records import bridge, clock, current
from rhomboid.web.records.actions import findings, plans
from rhomboid.web.records.actions.findings import FROM_PERSON
from rhomboid.web.records.models import Episode, PlanOfCare

CASES = Path(__file__).parent.parent / "cases"
NECK = "N16_43f_triceps"
WEAK_BONE = "N26_low_bone_mass_68f"
OLD_FRACTURE = {"hx_vertebral_fragility_fx_weeks": 104}
FUSED = "N23_54f_after_fusion"
AORTA = "S45_44m_tearing"


def evaluated(episode: Episode, by: User, case: str = NECK, **changed: Any) -> Episode:
    """Records a case's findings in an episode; the person gets the case's age and sex."""
    found = read_case(next(CASES.glob(f"{case}*.toml")), current.knowledge().vocabulary)
    person, age = episode.person, found.findings["age_years"]
    person.sex_at_birth = str(found.findings.get("sex_at_birth", ""))
    person.date_of_birth = clock.today() - timedelta(days=int(float(str(age)) * 365.25) + 40)
    person.save()
    values = {name: bridge.stored(value) for name, value in found.findings.items() if name not in FROM_PERSON} | changed
    findings.record(episode=episode, values=msgspec.to_builtins(values), knowledge=current.knowledge(), by=by)
    episode.refresh_from_db()
    return episode


def proposed(episode: Episode, by: User, case: str = NECK, **changed: Any) -> PlanOfCare:
    return plans.propose(episode=evaluated(episode, by, case, **changed), knowledge=current.knowledge(), by=by)


def signed(plan: PlanOfCare, by: User) -> PlanOfCare:
    return plans.sign(
        plan=plan, revision=plan.revision, agreed=True, given=("care", "manual", "thrust"), knowledge=current.knowledge(), by=by
    )
