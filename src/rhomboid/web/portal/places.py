"""A person's own places as they read them: the questions as big choices, their answers before and after, what to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from ...knowledge.languages import Language
from ...vocabulary.finding import Finding as Entry
from ..records.own_places import Place, Then
from ..ui.curves import number
from .progress import day_words

YES, NO, NOT_SURE = "yes", "no", ""


class NotANumber(Exception):
    """What was typed is no number, or none that can be; says so in the person's language."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question. With `choices` one of them is tapped; without, a number is typed, `unit` beside it."""

    id: str
    words: str
    choices: tuple[Choice, ...]
    unit: str
    typed: str
    wrong: str
    before: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer then and now; `after` is empty where it was asked once."""

    words: str
    before: str
    before_on: str
    after: str
    after_on: str

    @property
    def differs(self) -> bool:
        return bool(self.after) and self.after != self.before


@dataclass(frozen=True, slots=True)
class Advice:
    id: str
    name: str
    plain: str
    text: str
    changed: date | None


def questions(place: Place, language: Language, typed: Mapping[str, str], wrong: Mapping[str, str]) -> list[Question]:
    """The questions of a place. The first time they hold what the person has said before; asked again they begin empty."""
    known = {one.entry.id: one for one in place.answers}
    return [_question(one, known.get(one.id), place.looked is None, language, typed, wrong) for one in place.asks]


def _question(
    entry: Entry, then: Then | None, first: bool, language: Language, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> Question:
    standing = (then.after or then.before).value if then else None
    shown = typed[entry.id] if entry.id in typed else _raw(standing) if first and standing is not None else None
    return Question(
        id=entry.id,
        words=language.say("finding", entry.id, "question"),
        choices=tuple(Choice(value, words, shown == value) for value, words in _options(entry, language)),
        unit=language.unit(entry.unit or "1"),
        typed=shown or "",
        wrong=wrong.get(entry.id, ""),
        before="" if first or standing is None else said(entry, standing, language),
    )


def _options(entry: Entry, language: Language) -> list[tuple[str, str]]:
    """The answers to tap; none for a number. Not being sure is an answer, and never taken for no."""
    if entry.type == "flag":
        found = {YES: gettext("Yes"), NO: gettext("No")}
    elif entry.type == "choice":
        found = language.options(entry.id)
    else:
        return []
    return [*found.items(), (NOT_SURE, gettext("I am not sure"))]


def _raw(value: Any) -> str:
    return (YES if value else NO) if isinstance(value, bool) else f"{value:g}" if isinstance(value, int | float) else str(value)


def said(entry: Entry, value: Any, language: Language) -> str:
    """An answer in words."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int | float):
        return f"{number(float(value))} {language.unit(entry.unit or '1', value)}".strip()
    return language.options(entry.id).get(str(value), str(value)) if entry.type == "choice" else str(value)


def value_of(entry: Entry, typed: str) -> Any:
    """What was tapped or typed, as a finding has it; None for what the person is not sure of. Raises NotANumber."""
    typed = typed.strip()
    if not typed:
        return None
    if entry.type == "flag":
        return typed == YES if typed in (YES, NO) else None
    if entry.type == "choice":
        return typed if typed in entry.options else None
    return _number(entry, typed)


def _number(entry: Entry, typed: str) -> float | int:
    low, high = entry.min or 0, entry.max if entry.max is not None else 1e6
    try:
        found = float(typed.replace(",", "."))
    except ValueError:
        found = low - 1
    whole = entry.type != "integer" or found == round(found)
    if not (low <= found <= high and whole):
        raise NotANumber(gettext("Write a number from %(low)s to %(high)s.") % {"low": number(low), "high": number(high)})
    return round(found) if entry.type == "integer" else found


def answered(place: Place, language: Language, today: date) -> list[Answered]:
    return [
        Answered(
            words=language.say("finding", one.entry.id, "question"),
            before=said(one.entry, one.before.value, language),
            before_on=day_words(one.before.observed_on, today),
            after=said(one.entry, one.after.value, language) if one.after else "",
            after_on=day_words(one.after.observed_on, today) if one.after else "",
        )
        for one in place.answers
    ]


def advice(place: Place, language: Language) -> list[Advice]:
    return [
        Advice(
            id=one.id,
            name=language.say("posture", one.id, "name"),
            plain=language.say("posture", one.id, "plain"),
            text=language.say("posture", one.id, "advice"),
            changed=place.changed.get(one.id),
        )
        for one in place.changes
    ]
