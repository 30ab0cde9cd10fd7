"""`rhomboid progress`: what the log of home sessions says about each exercise."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.text import Text

from ..knowledge import Knowledge
from ..knowledge.model import Exercise
from ..reasoning.progression import Proposal, propose
from ..reasoning.session_log import Session, read_log
from .reading import Commands, add_case, add_command, read
from .show import QUIET, STRONG, Page, count, print_json

MOVES = {"stop": "STOP", "step_back": "step back", "hold": "hold", "advance": "advance"}
MOVE_STYLE = {"stop": "bold white on red", "step_back": "dark_orange", "hold": "yellow", "advance": "green"}
ORDER = tuple(MOVES)


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "progress", "propose hold, advance, step back or stop for each exercise of a home log", run)
    add_case(parser)
    parser.add_argument("log", type=Path, metavar="LOG", help="the log of home sessions (TOML, or JSON named .json)")


def run(args: Namespace) -> int:
    given = read(args)
    log = read_log(args.log, given.knowledge, given.on)
    proposals = propose(log, given.assessed(), on=given.on)
    if args.json:
        print_json(
            {
                "knowledge_version": given.knowledge.version,
                "on": given.on.isoformat(),
                "sessions": len(log),
                "proposals": [data(one, given.knowledge) for one in proposals],
            }
        )
    else:
        page = Page()
        page.title(given.case.title or given.case.id or "Progress", f"{given.on} · knowledge {given.knowledge.version}")
        show(page, proposals, log, given.knowledge)
    return 0


def data(proposal: Proposal, knowledge: Knowledge) -> dict[str, Any]:
    """A proposal as JSON prints it."""
    return {"name": knowledge.of(Exercise)[proposal.exercise].name, **asdict(proposal)}


def show(page: Page, proposals: tuple[Proposal, ...], log: tuple[Session, ...], knowledge: Knowledge) -> None:
    """The gravest first: a stop must not stand below good news."""
    page.heading("Progress", f"{count(len(log), 'session')} · a proposal; the therapist confirms what advances")
    for one in sorted(proposals, key=lambda proposal: ORDER.index(proposal.move)):
        sessions = sum(session.exercise == one.exercise for session in log)
        name = knowledge.of(Exercise)[one.exercise].name
        page.blank()
        head = Text.assemble((f" {MOVES[one.move]} ", MOVE_STYLE[one.move]), "  ", (name, STRONG))
        page.line(Text.assemble(head, (f"  {count(sessions, 'session')}", QUIET)), indent=1)
        page.pairs(
            [
                ("because", one.reason),
                ("do", one.action),
                ("dose", _dose(one)),
                ("change to", knowledge.of(Exercise)[one.next_exercise].name if one.next_exercise else ""),
                ("ask again", ", ".join(knowledge.vocabulary.label(finding) for finding in one.rescreen)),
                ("rule", ", ".join(one.rules)),
            ],
            indent=4,
        )


def _dose(proposal: Proposal) -> str:
    low, high = proposal.dose_pct
    if (low, high) == (100, 100) or proposal.move == "stop":
        return ""
    return f"{low} % of the dose" if low == high else f"{low} to {high} % of the dose"
