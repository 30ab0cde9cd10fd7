"""Findings and their values in words, for everything that people read."""

from __future__ import annotations

import re

from ..knowledge.model import Cell, Column, Concern, Contraindication, Factor, Pattern
from ..vocabulary import Finding, Vocabulary
from ..vocabulary.units import unit_sign
from .assess import Assessment
from .facts import Facts

CONCERNS = {"low": "low concern", "moderate": "moderate concern", "high": "high concern", "emergency": "emergency"}
LEVEL = f"(?:{'|'.join(CONCERNS)})"
LEVELS = re.compile(f"At ({LEVEL}(?:(?:,| and| or)+ {LEVEL})*) concern\\b")
SENTENCE = re.compile(r"(?<=\.) (?=[A-Z])")
OWN_REASONS = {
    "relief": "short-term relief",
    "everybody": "for everybody with upper back pain",
    "indication": "its own reason holds",
}
"""Needs that are neither a factor nor a pattern."""
TREATING = {"treat": "Treat", "treat_with_precautions": "Treat with precautions"}
COLUMN_NAMES: dict[Column, str] = {
    "TM": "thrust", "M12": "mobilization I-II", "M34": "mobilization III-IV", "RIB": "rib mobilization", "STM": "soft tissue",
    "EXF": "end-range flexion and rotation", "EXE": "extension exercise", "RES": "resistance", "PRN": "prone exercise",
    "AER": "aerobic exercise", "HT": "heat", "ICE": "cold", "US": "ultrasound", "EST": "electrical stimulation", "TAP": "tape",
}  # fmt: skip


def value_text(name: str, value: object, vocabulary: Vocabulary) -> str:
    """A value in words: yes and no, numbers with their unit, options by their label."""
    entry = vocabulary.findings.get(name) or vocabulary.derived.get(name)
    options = entry.options if entry else {}
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        low, high = value
        return f"{low:g}" if low == high else f"{low:g} to {high:g}"
    if isinstance(value, frozenset):
        words = [options.get(item, item) for item in sorted(value)]
        return ", ".join(words[:4]) + (f" and {len(words) - 4} more" if len(words) > 4 else "") if words else "none"
    if isinstance(value, str):
        return options.get(value, value.replace("_", " "))
    scale = "/10" if isinstance(entry, Finding) and entry.type == "scale" else ""
    return f"{value:g}{scale}{unit_sign(entry.unit if entry else '')}"


def stated(name: str, facts: Facts) -> str:
    """A finding with its value, as a reason: the label alone for a yes, 'no: ...' for a no, else label and value."""
    vocabulary = facts.knowledge.vocabulary
    value, label = facts.value(name), vocabulary.label(name)
    if value is True:
        return label
    if value is False:
        return f"no: {label[0].lower()}{label[1:]}"
    return f"{label}: {value_text(name, value, vocabulary)}"


def steps_at(text: str, concern: Concern) -> str:
    """What a therapist does at a concern: a sentence that begins "At high concern" is left out at any other."""
    return " ".join(sentence for sentence in SENTENCE.split(text) if _holds_at(sentence, concern))


def _holds_at(sentence: str, concern: Concern) -> bool:
    levels = LEVELS.match(sentence)
    return levels is None or concern in levels[1].replace(",", " ").split()


def need_text(need: str, assessment: Assessment) -> str:
    """What a plan item serves, in words."""
    kind, _, id_ = need.partition(".")
    if need in OWN_REASONS:
        return OWN_REASONS[need]
    if kind == "factor":
        severity = next((found.severity for found in assessment.factors if found.factor == id_), 1)
        return f"{assessment.knowledge.of(Factor)[id_].name.lower()} (severity {severity})"
    return f"usual care for {assessment.knowledge.of(Pattern)[id_].name.lower()}"


def matrix_words(row: Contraindication, cell: Cell) -> str:
    """The columns in which a row of the matrix has this cell, in words."""
    columns = [COLUMN_NAMES[column] for column, found in row.cells.items() if found == cell]
    return "everything" if len(columns) == len(COLUMN_NAMES) else ", ".join(columns)


def sentence(text: str) -> str:
    """With a capital letter and a full stop, where it has none of its own."""
    text = text.rstrip(" .")
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('?', '!')) else '.'}" if text else ""
