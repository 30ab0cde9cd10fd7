"""The log of home sessions: what was done, how it felt, and how the next morning was. Read from TOML or JSON, and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
import tomli

from ..knowledge import Knowledge
from ..knowledge.care import StopSymptom
from ..knowledge.model import Exercise
from ..vocabulary import CaseError, Problem, hint
from ..vocabulary.case import MAX_BYTES

Pain = Annotated[int, msgspec.Meta(ge=0, le=10)]


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One exercise in one home session. What was not recorded stays None and is never taken for good.

    Pain is 0-10: `rest` the usual resting pain that day, `during` the most in a set, `morning` the rest pain next morning.
    `effort` is RPE 0-10, `response` the 24-hour code 0-5, `extra_reps` how many more the last set would have allowed,
    `extra_hold_s` seconds held beyond the target, `correct_of_10` correct repetitions, `settled_min` minutes until settled.
    `stiff_morning`: stiff for more than 30 minutes the morning after, which is not usual.
    `cleared`: before this session a therapist looked into the symptoms reported earlier and cleared them.
    """

    exercise: str
    on: date
    completed: bool = True
    rest: Pain | None = None
    during: Pain | None = None
    morning: Pain | None = None
    settled_min: int | None = None
    effort: Pain | None = None
    response: Annotated[int, msgspec.Meta(ge=0, le=5)] | None = None
    extra_reps: int | None = None
    extra_hold_s: int | None = None
    correct_of_10: Pain | None = None
    gain_mdc: float | None = None
    form_ok: bool | None = None
    ill: bool = False
    cleared: bool = False
    bad_night: bool = False
    stiff_morning: bool = False
    symptoms: tuple[str, ...] = ()
    note: str = ""


def read_log(path: Path, knowledge: Knowledge, on: date) -> tuple[Session, ...]:
    """The sessions of a log file, oldest first. Raises CaseError with everything that is wrong with it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CaseError([Problem(path.name, "", f"is larger than {MAX_BYTES / 1e6:.0f} MB", "one episode in one log")])
        text = path.read_text(encoding="utf-8")
        table = json.loads(text) if path.suffix == ".json" else tomli.loads(text)
    except (ValueError, RecursionError) as error:
        raise CaseError(
            [Problem(path.name, "", f"cannot be read: {error}", "a log is TOML with [[session]] tables, or JSON")]
        ) from None
    except OSError as error:
        raise CaseError([Problem(str(path), "", f"cannot be read ({error.strerror})", "check the file's name")]) from None
    return log_from_table(table, knowledge, on, path.name)


def log_from_table(table: Mapping[str, Any], knowledge: Knowledge, on: date, place: str = "log") -> tuple[Session, ...]:
    """The sessions of a log from plain data, oldest first."""
    raw = table.get("session") if isinstance(table, Mapping) else None
    if not isinstance(raw, list) or not raw:
        raise CaseError([Problem(place, "", "has no sessions", 'write [[session]] with exercise = "..." and on = 2026-01-31')])
    problems: list[Problem] = []
    sessions = []
    for number, entry in enumerate(raw, start=1):
        try:
            session = msgspec.convert(entry, Session)
        except msgspec.ValidationError as error:
            problems.append(Problem(place, f"session {number}", str(error), "keys: " + ", ".join(Session.__struct_fields__)))
            continue
        _check(session, number, knowledge, on, place, problems)
        sessions.append(session)
    if problems:
        raise CaseError(problems)
    return tuple(sorted(sessions, key=lambda session: session.on))


def _check(session: Session, number: int, knowledge: Knowledge, on: date, place: str, problems: list[Problem]) -> None:
    where, exercises, symptoms = f"session {number}", knowledge.of(Exercise), knowledge.of(StopSymptom)
    if session.exercise not in exercises:
        near = hint(problems, session.exercise, exercises)
        problems.append(Problem(place, where, f'there is no exercise "{session.exercise}"', near))
    if session.on > on:
        problems.append(Problem(place, where, f"{session.on} is after {on}", "check the date"))
    for symptom in session.symptoms:
        if symptom not in symptoms:
            near = hint(problems, symptom, symptoms) or "known: " + ", ".join(symptoms)
            problems.append(Problem(place, where, f'there is no stop symptom "{symptom}"', near))
