"""The page of the vocabulary: every finding, gate, derived finding and contradiction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..reasoning.words import value_text
from ..vocabulary.finding import Derived, Finding
from ..vocabulary.values import checked_value
from .pages_entries import Writer, link
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


def findings(writer: Writer) -> list[str]:
    vocabulary = writer.vocabulary
    plain, derived = (
        grouped(vocabulary.findings.values(), "section", SECTIONS),
        grouped(vocabulary.derived.values(), "section", SECTIONS),
    )
    lines = writer.opening(
        "Findings",
        "Everything that can be known of a person: what is asked, measured or on file, and what follows from it. A finding that is not known "
        "is never taken for a no.",
        [*writer.in_vocabulary.values(), *vocabulary.contradictions],
    )
    for heading, groups in (("Findings", plain), ("Derived findings", derived)):
        lines += [f"## {heading}", "", ", ".join(f"[{name}](#{anchor(heading, name)})" for name in groups), ""]
        for name, entries in groups.items():
            lines += [f'<a id="{anchor(heading, name)}"></a>', "", f"### {name}", ""]
            for entry in paired(entries):
                lines += _finding(writer, *entry) if heading == "Findings" else _derived(writer, *entry)
    return lines + _gates(writer) + _contradictions(writer)


def anchor(heading: str, name: str) -> str:
    return f"{heading} {name}".lower().replace(",", "").replace(" ", "-")


def paired(entries: Iterable[Any]) -> list[list[Any]]:
    """Entries one by one; the left and the right of the same thing together."""
    found: list[list[Any]] = []
    for entry in entries:
        last = found[-1][0] if found else None
        if last is not None and entry.id.endswith("_r") and last.id == f"{entry.id[:-2]}_l" and _same(last, entry):
            found[-1].append(entry)
        else:
            found.append([entry])
    return found


def _same(left: Any, right: Any) -> bool:
    """Whether two entries differ in their side only."""
    values = ((getattr(left, name), getattr(right, name)) for name in left.__struct_fields__)
    return all(
        one == other or repr(one).replace("left", "right").replace("_l", "_r") == repr(other).replace("_l", "_r")
        for one, other in values
    )


def _head(writer: Writer, entries: tuple[Any, ...], facts: list[str]) -> list[str]:
    """The head of one finding, or of both sides of one; the evidence and sources are those of the first."""
    first = entries[0]
    name = text(first.label).replace("left", "left, right") if len(entries) > 1 else text(first.label)
    ids = ", ".join(f"`{entry.id}`" for entry in entries)
    anchors = "".join(f'<a id="{entry.id}"></a>' for entry in entries)
    known = writer.basis(first)
    place = writer.file_of(first).rsplit("/", 1)[-1]
    return [anchors, "", f"#### {name}", "", " · ".join([ids, place, *facts, *known]), ""]


def _finding(writer: Writer, *entries: Finding) -> list[str]:
    first = entries[0]
    given = [TYPES[first.type] if not first.options else "", _range(first), "by " + ", ".join(first.by)]
    if first.normal is not None:
        given.append(f"a well person: {_value(writer, first, first.normal)}")
    lines = _head(writer, entries, [fact for fact in given if fact])
    lines += quote(first.question) if first.question else []
    lines += [text(first.help), ""] if first.help else []
    lines += labeled(TYPES[first.type].capitalize(), ", ".join(text(option) for option in first.options.values()))
    for name, words in (("reference", "Expected"), ("error", "Error")):
        lines += labeled(words, text(getattr(first, name)))
    lines += labeled("Error in numbers", ", ".join(_errors(first)))
    lines += labeled("LOINC", f"`{first.loinc}`" if first.loinc else "")
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
    return labeled("Read by", ", ".join(map(link, readers.values())))


def _derived(writer: Writer, *entries: Derived) -> list[str]:
    first = entries[0]
    kind = TYPES[first.type] if first.type != "choice" else ""
    facts = [kind, _range(first), "a case may state it" if first.may_be_given else ""]
    lines = [*_head(writer, entries, [fact for fact in facts if fact]), *([text(first.help), ""] if first.help else [])]
    for entry in entries:
        lines += _definition(writer, entry)
    lines += labeled("Smallest real change (MDC)", f"{first.mdc:g}" if first.mdc is not None else "")
    lines += labeled("LOINC", f"`{first.loinc}`" if first.loinc else "")
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
