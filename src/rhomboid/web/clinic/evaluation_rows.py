"""The rows of a section as a page shows them: what stands, who said it, what it means beside the normal band, and how to answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from ...knowledge import Knowledge
from ...reasoning.explain import Explainer
from ...reasoning.facts import Facts
from ...vocabulary import Finding as Entry
from ...vocabulary import Vocabulary
from ...vocabulary.units import unit_sign
from ..records import bridge
from ..records.models import Finding
from ..records.wording import day
from ..ui.strips import Strip, strip
from .evaluation_layout import Group, Layout, Place, RowPlace, layout_of
from .fast_entry import side_of
from .labels import measured, number

RANGE = re.compile(r"^(?:about )?(-?\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(?![\d.])", re.IGNORECASE)
LOW = re.compile(r"\b(?:low|limited|short) below (\d+(?:\.\d+)?)|\bbelow (\d+(?:\.\d+)?) counts", re.IGNORECASE)
LOW_BY_SEX = re.compile(r"low below (\d+) in men, below (\d+) in women")
LOW_OR_LESS = re.compile(r"limited at (\d+(?:\.\d+)?) or less")
HIGH = re.compile(r"\bover (\d+(?:\.\d+)?) counts", re.IGNORECASE)
APART = re.compile(r"side difference;? above (\d+(?:\.\d+)?)")
BY_PATIENT = ("patient", "front_desk")
SHORT, SHORT_LETTERS = 3, 26
"""Up to so many options, of so many letters together, stand side by side; more are a list."""
SKIPS = ("pain", "declined", "no time", "no device", "not safe today")
State = Literal["", "now", "not_tested"]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row: what the field holds, which value the page has seen, and the ways to answer."""

    finding: str
    side: str
    kind: str
    label: str
    value: str = ""
    shown: str = ""
    ref: str = ""
    out: bool = False
    options: tuple[Option, ...] = ()
    unit: str = ""
    low: str = ""
    high: str = ""
    step: str = "any"

    @property
    def side_word(self) -> str:
        return {"l": "left", "r": "right"}.get(self.side, "")


@dataclass(frozen=True, slots=True)
class Row:
    """`said`: the patient's answer that nobody has confirmed, by its ref. `folded`: does not apply to this person."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    question: str = ""
    strip: Strip | None = None
    strong: str = ""
    response: str = ""
    by: str = ""
    said: str = ""
    confirmed: str = ""
    skipped: str = ""
    gate: bool = False
    closed_by: str = ""
    applies: bool = True
    done: bool = False
    now: bool = False
    asks: bool = False
    detail: bool = False
    conflict: Conflict | None = None

    @property
    def kind(self) -> str:
        return self.cells[0].kind

    @property
    def pair(self) -> bool:
        return len(self.cells) > 1

    @property
    def words(self) -> str:
        """The values in words, for rows that are read before they are changed."""
        return ", ".join(f"{cell.side_word} {cell.shown}".strip() for cell in self.cells if cell.shown)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else has recorded another value meanwhile: theirs, yours, the ref of theirs, and what was sent as yours."""

    finding: str
    who: str
    theirs: str
    yours: str
    ref: str
    typed: str


@dataclass(frozen=True, slots=True)
class GroupView:
    heading: str
    rows: tuple[Row, ...]
    aside: tuple[Row, ...]
    folded: bool
    done: int

    @property
    def numeric(self) -> bool:
        return any(row.kind == "number" for row in self.rows)


