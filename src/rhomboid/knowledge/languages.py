"""What a patient reads, in their own language: which texts those are, their translations, and whether these still fit.

The translations stand in `languages/<code>/<kind>.toml`, one table for each entry with the fields of the English under the same
names and `english`, the digest of the English they translate. A text whose English has changed since is not shown: the person
reads the new English until somebody has compared the two. How a language is added: docs/how-to/add-a-language.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from ..vocabulary import KnowledgeError, Problem, nearest
from ..vocabulary.reading import entry_of, tables_of
from .knowledge import Knowledge
from .model import Exercise, Part
from .texts import digest_of

FOLDER = Path(__file__).parent / "languages"
ENGLISH = "en"
EACH_VISIT = "Each visit"
WORDS = "words"
"""The file of a language that belongs to no kind: words of doses, things and units."""
DIGEST = "english"

PATIENT_TEXTS: dict[str, tuple[str, ...]] = {
    "finding": ("question", "help", "options"),
    "gate": ("question",),
    "contradiction": ("text",),
    "condition": ("patient",),
    "urgency": ("patient",),
    "safety_net": ("group", "text"),
    "stop_symptom": ("plain",),
    "exercise": ("name", "plain", "how", "mistakes", "stop", "care", "regression"),
    "manual": ("plain",),
    "modality": ("plain",),
    "posture": ("name", "plain", "advice", "check"),
    "education": ("title", "text", "key_messages", "teach_back"),
    "coordination": ("name", "plain"),
    "factor": ("plain",),
    "pattern": ("plain",),
    "phase": ("name", "plain"),
    "prognosis_band": ("plain",),
    "pain_rule": ("green", "amber", "red"),
    "morning_rule": ("plain",),
    "response_code": ("plain",),
    "discharge": ("plain",),
    "staying_well": ("name", "plain", "steps", "contacts"),
    "goal": ("name", "template"),
    "instrument": ("wording",),
    "rescreen": ("set",),
    "intake_part": ("name",),
    "own_place": ("name", "plain"),
    "call_sentence": ("text",),
}
"""The fields of each kind of entry that a patient may read or hear. Of findings, those that have a question; of what is
asked again, what is asked at each visit."""

Text = str | tuple[str, ...] | dict[str, str]
PLACEHOLDER = re.compile(r"\{\w+\}")


# --- the English -----------------------------------------------------------------------------------------------------------


def english_texts(kind: str, entry: Any) -> dict[str, Text]:
    """The patient texts of an entry by field, without empty ones. Of a list of parts (`care`), the text of each."""
    if (kind == "finding" and not entry.question) or (kind == "rescreen" and entry.occasion != EACH_VISIT):
        return {}
    fields = {name: _plain(entry, name) for name in PATIENT_TEXTS[kind]}
    return {name: text for name, text in fields.items() if text}


def _plain(entry: Any, name: str) -> Text:
    """A field as a person reads it. An exercise goes by the name that the person calls it."""
    value = getattr(entry, name)
    if name == "name":
        value = getattr(entry, "called", "") or value
    if isinstance(value, tuple | list):
        return tuple(one if isinstance(one, str) else one.text for one in value)
    return dict(value) if isinstance(value, Mapping) else str(value)


def patient_texts(knowledge: Knowledge) -> Iterator[tuple[str, str, dict[str, Text]]]:
    """Every entry that has patient texts: its kind, id and texts, in the order of the files."""
    for kind in PATIENT_TEXTS:
        for id_, entry in knowledge.tables[kind].items():
            if texts := english_texts(kind, entry):
                yield kind, id_, texts


def english_digest(kind: str, entry: Any) -> str:
    """What a translation is tied to: another after any change of the English texts it translates, and only then."""
    return digest_of([kind, english_texts(kind, entry)])


# --- words of doses, things and units --------------------------------------------------------------------------------------

OneOrMany = tuple[str, str]


class DoseWords(Part, frozen=True, kw_only=True):
    """The words of a dose. A pair has the wording for one and for any other number."""

    sets: str
    times: str
    bouts: str
    seconds: OneOrMany
    minutes: OneOrMany
    each_side: str
    hold: OneOrMany
    twice_a_day: str
    times_a_day: str
    every_day: str
    days_a_week: OneOrMany
    effort: str
    rest: OneOrMany


class Words(Part, frozen=True, kw_only=True):
    """Words that belong to no entry. `load` translates what doses say of the load, by the English itself; `known` are medical
    words that a person here has to know, so that the reading level does not count them as hard."""

    decimal: str
    known: tuple[str, ...] = ()
    dose: DoseWords
    unit: dict[str, OneOrMany]
    equipment: dict[str, str]
    load: dict[str, str] = msgspec.field(default_factory=dict)

    def number(self, value: float) -> str:
        """A number as this language writes it, without needless digits."""
        return f"{value:g}".replace(".", self.decimal)

    def counted(self, words: OneOrMany, value: float) -> str:
        return words[0 if value == 1 else 1].format(n=self.number(value))


@cache
def words_of(code: str, folder: Path = FOLDER) -> Words:
    """The dose words of a language. Raises KnowledgeError when its file is missing or wrong."""
    path = folder / code / f"{WORDS}.toml"
    problems: list[Problem] = []
    place = _place(path, folder)
    if not path.is_file():
        raise KnowledgeError([Problem(place, "", "is missing", "copy en/words.toml and translate it")])
    table = tables_of(path, place, problems)
    words = None if problems else entry_of(table, WORDS, Words, place, problems)
    if words is None:
        raise KnowledgeError(problems)
    assert isinstance(words, Words)
    return words


def loads(knowledge: Knowledge) -> tuple[str, ...]:
    """All that the doses of exercises say of the load, once each."""
    doses = (dose for exercise in knowledge.of(Exercise).values() for dose in exercise.dose.values())
    return tuple(dict.fromkeys(dose.load for dose in doses if dose.load))


# --- a language ------------------------------------------------------------------------------------------------------------


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a language file. `current`: the English is still the one it was compared with."""

    texts: dict[str, Text]
    stamp: str
    current: bool


