"""What the plan page shows: the rows of one version of a plan, arranged for reading. A fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import msgspec

from ...knowledge import Knowledge
from ...knowledge.care import Planning
from ...knowledge.model import Dose, Exercise, Factor
from ...reasoning.doses import dose_text
from ...reasoning.planning import Limits
from ...reasoning.planning.limits import AT_HOME
from ..records import bridge_plan, clock, signoff
from ..records.models import Item, PlanLine, PlanOfCare

TYPE_ICONS = {
    "mobility": "turn", "strength": "weight", "endurance": "clock", "stretch": "spread", "breathing": "breath",
    "control": "hand", "aerobic": "walk", "nerve": "wave",
}  # fmt: skip
KIND_ICONS = {
    "manual": "stethoscope", "modality": "bolt", "posture": "desk", "education": "book", "coordination": "people",
}  # fmt: skip
GRADES = {
    "A": "several good trials", "B": "one good trial, or several weaker ones", "C": "weak or mixed trials",
    "D": "consensus", "X": "evidence against routine use",
}  # fmt: skip
UNSAFE = ("contraindicated", "unanswered")
UNFIT = ("banned", "equipment", "position", "irritability", "outgrown")
SHOWN_FIRST = 5


@dataclass(frozen=True, slots=True)
class Mark:
    words: str
    icon: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the plan as the page shows it."""

    id: str
    number: int
    kind: str
    name: str
    dose: str
    icon: str
    because: str
    more: int
    grade: str
    grade_words: str
    minutes: str
    wanted: str
    marks: tuple[Mark, ...]
    limits: tuple[str, ...]
    notes: tuple[int, ...]
    ask: tuple[str, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one place or phase, with the minutes they take."""

    title: str
    lines: tuple[Line, ...]
    used: int | None = None
    given: int | None = None
    note: str = ""
    phase: str = ""
    beside: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    id: str
    number: int
    name: str
    text: str
    said: str
    change: str
    unsafe: bool
    reason: str
    decidable: bool
    others: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Page:
    """One version of a plan, ready to be shown."""

    plan: PlanOfCare
    knowledge: Knowledge
    lines: tuple[PlanLine, ...]
    unsigned: frozenset[tuple[str, str]] = frozenset()
    fresh: frozenset[str] = frozenset()
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = self.plan.content
        return found

    def line(self, row: PlanLine) -> Line:
        said, one = row.content, self.knowledge.interventions.get(row.item.intervention)
        doses = {phase: dose_of(table) for phase, table in row.doses.items()}
        now = doses.get(row.phase)
        grade = said["grade"] or ("D" if said["evidence"] == "cons" else "")
        return Line(
            id=row.item.intervention,
            number=self.numbers.get(row.item.intervention, -1),
            kind=row.item.kind,
            name=said["name"],
            dose=dose_text(now),
            icon=TYPE_ICONS.get(said["type"], KIND_ICONS.get(row.item.kind, "stack")),
            because=_first(said["because"] or said["why"], 2),
            more=max(len(said["because"]) - 2, 0),
            grade=grade,
            grade_words=GRADES.get(grade, "cited paper" if said["evidence"] == "lit" else "working rule"),
            minutes=f"{said['minutes']:g}" if said["minutes"] else "",
            wanted=row.wanted,
            marks=tuple(_marks(row, self._waits(row.item.kind, row.item.intervention) and one is not None, self._local(row.item))),
            limits=tuple(words for words in said["limits"] if words not in self.care),
            notes=tuple(self.care[words] for words in said["limits"] if words in self.care),
            ask=tuple(said["ask"]),
            changed=row.item.intervention in self.fresh,
        )

    def _local(self, item: Item) -> bool:
        return (item.kind, item.intervention) in self.knowledge.overridden

    def _waits(self, kind: str, id_: str) -> bool:
        return (kind, id_) in self.unsigned

    @cached_property
    def care(self) -> dict[str, int]:
        """Words of care that several items share, numbered, so that they are said once."""
        counted = Counter(words for row in self.lines for words in row.content["limits"])
        return {words: place for place, words in enumerate((w for w, times in counted.items() if times > 1), start=1)}

    # --- the sheet ---------------------------------------------------------------------------------------------------------

    @property
    def home(self) -> list[Group]:
        """The home program: what the first phase asks, then what later phases bring."""
        given, phases = self.minutes_given, self.content["phases"]
        groups = []
        for place, phase in enumerate(phases):
            rows = [self.line(row) for row in self._exercises(phase["id"])]
            beside = "minutes" not in self.plan.limits
            used = phase["minutes"] + (0 if beside else phase["activity_minutes"])
            title = "At home" if place == 0 else f"From {phase['name'].lower()} on"
            if rows or place == 0:
                walking = round(phase["activity_minutes"]) if beside else 0
                groups.append(Group(title, tuple(rows), round(used), given, phase["move_on_when"], phase["id"], walking))
        return groups

    def _exercises(self, phase: str) -> list[PlanLine]:
        """Those that begin in a phase; general activity, which is counted by itself, comes last."""
        rows = [row for row in self.lines if row.item.kind == "exercise" and row.phase == phase]
        return sorted(rows, key=lambda row: (row.content["type"] == "aerobic", row.position))

    @property
    def elsewhere(self) -> list[Group]:
        return [
            group for group in (self._of("In the clinic", "manual", "modality"), self._know_how(), self._others()) if group.lines
        ]

    def _of(self, title: str, *kinds: str) -> Group:
        rows = tuple(self.line(row) for row in self.lines if row.item.kind in kinds)
        used = sum(row.content["minutes"] for row in self.lines if row.item.kind in kinds)
        timed = "manual" in kinds
        return Group(title, rows, round(used) if timed else None, self.visit_minutes if timed else None)

    def _know_how(self) -> Group:
        return self._of("Day and know-how", "posture", "education")

    def _others(self) -> Group:
        return self._of("With others", "coordination")

    @property
    def phases(self) -> list[dict[str, Any]]:
        """The phases with the day on which each is expected to begin."""
        phases = self.content["phases"]
        first = phases[0]["weeks"][0] if phases else 0
        return [
            {
                **phase,
                "begins": self.begins + timedelta(weeks=phase["weeks"][0] - first),
                "width": min(max(phase["weeks"][1] - phase["weeks"][0], 1), 8),
            }
            for phase in phases
        ]

    @property
    def begins(self) -> date:
        return (
            clock.today()
            if self.plan.state == "draft"
            else self.plan.signed_at.date()
            if self.plan.signed_at
            else self.plan.created_at.date()
        )

    @property
    def reevaluation(self) -> date | None:
        """The day by which to measure again: counted from the signature, and until then from today."""
        if self.plan.state != "draft":
            return self.plan.reevaluation_on
        visits = self.content.get("visits")
        return clock.today() + timedelta(days=visits["days_to_reevaluation"]) if visits else None

    @property
    def visits(self) -> str:
        visits = self.content.get("visits")
        if not visits:
            return ""
        return f"{_span(visits['count'])} visits over {_span(visits['weeks'])} weeks, {_span(visits['per_week'])} a week"

    # --- the limits --------------------------------------------------------------------------------------------------------

    @cached_property
    def limits(self) -> Limits:
        return bridge_plan.limits_of(self.plan.limits, self.knowledge)

    @property
    def planning(self) -> Planning:
        return self.knowledge.of(Planning)["planning"]

    @property
    def minutes_given(self) -> int:
        return round(self.limits.minutes or self.planning.minutes_per_day)

    @property
    def visit_minutes(self) -> int:
        return round(self.limits.visit_minutes or self.planning.visit_minutes)

    @property
    def most_exercises(self) -> int:
        return self.limits.exercises or self.usual_exercises

    @property
    def usual_exercises(self) -> int:
        return self.planning.max_exercises[self.content["irritability"]]

    @property
    def equipment(self) -> list[tuple[str, str, str]]:
        return [(item, _words(item), "") for item in things(self.knowledge) if item not in AT_HOME]

    @property
    def in_every_home(self) -> list[tuple[str, str, str]]:
        return [(item, _words(item), "") for item in things(self.knowledge) if item in AT_HOME]

    @property
    def missing_at_home(self) -> bool:
        return any(item not in self.there for item, _, _ in self.in_every_home)

    @property
    def there(self) -> list[str]:
        return equipment_there(self.limits, self.knowledge)

    @property
    def positions(self) -> list[tuple[str, str, str]]:
        return [(one, POSITIONS[one], "") for one in positions(self.knowledge)]

    @property
    def tolerated(self) -> list[str]:
        return [one for one in positions(self.knowledge) if one not in self.limits.avoid_positions]

    # --- the reasons -------------------------------------------------------------------------------------------------------

    @cached_property
    def not_offered(self) -> list[LeftOut]:
        """What a therapist would look for and not find: unsafe first, then what does not fit, then what was passed over."""
        order = (*UNSAFE, *UNFIT, "better_chosen")
        wanted = self._serving()
        rows = [
            row
            for row in self.content["left_out"]
            if row["reason"] in order and (row["reason"] not in (*UNSAFE, "irritability") or row["id"] in wanted)
        ]
        return _together(self._left(row) for row in sorted(rows, key=lambda row: order.index(row["reason"])))

    def _serving(self) -> set[str]:
        """What a factor of this person asks for, and everything done by hand or device: the rest nobody would look for."""
        factors = self.knowledge.of(Factor)
        found = [factors[need["id"]] for need in self.content["needs"] if need["id"] in factors]
        asked = {id_ for factor in found for id_ in (*factor.first, *factor.second)}
        return asked | {id_ for id_, one in self.knowledge.interventions.items() if one.kind in ("manual", "modality")}

    def _left(self, row: dict[str, Any]) -> LeftOut:
        return LeftOut(
            id=row["id"],
            number=self.numbers.get(row["id"], -1),
            name=row["name"],
            text=row["text"],
            said="" if row["reason"] == "unanswered" else _first(row["said"], 2),
            change=row["change"],
            unsafe=row["reason"] in UNSAFE,
            reason=row["reason"],
            decidable=bool(row["against"]),
        )

    @property
    def not_offered_more(self) -> int:
        return max(len(self.not_offered) - SHOWN_FIRST, 0)

    @property
    def not_needed(self) -> int:
        return sum(row["reason"] in ("not_needed", "not_indicated") for row in self.content["left_out"])

    @property
    def draft_words(self) -> str:
        return f"Draft {self.plan.version}"

    @property
    def active_words(self) -> str:
        return f"Plan {self.plan.version}, in force"

    @property
    def past_words(self) -> str:
        return f"Plan {self.plan.version}, {'dropped' if self.plan.state == 'dropped' else 'replaced'}"

    @property
    def dropped_words(self) -> str:
        return ", ".join(self.content.get("dropped", []))

    @property
    def questions(self) -> list[str]:
        """What to ask so that the screening comes to an end, the questions of the fastest dangers first."""
        return list(dict.fromkeys(one["ask"][0] for one in self.content["undecided"] if one["ask"]))[:8]

    @property
    def undo(self) -> str:
        history = self.content.get("history", [])
        return history[-1]["did"] if history else ""

    @property
    def unsigned_rules(self) -> int:
        acting = sum((row.item.kind, row.item.intervention) in self.unsigned for row in self.lines)
        return acting + (("planning", "planning") in self.unsigned)


def _together(rows: Iterable[LeftOut]) -> list[LeftOut]:
    """Those left out for the very same reason stand in one line."""
    groups: dict[tuple[str, ...], list[LeftOut]] = {}
    for row in rows:
        alone = row.id if row.decidable or row.reason in ("banned", "better_chosen") else ""
        groups.setdefault((row.reason, row.text, row.said, row.change, alone), []).append(row)
    return [replace(first, others=tuple(others)) for first, *others in groups.values()]


POSITIONS = {
    "seated": "Sitting", "standing": "Standing", "supine": "On the back", "prone": "Face down", "side_lying": "On the side",
    "quadruped": "Hands and knees", "kneeling": "Kneeling", "half_kneeling": "Half kneeling", "heel_sit": "Sitting on heels",
}  # fmt: skip


def things(knowledge: Knowledge) -> list[str]:
    """Equipment that exercises use, what is in every home first."""
    found = {item for one in knowledge.of(Exercise).values() for item in one.equipment}
    return sorted(found, key=lambda item: (item not in AT_HOME, item))


def equipment_there(limits: Limits, knowledge: Knowledge) -> list[str]:
    def has(item: str) -> bool:
        return item not in limits.without and (item in AT_HOME or limits.equipment is None or item in limits.equipment)

    return [item for item in things(knowledge) if has(item)]


def positions(knowledge: Knowledge) -> list[str]:
    """The positions somebody may not tolerate; walking, water and machines are left out by ban or equipment."""
    found = {one.position for one in knowledge.of(Exercise).values()}
    return [one for one in POSITIONS if one in found]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def page_of(plan: PlanOfCare, knowledge: Knowledge, fresh: Iterable[str] = ()) -> Page:
    """Two queries: the lines with their items, and the sign-offs."""
    lines = tuple(plan.lines.select_related("item"))
    numbers = {id_: place for place, id_ in enumerate(knowledge.interventions)}
    return Page(plan, knowledge, lines, signoff.unsigned_ids(knowledge), frozenset(fresh), numbers)


def _choices(factor: Any) -> tuple[str, ...]:
    return (*factor.first, *factor.second)


def dose_of(table: Mapping[str, Any]) -> Dose:
    return msgspec.convert(table, Dose, strict=False)


def _first(words: Iterable[str], most: int) -> str:
    found = list(words)
    return "; ".join(found[:most])


def _span(pair: list[float]) -> str:
    low, high = pair
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _marks(row: PlanLine, waits: bool, local: bool) -> Iterable[Mark]:
    said = row.content
    if said["overridden"]:
        yield Mark("Against " + ", ".join(one["name"] for one in said["overridden"]), "shield")
    if row.wanted == "swap":
        yield Mark(f"Swapped for {said['swapped_for']}", "swap", "new")
    elif row.wanted:
        yield Mark({"lock": "Locked", "add": "Added"}[row.wanted], "lock" if row.wanted == "lock" else "plus", "new")
    if row.changed_dose:
        yield Mark("Dose changed", "pencil", "new")
    if local:
        yield Mark("Local", "", "new")
    if waits:
        yield Mark("Not signed off", "", "unsigned")
