"""An episode under care: findings of a published case with measures beside them, and a signed plan. For tests of what follows."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import consents, findings, notes, plans, visits
from rhomboid.web.records.models import Episode, Item, Note, PlanOfCare, Visit

CASES = Path(__file__).parents[1] / "cases"
MEASURES: dict[str, Any] = {
    "nrs_average_7d": 6, "psfs_mean": 4.0, "rom_thx_rot_seated_l": 28, "rom_thx_rot_seated_r": 44, "sinss_irritability": "moderate",
}  # fmt: skip


def case_values(name: str = "N32_36f_hygienist") -> dict[str, Any]:
    table = tomllib.loads((CASES / f"{name}.toml").read_text())["findings"]
    plain = {key: value["value"] if isinstance(value, dict) else value for key, value in table.items()}
    return {key: value for key, value in plain.items() if key not in ("age_years", "sex_at_birth")}


def under_care(episode: Episode, by: User) -> PlanOfCare:
    """Records the findings and signs the proposed plan."""
    knowledge = current.knowledge()
    findings.record(episode=episode, values=case_values() | MEASURES, knowledge=knowledge, by=by)
    plan = plans.propose(episode=episode, knowledge=knowledge, by=by)
    given = consents.needed(list(plan.lines.select_related("item")))
    signed = plans.sign(plan=plan, revision=plan.revision, agreed=True, knowledge=knowledge, by=by, given=given)
    episode.refresh_from_db()
    return signed


def item(plan: PlanOfCare, kind: str, place: int = 0) -> Item:
    return [line.item for line in plan.lines.select_related("item") if line.item.kind == kind][place]


def visit(episode: Episode, by: User, at: datetime | None = None, kind: str = "treatment") -> Visit:
    return visits.schedule(episode=episode, planned_at=at or clock.now() + timedelta(hours=1), by=by, kind=kind)


def signed_visit(episode: Episode, by: User, at: datetime) -> Note:
    """A whole visit at a moment: started, pain before and after, note signed."""
    knowledge = current.knowledge()
    with clock.fixed(at):
        found = visits.start(visit=visit(episode, by, at), by=by)
        visits.record_pain(visit=found, before=5, after=3, knowledge=knowledge, by=by)
        note = notes.open_note(visit=found, knowledge=knowledge, by=by)
        return notes.sign(note=note, revision=note.revision, knowledge=knowledge, by=by)