@dataclass(frozen=True)
class Language:
    """One language over one knowledge. What is not translated, or whose English has changed since, is said in English."""

    code: str
    knowledge: Knowledge = field(repr=False, compare=False)
    words: Words = field(repr=False)
    entries: Mapping[tuple[str, str], Translation] = field(repr=False, default_factory=dict)

    def say(self, kind: str, id_: str, name: str) -> Any:
        """A patient text: a str, a tuple of them or a dict, as it is in English. Raises KeyError for what is no patient text."""
        if name not in PATIENT_TEXTS[kind]:
            raise KeyError(f"{kind}.{name} is no patient text")
        translation = self.entries.get((kind, id_))
        if translation is not None and translation.current and name in translation.texts:
            return translation.texts[name]
        return _plain(self.knowledge.tables[kind][id_], name)

    def options(self, finding: str) -> dict[str, str]:
        """The answers to a question, by their ids, in the order of the English."""
        english: dict[str, str] = self.knowledge.vocabulary.findings[finding].options
        said: dict[str, str] = self.say("finding", finding, "options")
        return {option: said[option] for option in english}

    def load(self, english: str) -> str:
        """What a dose says of the load. A therapist's own words stay as they are."""
        return self.words.load.get(english, english)

    def equipment(self, item: str) -> str:
        return self.words.equipment.get(item, item.replace("_", " "))

    def unit(self, unit: str, value: float = 2) -> str:
        """The word of a unit beside a value: "week" at 1, else "weeks"; '' for a plain number."""
        return self.words.counted(self.words.unit[unit], value) if unit in self.words.unit else ""


