"""One question on one screen: its words in the person's language, how it is answered, and what an answer that was sent means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from ...knowledge.care import Rescreen, StopSymptom
from ...knowledge.languages import Language
from ...vocabulary import Finding as Entry
from ..records.interviewing import STOPS, WHICH, State, listing_of, signs_of

Kind = Literal["yes_no", "one", "several", "regions", "scale", "number", "when", "activities"]
OF_TYPE: dict[str, Kind] = {
    "flag": "yes_no", "choice": "one", "choices": "several", "regions": "regions", "scale": "scale",
    "integer": "number", "number": "number", "score": "number", "date": "when",
}  # fmt: skip
NONE, UNSURE = "-", "?"
ACTIVITIES = "psfs_mean"
"""The score of the activities that a person names in their own words: it is asked by these."""
MOST_ACTIVITIES = 3
"""The fewest of the 3 to 5 that the scale asks for: more do not fit a phone (prod)."""
DAYS_OF = {"d": 1, "wk": 7, "mo": 30.4375, "y": 365.25}
UNITS = {"d": _("days"), "wk": _("weeks"), "mo": _("months"), "y": _("years")}
LONGEST = 80
MARKED = "pain_regions"


class Unanswered(Exception):
    """What was sent is no answer yet: the words for the person, beside the field."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a page needs to ask one question. `value` is the answer that stands, as it was given; `ref` its finding."""

    name: str
    kind: Kind
    text: str
    help: str = ""
    options: tuple[Option, ...] = ()
    value: Any = None
    given: bool = False
    ref: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    unsure: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    ago: str = ""
    error: str = ""

    @property
    def day(self) -> date | None:
        """The day that stands as the answer to "since when"."""
        return date.fromisoformat(self.value) if self.kind == "when" and self.value else None

    @property
    def doubted(self) -> bool:
        """Answered with "not known"."""
        return self.given and self.value is None

    @property
    def chosen(self) -> list[str]:
        return list(self.value or ()) if self.kind in ("several", "regions") else []


# --- the words ---------------------------------------------------------------------------------------------------------------


def question_of(name: str, state: State, language: Language, ref: str = "", note: str = "") -> Question:
    """A question as it stands: with the answer of this interview, if it was answered."""
    given = name in state.told
    value = state.told.get(name)
    found = replace(_asked(name, state, language), given=given, value=value, ref=ref)
    if found.kind == "activities":
        return replace(found, rows=rows_of(note))
    return replace(found, options=tuple(replace(one, chosen=_chosen(one.value, found, value)) for one in found.options))


def _chosen(option: str, found: Question, value: Any) -> bool:
    if option == UNSURE:
        return found.doubted
    if option == NONE:
        return found.given and value == []
    if found.kind == "yes_no":
        return bool(found.given and value is not None and option == str(value).lower())
    return option in value if isinstance(value, list) else bool(option == value)


def _asked(name: str, state: State, language: Language) -> Question:
    vocabulary = state.knowledge.vocabulary
    if name == STOPS:
        stops = state.knowledge.of(StopSymptom)
        options = [Option(one, language.say("stop_symptom", one, "plain")) for one in stops]
        return _list(name, gettext("Is any of this new, or worse than before?"), options)
    if name.startswith(WHICH):
        return _which(name, state, language)
    if name in state.knowledge.of(Rescreen):
        return _yes_no(name, language.say("rescreen", name, "set"))
    if name in vocabulary.gates:
        return _yes_no(name, language.say("gate", name, "question"), several=True)
    return _finding(vocabulary.findings[name], language)


def _which(name: str, state: State, language: Language) -> Question:
    signs = signs_of(listing_of(name.removeprefix(WHICH), state.knowledge), state)
    options = [Option(one, language.say("finding", one, "question")) for one in signs]
    return _list(name, gettext("Which of these can you answer with yes?"), options)


def _list(name: str, text: str, options: Iterable[Option]) -> Question:
    none, unsure = Option(NONE, gettext("None of these")), Option(UNSURE, gettext("I am not sure"))
    return Question(name, "several", text, gettext("Mark all that fit."), options=(*options, none, unsure))


def _yes_no(name: str, text: str, help_: str = "", *, several: bool = False) -> Question:
    yes = gettext("Yes, at least one") if several else gettext("Yes")
    no = gettext("No, none of these") if several else gettext("No")
    options = (Option("false", no), Option("true", yes), Option(UNSURE, gettext("I am not sure")))
    return Question(name, "yes_no", text, help_, options=options)


def _finding(entry: Entry, language: Language) -> Question:
    text, help_ = language.say("finding", entry.id, "question"), language.say("finding", entry.id, "help")
    kind: Kind = "activities" if entry.id == ACTIVITIES else OF_TYPE[entry.type]
    if kind == "activities":
        return Question(
            entry.id,
            kind,
            gettext("What is hard for you now because of your back?"),
            gettext(ACTIVITIES_HELP),
            unsure=gettext("Skip this"),
        )
    if kind == "yes_no":
        return _yes_no(entry.id, text, help_)
    return Question(
        name=entry.id,
        kind=kind,
        text=text,
        help=help_,
        options=_options(entry, kind, language),
        unit=language.unit(entry.unit) if entry.unit else "",
        low=0 if kind == "scale" else entry.min,
        high=10 if kind == "scale" else entry.max,
        unsure=gettext("I don't know"),
    )


ACTIVITIES_HELP = _("Name up to 3 things in your own words. How well can you do each one now? 0 is not at all, 10 is as before.")


