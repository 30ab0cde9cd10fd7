"""The referral letter a raised concern becomes: what was found, what is asked, how fast, in the order a physician reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..knowledge import Knowledge
from ..knowledge.care import UrgencyRoute
from ..knowledge.model import Condition, SafetyNet
from .assess import Assessment
from .screening import Raised
from .words import value_text

VITALS = ("temp_c", "hr_bpm", "rr_per_min", "spo2_pct", "sbp_mmhg", "dbp_mmhg", "sbp_arm_diff_mmhg")
NEURO = (
    "pe_babinski", "pe_clonus_beats", "pe_reflex_le", "pe_areflexia_le", "pe_sensory_level", "pe_gait_ataxic_spastic",
    "pe_myotome_le_deficit", "pe_myotome_ue_deficit", "pe_hoffmann", "pe_saddle_sensation",
)  # fmt: skip
COURSE = ("rf_onset_days", "onset_type", "mechanism", "course", "rf_pain_progressive", "nrs_worst_24h", "prior_treatment_response")
MEDICINES = ("medications", "implants", "rf_anticoagulant", "rf_steroid_prolonged", "rf_immunosuppressed", "rf_nsaid_regular")


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in words."""

    finding: str
    label: str
    value: str


@dataclass(frozen=True)
class Letter:
    """A letter for the concern that holds treatment, or goes to a physician; others raised with it are named too."""

    condition: Condition
    raised: Raised
    route: UrgencyRoute
    also: tuple[str, ...]
    positives: tuple[Line, ...]
    negatives: tuple[Line, ...]
    vitals: tuple[Line, ...]
    neuro: tuple[Line, ...]
    course: tuple[Line, ...]
    medicines: tuple[Line, ...]
    not_known: tuple[str, ...]


def letter_for(assessment: Assessment) -> Letter | None:
    """The letter for the most urgent concern that goes to somebody else; None when there is none.

    A private concern is in no letter: whom to tell of it, and how, is agreed with the person.
    """
    private = private_conditions(assessment.knowledge)
    open_ = (raised for raised in assessment.screening.raised if raised.urgency != "monitor" and not raised.closed_by)
    standing = [raised for raised in open_ if raised.condition not in private]
    if not standing:
        return None
    first = standing[0]
    condition = assessment.knowledge.of(Condition)[first.condition]
    return Letter(
        condition=condition,
        raised=first,
        route=assessment.knowledge.of(UrgencyRoute)[first.urgency],
        also=tuple(assessment.knowledge.of(Condition)[raised.condition].name for raised in standing[1:]),
        positives=_lines(assessment, _reasons(standing)),
        negatives=_lines(assessment, _denied(assessment, condition, _reasons(standing))),
        vitals=_lines(assessment, VITALS),
        neuro=_lines(assessment, NEURO),
        course=_lines(assessment, COURSE),
        medicines=_lines(assessment, MEDICINES),
        not_known=tuple(
            assessment.knowledge.vocabulary.label(name)
            for undecided in assessment.screening.undecided
            if undecided.condition == first.condition
            for name in undecided.questions[:6]
        ),
    )


def private_conditions(knowledge: Knowledge) -> frozenset[str]:
    """The conditions whose safety net is private, such as violence at home: neither letters nor papers name them.

    One that holds treatment is not among them: what has to be done at once has to be said, private or not.
    """
    lines = knowledge.of(SafetyNet)
    conditions = knowledge.of(Condition).values()
    return frozenset(one.id for one in conditions if not one.holds and any(lines[line].private for line in one.safety_net))


def _reasons(standing: Iterable[Raised]) -> list[str]:
    return list(dict.fromkeys(name for raised in standing for name in raised.because))


def _denied(assessment: Assessment, condition: Condition, positives: Iterable[str]) -> list[str]:
    """Signs that the condition's rules read and that are known to be absent: the important negatives.

    A document that is not on file, a healthy sign that is absent and what is said among the reasons already are none of them.
    """
    findings = assessment.knowledge.vocabulary.findings
    read = assessment.knowledge.findings_read(level.when for level in condition.level)
    signs = (name for name in read if name in findings and findings[name].normal is False and not findings[name].recorded)
    return [name for name in signs if assessment.facts.value(name) is False and name not in set(positives)][:12]


def _lines(assessment: Assessment, names: Iterable[str]) -> tuple[Line, ...]:
    found = []
    for name in names:
        value = assessment.facts.value(name)
        if value is not None and not _empty(value):
            found.append(
                Line(name, assessment.knowledge.vocabulary.label(name), value_text(name, value, assessment.knowledge.vocabulary))
            )
    return tuple(found)


def _empty(value: object) -> bool:
    return value == frozenset()
