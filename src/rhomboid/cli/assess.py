"""`rhomboid assess`: the whole picture on one page."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ..papers import EvaluationPaper, evaluation_html
from ..reasoning.as_data import assessment_data
from ..reasoning.assess import Assessment
from ..reasoning.planning import PlanOfCare
from ..reasoning.planning import plan as plan_care
from ..vocabulary import Problem, RhomboidError
from .reading import Commands, add_case, add_command, add_limits, limits_of, read
from .report import write_pdf
from .show import Page, print_json
from .show_assessment import (
    show_action,
    show_concerns,
    show_factors,
    show_headline,
    show_letter,
    show_patterns,
    show_precautions,
    show_questions,
    show_safety_net,
)
from .show_plan import show_advice, show_goals, show_in_clinic, show_phases, show_plan_head, show_visits


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "assess", "screen a case and show concerns, factors and the plan of care, with reasons", run)
    add_case(parser)
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write the report as one HTML file")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="also write the report as PDF (needs the print extra)")
    add_limits(parser)


def run(args: Namespace) -> int:
    given = read(args)
    assessment = given.assessed()
    plan = plan_care(assessment, limits_of(args, given.case, given.knowledge))
    write_reports(args, assessment, plan)
    if args.json:
        print_json(assessment_data(assessment, plan))
    else:
        show(Page(), assessment, plan)
    return 0


def show(page: Page, assessment: Assessment, plan: PlanOfCare) -> None:
    """The page: danger first, then what is open, then the plan."""
    show_headline(page, assessment)
    if plan.status == "withheld":
        show_action(page, assessment)
        show_concerns(page, assessment)
        show_letter(page, assessment)
        show_questions(page, assessment)
        return
    show_concerns(page, assessment)
    show_letter(page, assessment, short=True)
    show_questions(page, assessment)
    show_patterns(page, assessment)
    show_factors(page, assessment)
    show_precautions(page, assessment)
    show_plan_head(page, plan)
    show_phases(page, plan)
    show_in_clinic(page, plan)
    show_advice(page, plan)
    show_goals(page, plan)
    show_visits(page, plan)
    show_safety_net(page, assessment)


def write_reports(args: Namespace, assessment: Assessment, plan: PlanOfCare) -> None:
    """The files that were asked for."""
    if not (args.html or args.pdf):
        return
    html = evaluation_html(EvaluationPaper(assessment=assessment, plan=plan))
    try:
        if args.html:
            args.html.write_text(html, encoding="utf-8")
        if args.pdf:
            write_pdf(html, args.pdf)
    except OSError as error:
        place = str(error.filename or args.pdf or args.html)
        raise RhomboidError([Problem(place, "", f"cannot be written ({error.strerror or error})", "check the folder")]) from None