@dataclass(frozen=True)
class Section:
    """One section, whole. `said` are the patient's answers that wait for a confirmation, `well` those among them that a well
    person gives too."""

    key: str
    side: str
    name: str
    said: tuple[Row, ...]
    well: tuple[Row, ...]
    groups: tuple[GroupView, ...]

    @property
    def waiting(self) -> tuple[Row, ...]:
        return (*self.said, *self.well)

    @property
    def empty(self) -> bool:
        return not self.waiting and not any(group.rows or group.aside for group in self.groups)


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the list of sections."""

    key: str
    name: str
    done: int
    total: int
    asks: bool

    @property
    def complete(self) -> bool:
        return self.total > 0 and self.done >= self.total


@dataclass
class Standing:
    """All values of an episode that stand, read once: the newest known of each finding, and why others were not tested."""

    knowledge: Knowledge
    facts: Facts
    known: Mapping[str, Finding]
    notes: Mapping[str, Finding]
    today: date
    now: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    _asked: dict[str, bool | None] = field(default_factory=dict)

    @property
    def vocabulary(self) -> Vocabulary:
        return self.knowledge.vocabulary

    @property
    def skipped(self) -> frozenset[str]:
        return frozenset(self.notes)

    def closed(self, name: str) -> str:
        """The label of the gate that has answered a finding with no; '' when none has."""
        if name in self.known or self.facts.known.get(name) is not False:
            return ""
        gates = (gate for gate in self.vocabulary.gates.values() if name in gate.closes)
        return next((gate.label for gate in gates if gate.id in self.known), "")

    def applies(self, entry: Entry) -> bool:
        return not entry.ask_when or self.asked_when(entry.ask_when) is not False

    def asked_when(self, text: str) -> bool | None:
        if text not in self._asked:
            self._asked[text] = asked_when(text, self.knowledge, self.facts)
        return self._asked[text]


def asked_when(text: str, knowledge: Knowledge, facts: Facts) -> bool | None:
    """Whether a question is worth asking."""
    return Explainer(facts).truth(layout_of(knowledge).asked_when[text])


def standing_of(findings: Sequence[Finding], knowledge: Knowledge, facts: Facts, today: date, **more: Any) -> Standing:
    """What stands, from all findings of the episode, oldest first. A reason for not testing holds until a value comes."""
    known = bridge.latest(findings)
    notes = {row.finding: row for row in findings if row.value is None and row.note and row.finding not in known}
    return Standing(knowledge, facts, known, notes, today, **more)


def section_of(place: Place, standing: Standing) -> Section:
    groups = [_group(group, standing) for group in place.groups]
    waiting = [row for group in groups for row in group.rows if row.said]
    well = [row for row in waiting if _as_well(row, standing)]
    said = [row for row in waiting if row not in well]
    return Section(place.key, place.side, place.name, tuple(said), tuple(well), tuple(_without_said(group) for group in groups))


def _as_well(row: Row, standing: Standing) -> bool:
    """Whether a well person gives the same answer: it needs no look of its own."""
    name = row.cells[0].finding
    return bridge.value_of(standing.known[name].value) == standing.vocabulary.well.get(name)


def _without_said(group: GroupView) -> GroupView:
    return replace(group, rows=tuple(row for row in group.rows if not row.said))


def _group(group: Group, standing: Standing) -> GroupView:
    rows = [row_of(place, standing) for place in group.rows]
    shown = tuple(row for row in rows if row.applies and not row.closed_by)
    aside = tuple(row for row in rows if not row.applies or row.closed_by)
    return GroupView(group.heading, shown, aside, group.folded and not any(row.now for row in shown), sum(row.done for row in rows))


def tabs_of(layout: Layout, standing: Standing) -> dict[str, list[Tab]]:
    """The list of sections with what is done in each and where a next question lies."""
    return {side: [_tab(place, standing) for place in layout.side(side)] for side in ("said", "exam")}


def _tab(place: Place, standing: Standing) -> Tab:
    counted = [row for row in place.rows if not row.detail and _applies(row, standing)]
    done = sum(all(_is_known(name, standing) for name in row.names) for row in counted)
    return Tab(place.key, place.name, done, len(counted), any(name in standing.asked for name in place.findings))


def _applies(row: RowPlace, standing: Standing) -> bool:
    entries = [standing.vocabulary.findings[name] for name in row.findings]
    return bool(row.gate) or any(standing.applies(entry) for entry in entries)


def _is_known(name: str, standing: Standing) -> bool:
    return name in standing.known or name in standing.notes or standing.facts.value(name) is not None


# --- one row ---------------------------------------------------------------------------------------------------------------


def row_of(place: RowPlace, standing: Standing) -> Row:
    if place.gate:
        return _gate_row(place, standing)
    entries = [standing.vocabulary.findings[name] for name in place.findings]
    cells = tuple(cell_of(entry, standing) for entry in entries)
    newest = max((standing.known[name] for name in place.findings if name in standing.known), key=lambda row: row.pk, default=None)
    note = next((standing.notes[name].note for name in place.findings if name in standing.notes), "")
    strong, response = _response(entries, standing)
    patient = newest is not None and newest.source in BY_PATIENT
    return Row(
        key=place.key,
        label=place.label,
        cells=cells,
        question=entries[0].question,
        strip=_strip(entries, standing),
        strong=strong,
        response=response,
        by=_by(newest, standing.today),
        said=newest.ref if newest is not None and patient and len(entries) == 1 else "",
        confirmed=_confirmed(newest, entries[0]),
        skipped=note if not any(cell.value for cell in cells) else "",
        closed_by=standing.closed(place.findings[0]),
        applies=any(standing.applies(entry) for entry in entries) or newest is not None,
        done=all(_is_known(name, standing) for name in place.findings),
        now=bool(standing.now & set(place.findings)),
        asks=bool(standing.asked & set(place.findings)),
        detail=place.detail,
        conflict=next((standing.conflicts[name] for name in place.findings if name in standing.conflicts), None),
    )


def _gate_row(place: RowPlace, standing: Standing) -> Row:
    gate, row = standing.vocabulary.gates[place.gate], standing.known.get(place.gate)
    value = "" if row is None else str(bool(row.value)).lower()
    options = (Option("false", "None of these", value == "false"), Option("true", "Some of it", value == "true"))
    cell = Cell(gate.id, "", "flag", gate.label, value, ref=row.ref if row else "", options=options)
    return Row(
        key=gate.id,
        label=gate.label,
        cells=(cell,),
        question=gate.question,
        by=_by(row, standing.today),
        gate=True,
        done=row is not None or gate.id in standing.notes,
        now=gate.id in standing.now,
        asks=gate.id in standing.asked,
        conflict=standing.conflicts.get(gate.id),
    )


def cell_of(entry: Entry, standing: Standing) -> Cell:
    """The field of one finding."""
    row = standing.known.get(entry.id)
    kind = "number" if entry.type in ("number", "integer") else entry.type
    raw = row.value if row else None
    return Cell(
        finding=entry.id,
        side=side_of(entry.id),
        kind="choice-list" if kind == "choice" and not _short(entry) else kind,
        label=entry.label,
        value=_field_value(raw),
        shown=shown(entry, raw, standing.vocabulary) or _follows(entry, standing),
        ref=row.ref if row else "",
        out=_judged(entry, raw, standing) != "",
        options=_options(entry, raw),
        unit=unit_sign(entry.unit),
        low=f"{entry.min:g}" if entry.min is not None else "",
        high=f"{entry.max:g}" if entry.max is not None else "",
        step="1" if entry.type == "integer" else "any",
    )


def _short(entry: Entry) -> bool:
    letters = sum(map(len, entry.options.values())) * (2 if side_of(entry.id) else 1)
    return len(entry.options) <= SHORT and letters <= SHORT_LETTERS


def _follows(entry: Entry, standing: Standing) -> str:
    """What a summary follows to from its details when nobody entered it, in words."""
    value = standing.facts.value(entry.id) if entry.filled else None
    return shown(entry, value, standing.vocabulary) if value is not None else ""


def _field_value(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, list):
        return " ".join(sorted(raw)) or "none"
    return f"{raw:g}" if isinstance(raw, int | float) else str(raw)


def _options(entry: Entry, raw: Any) -> tuple[Option, ...]:
    if entry.type == "flag":
        return (Option("false", "No", raw is False), Option("true", "Yes", raw is True))
    if entry.type == "scale":
        return tuple(Option(str(step), str(step), raw == step and raw is not None) for step in range(11))
    chosen = raw if isinstance(raw, list) else [raw]
    return tuple(Option(option, label, option in chosen) for option, label in entry.options.items())


def shown(entry: Entry, raw: Any, vocabulary: Vocabulary) -> str:
    """A stored value in words, as a row says it."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "Yes" if raw else "No"
    if entry.numeric:
        return measured(raw, entry)
    if isinstance(raw, list | frozenset):
        words = [entry.options.get(item, item) for item in entry.options if item in raw]
        return ", ".join(words) if words else "None"
    if entry.type == "date":
        return f"{date.fromisoformat(str(raw)):%b %-d, %Y}"
    return entry.options.get(raw, str(raw))


