"""The tables of what was measured on the site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table

Run = dict[str, Any]
SECTION = "evaluation, section "


def paper() -> Console:
    """As wide as the terminal; wide enough for every table where what is printed goes to a file."""
    return Console(width=None if Console().is_terminal else 120)


def show_site(runs: Iterable[Run]) -> None:
    console = paper()
    for run in runs:
        console.print(_pages(run), _queries(run), _load(run))


def show_crash(runs: Iterable[Run]) -> None:
    table = _table("\nkill -9 in the middle of work", "database", "killed", "acknowledged writes", "lost or broken")
    for run in runs:
        table.add_row(run["database"], run["killed"], f"{run['writes']:,}", "; ".join(run["wrong"][:3]) or "nothing")
    paper().print(table)


def _pages(run: Run) -> Table:
    title = f"\n{run['database']}: {run['people']:,} people, {run['findings']:,} findings (ready after {run['ready_s']:.0f} s)"
    table = _table(title, "page", "runs", "p50 ms", "p95 ms", "CPU ms", "target", "x floor")
    for one in _folded(run["pages"]):
        target = f"{one['target']:.0f}" + ("" if one["p95"] < one["target"] else " missed")
        times = [f"{one[name]:.1f}" for name in ("p50", "p95", "cpu")]
        table.add_row(one["name"], str(one["runs"]), *times, target, f"{one['times_floor']:.0f}")
    return table


def _folded(pages: list[Run]) -> list[Run]:
    """The sections of the evaluation as one line: the slowest of them."""
    sections = [one for one in pages if one["name"].startswith(SECTION)]
    worst = max(sections, key=lambda one: one["p95"], default=None)
    if worst is None:
        return pages
    name = f"evaluation, slowest section ({worst['name'].removeprefix(SECTION)})"
    return [*(one for one in pages if one not in sections), worst | {"name": name}]


def _queries(run: Run) -> Table:
    table = _table("\nQueries of a page", "page", "10 findings", "an ordinary episode", "thirty visits")
    for name, counts in run["queries"].items():
        table.add_row("a finding saved" if name == "save" else name, *map(str, counts))
    return table


def _load(run: Run) -> Table:
    one = run["load"]
    title = f"\n{one['therapists']} therapists at once for {one['seconds']:.0f} s, without pause"
    table = _table(title, "what", "done", "p50 ms", "p95 ms", "lost, failed or broken")
    wrong = "; ".join(one["wrong"][:3]) or "nothing"
    table.add_row("findings recorded", f"{one['writes']:,}", f"{one['write_p50']:.0f}", f"{one['write_p95']:.0f}", wrong)
    table.add_row("pages read", f"{one['reads']:,}", f"{one['read_p50']:.0f}", f"{one['read_p95']:.0f}", "")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for place, column in enumerate(columns):
        text = place == 0 or column.startswith(("target", "lost", "killed"))
        table.add_column(column, justify="left" if text else "right", no_wrap=place == 0)
    return table