def _options(entry: Entry, kind: Kind, language: Language) -> tuple[Option, ...]:
    if kind == "when":
        return tuple(Option(unit, gettext(words)) for unit, words in UNITS.items())
    if not entry.options:
        return ()
    words = language.options(entry.id)
    options = [Option(value, said) for value, said in words.items()]
    if kind == "several" and "none" not in words and "no_preference" not in words:
        options.append(Option(NONE, gettext("None of these")))
    return tuple(options)


# --- what was sent -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer: its value (None is "not known"), and a note that belongs to it."""

    value: Any
    note: str = ""


def sent_by(post: QueryDict, question: Question, today: date) -> Sent:
    """Reads an answer. Raises Unanswered, with words for the person, when there is none."""
    if "unsure" in post:
        return Sent(None)
    match question.kind:
        case "yes_no":
            return Sent(_yes_or_no(post.get("a", "")))
        case "one":
            return Sent(_one(post.get("a", ""), question))
        case "several" | "regions":
            return Sent(_several(post.getlist(MARKED if question.kind == "regions" else "a"), question))
        case "scale":
            return Sent(_scale(post.get("a", "")))
        case "number":
            return Sent(_number(post.get("a", ""), question))
        case "when":
            return Sent(_when(post, today))
        case "activities":
            return _activities(post)


def _yes_or_no(text: str) -> bool | None:
    if text not in ("true", "false", UNSURE):
        raise Unanswered(gettext("Please choose one answer."))
    return None if text == UNSURE else text == "true"


def _one(text: str, question: Question) -> str:
    if text not in [one.value for one in question.options]:
        raise Unanswered(gettext("Please choose one answer."))
    return text


def _several(texts: Sequence[str], question: Question) -> list[str] | None:
    """What was marked. None of these beside a mark, or a doubt beside one, is no clear answer; nothing at all neither."""
    known = [one.value for one in question.options]
    marked = [one for one in dict.fromkeys(texts) if one in known]
    real = [one for one in marked if one not in (NONE, UNSURE)]
    if real and len(real) < len(marked) and NONE in marked:
        raise Unanswered(gettext('You marked something and "none of these". Please change one of them.'))
    if real:
        return real
    if not marked:
        if question.kind == "regions":
            raise Unanswered(gettext("Please mark where it hurts, or choose from the list."))
        raise Unanswered(gettext('Please mark what fits, or "none of these".'))
    return None if UNSURE in marked else []


def _scale(text: str) -> int:
    if not text.isdecimal() or int(text) > 10:
        raise Unanswered(gettext("Please choose a number from 0 to 10."))
    return int(text)


def _number(text: str, question: Question) -> float | int:
    """A number as people write it, with a comma or a point, within what is possible."""
    low, high = question.low or 0, question.high if question.high is not None else 1e6
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise Unanswered(gettext("Please write a number. Your best guess is fine.")) from None
    if not low <= value <= high:
        words = {"low": number_format(f"{low:g}"), "high": number_format(f"{high:g}")}
        raise Unanswered(gettext("Please write a number from %(low)s to %(high)s.") % words)
    return int(value) if value == int(value) else value


def _when(post: QueryDict, today: date) -> str:
    """The day that lies so many days, weeks, months or years back; a guess is good enough."""
    text, unit = post.get("ago", "").strip().replace(",", "."), post.get("unit", "")
    try:
        ago = float(text) * DAYS_OF[unit]
    except (ValueError, KeyError):
        raise Unanswered(gettext("Please write how long ago, and choose days, weeks, months or years.")) from None
    if not 0 <= ago <= 100 * DAYS_OF["y"]:
        raise Unanswered(gettext("Please check how long ago it was."))
    return (today - timedelta(days=round(ago))).isoformat()


def _activities(post: QueryDict) -> Sent:
    """Up to three activities with 0 to 10 each; the mean is the score, the words stay beside it."""
    rows = [(" ".join(post.get(f"what{n}", "").split())[:LONGEST], post.get(f"how{n}", "")) for n in range(MOST_ACTIVITIES)]
    named = [(what, how) for what, how in rows if what]
    if not named:
        raise Unanswered(gettext("Please name at least one thing, or skip this question."))
    if any(not how.isdecimal() or int(how) > 10 for _what, how in named):
        raise Unanswered(gettext("Please choose a number from 0 to 10 for each thing."))
    mean = round(sum(int(how) for _what, how in named) / len(named), 1)
    return Sent(mean, note="; ".join(f"{what.replace(';', ',')} {how}" for what, how in named))


def rows_of(note: str) -> tuple[tuple[str, str], ...]:
    """The activities of a note, filled up with empty rows."""
    parts = [part.strip().rpartition(" ") for part in note.split(";") if part.strip()]
    rows = [(what, how) for what, _space, how in parts if what][:MOST_ACTIVITIES]
    return (*rows, *[("", "")] * (MOST_ACTIVITIES - len(rows)))


def typed(post: QueryDict, question: Question) -> Question:
    """The question again with what was typed, so that nothing is lost when it is no answer."""
    marks = post.getlist({"regions": MARKED, "when": "unit"}.get(question.kind, "a"))
    options = tuple(replace(one, chosen=one.value in marks) for one in question.options)
    rows = tuple((post.get(f"what{n}", ""), post.get(f"how{n}", "")) for n in range(MOST_ACTIVITIES))
    value = post.get("a", "") if question.kind in ("scale", "number") else marks if question.kind == "regions" else question.value
    return replace(
        question, options=options, rows=rows if question.kind == "activities" else (), value=value, ago=post.get("ago", "")
    )
