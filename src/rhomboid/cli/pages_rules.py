"""The pages of the rules: conditions, patterns, factors and contraindications, each with its examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..knowledge.care import Accuracy, CodeExtra, CodePair, ConcernLevel, Fact, UrgencyRoute
from ..knowledge.model import (
    COLUMNS,
    CareCode,
    Column,
    Condition,
    Contraindication,
    Factor,
    Level,
    NeverAlone,
    Pattern,
    PhaseId,
    SafetyNet,
    Urgency,
    Weight,
)
from .pages_entries import Writer, link
from .pages_markdown import labeled, quote, table, text

GROUPS = {
    "spinal": "Spine, ribs, spinal cord and nerve roots",
    "cardiopulmonary": "Heart, vessels and lungs",
    "abdominal_renal": "Abdomen and kidneys",
    "other": "Other",
}
CLASSES = {
    "muscle": "Muscles", "joint": "Joints", "posture": "Posture", "movement": "Movement", "neural": "Nerves", "load": "Load",
    "workstation": "Workstation", "sleep": "Sleep", "stress": "Stress", "beliefs": "Beliefs", "breathing": "Breathing",
    "activity": "Activity", "bone": "Bone", "work": "Work",
}  # fmt: skip
BETTER = {"up": "higher is better", "down": "lower is better", "yes": "yes is better", "no": "no is better"}
COLUMN_NAMES: dict[Column, str] = {
    "TM": "thrust",
    "M12": "mobilization grade I-II",
    "M34": "mobilization grade III-IV",
    "RIB": "rib mobilization or springing",
    "STM": "soft tissue",
    "EXF": "end-range flexion or rotation exercise",
    "EXE": "extension mobility",
    "RES": "resistance",
    "PRN": "prone",
    "AER": "aerobic",
    "HT": "heat",
    "ICE": "cold",
    "US": "ultrasound",
    "EST": "electrical stimulation",
    "TAP": "taping",
}
PHASES: tuple[PhaseId, ...] = ("calm", "restore", "load")


def grouped(entries: Iterable[Any], key: str, names: Mapping[str, str]) -> dict[str, list[Any]]:
    """Entries by group, the groups in the order of `names`, the entries in that of the files."""
    found: dict[str, list[Any]] = {name: [] for name in names}
    for entry in entries:
        found.setdefault(getattr(entry, key), []).append(entry)
    return {names.get(name, name): entries for name, entries in found.items() if entries}


# --- conditions --------------------------------------------------------------------------------------------------------


def conditions(writer: Writer) -> list[str]:
    of = writer.knowledge.of
    found = of(Condition).values()
    rest = [*of(NeverAlone).values(), *of(SafetyNet).values(), *of(ConcernLevel).values()]
    groups = grouped(found, "group", GROUPS)
    lines = writer.opening(
        "Conditions",
        "The serious conditions that every person is screened for, with the rules that raise each of them and what follows. A "
        "raised concern is no diagnosis: the therapist decides, and only a named therapist lowers a concern, with a reason.",
        [*found, *rest],
    )
    lines += writer.contents(groups)
    lines += [
        "- [What never raises by itself](#never-alone)",
        "- [The safety net](#safety-net)",
        "- [Concern and urgency](#concern-and-urgency)",
        "",
    ]
    for name, entries in groups.items():
        lines += [f"## {name}", ""]
        for condition in entries:
            lines += _condition(writer, condition)
    return lines + _never_alone(writer) + _safety_net(writer) + _concern_and_urgency(writer)


def _condition(writer: Writer, condition: Condition) -> list[str]:
    urgencies = writer.knowledge.of(UrgencyRoute)
    lines = [*writer.head(condition), text(condition.summary), ""]
    rows = [_level_row(level, urgencies) for level in condition.level]
    lines += table(["concern", "urgency", "within", "faster"], rows)
    for level in condition.level:
        lines += [
            f"**{level.concern.capitalize()} concern**, {_urgency(level.urgency, urgencies)}, when:",
            "",
            *writer.rule(level.when),
        ]
        for faster in level.faster:
            lines += [f"Faster, {_urgency(faster.urgency, urgencies)}, when also:", "", *writer.rule(faster.when)]
    if not condition.holds:
        lines += ["This concern does not hold treatment: care may go on as the person wishes.", ""]
    lines += labeled("Why the rule is this wide", text(condition.balance))
    lines += labeled("What the therapist does", text(condition.therapist))
    lines += ["**What the patient is told.**", "", *quote(condition.patient)]
    lines += labeled("What the letter asks for", text(condition.letter))
    lines += labeled("Safety net", writer.links(condition.safety_net))
    return [*lines, *_accuracy(writer, condition), *writer.note(condition), *writer.examples(condition.example)]


def _level_row(level: Level, urgencies: Mapping[str, UrgencyRoute]) -> list[str]:
    faster = ", ".join(_urgency(one.urgency, urgencies) for one in level.faster)
    return [level.concern, _urgency(level.urgency, urgencies), text(level.within or urgencies[level.urgency].within), faster]


def _urgency(urgency: Urgency, urgencies: Mapping[str, UrgencyRoute]) -> str:
    return f"[{urgencies[urgency].name.lower()}](#{urgency})"


def _accuracy(writer: Writer, condition: Condition) -> list[str]:
    figures = [one for one in writer.knowledge.of(Accuracy).values() if one.condition == condition.id]
    rows = [
        [
            f'<a id="{one.id}"></a>{text(one.finding)}',
            text(one.figure),
            text(one.caution),
            ", ".join(writer.basis(one)) + _noted(one.note),
        ]
        for one in figures
    ]
    lines = table(["finding", "figure", "caution", "basis"], rows)
    return ["**Published accuracy** (for reference, never a verdict)", "", *lines] if lines else []


def _noted(note: str) -> str:
    return f". {text(note)}" if note else ""


def _never_alone(writer: Writer) -> list[str]:
    lines = ['<a id="never-alone"></a>', "", "## What never raises by itself", ""]
    lines += ["Referring everybody is as wrong as missing one. These signs alone raise nothing, or a low concern at most.", ""]
    for entry in writer.knowledge.of(NeverAlone).values():
        alone = "nothing is raised" if entry.result == "none" else "a low concern at most"
        lines += [*writer.head(entry), *labeled("By itself", alone), *labeled("What changes that", text(entry.changes))]
        lines += [*writer.note(entry), *writer.examples(entry.example)]
    return lines


def _safety_net(writer: Writer) -> list[str]:
    lines = ['<a id="safety-net"></a>', "", "## The safety net", "", "The lines on the card that every person takes home.", ""]
    for group, entries in grouped(writer.knowledge.of(SafetyNet).values(), "group", {}).items():
        lines += [f"### {text(group)}", ""]
        for line in entries:
            lines += [f'<a id="{line.id}"></a>', "", *quote(line.text), " · ".join([f"`{line.id}`", *writer.basis(line)]), ""]
            if line.private:
                lines += ["Private: never shown where others may read.", ""]
            lines += [*writer.rules(line, ["show_when"]), *writer.note(line)]
    return lines


def _concern_and_urgency(writer: Writer) -> list[str]:
    lines = ['<a id="concern-and-urgency"></a>', "", "## Concern and urgency", ""]
    for kind in (ConcernLevel, UrgencyRoute):
        for entry in writer.knowledge.of(kind).values():
            lines += writer.entry(entry)
    return lines


# --- patterns ----------------------------------------------------------------------------------------------------------


def patterns(writer: Writer) -> list[str]:
    of = writer.knowledge.of
    kinds: tuple[type[Any], ...] = (Pattern, Fact, CodePair, CodeExtra)
    lines = writer.opening(
        "Patterns",
        "The clinical pictures of the upper back: ranked hypotheses with the findings for and against, and the course of care "
        "that fits. A pattern is supported from 4 points on; several may stand together, and none is a diagnosis.",
        [entry for kind in kinds for entry in of(kind).values()],
    )
    lines += [*writer.contents({"Patterns": of(Pattern).values()}), "## Patterns", ""]
    for pattern in of(Pattern).values():
        lines += _pattern(writer, pattern)
    headings: dict[type[Any], str] = {
        Fact: "Facts worth showing",
        CodePair: "ICD-10-CM codes that may not stand together",
        CodeExtra: "Other ICD-10-CM codes",
    }
    for kind, heading in headings.items():
        lines += [f"## {heading}", ""]
        for entry in of(kind).values():
            lines += writer.entry(entry)
    return lines


def _pattern(writer: Writer, pattern: Pattern) -> list[str]:
    lines = [*writer.head(pattern), text(pattern.summary), "", *quote(pattern.plain)]
    lines += _weights("What speaks for it", pattern.support) + _weights("What speaks against it", pattern.oppose)
    lines += labeled("To exclude first", writer.links(pattern.must_exclude))
    lines += labeled("First line", text(pattern.first_line))
    rows = [[phase, writer.links(getattr(pattern, phase)), text(pattern.phase_notes.get(phase, ""))] for phase in PHASES]
    lines += table(["phase", "interventions", "beside them"], rows)
    lines += labeled("Watch", text(pattern.watch))
    lines += labeled("Visits", f"{pattern.visits[0]} to {pattern.visits[1]}")
    codes = [[f"`{code.code}`", text(code.text), ", ".join(map(writer.source, code.sources))] for code in pattern.icd10]
    return [*lines, *table(["ICD-10-CM", "text", "sources"], codes), *writer.note(pattern), *writer.examples(pattern.example)]


def _weights(heading: str, weights: Iterable[Weight]) -> list[str]:
    rows = [[f"{weight.points:+g}", text(weight.text), f"`{weight.when}`"] for weight in weights]
    return [f"**{heading}**", "", *table(["points", "in words", "rule"], rows)] if rows else []


# --- factors -----------------------------------------------------------------------------------------------------------


def factors(writer: Writer) -> list[str]:
    found = writer.knowledge.of(Factor).values()
    groups = grouped(found, "class_", CLASSES)
    lines = writer.opening(
        "Contributing factors",
        "What contributes to the pain and can be changed, how each is found, what is chosen for it, and how it is measured "
        "again. Found is severity 1; severity 2 when changing it changes the symptoms, 3 when it blocks an activity, or when "
        "its own stricter rule is met.",
        found,
    )
    lines += writer.contents(groups)
    for name, entries in groups.items():
        lines += [f"## {name}", ""]
        for factor in entries:
            lines += _factor(writer, factor)
    return lines


def _factor(writer: Writer, factor: Factor) -> list[str]:
    lines = [*writer.head(factor), *quote(factor.plain), *writer.rules(factor, ["found", "marked", "severe"])]
    lines += labeled("First choice", writer.links(factor.first))
    lines += labeled("Second choice", writer.links(factor.second))
    lines += labeled("Measured again by", f"{writer.links([factor.measure])}; {BETTER[factor.better]}")
    lines += labeled("Also called", ", ".join(f"`{name}`" for name in factor.also_called))
    return [*lines, *writer.note(factor), *writer.examples(factor.example)]


# --- contraindications -------------------------------------------------------------------------------------------------


def contraindications(writer: Writer) -> list[str]:
    rows, codes = writer.knowledge.of(Contraindication).values(), writer.knowledge.of(CareCode).values()
    lines = writer.opening(
        "Contraindications and precautions",
        "What must not be done, and what only with care, for a person like this. Every row whose rule is met counts, and the "
        "strictest cell wins: C is contraindicated, P a precaution, an empty cell is allowed.",
        [*rows, *codes],
    )
    lines += ["## The matrix", "", "; ".join(f"{column} {name}" for column, name in COLUMN_NAMES.items()) + ".", ""]
    lines += ["An asterisk marks what nobody may override.", ""]
    lines += table(["", *COLUMNS], [[link(row).replace("contraindications.md", ""), *_cells(row)] for row in rows])
    lines += ["## Rows", ""]
    for row in rows:
        lines += _row(writer, row)
    lines += ["## Care codes", "", "What an exercise must respect: under a code it is offered with a limit, or not at all.", ""]
    for code in codes:
        lines += writer.entry(code)
    return lines


def _cells(row: Contraindication) -> list[str]:
    marks = {"ok": "", "P": "P", "C": "**C**"}
    return [marks[row.cells[column]] + ("\\*" if row.cells[column] == "C" and row.never(column) else "") for column in COLUMNS]


def _row(writer: Writer, row: Contraindication) -> list[str]:
    lines = [*writer.head(row), *writer.rules(row, ["when"])]
    for mark, heading in (("C", "Contraindicated"), ("P", "Only with care")):
        lines += labeled(heading, ", ".join(COLUMN_NAMES[column] for column in COLUMNS if row.cells[column] == mark))
    lines += labeled(
        "Nobody may override",
        ", ".join(COLUMN_NAMES[column] for column in COLUMNS if row.cells[column] == "C" and row.never(column)),
    )
    if row.unknown_blocks:
        lines += ["While this is not known, thrust, electrical stimulation, ultrasound and heat wait for the answer.", ""]
    if row.local:
        lines += ["Counts only at the site.", ""]
    return [*lines, *writer.note(row), *writer.examples(row.example)]
