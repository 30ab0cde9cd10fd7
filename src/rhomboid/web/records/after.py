"""What stays with a person after discharge, in their language: what keeps them well, the flare plan, when to come back.

What was agreed is stored as it was read at discharge. Where it is a text of the knowledge it is said in the person's language;
what a therapist wrote in their own words is shown as written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...knowledge import Knowledge
from ...knowledge.care import StayingWell, StopSymptom
from ...knowledge.languages import ENGLISH, Language
from ...knowledge.model import Dose, Exercise
from ...reasoning.doses import patient_dose
from .models import Discharge
from .staying_well import flare_of


@dataclass(frozen=True, slots=True)
class Kept:
    """An exercise that goes on, or one that helps in a flare. `exercise` is '' for one that the knowledge no longer has."""

    exercise: str
    name: str
    dose: str = ""
    often: str = ""
    how: str = ""
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flare:
    """The flare plan: what to do in order, what helps, and after how many days without getting better to call (0: not said)."""

    steps: tuple[str, ...]
    days: int
    exercises: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """Whom to call for what."""

    emergency: tuple[str, ...]
    clinic: tuple[str, ...]


def kept_exercises(row: Discharge, language: Language) -> list[Kept]:
    return [_kept(one, language) for one in row.home]


def _kept(one: Mapping[str, Any], language: Language) -> Kept:
    id_ = str(one.get("exercise", ""))
    if id_ not in language.knowledge.of(Exercise):
        return Kept("", one["name"], one.get("dose", ""), one.get("often", ""))
    amount = one.get("amount")
    dose = patient_dose(Dose(**amount), language.words) if amount else (one.get("dose", ""), one.get("often", ""))
    return _exercise(id_, language, *dose)


def _exercise(id_: str, language: Language, dose: str = "", often: str = "") -> Kept:
    return Kept(
        exercise=id_,
        name=language.say("exercise", id_, "name"),
        dose=dose,
        often=often,
        how=language.say("exercise", id_, "how"),
        stop=language.say("exercise", id_, "stop"),
    )


def lines_of(row: Discharge, language: Language) -> list[tuple[str, str]]:
    """What keeps the person well: a name and a text each."""
    return [_line(one, language) for one in row.staying_well]


def _line(one: Mapping[str, str], language: Language) -> tuple[str, str]:
    known = language.knowledge.of(StayingWell)
    id_ = one.get("id") or next((name for name, entry in known.items() if entry.plain == one["text"]), "")
    if id_ not in known or (language.code == ENGLISH and known[id_].plain != one["text"]):
        return one["name"], one["text"]
    return language.say("staying_well", id_, "name"), language.say("staying_well", id_, "plain")


def flare_plan(row: Discharge | None, language: Language) -> Flare:
    """The flare plan of the knowledge in its steps, unless a therapist has agreed on another: then that one, as written."""
    entry = flare_of(language.knowledge)
    written = tuple(row.flare) if row else ()
    if entry is None or not entry.steps or (written and entry.plain not in written):
        return Flare(written, entry.days if entry else 0)
    own = tuple(text for text in written if text != entry.plain)
    exercises = [id_ for id_ in entry.exercises if id_ in language.knowledge.of(Exercise)]
    return Flare(
        (*language.say("staying_well", entry.id, "steps"), *own),
        entry.days,
        tuple(_exercise(id_, language) for id_ in exercises),
    )


def help_of(row: Discharge | None, language: Language) -> Help:
    """When to call 911, and when the clinic: the lines of the discharge where there are any, else those of the knowledge."""
    symptoms = language.knowledge.of(StopSymptom)
    by_text = {one.plain: id_ for id_, one in symptoms.items()}
    clinic = tuple(row.come_back) if row and row.come_back else _plain(language.knowledge, "clinic_today")
    return Help(
        tuple(language.say("stop_symptom", by_text[text], "plain") for text in _plain(language.knowledge, "911")),
        tuple(language.say("stop_symptom", by_text[text], "plain") if text in by_text else text for text in clinic),
    )


def _plain(knowledge: Knowledge, call: str) -> tuple[str, ...]:
    return tuple(one.plain for one in knowledge.of(StopSymptom).values() if one.call == call)
