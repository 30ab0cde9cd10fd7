"""The page of care over time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..knowledge.care import (
    CallSentence,
    Discharge,
    Frequency,
    GoalTemplate,
    IntakePart,
    LetterField,
    MinimumSet,
    MorningRule,
    OwnPlace,
    PainRule,
    Phase,
    Planning,
    PrognosisBand,
    ProgressionRule,
    Reevaluation,
    ReferralMap,
    RegressionRule,
    Rescreen,
    ResponseCode,
    StayingWell,
    StopSymptom,
    Thrust,
    TruthWord,
)
from ..knowledge.model import Family
from .pages_entries import Writer
from .pages_markdown import table, text

PARTS: dict[str, tuple[type[Any], ...]] = {
    "The intake on the phone": (IntakePart,),
    "One's own desk, phone, bag and bed": (OwnPlace,),
    "Screening again": (Rescreen,),
    "What to say on the phone": (CallSentence,),
    "Before a thrust": (Thrust,),
    "The referral letter": (LetterField,),
    "Where organs are felt": (ReferralMap,),
    "Smallest sets of tests": (MinimumSet,),
    "How a plan is chosen": (Planning,),
    "Phases": (Phase,),
    "Goals": (GoalTemplate,),
    "Visits and prognosis": (Frequency, PrognosisBand),
    "Pain during and after exercise": (PainRule, MorningRule, ResponseCode),
    "Up and down the ladder": (ProgressionRule, RegressionRule),
    "Signs to stop": (StopSymptom,),
    "Looking again": (Reevaluation,),
    "Letting go and staying well": (Discharge, StayingWell),
    "The kinds of help": (Family,),
}
"""The page in its order: from the first screening to staying well."""


def care(writer: Writer) -> list[str]:
    groups = {heading: _entries(writer, kinds) for heading, kinds in PARTS.items()}
    groups = {heading: entries for heading, entries in groups.items() if entries}
    lines = writer.opening(
        "Care over time",
        "What holds from the first screening to staying well: re-screening, tests, the limits of a plan, goals, visits, "
        "progression, re-evaluation and discharge. Every number stands in a file and can be corrected there.",
        [*(entry for entries in groups.values() for entry in entries), *writer.knowledge.of(TruthWord).values()],
    )
    lines += [f"- [{heading}](#{_anchor(heading)})" for heading in groups] + [""]
    for heading, entries in groups.items():
        lines += [f'<a id="{_anchor(heading)}"></a>', "", f"## {heading}", ""]
        for entry in entries:
            lines += writer.entry(entry)
    return lines + _truth_words(writer)


def _truth_words(writer: Writer) -> list[str]:
    """What the words of case collections mean here, in one table."""
    words = writer.knowledge.of(TruthWord).values()
    rows = [[f"`{word.id}`", word.of, ", ".join(f"`{one}`" for one in word.means), text(word.note)] for word in words]
    heading = ["## Words of case collections", "", "What a collection of cases with known truth may call things.", ""]
    return [*heading, *table(["word", "of", "means", "note"], rows)] if rows else []


def _entries(writer: Writer, kinds: Iterable[type[Any]]) -> list[Any]:
    return [entry for kind in kinds for entry in writer.knowledge.of(kind).values()]


def _anchor(heading: str) -> str:
    return "part-" + heading.lower().replace(" ", "-")