def _by(row: Finding | None, today: date) -> str:
    """Who gave a value and when, unless it was the therapist today."""
    if row is None or (row.source not in BY_PATIENT and row.observed_on == today):
        return ""
    return day(row.observed_on, today)


def _confirmed(row: Finding | None, entry: Entry) -> str:
    """Whether a therapist has confirmed what a patient could have said."""
    return row.ref if row is not None and row.source == "therapist" and row.corrects_id and "patient" in entry.by else ""


# --- the band and the words ------------------------------------------------------------------------------------------------


def band_of(entry: Entry, sex: object = None) -> tuple[float, float] | None:
    """The range of well people as the reference begins with it, else what its limits leave open."""
    if entry.type not in ("number", "integer") or not isinstance(entry.normal, int | float):
        return None
    if found := RANGE.match(entry.reference):
        low, high = float(found[1]), float(found[2])
        if low <= entry.normal <= high:
            return low, high
    limits = limits_of(entry, sex)
    if limits == (None, None):
        return None
    least, highest = limits
    most = entry.normal * 1.4 if entry.max is None else min(entry.max, entry.normal * 1.4)
    return (entry.min or 0.0) if least is None else least, most if highest is None else highest


def limits_of(entry: Entry, sex: object = None) -> tuple[float | None, float | None]:
    """From where a value counts as low or high, as the reference says it; its range where it names no limit."""
    text = entry.reference
    if by_sex := LOW_BY_SEX.search(text):
        return {"male": float(by_sex[1]), "female": float(by_sex[2])}.get(str(sex)), None
    low, high = LOW.search(text) or LOW_OR_LESS.search(text), HIGH.search(text)
    if low or high:
        return (float(next(filter(None, low.groups()))) if low else None), (float(high[1]) if high else None)
    span = RANGE.match(text)
    if span and isinstance(entry.normal, int | float) and float(span[1]) <= entry.normal <= float(span[2]):
        return float(span[1]), float(span[2])
    return None, None


