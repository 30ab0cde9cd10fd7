"""`rhomboid plan`: the plan of care in detail, under the person's limits and the therapist's wishes."""

from __future__ import annotations

from argparse import Namespace

from ..reasoning.as_data import goals_data, plan_data
from ..reasoning.planning import PlanOfCare
from ..reasoning.planning import plan as plan_care
from .reading import Commands, add_case, add_command, add_limits, limits_of, read
from .show import Page, print_json
from .show_assessment import show_action, show_concerns, show_headline, show_letter
from .show_plan import show_advice, show_end, show_goals, show_in_clinic, show_left_out, show_phases, show_plan_head, show_visits


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "plan", "show the plan of care in detail, and what is left out and why", run)
    add_case(parser)
    parser.add_argument("--all", action="store_true", help="list everything left out, with what would change that")
    add_limits(parser)


def run(args: Namespace) -> int:
    given = read(args)
    plan = plan_care(given.assessed(), limits_of(args, given.case, given.knowledge))
    if args.json:
        print_json(
            {
                "knowledge_version": given.knowledge.version,
                "on": given.on.isoformat(),
                "case": {"id": given.case.id, "title": given.case.title},
                "disposition": plan.assessment.disposition,
                "plan": plan_data(plan),
                "goals": goals_data(plan),
            }
        )
    else:
        show(Page(), plan, everything=args.all)
    return 0


def show(page: Page, plan: PlanOfCare, *, everything: bool) -> None:
    show_headline(page, plan.assessment)
    if plan.status == "withheld":
        show_action(page, plan.assessment)
        show_concerns(page, plan.assessment)
        show_letter(page, plan.assessment)
        return
    show_plan_head(page, plan)
    show_phases(page, plan, detailed=True)
    show_in_clinic(page, plan, detailed=True)
    show_advice(page, plan, detailed=True)
    show_goals(page, plan, detailed=True)
    show_visits(page, plan)
    show_end(page, plan)
    show_left_out(page, plan, everything=everything)