def language_codes(folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages there are, English first."""
    found = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name != ENGLISH)
    return (ENGLISH, *found)


def load_language(code: str, knowledge: Knowledge) -> Language:
    """A language over the knowledge, read once. Raises KnowledgeError for a code nobody has translated, or a wrong file."""
    if code not in knowledge.languages:
        knowledge.languages[code] = read_language(code, knowledge)
    language = knowledge.languages[code]
    assert isinstance(language, Language)
    return language


def read_language(code: str, knowledge: Knowledge, folder: Path = FOLDER) -> Language:
    """Reads and checks the files of a language. Raises KnowledgeError with every problem found."""
    known = language_codes(folder)
    if code not in known:
        fix = nearest(code, known) or f"there are: {', '.join(known)}"
        raise KnowledgeError([Problem("languages", code, "there is no such language", fix)])
    problems: list[Problem] = []
    entries: dict[tuple[str, str], Translation] = {}
    for path in sorted((folder / code).glob("*.toml")):
        if path.stem != WORDS:
            entries |= _Reader(path.stem, _place(path, folder), knowledge, problems).read(path)
    if problems:
        raise KnowledgeError(problems)
    return Language(code, knowledge, words_of(code, folder), entries)


def _place(path: Path, folder: Path) -> str:
    return f"languages/{path.relative_to(folder).as_posix()}"


@dataclass(frozen=True)
class _Reader:
    """Reads one file of a language; what is wrong is appended to `problems`."""

    kind: str
    place: str
    knowledge: Knowledge
    problems: list[Problem]

    def wrong(self, entry: str, message: str, fix: str = "") -> None:
        self.problems.append(Problem(self.place, entry, message, fix))

    def read(self, path: Path) -> dict[tuple[str, str], Translation]:
        if self.kind not in PATIENT_TEXTS:
            self.wrong("", f'patients read no texts of a kind "{self.kind}"', nearest(self.kind, [*PATIENT_TEXTS, WORDS]))
            return {}
        found: dict[tuple[str, str], Translation] = {}
        for id_, table in tables_of(path, self.place, self.problems).items():
            if (translation := self.entry(id_, table)) is not None:
                found[self.kind, id_] = translation
        return found

    def entry(self, id_: str, table: Any) -> Translation | None:
        known = self.knowledge.tables[self.kind]
        if id_ not in known or not isinstance(table, dict):
            self.wrong(id_, f"there is no {self.kind} of this id", nearest(id_, known))
            return None
        stamp = table.get(DIGEST, "")
        changed = bool(stamp) and stamp != english_digest(self.kind, known[id_])
        english = english_texts(self.kind, known[id_])
        texts = {name: self.text(id_, name, value, english, changed) for name, value in table.items() if name != DIGEST}
        return Translation(texts=texts, stamp=str(stamp), current=bool(stamp) and not changed)

    def text(self, id_: str, name: str, value: Any, english: Mapping[str, Text], changed: bool) -> Text:
        """One translated text. One whose English has changed since may be of another shape than the English now is."""
        if name not in PATIENT_TEXTS[self.kind]:
            self.wrong(id_, f'patients read no "{name}" of a {self.kind}', nearest(name, (*PATIENT_TEXTS[self.kind], DIGEST)))
        elif not _is_text(value):
            self.wrong(id_, f'"{name}" is not a text, a list of texts or a table of texts, all filled in', "see the English")
        elif not changed:
            self.compare(id_, name, value, english.get(name))
        return tuple(value) if isinstance(value, list) else value

    def compare(self, id_: str, name: str, value: Any, english: Text | None) -> None:
        if english is None:
            self.wrong(id_, f'"{name}" translates nothing: it is empty in English', "leave it out")
        elif isinstance(english, str) != isinstance(value, str) or isinstance(english, dict) != isinstance(value, dict):
            self.wrong(id_, f'"{name}" is of another shape than in English', "write it as it is there")
        elif isinstance(english, dict):
            self.compare_options(id_, name, value, english)
        elif isinstance(english, tuple) and len(english) != len(value):
            self.wrong(id_, f'"{name}" has {len(value)} parts, in English {len(english)}', "one for each, in the same order")
        elif set(_placeholders(english)) != set(_placeholders(value)):
            self.wrong(id_, f'"{name}" has not the placeholders of the English', f"keep {', '.join(_placeholders(english))}")

    def compare_options(self, id_: str, name: str, value: Mapping[str, str], english: Mapping[str, str]) -> None:
        for option in [one for one in english if one not in value]:
            self.wrong(id_, f'"{name}" lacks "{option}"', f'translate "{english[option]}"')
        for option in [one for one in value if one not in english]:
            self.wrong(id_, f'"{name}" has "{option}", which is no answer in English', nearest(option, english))


def _is_text(value: Any) -> bool:
    """Whether something is a text, a list or a table of texts, none of them empty."""
    parts = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else [value]
    return bool(parts) and all(isinstance(one, str) and one.strip() for one in parts)


def _placeholders(text: Any) -> list[str]:
    return sorted(PLACEHOLDER.findall(text if isinstance(text, str) else " ".join(text)))
