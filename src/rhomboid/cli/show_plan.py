"""A plan of care as a page: phases with their exercises, help in the clinic, advice, goals, visits, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.text import Text

from ..knowledge.care import Discharge, StayingWell
from ..knowledge.model import Contraindication, Dose, Exercise, Intervention, Manual, Modality
from ..reasoning.doses import dose_text, minutes_text
from ..reasoning.planning import PlanItem, PlanOfCare
from ..reasoning.planning.candidates import LeftOut, daily_minutes
from ..reasoning.planning.plan import PhasePlan
from ..reasoning.words import need_text, stated
from .show import ACCENT, QUIET, STRONG, Page, count, listed

KIND_NAMES = {"manual": "hands-on", "modality": "modality"}
REASONS = {
    "contraindicated": "Contraindicated for this person",
    "unanswered": "Waiting for answers that matter to safety",
    "not_indicated": "Not indicated, or not known to be",
    "irritability": "Not at this irritability",
    "equipment": "Equipment is missing",
    "position": "Position not tolerated",
    "gentler_first": "A gentler technique stands in for it",
    "banned": "Kept out by the therapist",
    "outgrown": "Too easy by now",
    "better_chosen": "Others help more",
    "not_needed": "Serves nothing that was found",
    "open_concern": "Held by a raised concern",
}
"""The reasons for which something is left out, in the order in which they are shown."""


def show_phases(page: Page, plan: PlanOfCare, *, detailed: bool = False) -> None:
    """The home program, phase by phase."""
    for phase in plan.phases:
        low, high = phase.phase.weeks
        exercises = [item for item in _items(plan, phase) if item.kind == "exercise"]
        aside = f"weeks {low}-{high} · {count(len(exercises), 'exercise')} · {minutes_text(phase.minutes)} a day"
        page.heading(f"{phase.phase.name} at home", aside)
        page.line(f"{phase.phase.aim}.", QUIET)
        for item in exercises:
            show_item(page, plan, item, phase.doses.get(item.id), detailed=detailed)
        if detailed:
            rest = [("notes", "; ".join(phase.notes)), ("move on when", phase.phase.move_on_when), ("full", _full(phase))]
            page.pairs(rest)


def _items(plan: PlanOfCare, phase: PhasePlan) -> Iterable[PlanItem]:
    return (item for id_ in phase.items if (item := plan.item(id_)))


def _full(phase: PhasePlan) -> str:
    return ", ".join(limit.replace("_", " ") for limit in phase.full if "." not in limit)


def show_item(page: Page, plan: PlanOfCare, item: PlanItem, dose: Dose | None, *, detailed: bool = False) -> None:
    """One line of the plan: what, how much, what for, and the care it is given with."""
    much, minutes = _much(plan.knowledge.interventions[item.id], dose)
    why = listed((need_text(need, plan.assessment) for need in item.serves), 6 if detailed else 3)
    lines: list[str | Text] = [Text(much), f"serves {why}" if why else ""]
    lines += [Text(f"! {limit}", "yellow") for limit in (item.limits if detailed else _short_limits(plan, item)) if limit]
    if item.ask:
        asked = listed((plan.knowledge.vocabulary.label(name) for name in item.ask), 4)
        lines.append(Text(f"? first: {asked}", "yellow"))
    if detailed:
        lines.append(f"because {'; '.join(stated(name, plan.assessment.facts) for name in item.because)}" if item.because else "")
        lines.append(Text(f"{item.id} · {_basis(item)}", QUIET))
    page.entry(Text("+" if item.wanted else "•", ACCENT), item.name, lines, minutes)


def _short_limits(plan: PlanOfCare, item: PlanItem) -> list[str]:
    """The words of care of an item; what stands under Precautions on the same page is named only."""
    rows = plan.knowledge.of(Contraindication)
    noted = {rows[active.row].note: rows[active.row].name.lower() for active in plan.assessment.safety.active}
    named = "; ".join(noted[limit] for limit in item.limits if limit in noted)
    return [*([f"see precautions: {named}"] if named else []), *(limit for limit in item.limits if limit not in noted)]


def _basis(item: PlanItem) -> str:
    words = {"lit": "published evidence", "cons": "consensus", "prod": "working rule"}[item.evidence]
    return f"{words} [{', '.join(item.sources)}]" if item.sources else words


def _much(intervention: Intervention, dose: Dose | None) -> tuple[str, str]:
    """How much, and how long: an exercise on an average day, what is done in the clinic in a visit."""
    if isinstance(intervention, Exercise) and dose:
        return dose_text(dose), f"{minutes_text(daily_minutes(dose))}/day"
    if isinstance(intervention, Manual) and dose:
        return dose_text(dose), minutes_text(dose.minutes)
    if isinstance(intervention, Modality):
        return _parameters(intervention.parameters), minutes_text(intervention.minutes)
    return "", ""


def _parameters(parameters: Mapping[str, str]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in parameters.items())


def show_in_clinic(page: Page, plan: PlanOfCare, *, detailed: bool = False) -> None:
    """Hands-on help and modalities, and what is agreed with others."""
    items = [item for item in plan.items if item.kind in KIND_NAMES]
    if items:
        page.heading("In the clinic", f"{plan.phases[0].phase.name.lower()} phase")
        for item in items:
            show_item(page, plan, item, item.dose, detailed=detailed)


def show_advice(page: Page, plan: PlanOfCare, *, detailed: bool = False) -> None:
    """Posture, education and work with others: in short the names, in detail with their reasons."""
    kinds = {"posture": "posture and place", "education": "to talk about", "coordination": "with others"}
    found = {kind: [item for item in plan.items if item.kind == kind] for kind in kinds}
    if not any(found.values()):
        return
    page.heading("Posture and education")
    if not detailed:
        page.pairs([(words, "; ".join(item.name for item in found[kind])) for kind, words in kinds.items()])
        return
    for kind, words in kinds.items():
        if found[kind]:
            page.line(words, QUIET)
        for item in found[kind]:
            show_item(page, plan, item, item.dose, detailed=True)


def show_goals(page: Page, plan: PlanOfCare, *, detailed: bool = False) -> None:
    if plan.goals:
        page.heading("Goals")
        for goal in plan.goals:
            page.hang("•", goal.text, mark_style=ACCENT)
            if detailed:
                page.line(f"by {goal.by} · {goal.basis}", QUIET, indent=4)


def show_visits(page: Page, plan: PlanOfCare) -> None:
    """How often, until when, and what may be expected."""
    visits = plan.visits
    if visits is None:
        return
    outlook = visits.prognosis
    page.heading("Visits", visits.group)
    page.pairs(
        [
            ("visits", f"{_range(visits.count)} over {_range(visits.weeks)} weeks, {_range(visits.per_week)} a week"),
            ("at home", f"{visits.home_per_week} days a week"),
            ("measure again", f"by {visits.reevaluation}"),
            ("outlook", f"{outlook.name}: {outlook.text}" if outlook else ""),
        ]
    )


def show_end(page: Page, plan: PlanOfCare) -> None:
    """How care ends, and what keeps the person well."""
    page.heading("Discharge and staying well")
    for one in plan.knowledge.of(Discharge).values():
        page.entry(Text("•", ACCENT), one.name, ["; ".join(one.criteria)])
    for kept in plan.knowledge.of(StayingWell).values():
        if plan.assessment.facts.truth(kept.when):
            page.entry(Text("↻", ACCENT), kept.name, [kept.plain])


def _range(ends: tuple[float, float]) -> str:
    low, high = ends
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def show_plan_head(page: Page, plan: PlanOfCare) -> None:
    """The plan's standing: a proposal, or a provisional one while the screen is open."""
    status = {
        "proposed": "proposed: the therapist activates it",
        "provisional": "provisional until the screen is complete",
        "withheld": "withheld",
    }[plan.status]
    page.heading("Plan of care", status)
    page.line(f"Dosed for {plan.irritability} irritability. {_limits(plan)}".strip(), QUIET)


