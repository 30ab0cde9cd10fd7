"""`rhomboid explain`: one thing about one case, with its reasons, what would decide it, its rule and its sources."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from rich.text import Text

from ..knowledge import Knowledge
from ..reasoning.as_data import because, question_text
from ..reasoning.assess import Assessment
from ..reasoning.planning import plan as plan_care
from ..reasoning.sources import EVIDENCE, file_of, source_data, source_line
from ..reasoning.words import stated
from ..vocabulary import Problem, RhomboidError, nearest
from .explanations import Explained, explained, known_names
from .reading import Commands, add_case, add_command, add_limits, limits_of, read
from .show import QUIET, STRONG, TRUTH, Page, print_json

OPEN = 8
"""How many open questions a page shows."""
BADGES = {
    "in the plan": "treat", "raised": "same_day", "undecided": "monitor", "not known": "monitor", "possible": "monitor",
    "applies": "urgent_days", "found": "treat_with_precautions", "supported": "treat_with_precautions",
    "known": "treat_with_precautions", "cleared": "treat",
}  # fmt: skip


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "explain", "say why something is in or out, raised or cleared, found or not", run)
    add_case(parser)
    parser.add_argument("item", metavar="ITEM", help="an intervention, condition, factor, pattern, contraindication or finding")
    add_limits(parser)


def run(args: Namespace) -> int:
    given = read(args)
    names = known_names(given.knowledge)
    if args.item not in names:
        raise RhomboidError([Problem("explain", args.item, "there is no such id", nearest(args.item, names) or HINT)])
    plan = plan_care(given.assessed(), limits_of(args, given.case, given.knowledge))
    found = explained(args.item, names[args.item], plan)
    if args.json:
        print_json(data(found, plan.assessment))
    else:
        show(Page(), found, plan.assessment)
    return 0


HINT = 'see "rhomboid knowledge list conditions" (or factors, patterns, exercises, findings ...)'


def show(page: Page, found: Explained, assessment: Assessment) -> None:
    page.title(found.name, f"{found.kind} · {found.id}")
    page.blank()
    page.badge(found.verdict, BADGES.get(found.verdict, ""), found.text)
    page.blank()
    page.pairs(
        [
            ("because", "; ".join(stated(name, assessment.facts) for name in found.because)),
            ("would decide it", _open(found, assessment)),
            ("would change it", found.change),
            *found.more,
        ]
    )
    if found.rules:
        page.heading("Rule" if len(found.rules) == 1 else "Rules")
    for rule in found.rules:
        mark, style = TRUTH[rule.truth] if rule.what != "from" else ("=", QUIET)
        page.hang(mark, Text.assemble((rule.what, STRONG), "\n", (rule.text, QUIET)), mark_style=style)
    _show_evidence(page, found, assessment.knowledge)


def _open(found: Explained, assessment: Assessment) -> str:
    questions = [question_text(name, assessment) for name in found.open[:OPEN]]
    more = len(found.open) - len(questions)
    return "\n".join(questions) + (f"\nand {more} more" if more else "")


def _show_evidence(page: Page, found: Explained, knowledge: Knowledge) -> None:
    page.heading("Evidence")
    page.line(f"{EVIDENCE[found.entry.evidence]} · {file_of(found.entry, knowledge)}")
    for key in found.entry.sources:
        page.line(source_line(key, knowledge), QUIET)


def data(found: Explained, assessment: Assessment) -> dict[str, Any]:
    """The explanation as JSON prints it."""
    knowledge = assessment.knowledge
    return {
        "id": found.id,
        "kind": found.kind,
        "name": found.name,
        "verdict": found.verdict,
        "text": found.text,
        "because": because(found.because, assessment.facts),
        "would_decide": [{"finding": name, "question": question_text(name, assessment)} for name in found.open],
        "would_change": found.change,
        "loss": found.loss,
        "more": {name: text for name, text in found.more if text},
        "rules": [{"what": rule.what, "text": rule.text, "truth": rule.truth} for rule in found.rules],
        "file": file_of(found.entry, knowledge),
        "evidence": found.entry.evidence,
        "sources": [source_data(key, knowledge) for key in found.entry.sources],
    }
