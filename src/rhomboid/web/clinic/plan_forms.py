"""Reading what was posted from the plan page. What cannot be read is refused in words; nothing here touches the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from django.http import QueryDict

from ...knowledge import Knowledge
from ...knowledge.model import Dose, Intervention
from ...reasoning.planning.limits import AT_HOME
from ..records.actions import Refused, plan_changes
from ..records.actions.overrides import Clearance
from ..records.actions.plan_changes import Change
from ..records.models import PlanLine, PlanOfCare
from .plan_item import DOSE_FIELDS
from .plan_page import Page, page_of, positions, things

SIMPLE = {"lock": plan_changes.lock, "unlock": plan_changes.unlock, "ban": plan_changes.ban, "unban": plan_changes.unban,
          "add": plan_changes.add}  # fmt: skip
NUMBERS = ("sets", "reps", "hold_s", "duration_s", "duration_min", "per_day", "per_week", "rpe_max", "minutes")


def revision_of(posted: QueryDict) -> int:
    raw = posted.get("revision", "")
    if not raw.isdigit():
        raise Refused("This form is incomplete", "Open the plan again.")
    return int(raw)


def change_of(posted: QueryDict, plan: PlanOfCare, knowledge: Knowledge) -> Change:
    """The change that a button asks for: `do` is a word, the id of the intervention meant, and the one to swap for."""
    word, _, names = posted.get("do", "limits").partition(" ")
    if word == "limits":
        return plan_changes.limit(limits_from(posted, page_of(plan, knowledge)), knowledge)
    first, _, second = names.partition(" ")
    one = _known(first, knowledge)
    if word in SIMPLE:
        return SIMPLE[word](one)
    if word == "swap":
        return plan_changes.swap(one, _known(second, knowledge))
    if word == "dose":
        return _dose_change(posted, plan, one)
    if word == "own_dose":
        return plan_changes.dose(one, None)
    raise Refused(f'There is no change "{word}"', "Open the plan again.")


def _known(id_: str, knowledge: Knowledge) -> Intervention:
    found = knowledge.interventions.get(id_)
    if found is None:
        raise Refused("This intervention is not known any more", "Open the plan again.")
    return found


def limits_from(posted: QueryDict, page: Page) -> dict[str, Any]:
    """The person's limits from the form. What equals the usual and was not limited before stays without a limit."""
    before, planning = page.limits, page.planning
    found: dict[str, Any] = {
        "minutes": _limit(posted, "minutes", before.minutes, planning.minutes_per_day),
        "exercises": _limit(posted, "exercises", before.exercises, page.usual_exercises),
        "visit_minutes": _limit(posted, "visit_minutes", before.visit_minutes, planning.visit_minutes),
    }
    there, all_ = set(posted.getlist("equipment")), set(things(page.knowledge))
    extras = all_ - AT_HOME
    found["without"] = sorted((all_ & AT_HOME) - there) or None
    found["equipment"] = None if extras <= there else sorted(extras & there)
    found["avoid_positions"] = sorted(set(positions(page.knowledge)) - set(posted.getlist("positions"))) or None
    return found


def _limit(posted: QueryDict, name: str, before: float | None, usual: float) -> float | None:
    try:
        value = float(posted.get(name, ""))
    except ValueError:
        raise Refused(f"{name.replace('_', ' ').capitalize()}: a number is missing", "Minutes and exercises are numbers.") from None
    return None if before is None and value == usual else value


def _dose_change(posted: QueryDict, plan: PlanOfCare, one: Intervention) -> Change:
    line = PlanLine.objects.filter(plan=plan, item__intervention=one.id).first()
    table = line.doses.get(line.phase) if line else None
    now = msgspec.convert(table, Dose, strict=False) if table else None
    return plan_changes.dose(one, dose_from(posted), now=now)


def dose_from(posted: QueryDict) -> dict[str, Any]:
    """The fields of a dose that were given; a number that is none is refused by its name."""
    found: dict[str, Any] = {}
    for name, label, _unit in DOSE_FIELDS:
        raw = posted.get(name, "").strip()
        if not raw:
            continue
        try:
            found[name] = (int(raw) if name in ("sets", "reps") else float(raw)) if name in NUMBERS else raw
        except ValueError:
            raise Refused(
                f'{label}: "{raw}" is not a whole number' if name in ("sets", "reps") else f'{label}: "{raw}" is not a number'
            ) from None
    return found


def clearance_of(posted: QueryDict) -> Clearance:
    return Clearance(posted.get("cleared_by", ""), day_of(posted, "cleared_on"), posted.get("cleared_what", ""))


def day_of(posted: Mapping[str, str], name: str) -> date | None:
    raw = posted.get(name, "").strip()
    if not raw:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise Refused(f'"{raw}" is not a date', "Year, month, day: 2026-11-24.") from None


def number_of(posted: Mapping[str, str], name: str) -> float | None:
    raw = posted.get(name, "").strip().replace(",", ".")
    if not raw:
        return None
    try:
        return float(raw)
    except ValueError:
        raise Refused(f'"{raw}" is not a number', "Leave it empty where nothing is measured.") from None
