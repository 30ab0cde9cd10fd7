"""The page of the vocabulary: every finding, gate, derived finding and contradiction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from ..reasoning.words import value_text
from ..vocabulary.finding import Derived, Finding
from ..vocabulary.values import checked_value
from .pages_entries import Writer, page_of
from .pages_markdown import labeled, quote, rule, spaced, table, text
from .pages_rules import grouped

SECTIONS = {
    "profile": "Profile", "history": "History", "symptoms": "Symptoms", "vitals": "Vital signs", "examination": "Examination",
    "medical": "Medical history", "pain": "Pain", "function": "Function", "lifestyle": "Life, work and activity",
    "beliefs": "Beliefs, mood and stress", "posture": "Posture", "motion": "Range of motion", "strength": "Strength and endurance",
    "length": "Muscle length", "control": "Motor control", "joints": "Joints", "neuro": "Nerves", "palpation": "Palpation",
    "breathing": "Breathing", "records": "Records on file",
}  # fmt: skip
TYPES = {
    "flag": "yes or no", "integer": "whole number", "number": "number", "scale": "0 to 10", "choice": "one of",
    "choices": "any of", "regions": "any region of", "date": "date", "score": "score",
}  # fmt: skip

SIDE = re.compile("left|right")
LEVEL_OR_SIDE = re.compile(r"\b(?:left|right|[CTL]?\d+)\b")
IN_AN_ID = re.compile(r"(?<=_)(?:[lr]|[ctl]?\d+)(?![a-z0-9])")


def findings(writer: Writer) -> list[str]:
    vocabulary = writer.vocabulary
    lines = writer.opening(
        "Findings",
        "Everything that can be asked, measured or on file of a person; what follows from it are the "
        "[derived findings](derived-findings.md). A finding that is not known is never taken for a no.",
        [*vocabulary.findings.values(), *vocabulary.gates.values(), *vocabulary.contradictions],
    )
    lines += _by_section(writer, vocabulary.findings.values(), _finding)
    return lines + _gates(writer) + _contradictions(writer)


def derived_findings(writer: Writer) -> list[str]:
    derived = writer.vocabulary.derived.values()
    lines = writer.opening(
        "Derived findings",
        "What follows from the [findings](findings.md): sums, classes, scores and words that several rules share. Each is not "
        "known as long as what is known does not decide it.",
        derived,
    )
    return lines + _by_section(writer, derived, _derived)


def _by_section(writer: Writer, entries: Iterable[Any], said: Callable[..., list[str]]) -> list[str]:
    sections = grouped(entries, "section", SECTIONS)
    lines = [", ".join(f"[{name}](#{_anchor(name)})" for name in sections), ""]
    for name, found in sections.items():
        lines += [f'<a id="{_anchor(name)}"></a>', "", f"## {name}", ""]
        for _, same in groupby(found, key=alike):
            lines += said(writer, *same)
    return lines


def _anchor(name: str) -> str:
    return "part-" + name.lower().replace(",", "").replace(" ", "-")


def alike(entry: Any) -> tuple[object, ...]:
    """What two findings have in common that differ in side and level only: they stand on the page as one."""
    return tuple(_neutral(name, getattr(entry, name)) for name in entry.__struct_fields__ if name != "alias")


def _neutral(key: str, value: object) -> object:
    if not isinstance(value, str):
        return repr(value)
    pattern = LEVEL_OR_SIDE if key == "label" else IN_AN_ID if key in ("id", "ask_when") else SIDE
    return pattern.sub("#", value)


def _heading(entries: Sequence[Any]) -> str:
    """The label, with both sides and from the first level to the last where several findings stand together."""
    first, last = entries[0].label, entries[-1].label
    ends = iter(LEVEL_OR_SIDE.findall(last))
    joined = {("left", "right"): "left or right"}

    def both(found: re.Match[str]) -> str:
        end = next(ends)
        return found[0] if found[0] == end else joined.get((found[0], end), f"{found[0]} to {end}")

    return text(LEVEL_OR_SIDE.sub(both, first))


def _head(writer: Writer, entries: tuple[Any, ...], facts: list[str]) -> list[str]:
    """The head of one finding, or of one on both sides and at all levels; what else they have is the same."""
    first = entries[0]
    ids = ", ".join(f"`{entry.id}`" for entry in entries)
    anchors = "".join(f'<a id="{entry.id}"></a>' for entry in entries)
    known = writer.basis(first)
    place = writer.file_of(first).rsplit("/", 1)[-1]
    return [anchors, "", f"### {_heading(entries)}", "", " · ".join([ids, place, *facts, *known]), ""]


def _finding(writer: Writer, *entries: Finding) -> list[str]:
    first = entries[0]
    given = [TYPES[first.type] if not first.options else "", _range(first), "by " + ", ".join(first.by)]
    if first.normal is not None:
        given.append(f"a well person: {_value(writer, first, first.normal)}")
    if first.loinc:
        given.append(f"LOINC {first.loinc}")
    lines = _head(writer, entries, [fact for fact in given if fact])
    lines += quote(first.question) if first.question else []
    lines += [text(first.help), ""] if first.help else []
    lines += labeled(TYPES[first.type].capitalize(), "; ".join(f"`{id_}` {text(words)}" for id_, words in first.options.items()))
    for name, words in (("reference", "Expected"), ("error", "Error")):
        lines += labeled(words, text(getattr(first, name)))
    lines += labeled("Error in numbers", ", ".join(_errors(first)))
    lines += labeled("Typed as", ", ".join(f"`{alias}`" for alias in first.alias))
    if first.recorded:
        lines += ["A document on file: without a record it is a known no.", ""]
    lines += writer.rules(first, ["ask_when"])
    for part in first.filled:
        lines += [f"**{_value(writer, first, part.value)} when not entered itself and:**", "", *writer.rule(part.when)]
    return [*lines, *writer.note(first), *_readers(writer, entries)]


def _range(finding: Finding | Derived) -> str:
    if finding.min is None or finding.max is None:
        return "" if finding.unit in ("", "1") else finding.unit
    return f"{finding.min:g} to {finding.max:g}{'' if finding.unit in ('', '1') else ' ' + finding.unit}"


def _errors(finding: Finding) -> list[str]:
    """SEM and MDC, in the unit of the finding."""
    unit = "" if finding.unit in ("", "1") else f" {finding.unit}"
    errors = (("SEM", finding.sem), ("MDC", finding.mdc))
    return [f"{name} {value:g}{unit}" for name, value in errors if value is not None]


def _value(writer: Writer, finding: Finding, value: object) -> str:
    return text(value_text(finding.id, checked_value(finding, value), writer.vocabulary))


def _readers(writer: Writer, entries: Iterable[Any]) -> list[str]:
    """The rules that name a finding."""
    readers = {reader.id: reader for entry in entries for reader in writer.readers.get(entry.id, ())}
    return labeled("Read by", ", ".join(f"[{id_}]({page_of(reader)}#{id_})" for id_, reader in readers.items()))


def _derived(writer: Writer, *entries: Derived) -> list[str]:
    first = entries[0]
    kind = TYPES[first.type] if first.type != "choice" else ""
    facts = [
        kind,
        _range(first),
        "a case may state it" if first.may_be_given else "",
        f"LOINC {first.loinc}" if first.loinc else "",
    ]
    lines = [*_head(writer, entries, [fact for fact in facts if fact]), *([text(first.help), ""] if first.help else [])]
    for entry in entries:
        lines += _definition(writer, entry)
    lines += labeled("Smallest real change (MDC)", f"{first.mdc:g}" if first.mdc is not None else "")
    return [*lines, *writer.note(first), *_readers(writer, entries)]


def _definition(writer: Writer, entry: Derived) -> list[str]:
    """How a derived finding comes about."""
    lines = writer.rule(entry.when)
    if entry.value:
        number = writer.knowledge.definitions[entry.id].number
        lines += [*rule(entry.value), *([f"- {writer.words.term(number)}", ""] if number is not None else [])]
    if entry.days_since:
        lines += labeled("Days since", writer.links([entry.days_since]))
    for case in entry.cases:
        lines += [
            f"**{text(entry.options.get(case.value, spaced(case.value)))}** (`{case.value}`) when:",
            "",
            *writer.rule(case.when),
        ]
    lines += table(
        ["points", "when", "in words"],
        [[f"{part.add:+g}", f"`{part.when}`", writer.words.in_line(part.when)] for part in entry.points],
    )
    return lines


def _gates(writer: Writer) -> list[str]:
    lines = ["## Gate questions", "", "A no answers everything below the question with no; any other answer leaves it open.", ""]
    for gate in writer.vocabulary.gates.values():
        lines += [*writer.head(gate), *quote(gate.question), *labeled("A no closes", writer.links(gate.closes)), *writer.note(gate)]
    return lines


def _contradictions(writer: Writer) -> list[str]:
    lines = ["## Contradictions", "", "A case that says one of these is refused, with the fix.", ""]
    for entry in writer.vocabulary.contradictions:
        lines += [*writer.head(entry), *writer.rules(entry, ["when"]), *labeled("Fix", text(entry.fix)), *writer.note(entry)]
    return lines
