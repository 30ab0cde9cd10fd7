"""The pages of what can be done, from exercises to work with others, and of the instruments that measure it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..knowledge.care import Instrument
from ..knowledge.model import (
    Care,
    Coordination,
    Dose,
    Education,
    Exercise,
    Factor,
    Family,
    Intervention,
    Irritability,
    Ladder,
    Manual,
    Modality,
    Pattern,
    Posture,
)
from .pages_entries import Writer, link
from .pages_markdown import labeled, quote, spaced, table, text
from .pages_rules import PHASES, grouped

DOSE = {
    "minutes": "minutes", "sets": "sets", "reps": "reps", "hold_s": "hold (s)", "duration_s": "duration (s)",
    "duration_min": "duration (min)", "per_side": "per side", "bouts": "bouts", "seconds": "seconds", "grade": "grade",
    "per_day": "per day", "per_week": "per week", "rpe_max": "effort at most (RPE)", "rest_s": "rest (s)", "load": "load",
    "text": "in words",
}  # fmt: skip


@dataclass(frozen=True)
class HelpPage:
    """One page of interventions: their kind, its heading and words, and the key by which it is grouped."""

    kind: type[Intervention]
    heading: str
    sentences: str
    group: str = "family"


HELP: dict[str, HelpPage] = {
    "exercises.md": HelpPage(
        Exercise,
        "Exercises",
        "The exercises of the home program: what each is for, how it is done, its dose at each irritability, when to stop, "
        "and its easier and harder neighbors. What a person may not do is never offered; see the "
        "[contraindications](contraindications.md).",
        "type",
    ),
    "manual-therapy.md": HelpPage(
        Manual,
        "Manual therapy",
        "The hands-on techniques: when each is indicated, its dose, and what to test before and after. Manual therapy opens a "
        "window for active exercise; it is never the whole plan.",
        "technique",
    ),
    "posture.md": HelpPage(
        Posture,
        "Posture and ergonomics",
        "Advice on posture, the workstation, breaks, sleep and lifting, in the words for the patient. The message for all of "
        "it is variation and comfort.",
    ),
    "modalities.md": HelpPage(
        Modality,
        "Modalities",
        "Heat, cold, electrical stimulation, ultrasound, taping and the like: when each is indicated, its settings and the "
        "checks before it. They are adjuncts, never the only treatment.",
    ),
    "education.md": HelpPage(
        Education,
        "Education",
        "What is explained to the patient, in the patient's words, with the question that shows whether it was understood. "
        "Explaining goes with exercise, not instead of it.",
    ),
    "coordination.md": HelpPage(
        Coordination,
        "Work with others",
        "When care that goes on here needs a second pair of hands, whom to ask, and what to ask for. Nothing is sent without "
        "the person's consent.",
    ),
}


def interventions(writer: Writer, page: HelpPage) -> list[str]:
    found: Any = writer.knowledge.of(page.kind).values()
    ladders = writer.knowledge.of(Ladder).values() if page.kind is Exercise else ()
    names = {family.id: family.name for family in writer.knowledge.of(Family).values()} if page.group == "family" else {}
    kinds = {key: names.get(key, spaced(key).capitalize()) for key in dict.fromkeys(getattr(one, page.group) for one in found)}
    groups, asked = grouped(found, page.group, kinds), wishes(writer)
    lines = [*writer.opening(page.heading, page.sentences, [*found, *ladders]), *writer.contents(groups)]
    for name, entries in groups.items():
        lines += [f"## {name}", ""]
        for entry in entries:
            lines += [
                *_intervention(writer, entry),
                *labeled("Chosen for", "; ".join(asked.get(entry.id, ()))),
                *writer.note(entry),
            ]
    return lines + _ladders(writer, ladders)


def _intervention(writer: Writer, entry: Any) -> list[str]:
    """Everything an intervention says; what is long stands outside the list of its keys."""
    told = "text" if isinstance(entry, Education) else "advice" if isinstance(entry, Posture) else "plain"
    lines = [*writer.head(entry), *quote(getattr(entry, told))]
    lines += [*writer.keys(entry, skip=(told, "dose", "parameters", "care")), *_cares(writer, getattr(entry, "care", ()))]
    lines += table(["setting", ""], [[spaced(key), text(value)] for key, value in getattr(entry, "parameters", {}).items()])
    lines += _doses(getattr(entry, "dose", {}))
    if isinstance(entry, Exercise):
        neighbors = {"Easier": writer.knowledge.easier(entry.id), "Harder": writer.knowledge.harder(entry.id)}
        lines += [line for words, id_ in neighbors.items() if id_ for line in labeled(words, writer.links([id_]))]
    return lines


def _cares(writer: Writer, cares: Iterable[Care]) -> list[str]:
    """The limits under which something may be used: while a care code or a rule applies."""
    codes = [[writer.links([care.code]), "", text(care.text)] for care in cares if care.code]
    rules = [[writer.words.in_line(care.when), f"`{care.when}`", text(care.text)] for care in cares if care.when]
    return table(["while", "rule", "with this limit"], [*codes, *rules])


def _doses(doses: Mapping[Irritability, Dose]) -> list[str]:
    """Doses by irritability, with the columns that any of them uses."""
    used = {
        name: words for name, words in DOSE.items() if any(getattr(dose, name) not in (None, "", False) for dose in doses.values())
    }
    rows = [[irritability, *(_amount(getattr(dose, name)) for name in used)] for irritability, dose in doses.items()]
    return table(["irritability", *used.values()], rows)


def _amount(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else ""
        case int() | float():
            return f"{value:g}"
    return text(str(value)) if value else ""


def wishes(writer: Writer) -> dict[str, list[str]]:
    """For each intervention the factors and patterns that ask for it, in words."""
    asked: dict[str, list[str]] = {}
    for factor in writer.knowledge.of(Factor).values():
        for ids, rank in ((factor.first, "first choice"), (factor.second, "second choice")):
            for id_ in ids:
                asked.setdefault(id_, []).append(f"{link(factor)}, {rank}")
    for pattern in writer.knowledge.of(Pattern).values():
        for phase in PHASES:
            for id_ in getattr(pattern, phase):
                asked.setdefault(id_, []).append(f"{link(pattern)}, {phase}")
    return asked


def _ladders(writer: Writer, ladders: Iterable[Ladder]) -> list[str]:
    lines = [line for ladder in ladders for line in writer.entry(ladder)]
    return ["## Ladders", "", "Each exercise stands in one ladder, from easy to hard.", "", *lines] if lines else []


def instruments(writer: Writer) -> list[str]:
    found = writer.knowledge.of(Instrument).values()
    lines = writer.opening(
        "Instruments",
        "The questionnaires and measurements with a score: what each measures, how it is scored, its error, and the change "
        "that matters. The wording of an instrument stands here only where its terms allow that.",
        found,
    )
    lines += writer.contents({"Instruments": found})
    for instrument in found:
        lines += writer.entry(instrument)
    return lines
