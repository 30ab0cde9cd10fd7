"""The person's own limits and the therapist's wishes: what a plan has to fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec

from ...knowledge import Knowledge
from ...knowledge.model import Dose, Exercise
from ...vocabulary import CaseError, Problem, hint

AT_HOME = frozenset({"chair", "wall", "table", "door", "towel", "pillow", "mirror"})
"""What is in every home."""
MOST_MINUTES = 120.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan has to fit. None: no limit of the person's own, the irritability decides.

    `minutes` a day for the home program, `exercises` at a time, `visit_minutes` in the clinic. `equipment` beyond what is in
    every home (None: anything), `without` what is missing, `avoid_positions` what is not tolerated. `lock` keeps an item in,
    `add` offers one that no factor asks for and keeps it in, `ban` keeps one out, `swap` replaces one by another. `overridden`:
    interventions and the rows of the contraindication matrix against which a licensed therapist has decided for them. `doses`:
    what the therapist prescribes in place of an intervention's own dose.
    """

    minutes: float | None = None
    exercises: int | None = None
    visit_minutes: float | None = None
    equipment: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    avoid_positions: frozenset[str] = frozenset()
    lock: frozenset[str] = frozenset()
    add: frozenset[str] = frozenset()
    ban: frozenset[str] = frozenset()
    swap: tuple[tuple[str, str], ...] = ()
    overridden: frozenset[tuple[str, str]] = frozenset()
    doses: tuple[tuple[str, Dose], ...] = ()

    @property
    def wanted(self) -> frozenset[str]:
        """Items that must be in."""
        return self.lock | self.add | {new for _, new in self.swap}

    @property
    def banned(self) -> frozenset[str]:
        """Items that must not be in."""
        return self.ban | {old for old, _ in self.swap}

    def rows_overridden(self, intervention: str) -> frozenset[str]:
        return frozenset(row for id_, row in self.overridden if id_ == intervention)

    def dose_of(self, intervention: str) -> Dose | None:
        """The dose that the therapist prescribes for an intervention, if any."""
        return dict(self.doses).get(intervention)

    def missing(self, exercise: Exercise) -> tuple[str, ...]:
        """The equipment an exercise needs and the person does not have."""
        needed = [item for item in exercise.equipment if item not in AT_HOME or item in self.without]
        return tuple(i for i in needed if i in self.without or (self.equipment is not None and i not in self.equipment))

    def merged(self, other: Limits) -> Limits:
        """These limits, with what the other states in their place."""
        stated = {field.name: value for field in fields(other) if (value := getattr(other, field.name)) != field.default}
        return replace(self, **stated)


def dose_table(dose: Dose) -> dict[str, Any]:
    """A dose as a table: only what it states."""
    return {key: value for key, value in msgspec.to_builtins(dose).items() if value not in (None, "", False)}


def limits_to_table(limits: Limits) -> dict[str, Any]:
    """Limits as `limits_from_table` reads them: only what is stated, in a fixed order."""
    table: dict[str, Any] = {}
    for field in fields(limits):
        value = getattr(limits, field.name)
        if value == field.default:
            continue
        if field.name in ("swap", "overridden"):
            value = [f"{first}:{second}" for first, second in (value if field.name == "swap" else sorted(value))]
        elif field.name == "doses":
            value = {id_: dose_table(dose) for id_, dose in sorted(value)}
        table[field.name] = sorted(value) if isinstance(value, frozenset) else value
    return table


def limits_from_table(table: Mapping[str, Any], knowledge: Knowledge, place: str = "limits") -> Limits:
    """Limits from the [limits] part of a case or from a command line. Raises CaseError with everything that is wrong."""
    return _LimitsReader(knowledge, place).read(table)


class _LimitsReader:
    def __init__(self, knowledge: Knowledge, place: str) -> None:
        self.knowledge, self.place = knowledge, place
        self.problems: list[Problem] = []
        exercises = knowledge.of(Exercise).values()
        self.equipment = sorted({item for exercise in exercises for item in exercise.equipment})
        self.positions = sorted({exercise.position for exercise in exercises})

    def wrong(self, entry: str, message: str, fix: str = "") -> None:
        self.problems.append(Problem(self.place, entry, message, fix))

    def read(self, table: Mapping[str, Any]) -> Limits:
        names = [field.name for field in fields(Limits)]
        for key in table:
            if key not in names:
                self.wrong(key, "there is no such limit", hint(self.problems, key, names))
        found: dict[str, Any] = {}
        for key, most in (("minutes", MOST_MINUTES), ("exercises", 12.0), ("visit_minutes", 180.0)):
            if key in table:
                found[key] = self.number(key, table[key], most)
        for key, known in (("equipment", self.equipment), ("without", self.equipment), ("avoid_positions", self.positions)):
            if key in table:
                found[key] = self.words(key, table[key], known)
        for key in ("lock", "add", "ban"):
            if key in table:
                found[key] = self.words(key, table[key], self.knowledge.interventions)
        if "swap" in table:
            found["swap"] = self.pairs("swap", table["swap"])
        if "overridden" in table:
            found["overridden"] = frozenset(self.pairs("overridden", table["overridden"]))
        if "doses" in table:
            found["doses"] = self.doses(table["doses"])
        if self.problems:
            raise CaseError(self.problems)
        return Limits(**found)

    def number(self, key: str, raw: object, most: float) -> float | int | None:
        said = f"{raw:g}" if isinstance(raw, float) else repr(raw)
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw <= most:
            self.wrong(key, f"{said} is not a number from 1 to {most:g}", "how many the person can manage")
            return None
        if key == "exercises" and raw != int(raw):
            self.wrong(key, f"{said} is not a whole number", "exercises are counted whole")
            return None
        return int(raw) if key == "exercises" else raw

    def words(self, key: str, raw: object, known: Any) -> frozenset[str]:
        items = raw if isinstance(raw, list | tuple | set | frozenset) else [raw]
        for item in items:
            if item not in known:
                near = hint(self.problems, str(item), known)
                self.wrong(key, f'"{item}" is not known', near or "known: " + ", ".join(list(known)[:14]))
        return frozenset(map(str, items))

    def pairs(self, key: str, raw: object) -> tuple[tuple[str, str], ...]:
        """Swaps are written old:new, decisions against the matrix intervention:row."""
        pairs = []
        for pair in raw if isinstance(raw, list | tuple) else [raw]:
            first, _, second = str(pair).partition(":")
            self.words(key, [first, second] if key == "swap" else [first], self.knowledge.interventions)
            pairs.append((first, second))
        return tuple(pairs)

    def doses(self, raw: object) -> tuple[tuple[str, Dose], ...]:
        """Doses are tables by the id of the intervention, with the keys of a dose."""
        found = []
        for id_, table in sorted((raw if isinstance(raw, Mapping) else {}).items()):
            self.words("doses", [id_], self.knowledge.interventions)
            try:
                dose = msgspec.convert(table, Dose, strict=False)
            except msgspec.ValidationError as error:
                self.wrong("doses", f"{id_}: {error}", "write a dose as the knowledge files do")
                continue
            if not 0 < dose.minutes <= MOST_MINUTES:
                self.wrong("doses", f"{id_}: {dose.minutes:g} minutes", f"more than 0, at most {MOST_MINUTES:g}")
            found.append((id_, dose))
        return tuple(found)
