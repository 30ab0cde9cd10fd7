"""Runs all benchmarks and prints tables, or JSON with `--json`: `python -m benchmarks [core|site|phone|crash]`.

`--here` measures the site on one database only, the one that DATABASE_URL names or else SQLite.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from rich.table import Table

from rhomboid import Case, Knowledge, assess, load_knowledge, plan, read_case
from rhomboid.reasoning.facts import known_values
from rhomboid.reasoning.interview import form_questions

from . import phone, site, site_show
from .figures import figures
from .others import Comparison, Person, compare
from .timing import Timing, measure

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
ON = date(2026, 11, 24)


def main() -> None:
    asked = [word for word in sys.argv[1:] if not word.startswith("--")] or ["core", "site", "phone"]
    found: dict[str, Any] = {}
    if "core" in asked:
        found |= core()
    if "--here" in sys.argv:
        print(site.data_of(site.crash_here() if "crash" in asked else site.here()))
        return
    for part in ("site", "crash"):
        if part in asked:
            found[part] = site.on_both(part)
    if "phone" in asked:
        found["phone"] = phone.data_of(phone.run())
    if "--json" in sys.argv:
        print(json.dumps({name: _plain(value) for name, value in found.items()}, indent=2))
    else:
        show_all(found)


def core() -> dict[str, Any]:
    knowledge = load_knowledge()
    cases = [read_case(path, knowledge.vocabulary) for path in sorted(CASES.glob("*.toml"))]
    timings = [*own(knowledge, cases), *figures(), cold_start()]
    return {"timings": timings, "comparisons": compare(knowledge, [completed(case, knowledge) for case in cases], rounds=1)}


def show_all(found: dict[str, Any]) -> None:
    if "timings" in found:
        show(found["timings"], found["comparisons"])
    if "site" in found:
        site_show.show_site(found["site"])
    if "phone" in found:
        show_phone(found["phone"])
    if "crash" in found:
        site_show.show_crash(found["crash"])


def show_phone(found: dict[str, Any]) -> None:
    table = Table(title="\nThe patient's phone", title_justify="left", box=None, pad_edge=False)
    for column in ("what", "measured", "target"):
        table.add_column(column)
    for row in phone.rows(found):
        table.add_row(*row)
    site_show.paper().print(table)


def _plain(value: list[Any] | dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return value
    return [_row(one) if isinstance(one, Comparison) else asdict(one) if isinstance(one, Timing) else one for one in value]


def own(knowledge: Knowledge, cases: list[Case]) -> list[Timing]:
    """What the core does, on the published cases, one core."""
    assessed = [assess(case, knowledge, on=ON) for case in cases]
    treatable = [one for one in assessed if not one.held]
    return [
        measure("load and compile all knowledge", [load_knowledge], rounds=15, target="under 300 ms"),
        measure(
            "one assessment (screening, patterns, factors, all rules)",
            [lambda case=case: assess(case, knowledge, on=ON) for case in cases],
            rounds=60,
            target="median under 1 ms, p99 under 2 ms",
        ),
        measure(
            "one plan, every phase proven optimal",
            [lambda one=one: plan(one) for one in treatable],
            rounds=12,
            target="median under 25 ms, p99 under 80 ms",
        ),
    ]


def cold_start() -> Timing:
    """`rhomboid assess` as a whole process."""
    command = [sys.executable, "-m", "rhomboid", "assess", str(CASES / "N30_20f_student.toml"), "--json"]
    ordinary = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for _ in range(7):
        start = time.perf_counter_ns()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ordinary)
        taken.append((time.perf_counter_ns() - start) / 1e6)
    return Timing("rhomboid assess, cold start, whole process", len(taken), statistics.median(taken), max(taken), "under 1000 ms")


def completed(case: Case, knowledge: Knowledge) -> Person:
    """The case with what it is silent about answered as a well person answers, since the other engines need known values."""
    well = knowledge.vocabulary.well
    silent = {name: well[name] for name in form_questions(knowledge) if name in well}
    return silent | known_values(case.findings, knowledge.vocabulary, ON)[0]


def _row(one: Comparison) -> dict[str, object]:
    return {
        "ours_ms": one.ours.median,
        "theirs": one.theirs.name,
        "theirs_ms": one.theirs.median,
        "times_faster": one.times_faster,
        "agree": one.agree,
        "asked": one.asked,
    }


def show(timings: list[Timing], comparisons: list[Comparison]) -> None:
    console = site_show.paper()
    table = Table(title="Rhomboid, measured in this run", title_justify="left", box=None, pad_edge=False)
    for column, side in (("what", "left"), ("runs", "right"), ("median ms", "right"), ("p99 ms", "right"), ("target", "left")):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    for one in timings:
        table.add_row(one.name, str(one.runs), f"{one.median:.2f}", f"{one.p99:.2f}", one.target)
    console.print(table)
    beside = Table(title="\nThe same rules beside others", title_justify="left", box=None, pad_edge=False)
    for column, side in (
        ("engine", "left"),
        ("median ms", "right"),
        ("ours ms", "right"),
        ("times", "right"),
        ("answers agree", "right"),
    ):
        beside.add_column(column, justify=side)  # type: ignore[arg-type]
    for one in comparisons:
        agree = f"{one.agree} of {one.asked}"
        beside.add_row(one.theirs.name, f"{one.theirs.median:.2f}", f"{one.ours.median:.3f}", f"{one.times_faster:.0f}", agree)
    console.print(beside)


main()
