"""The kinds of knowledge: one frozen record for each kind of entry in the content files.

The meaning of every key is written in docs/reference/knowledge-format.md. Predicates stay text here; `Knowledge` holds
the tree of each text once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct, field

from ..vocabulary.finding import Entry

Concern = Literal["low", "moderate", "high", "emergency"]
Urgency = Literal["emergency_now", "same_day", "urgent_days", "routine_referral", "monitor"]
Irritability = Literal["high", "moderate", "low"]
PhaseId = Literal["calm", "restore", "load", "keep"]
Grade = Literal["A", "B", "C", "D", "X"]
Cell = Literal["ok", "P", "C"]
Column = Literal["TM", "M12", "M34", "RIB", "STM", "EXF", "EXE", "RES", "PRN", "AER", "HT", "ICE", "US", "EST", "TAP"]

CONCERNS: tuple[Concern, ...] = ("low", "moderate", "high", "emergency")
URGENCIES: tuple[Urgency, ...] = ("emergency_now", "same_day", "urgent_days", "routine_referral", "monitor")
HOLDING: tuple[Urgency, ...] = URGENCIES[:3]
"""Urgencies at which instructions and a referral letter replace the plan."""
IRRITABILITIES: tuple[Irritability, ...] = ("high", "moderate", "low")
COLUMNS: tuple[Column, ...] = (
    "TM", "M12", "M34", "RIB", "STM", "EXF", "EXE", "RES", "PRN", "AER", "HT", "ICE", "US", "EST", "TAP",
)  # fmt: skip


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table inside an entry."""


class Example(Part, frozen=True, kw_only=True):
    """A person in one sentence, a few findings, and what must follow."""

    text: str
    given: dict[str, bool | int | float | str | list[str]] = field(default_factory=dict)
    otherwise: Literal["well", "unknown"] = "well"
    expect: str


