"""What there is to say about one thing of an assessment: its outcome, why, what would decide it, and the rule behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..knowledge import Knowledge
from ..knowledge.model import (
    Condition,
    Contraindication,
    Factor,
    Intervention,
    Pattern,
    predicates_of,
)
from ..reasoning.assess import Assessment
from ..reasoning.explain import ranked
from ..reasoning.patterns import SUPPORTED
from ..reasoning.planning import PlanOfCare
from ..reasoning.planning.why import explain_item
from ..reasoning.words import matrix_words, value_text
from ..vocabulary import Derived, Finding
from ..vocabulary.finding import Entry

STAYS = "stays so, whatever else turns up, as long as these findings hold"
"""Predicates are monotone: what the smallest set of findings decides, no further finding turns."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A predicate of the knowledge, what it is for, and what it comes to."""

    what: str
    text: str
    truth: bool | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One thing explained. `because` and `open` are findings; `more` are further lines, each with its name."""

    entry: Entry
    kind: str
    name: str
    verdict: str
    text: str
    because: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    change: str = ""
    rules: tuple[Rule, ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    loss: float | None = None

    @property
    def id(self) -> str:
        return self.entry.id


def known_names(knowledge: Knowledge) -> dict[str, str]:
    """Every id that can be explained, with its kind; where two kinds share an id the first counts."""
    vocabulary = knowledge.vocabulary
    kinds: Mapping[str, Iterable[str]] = {
        "intervention": knowledge.interventions,
        "condition": knowledge.of(Condition),
        "factor": knowledge.of(Factor),
        "pattern": knowledge.of(Pattern),
        "contraindication": knowledge.of(Contraindication),
        "finding": [*vocabulary.findings, *vocabulary.derived, *vocabulary.gates],
    }
    names: dict[str, str] = {}
    for kind, ids in kinds.items():
        for id_ in ids:
            names.setdefault(id_, kind)
    return names


def explained(id_: str, kind: str, plan: PlanOfCare) -> Explained:
    """The explanation of one id of a kind of `known_names`."""
    if kind == "intervention":
        return _intervention(id_, plan)
    make = {
        "condition": _condition,
        "factor": _factor,
        "pattern": _pattern,
        "contraindication": _row,
        "finding": _finding,
    }[kind]
    return make(id_, plan.assessment)


def _intervention(id_: str, plan: PlanOfCare) -> Explained:
    found, entry = explain_item(plan, id_), plan.knowledge.interventions[id_]
    names = plan.knowledge.interventions
    item, left = plan.item(id_), plan.without(id_)
    reasons = item.because if item else left.because if left else ()
    return Explained(
        entry=entry,
        kind=entry.kind,
        name=entry.name,
        verdict="in the plan" if found.chosen else "left out",
        text=found.text,
        because=tuple(name for name in reasons if _is_finding(name, plan.knowledge)),
        open=item.ask if item else (),
        change=found.change,
        rules=_rules(entry, plan.assessment, ("indicated_when", "offer_when", "avoid_when")),
        more=(
            ("for", "; ".join(found.why)),
            ("with care", "; ".join(found.limits)),
            ("would go", ", ".join(names[other].name for other in found.displaced)),
            ("would come", ", ".join(names[other].name for other in found.instead)),
            ("benefit lost", f"{found.loss:g} by the other choice" if found.loss else ""),
            ("chosen for", _choice_for(entry, plan.knowledge)),
        ),
        loss=found.loss,
    )


def _choice_for(entry: Intervention, knowledge: Knowledge) -> str:
    """The factors for which the knowledge names an intervention."""
    factors = knowledge.of(Factor).values()
    first = [factor.name.lower() for factor in factors if entry.id in factor.first]
    second = [factor.name.lower() for factor in factors if entry.id in factor.second]
    parts = [f"first choice: {', '.join(first)}" if first else "", f"second choice: {', '.join(second)}" if second else ""]
    return "; ".join(filter(None, parts))


def _condition(id_: str, assessment: Assessment) -> Explained:
    entry = assessment.knowledge.of(Condition)[id_]
    screening, why = assessment.screening, assessment.safety.explainer.why
    raised = next((one for one in screening.raised if one.condition == id_), None)
    waiting = next((one for one in screening.undecided if one.condition == id_), None)
    urgency = waiting.urgency.replace("_", " ") if waiting else ""
    if raised:
        text = f"{raised.concern} concern, {raised.urgency.replace('_', ' ')}"
        verdict, reasons = "raised", raised.because
        change = (
            STAYS
            + (f"; more answers could still make it {urgency}" if waiting else "")
            + "; a therapist may lower it, with a reason"
        )
    elif waiting:
        verdict, text, reasons = "undecided", f"could still be raised: {urgency}", ()
        change = "the answers above decide it"
    else:
        verdict, text, change = "cleared", "none of its rules is met", STAYS
        reasons = tuple(dict.fromkeys(name for level in entry.level for name in why(level.when)))
    return Explained(
        entry=entry,
        kind="condition",
        name=entry.name,
        verdict=verdict,
        text=text,
        because=reasons,
        open=waiting.questions if waiting else (),
        change=change,
        rules=tuple(_levels(entry, assessment)),
        more=(("summary", entry.summary), ("balance", entry.balance), ("therapist", entry.therapist), ("patient", entry.patient)),
    )


def _levels(entry: Condition, assessment: Assessment) -> Iterator[Rule]:
    truth = assessment.facts.truth
    for level in reversed(entry.level):
        yield Rule(f"{level.concern}, {level.urgency.replace('_', ' ')}", level.when, truth(level.when))
        for faster in level.faster:
            yield Rule(f"then {faster.urgency.replace('_', ' ')}", faster.when, truth(faster.when))


def _factor(id_: str, assessment: Assessment) -> Explained:
    entry, explainer = assessment.knowledge.of(Factor)[id_], assessment.safety.explainer
    found = next((one for one in assessment.factors if one.factor == id_), None)
    truth = assessment.facts.truth(entry.found)
    verdict = "not known" if truth is None else "found" if truth else "not found"
    names, label = assessment.knowledge.interventions, assessment.knowledge.vocabulary.label
    now = value_text(entry.measure, assessment.facts.value(entry.measure), assessment.knowledge.vocabulary)
    return Explained(
        entry=entry,
        kind="factor",
        name=entry.name,
        verdict=verdict,
        text=f"severity {found.severity}" if found else "",
        because=found.because if found else explainer.why(entry.found),
        open=explainer.questions(entry.found),
        change="the answers above decide it" if truth is None else STAYS,
        rules=_rules(entry, assessment, ("found", "marked", "severe")),
        more=(
            ("measured by", f"{label(entry.measure)}, now {now}; better is {entry.better}"),
            ("first choice", ", ".join(names[one].name for one in entry.first)),
            ("second", ", ".join(names[one].name for one in entry.second)),
        ),
    )


def _pattern(id_: str, assessment: Assessment) -> Explained:
    entry = assessment.knowledge.of(Pattern)[id_]
    found = next(one for one in assessment.patterns if one.pattern == id_)
    weights = (*entry.support, *entry.oppose)
    truth = assessment.facts.truth
    questions: dict[str, float] = {}
    for weight in weights:
        for name, share in assessment.safety.explainer.decides(weight.when).items():
            questions[name] = questions.get(name, 0.0) + share * abs(weight.points)
    names = assessment.knowledge.of(Condition)
    return Explained(
        entry=entry,
        kind="pattern",
        name=entry.name,
        verdict=found.status.replace("_", " "),
        text=f"{found.points:g} points known; supported from {SUPPORTED:g}; may become {found.low:g} to {found.high:g}",
        because=found.because,
        open=ranked(questions),
        change="the answers above could move it" if questions else STAYS,
        rules=tuple(Rule(f"{one.points:+g} {one.text}", one.when, truth(one.when)) for one in weights),
        more=(
            ("summary", entry.summary),
            ("first line", entry.first_line),
            ("exclude first", ", ".join(names[one].name for one in entry.must_exclude)),
            ("watch", entry.watch),
            ("ICD-10-CM", "; ".join(f"{code.code} {code.text}" for code in entry.icd10)),
        ),
    )


def _row(id_: str, assessment: Assessment) -> Explained:
    entry, explainer = assessment.knowledge.of(Contraindication)[id_], assessment.safety.explainer
    truth = assessment.facts.truth(entry.when)
    blocks = " while unknown, thrust, heat, ultrasound and current wait" if entry.unknown_blocks and truth is None else ""
    never = ", ".join("all" if column == "*" else column for column in entry.never_override)
    return Explained(
        entry=entry,
        kind="contraindication",
        name=entry.name,
        verdict="not known" if truth is None else "applies" if truth else "does not apply",
        text=blocks.strip(),
        because=explainer.why(entry.when),
        open=explainer.questions(entry.when),
        change="the answers above decide it" if truth is None else STAYS,
        rules=_rules(entry, assessment, ("when",)),
        more=(
            ("rules out", matrix_words(entry, "C")),
            ("with care", matrix_words(entry, "P")),
            ("never overridden", never),
            ("note", entry.note),
        ),
    )


def _finding(id_: str, assessment: Assessment) -> Explained:
    vocabulary, facts = assessment.knowledge.vocabulary, assessment.facts
    gate = vocabulary.gates.get(id_)
    entry = gate or vocabulary.findings.get(id_) or vocabulary.derived[id_]
    value = assessment.case.findings.get(id_) if gate else facts.value(id_)
    kind = "gate" if gate else "derived finding" if id_ in vocabulary.derived else "finding"
    below = tuple(assessment.knowledge.plain_below(id_))
    predicates = (*entry.predicates, entry.value) if isinstance(entry, Derived) else ()
    return Explained(
        entry=entry,
        kind=kind,
        name=entry.label,
        verdict="not known" if value is None else "known",
        text="" if value is None else value_text(id_, value, vocabulary),
        because=tuple(name for name in below if facts.value(name) is not None),
        open=tuple(name for name in below if facts.value(name) is None) or ((id_,) if value is None and not gate else ()),
        rules=tuple(Rule("from", text, None) for text in predicates if text),
        more=(
            ("question", "" if isinstance(entry, Derived) else entry.question),
            ("closes", ", ".join(vocabulary.label(name) for name in gate.closes) if gate else ""),
            ("reference", entry.reference if isinstance(entry, Finding) else ""),
            ("given", _given(assessment, id_)),
            ("read by", _read_by(id_, assessment.knowledge)),
        ),
    )


def _given(assessment: Assessment, id_: str) -> str:
    """How a value was obtained, where the case says so."""
    return ", ".join(f"{key} {value}" for key, value in assessment.case.details.get(id_, {}).items())


def _read_by(id_: str, knowledge: Knowledge) -> str:
    """The rules that rest on a finding, directly or through what is derived from it."""
    readers = []
    kinds: tuple[type[Any], ...] = (Condition, Factor, Pattern, Contraindication)
    for kind in kinds:
        found = [entry.name for entry in knowledge.of(kind).values() if id_ in knowledge.findings_read(predicates_of(entry))]
        if found:
            words = f"{kind.__name__.lower()}s: "
            readers.append(words + ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else ""))
    return "; ".join(readers)


def _rules(entry: object, assessment: Assessment, keys: Iterable[str]) -> tuple[Rule, ...]:
    truth = assessment.facts.truth
    return tuple(Rule(key.replace("_", " "), text, truth(text)) for key in keys if (text := getattr(entry, key, "")))


def _is_finding(name: str, knowledge: Knowledge) -> bool:
    return name in knowledge.vocabulary.findings or name in knowledge.vocabulary.derived
