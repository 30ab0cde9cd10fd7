"""What stands beside a plan: goals, what the signature rests on, other versions, and what holds it."""

from __future__ import annotations

from typing import Any

from ...knowledge import Knowledge
from ...knowledge.care import UrgencyRoute
from ...knowledge.model import HOLDING, URGENCIES, Condition
from ...reasoning.doses import dose_text
from ...vocabulary.units import unit_sign
from ..accounts.models import User
from ..records import bridge, clock
from ..records.actions import consents
from ..records.models import CONSENTS, Concern, Episode, Goal, Override, PlanLine, PlanOfCare
from ..ui import strips
from .plan_page import Page, dose_of

VERSIONS_COMPARED = 6


def goals_of(plan: PlanOfCare) -> list[dict[str, Any]]:
    """The goals as the component draws them, the dropped ones last."""
    rows = sorted(plan.goals.all(), key=lambda goal: (goal.state == "dropped", goal.pk))
    return [_goal(goal) for goal in rows]


def _goal(goal: Goal) -> dict[str, Any]:
    scale = None
    if goal.baseline is not None and goal.target is not None and goal.baseline != goal.target:
        scale = strips.goal(_axis(goal), goal.baseline, goal.target)
    unit = unit_sign(goal.unit)
    close = "" if unit.startswith(" ") else unit
    matters = f"matters at {goal.matters:g}{close}" if goal.matters else f"error {goal.error:g}{close}" if goal.error else ""
    unknown = "error not known" if goal.finding and not matters else ""
    return {
        "row": goal,
        "name": goal.name,
        "text": goal.text,
        "by": f"{goal.due_on:%b %-d}" if goal.due_on else "",
        "scale": scale,
        "baseline": "" if goal.baseline is None else f"{goal.baseline:g}{close}",
        "target": "" if goal.target is None else f"{goal.target:g}{close}",
        "aim": "" if goal.target is None else f"{goal.target:g}",
        "unit": unit.removeprefix(close).strip(),
        "error": matters or unknown,
        "met": goal.state == "met",
        "dropped": goal.state == "dropped",
        "own": goal.by_label,
    }


def _axis(goal: Goal) -> tuple[float, float]:
    """The whole scale for ratings from 0 to 10, else a little beyond both ends."""
    ends = sorted((goal.baseline or 0.0, goal.target or 0.0))
    if ends[0] >= 0 and ends[1] <= 10:
        return 0.0, 10.0
    margin = (ends[1] - ends[0]) * 0.75
    return ends[0] - margin, ends[1] + margin


def checklist(page: Page, episode: Episode) -> dict[str, Any]:
    """What the signature rests on: consents that stand or are still to be asked, and decisions on record."""
    standing = consents.standing(episode)
    asked = consents.needed(page.lines)
    against = [row.content["name"] for row in page.lines if row.content["overridden"]]
    decisions = list(Override.objects.filter(episode=episode).order_by("at"))
    return {
        "consents": [
            {
                "kind": kind,
                "words": CONSENTS[kind],
                "given": standing[kind] if kind in standing and standing[kind].given else None,
                "declined": kind in standing and not standing[kind].given,
            }
            for kind in asked
        ],
        "decisions": [
            {
                "row": one,
                "name": _name(one.intervention, page.knowledge),
                "in_force": _name(one.intervention, page.knowledge) in against,
            }
            for one in decisions
        ],
        "wishes": sum(bool(row.wanted or row.changed_dose) for row in page.lines) + len(page.limits.ban),
    }


def _name(intervention: str, knowledge: Knowledge) -> str:
    found = knowledge.interventions.get(intervention)
    return found.name if found else intervention


def versions_of(episode: Episode, knowledge: Knowledge) -> list[dict[str, Any]]:
    """All versions, newest first; the newest ones with what changed from the one before. Two queries, whatever the number."""
    rows: Any = episode.plans.defer("content")
    plans = list(rows)
    lines: dict[int, dict[str, PlanLine]] = {}
    compared = [one.pk for one in plans[: VERSIONS_COMPARED + 1]] if len(plans) > 1 else []
    for line in PlanLine.objects.filter(plan__in=compared).select_related("item"):
        lines.setdefault(line.plan_id, {})[line.item.intervention] = line
    shown = []
    for place, one in enumerate(plans):
        before = next((other for other in plans[place + 1 :] if other.state != "dropped"), None)
        both = before is not None and one.pk in lines and before.pk in lines
        shown.append({"plan": one, "changes": _changes(lines[one.pk], lines[before.pk]) if both and before else []})
    return shown


def _changes(now: dict[str, PlanLine], then: dict[str, PlanLine]) -> list[tuple[str, str]]:
    came = [now[id_].content["name"] for id_ in now if id_ not in then]
    went = [then[id_].content["name"] for id_ in then if id_ not in now]
    doses = [
        f"{now[id_].content['name']} {_said(then[id_])} → {_said(now[id_])}"
        for id_ in now
        if id_ in then and _said(now[id_]) != _said(then[id_])
    ]
    return [(word, "; ".join(names)) for word, names in (("new", came), ("out", went), ("dose", doses)) if names]


def _said(line: PlanLine) -> str:
    return dose_text(dose_of(line.doses[line.phase])) if line.phase in line.doses else ""


def stale(plan: PlanOfCare, episode: Episode, knowledge: Knowledge) -> bool:
    """Whether findings or rules have changed since a plan was solved. Two queries."""
    case = bridge.case_of(episode, knowledge, on=clock.today())
    findings = {name: bridge.stored(value) for name, value in case.findings.items()}
    return plan.knowledge_version != knowledge.version or plan.assessment.findings != findings


def holding(episode: Episode, knowledge: Knowledge) -> list[dict[str, Any]]:
    """The open concerns that hold treatment, the fastest first, with what to do."""
    found: list[Concern] = sorted(
        episode.concerns.filter(state="open", urgency__in=HOLDING),
        key=lambda one: URGENCIES.index(one.urgency),
    )
    conditions, routes = knowledge.of(Condition), knowledge.of(UrgencyRoute)
    return [
        {
            "row": one,
            "name": conditions[one.condition].name if one.condition in conditions else one.condition,
            "because": "; ".join(one.because[:4]),
            "therapist": conditions[one.condition].therapist if one.condition in conditions else "",
            "route": routes[one.urgency],
        }
        for one in found
    ]


def shown_to(user: User) -> dict[str, bool]:
    return {"may_plan": user.may("plan"), "may_sign": user.may("sign"), "may_refer": user.may("refer")}