def _judged(entry: Entry, raw: Any, standing: Standing) -> str:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or entry.type not in ("number", "integer"):
        return ""
    low, high = limits_of(entry, standing.facts.value("sex_at_birth"))
    return "low" if low is not None and raw < low else "high" if high is not None and raw > high else ""


def _strip(entries: list[Entry], standing: Standing) -> Strip | None:
    """Drawn where there is a band to compare with. The axis spans band and values with some air."""
    band = band_of(entries[0], standing.facts.value("sex_at_birth"))
    if band is None:
        return None
    by_side: dict[str, Any] = {side_of(one.id): standing.known[one.id].value for one in entries if one.id in standing.known}
    values = [float(value) for value in by_side.values()]
    air = (band[1] - band[0]) * 0.75 or 1.0
    low, high = min([band[0] - air, *values]), max([band[1] + air, *values])
    if entries[0].min is not None and entries[0].max is not None:
        low, high = max(low, entries[0].min), min(high, entries[0].max)
    return strip((low, high), band, by_side.get("l"), by_side.get("r"), by_side.get(""))


def _response(entries: list[Entry], standing: Standing) -> tuple[str, str]:
    """What a measurement means, in words: low or high with its side, and how far the sides are apart."""
    if entries[0].type not in ("number", "integer"):
        return "", ""
    values = {one.id: standing.known[one.id].value for one in entries if one.id in standing.known}
    judged = {
        side_of(name): word for name, raw in values.items() if (word := _judged(standing.vocabulary.findings[name], raw, standing))
    }
    words = [_side_words(judged)] if judged else []
    words += _apart(entries, values)
    note = next((standing.known[name].note for name in values if standing.known[name].note), "")
    return "; ".join(words), note or ("" if words else _error(entries[0], values))


def _side_words(judged: Mapping[str, str]) -> str:
    if len(set(judged.values())) == 1 and len(judged) == 2:
        return f"Both {next(iter(judged.values()))}"
    parts = [f"{ {'l': 'left ', 'r': 'right '}.get(side, '') }{word}" for side, word in judged.items()]
    return (", ".join(parts))[:1].upper() + ", ".join(parts)[1:]


def _apart(entries: list[Entry], values: Mapping[str, Any]) -> Iterable[str]:
    if len(values) != 2:
        return
    apart = abs(float(values[entries[0].id]) - float(values[entries[1].id]))
    found = APART.search(entries[0].reference)
    limit = float(found[1]) if found else entries[0].mdc
    if limit is not None and apart > limit:
        yield f"{number(apart)}{unit_sign(entries[0].unit)} apart"


def _error(entry: Entry, values: Mapping[str, Any]) -> str:
    return f"Error {number(entry.mdc)}{unit_sign(entry.unit)}" if values and entry.mdc else ""
