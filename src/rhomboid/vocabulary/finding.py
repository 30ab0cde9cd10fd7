"""What can be known of a person. A finding is declared once, in `findings/*.toml`, and everything else follows from that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct, field

FindingType = Literal["flag", "integer", "number", "scale", "choice", "choices", "regions", "date"]
Supplier = Literal["patient", "therapist", "device", "record"]
Evidence = Literal["lit", "cons", "prod"]
Section = Literal[
    "profile", "history", "symptoms", "vitals", "examination", "medical", "pain", "function", "lifestyle", "beliefs",
    "posture", "motion", "strength", "length", "control", "joints", "neuro", "palpation", "breathing", "records",
]  # fmt: skip
Value = bool | int | float | str | frozenset[str]
"""A known value. Unknown is None, everywhere; it is never a Value. Dates are ISO text."""

NUMERIC: tuple[FindingType, ...] = ("integer", "number", "scale")
SEVERAL: tuple[FindingType, ...] = ("choices", "regions")
DERIVES: dict[str, tuple[str, ...]] = {
    "when": ("flag",), "value": ("number", "integer"), "points": ("score",), "cases": ("choice",), "days_since": ("integer",),
}  # fmt: skip
"""The ways in which a derived finding comes about, each with the types it makes."""
SIDES = {"l": "left", "r": "right"}
FOR_PROGRAMS = ("id", "ask_when", "alias")
"""Keys in which {side} and {level} are filled in as ids have them; everywhere else in words."""


class Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every entry of a content file has."""

    id: str
    evidence: Evidence = "prod"
    sources: tuple[str, ...] = ()
    note: str = ""


class Filled(Struct, frozen=True, forbid_unknown_fields=True, rename={"value": "is"}):
    """A value that a summary has when its details say so and nobody entered it."""

    value: bool | int | str
    when: str


class Finding(Entry, frozen=True, kw_only=True):
    """One thing that can be known. `normal` is a well person's value; `sem` and `mdc` are in the finding's unit.

    `filled` says what detailed entries (left and right) make of a summary that was not entered itself. `alias` has the short
    words by which a therapist types it; aliases that begin alike share their beginning (`pa t6`, `pa t6 pain`). `lasting`: once
    it is true it stays true, so a person who comes back later is not asked again; a no is.
    """

    label: str
    type: FindingType
    section: Section
    by: tuple[Supplier, ...]
    question: str = ""
    help: str = ""
    unit: str = ""
    min: float | None = None
    max: float | None = None
    options: dict[str, str] = field(default_factory=dict)
    ask_when: str = ""
    normal: bool | float | str | list[str] | None = None
    reference: str = ""
    sem: float | None = None
    mdc: float | None = None
    error: str = ""
    loinc: str = ""
    also_called: tuple[str, ...] = ()
    recorded: bool = False
    lasting: bool = False
    filled: tuple[Filled, ...] = ()
    alias: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        return self.type in SEVERAL

    @property
    def numeric(self) -> bool:
        return self.type in NUMERIC


class Gate(Entry, frozen=True, kw_only=True):
    """A plain question whose 'no' answers all the flags in `closes` with no."""

    label: str
    question: str
    closes: tuple[str, ...]


class Points(Struct, frozen=True, forbid_unknown_fields=True):
    add: float
    when: str


class CaseOf(Struct, frozen=True, forbid_unknown_fields=True, rename={"value": "is"}):
    value: str
    when: str


class Derived(Entry, frozen=True, kw_only=True):
    """A finding that follows from others. Exactly one of `when`, `value`, `points`, `cases`, `days_since` says how."""

    label: str
    type: Literal["flag", "number", "integer", "score", "choice"]
    section: Section
    help: str = ""
    unit: str = ""
    when: str = ""
    value: str = ""
    points: tuple[Points, ...] = ()
    cases: tuple[CaseOf, ...] = ()
    days_since: str = ""
    may_be_given: bool = False
    loinc: str = ""
    options: dict[str, str] = field(default_factory=dict)
    mdc: float | None = None
    min: float | None = None
    max: float | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """How it is derived: exactly one of `DERIVES`."""
        return tuple(way for way in DERIVES if getattr(self, way))

    @property
    def predicates(self) -> Iterator[str]:
        """The texts of all predicates in the definition."""
        if self.when:
            yield self.when
        yield from (part.when for part in self.points)
        yield from (part.when for part in self.cases)


def spreads_badly(table: dict[str, object]) -> bool:
    """Whether `each` is something else than lists of words."""
    each = table.get("each", {"": ["word"]})
    if not isinstance(each, dict) or not each:
        return True
    return not all(isinstance(v, list) and v and all(isinstance(word, str) for word in v) for v in each.values())


def spread(table: dict[str, object]) -> Iterator[dict[str, object]]:
    """One table for every value of `each`, with {side} and {level} filled in; the table itself when there is no `each`."""
    each = table.get("each")
    if not isinstance(each, dict):
        yield table
        return
    plain = {key: value for key, value in table.items() if key != "each"}
    tables = [plain]
    for name, values in each.items():
        tables = [_filled(base, name, str(value)) for base in tables for value in values]
    yield from tables


def _filled(table: dict[str, object], name: str, value: str) -> dict[str, object]:
    word = SIDES.get(value, value.upper())

    def fill(key: str, content: object) -> object:
        if isinstance(content, str):
            return content.replace("{" + name + "}", value if key in FOR_PROGRAMS else word)
        if key == "alias" and isinstance(content, list):
            return [fill(key, one) for one in content]
        return content

    return {key: fill(key, content) for key, content in table.items()}