class Source(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A publication. `checked`: the claim was seen, only the bibliography was seen, or it is recalled from memory."""

    key: str
    checked: Literal["claim", "bibliography", "recalled"]
    reference: str
    url: str = ""
    seen: str = ""
    doi: str = ""

    @property
    def id(self) -> str:
        return self.key


# --- screening ---------------------------------------------------------------------------------------------------------


class Faster(Part, frozen=True, kw_only=True):
    urgency: Urgency
    when: str


class Level(Part, frozen=True, kw_only=True):
    concern: Concern
    urgency: Urgency
    when: str
    within: str = ""
    faster: tuple[Faster, ...] = ()


class Condition(Entry, frozen=True, kw_only=True):
    name: str
    group: Literal["spinal", "cardiopulmonary", "abdominal_renal", "other"]
    summary: str
    balance: str
    therapist: str
    patient: str
    letter: str
    safety_net: tuple[str, ...] = ()
    holds: bool = True
    level: tuple[Level, ...]
    example: tuple[Example, ...] = ()


class NeverAlone(Entry, frozen=True, kw_only=True):
    finding: str
    result: Literal["none", "low"]
    changes: str
    example: tuple[Example, ...] = ()


class SafetyNet(Entry, frozen=True, kw_only=True):
    group: str
    text: str
    show_when: str = ""
    private: bool = False


# --- patterns and factors ----------------------------------------------------------------------------------------------


class Weight(Part, frozen=True, kw_only=True):
    points: float
    when: str
    text: str


class Code(Part, frozen=True, kw_only=True):
    code: str
    text: str
    sources: tuple[str, ...] = ()


class Pattern(Entry, frozen=True, kw_only=True):
    name: str
    plain: str
    summary: str
    support: tuple[Weight, ...]
    oppose: tuple[Weight, ...] = ()
    must_exclude: tuple[str, ...] = ()
    first_line: str
    calm: tuple[str, ...] = ()
    restore: tuple[str, ...] = ()
    load: tuple[str, ...] = ()
    phase_notes: dict[str, str] = field(default_factory=dict)
    watch: str
    visits: tuple[int, int]
    icd10: tuple[Code, ...] = ()
    example: tuple[Example, ...] = ()


FactorClass = Literal[
    "muscle", "joint", "posture", "movement", "neural", "load", "workstation", "sleep", "stress", "beliefs", "breathing",
    "activity", "bone", "work",
]  # fmt: skip


class Factor(Entry, frozen=True, kw_only=True):
    name: str
    plain: str
    class_: FactorClass = field(name="class")
    found: str
    marked: str = ""
    severe: str = ""
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    measure: str
    better: Literal["up", "down", "yes", "no"]
    shown_at: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    example: tuple[Example, ...] = ()


# --- interventions -----------------------------------------------------------------------------------------------------


class Care(Part, frozen=True, kw_only=True):
    """A limit under which something may be used: while a care code or a predicate applies."""

    text: str
    code: str = ""
    when: str = ""


class Dose(Part, frozen=True, kw_only=True):
    """How much. `minutes` is the total on a day (exercise) or in a visit (manual therapy); holds and durations in seconds."""

    minutes: float
    sets: int | None = None
    reps: int | None = None
    hold_s: float | None = None
    duration_s: float | None = None
    duration_min: float | None = None
    per_side: bool = False
    per_day: float | None = None
    per_week: float | None = None
    rpe_max: float | None = None
    rest_s: float | None = None
    load: str = ""
    bouts: int | None = None
    seconds: float | None = None
    grade: str = ""
    text: str = ""


class Family(Entry, frozen=True, kw_only=True):
    """A kind of help, such as breathing retraining."""

    name: str


class Intervention(Entry, frozen=True, kw_only=True):
    """What every intervention has. `kind` is the name of its table."""

    name: str
    family: str

    @property
    def kind(self) -> str:
        return type(self).__name__.lower()


ExerciseType = Literal["mobility", "strength", "endurance", "stretch", "breathing", "control", "aerobic", "nerve"]


class Exercise(Intervention, frozen=True, kw_only=True):
    """`called` is what the person calls it, where `name` is a clinician's."""

    called: str = ""
    plain: str
    type: ExerciseType
    position: str
    equipment: tuple[str, ...] = ()
    targets: str
    columns: tuple[Column, ...] = ()
    ovf_ok: bool = False
    avoid: tuple[str, ...] = ()
    care: tuple[Care, ...] = ()
    how: str
    mistakes: tuple[str, ...]
    stop: tuple[str, ...]
    progression: str
    regression: str
    dose: dict[Irritability, Dose]


class Ladder(Entry, frozen=True, kw_only=True):
    name: str
    steps: tuple[str, ...]


class Manual(Intervention, frozen=True, kw_only=True):
    plain: str
    grade: Grade
    technique: Literal["thrust", "mobilization", "rib_mobilization", "soft_tissue", "muscle_energy", "neural", "breathing"]
    columns: tuple[Column, ...] = ()
    indicated_when: str
    avoid_when: str = ""
    care: tuple[Care, ...] = ()
    irritability: tuple[Irritability, ...]
    gentler: str = ""
    """The technique that takes its place while a row of the matrix limits it."""
    how: str
    dose: dict[Irritability, Dose]
    retest: str
    stop: tuple[str, ...] = ()


class Posture(Intervention, frozen=True, kw_only=True):
    plain: str
    advice: str
    offer_when: str = ""
    check: str = ""
    minutes: float = 1.0


class Modality(Intervention, frozen=True, kw_only=True):
    plain: str
    grade: Grade
    columns: tuple[Column, ...] = ()
    indicated_when: str
    avoid_when: str = ""
    care: tuple[Care, ...] = ()
    irritability: tuple[Irritability, ...] = IRRITABILITIES
    parameters: dict[str, str]
    minutes: float
    checks: tuple[str, ...]
    how: str
    stop: tuple[str, ...] = ()


class Education(Intervention, frozen=True, kw_only=True):
    title: str
    text: str
    key_messages: tuple[str, ...]
    teach_back: str
    offer_when: str
    minutes: float


class Coordination(Intervention, frozen=True, kw_only=True):
    plain: str
    offer_when: str
    to: str
    ask: str
    minutes: float = 5.0


# --- safety ------------------------------------------------------------------------------------------------------------


class CareCode(Entry, frozen=True, kw_only=True):
    name: str
    when: str
    text: str


class Contraindication(Entry, frozen=True, kw_only=True):
    name: str
    when: str
    cells: dict[Column, Cell]
    unknown_blocks: bool = False
    never_override: tuple[str, ...] = ()
    local: bool = False
    example: tuple[Example, ...] = ()

    def never(self, column: str) -> bool:
        """Whether nobody may override this row's C in a column."""
        return "*" in self.never_override or column in self.never_override


def predicates_of(entry: Struct) -> Iterator[str]:
    """Every predicate text of an entry."""
    for name in ("when", "found", "marked", "severe", "indicated_when", "avoid_when", "offer_when", "show_when"):
        if text := getattr(entry, name, ""):
            yield text
    for level in getattr(entry, "level", ()):
        yield level.when
        yield from (faster.when for faster in level.faster)
    for weight in (*getattr(entry, "support", ()), *getattr(entry, "oppose", ())):
        yield weight.when
    for care in getattr(entry, "care", ()):
        if care.when:
            yield care.when