def _limits(plan: PlanOfCare) -> str:
    limits = plan.limits
    words = [
        f"at most {minutes_text(limits.minutes)} a day" if limits.minutes else "",
        f"at most {count(limits.exercises, 'exercise')}" if limits.exercises else "",
        f"{minutes_text(limits.visit_minutes)} in a visit" if limits.visit_minutes else "",
        f"with {_words(limits.equipment) or 'nothing but what every home has'}" if limits.equipment is not None else "",
        f"without {_words(limits.without)}" if limits.without else "",
        f"not {_words(limits.avoid_positions)}" if limits.avoid_positions else "",
    ]
    stated = ", ".join(filter(None, words))
    return f"Limits: {stated}." if stated else ""


def _words(items: Iterable[str]) -> str:
    return ", ".join(sorted(item.replace("_", " ") for item in items))


def show_left_out(page: Page, plan: PlanOfCare, *, everything: bool = False) -> None:
    """What is not in the plan, by reason; with `everything` each with what would change it."""
    groups: dict[str, list[LeftOut]] = {reason: [] for reason in REASONS}
    for left in plan.left_out:
        groups.setdefault(left.reason, []).append(left)
    page.heading(
        "Left out", f"{len(plan.left_out)} of {len(plan.knowledge.interventions)}" + ("" if everything else " · --all lists them")
    )
    if not everything:
        names = plan.knowledge.interventions
        shown = [(reason, found) for reason, found in groups.items() if found]
        page.table(
            [("", "right"), ("reason", "left"), ("such as", "left")],
            [
                (str(len(found)), REASONS.get(reason, reason), Text(listed((names[one.id].name for one in found), 2), QUIET))
                for reason, found in shown
            ],
        )
        return
    for reason, found in groups.items():
        if found:
            page.blank()
            page.line(Text.assemble((REASONS.get(reason, reason), STRONG), (f"  {len(found)}", QUIET)))
        for left in found:
            page.entry(Text("·", QUIET), plan.knowledge.interventions[left.id].name, [left.text, f"→ {left.change}"], left.id)
