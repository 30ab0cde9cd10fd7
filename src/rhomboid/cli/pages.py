"""The generated reference pages: everything Rhomboid knows as Markdown that a therapist can read and correct."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ..knowledge import Knowledge, load_knowledge
from .pages_care import care
from .pages_entries import Writer
from .pages_findings import derived_findings, findings
from .pages_help import HELP, instruments, interventions
from .pages_rules import conditions, contraindications, factors, patterns
from .pages_sources import index, sources

PAGES: dict[str, Callable[[Writer], list[str]]] = {
    "findings.md": findings,
    "derived-findings.md": derived_findings,
    "conditions.md": conditions,
    "patterns.md": patterns,
    "factors.md": factors,
    **{name: partial(interventions, page=page) for name, page in HELP.items()},
    "contraindications.md": contraindications,
    "instruments.md": instruments,
    "care.md": care,
    "sources.md": sources,
}
STALE = 2
"""The exit code when a page is not what the knowledge makes of it."""


def pages(knowledge: Knowledge) -> dict[str, str]:
    """The Markdown of every generated page, by its path below docs/reference."""
    writer = Writer(knowledge)
    made = {name: _finished(name, page(writer)) for name, page in PAGES.items()}
    return {**made, "index.md": index(writer, made)}


def _finished(name: str, lines: list[str]) -> str:
    """The text of a page; links to itself need no file."""
    return "\n".join(lines).rstrip().replace(f"]({name}#", "](#") + "\n"


def write_pages(folder: Path, knowledge: Knowledge | None = None) -> None:
    """Writes all pages into a folder, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages(knowledge or load_knowledge()).items():
        (folder / name).write_text(page, encoding="utf-8", newline="\n")


def stale_pages(folder: Path, knowledge: Knowledge | None = None) -> list[str]:
    """The pages in a folder that are missing or not what the knowledge makes of them, by name."""
    made = pages(knowledge or load_knowledge())
    return [name for name, page in made.items() if not (folder / name).is_file() or (folder / name).read_bytes() != page.encode()]


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the pages, or says which are stale. Returns 0, or 2 when one is."""
    parser = ArgumentParser(prog="python -m rhomboid.cli.pages", description="Write the reference pages.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the pages stand: docs/reference")
    parser.add_argument("--check", action="store_true", help="write nothing; name the pages that are stale")
    args = parser.parse_args(argv)
    if not args.check:
        write_pages(args.folder)
        return 0
    stale = stale_pages(args.folder)
    for name in stale:
        print(f"{args.folder / name}: is stale; run rhomboid knowledge pages {args.folder}", file=sys.stderr)
    return STALE if stale else 0


if __name__ == "__main__":
    sys.exit(main())
