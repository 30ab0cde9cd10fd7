"""Writes the table of published cases into the README, or fails when it is stale: python tools/readme_results.py [--check]"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from rhomboid import load_knowledge, read_case
from rhomboid.reasoning.truth import Totals, Verdict, judge, totals

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
START, END = "<!-- results -->", "<!-- /results -->"
ON = date(2026, 11, 24)


def main() -> int:
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(START)
    _, after = rest.split(END)
    written = f"{before}{START}\n{results()}\n{END}{after}"
    if "--check" not in sys.argv:
        README.write_text(written, encoding="utf-8")
    elif written != text:
        print("README.md: the table of cases is stale; run make fix", file=sys.stderr)
        return 2
    return 0


def results() -> str:
    knowledge = load_knowledge()
    cases = [read_case(path, knowledge.vocabulary) for path in sorted((ROOT / "tests" / "cases").glob("*.toml"))]
    verdicts = [judge(case, knowledge, ON) for case in cases]
    return "\n".join([summary(totals(verdicts)), "", *table(verdicts)])


def summary(found: Totals) -> str:
    return (
        f"`rhomboid cases tests/cases` runs {found.cases} published cases whose outcome is known, mapped to the vocabulary from"
        f" their facts. Of {found.serious} serious ones {found.serious_raised} are raised at their urgency or above, and in"
        f" {found.condition_raised} the true condition is among those raised. Of the {found.others} others {found.over_referred}"
        f" are referred at `urgent_days` or faster. Something forbidden is offered in {found.forbidden}. Of"
        f" {found.factors_expected} expected factors {found.factors_found} are found, of {found.help_expected} expected kinds of"
        f" help {found.help_found} are in the plan. The rules were developed against these very cases, so this is a fit, not a"
        " validation; prevalence in such a collection is unreal, and predictive values would mean nothing."
    )


def table(verdicts: list[Verdict]) -> list[str]:
    rows = ["| case | truth | came out | raised first | missed |", "|---|---|---|---|---|"]
    for one in verdicts:
        first = one.raised[0] if one.raised else ""
        missed = ", ".join((*one.missed_factors, *one.missed_help, *one.offered_forbidden))
        mark = "" if one.accepted else " (not accepted)"
        rows.append(f"| {one.title} | {one.truth} | {one.got}{mark} | {first} | {missed} |")
    return rows


if __name__ == "__main__":
    sys.exit(main())
