"""The fast entry: what a therapist types between two hands-on tests, read as values of findings. Pure.

    rot l 38 r 31           ext 9 fam           pa t6 stiff fam r           lt r 3+           bp 142/88

An entry begins with the name of a finding (alias, id, or a word that only its label has), then sides and values in any order.
Findings whose aliases begin alike are read together: the value decides which of them is meant.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from ...knowledge import Knowledge
from ...reasoning.words import sentence, value_text
from ...vocabulary import Finding, Vocabulary, nearest
from ...vocabulary.values import ValueProblem, checked_value
from .labels import base_label, measured

NUMBER = re.compile(r"([+\-−]?\d+(?:[.,]\d+)?)([+\-−]?)(?:°|[a-z%/]*)")
PAIR = re.compile(r"(\d+(?:[.,]\d+)?)/(\d+(?:[.,]\d+)?)")
CLAUSES = re.compile(r"[,;]\s+|[,;]$|\n")
SIDE_NAMES = {"l": "left", "r": "right"}
MOST = 400
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a typed text will record. `problem` says why it cannot be recorded as it stands, `fix` what to write instead."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)
    reads: str = ""
    add: str = ""
    words: tuple[str, ...] = ()
    problem: str = ""
    fix: str = ""
    near: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        return not self.problem and bool(self.values or self.skipped)

    @property
    def findings(self) -> tuple[str, ...]:
        """What it is about: the findings it records, or those it may still come to mean."""
        return tuple(dict.fromkeys((*self.values, *self.skipped))) or self.near


class Unread(Exception):
    """A word that cannot be read, or one that is missing."""

    def __init__(self, problem: str, fix: str = "", near: Iterable[str] = (), words: Iterable[str] = ()) -> None:
        super().__init__(problem)
        self.problem, self.fix, self.near, self.words = problem, fix, tuple(near), tuple(words)


@dataclass(slots=True)
class Said:
    """One value word with the side and the other words that stand with it."""

    word: str
    side: str = ""
    narrow: frozenset[str] = frozenset()
    reason: str = ""


def parse_entry(text: str, knowledge: Knowledge, standing: Mapping[str, Any] | None = None) -> Entry:
    """Reads a typed text. `standing`: the values that stand now; a value that replaces one says what it was."""
    reading = _Reading(knowledge.vocabulary, names_of(knowledge), standing or {})
    try:
        if len(text) > MOST:
            raise Unread("That is too long for one entry", f"Write at most {MOST} letters.")
        for clause in CLAUSES.split(text):
            if words := clause.lower().split():
                reading.clause(words)
    except Unread as unread:
        return reading.entry(text, unread)
    return reading.entry(text)


# --- names -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """Every way to begin an entry: word by word from the first to the finding."""

    paths: Mapping[Path, str]
    starts: Mapping[Path, tuple[Path, ...]]
    labels: Mapping[str, tuple[Path, ...]]

    @property
    def first_words(self) -> list[str]:
        return [path[0] for path in self.starts if len(path) == 1]


def names_of(knowledge: Knowledge) -> Names:
    """The names of one version of the knowledge, made once."""
    found = _names.get(knowledge.version)
    if found is None:
        _names.clear()
        found = _names[knowledge.version] = _build(knowledge.vocabulary)
    return found


_names: dict[str, Names] = {}


def _build(vocabulary: Vocabulary) -> Names:
    paths: dict[Path, str] = {tuple(alias.split()): name for alias, name in vocabulary.aliases.items()}
    for name in vocabulary.findings:
        paths.setdefault(tuple(name.split("_")), name)
        paths.setdefault((name,), name)
    starts: dict[Path, list[Path]] = {}
    for path in paths:
        for length in range(1, len(path) + 1):
            starts.setdefault(path[:length], []).append(path)
    return Names(paths, {start: tuple(found) for start, found in starts.items()}, _by_label(vocabulary, paths))


def _by_label(vocabulary: Vocabulary, paths: Mapping[Path, str]) -> dict[str, tuple[Path, ...]]:
    """Words that only the label of one finding has, be it on two sides, each with the paths to it."""
    shortest: dict[str, Path] = {}
    for path, name in paths.items():
        if len(path) > 1 or path[0] != name:
            shortest.setdefault(name, path)
    groups: dict[str, dict[str, list[Path]]] = {}
    for finding in vocabulary.findings.values():
        base = base_label(finding.label)
        for word in re.findall(r"[a-z]{4,}", base.lower()):
            groups.setdefault(word, {}).setdefault(base, []).append(_with_side(shortest.get(finding.id, (finding.id,)), finding.id))
    return {word: tuple(next(iter(bases.values()))) for word, bases in groups.items() if len(bases) == 1}


def _with_side(path: Path, name: str) -> Path:
    """A path that ends in the side where the finding has one."""
    side = side_of(name)
    return (*(part for part in path if part not in SIDE_NAMES), side) if side else path


def side_of(name: str) -> str:
    """`l` or `r` for one half of a pair, else nothing."""
    return name[-1] if name.endswith(("_l", "_r")) else ""


@cache
def fast_words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("fast_words.toml").read_text(encoding="utf-8"))


# --- reading ---------------------------------------------------------------------------------------------------------------


class _Reading:
    """One reading of a text, clause by clause."""

    def __init__(self, vocabulary: Vocabulary, names: Names, standing: Mapping[str, Any]) -> None:
        self.vocabulary, self.names, self.standing = vocabulary, names, standing
        self.values: dict[str, Any] = {}
        self.notes: dict[str, str] = {}
        self.skipped: dict[str, str] = {}
        self.add: str = ""
        self.words: tuple[str, ...] = ()

    def clause(self, words: list[str]) -> None:
        stem, paths, rest = self.named(words)
        given = self.said(rest, stem, paths)
        if not given:
            raise self.missing(paths, stem)
        taken: list[str] = []
        for one in given:
            taken += self.take(one, stem, paths, taken)
        self.offer(stem, paths, taken)

    def named(self, words: list[str]) -> tuple[Path, tuple[Path, ...], list[str]]:
        """The longest beginning that names findings, the ways on from it, and the words left. T6 may be typed as 6."""
        stem: Path = ()
        for word in words:
            if word in SIDE_NAMES and stem:
                break
            if (*stem, word) in self.names.starts:
                stem = (*stem, word)
            elif stem and word.isdigit() and (*stem, f"t{word}") in self.names.starts:
                stem = (*stem, f"t{word}")
            else:
                break
        if stem:
            return stem, self.names.starts[stem], words[len(stem) :]
        if words[0] in self.names.labels:
            return (), self.names.labels[words[0]], words[1:]
        raise self.unknown(words[0])

    def unknown(self, word: str) -> Unread:
        twisted = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
        near = next((f'did you mean "{one}"?' for one in twisted if one in self.names.first_words), "")
        near = near or nearest(word, self.names.first_words) or nearest(word, self.names.labels)
        return Unread(f'"{word}" is no finding', near or "Begin with a finding, such as rot, ext, pa t6 or nrs.")

    def said(self, words: list[str], stem: Path, paths: tuple[Path, ...]) -> list[Said]:
        """The value words, each with its side. A side before a value is its side; one at the end goes with the last value."""
        extra = {part for path in paths for part in path[len(stem) :]} - SIDE_NAMES.keys()
        found: list[Said] = []
        side, narrow = "", frozenset[str]()
        for place, word in enumerate(words):
            if word in fast_words()["sides"]:
                side = fast_words()["sides"][word]
                if place == len(words) - 1 and found and not found[-1].side:
                    found[-1].side = side
            elif word in fast_words()["not_tested"]["words"]:
                reason = " ".join(words[place + 1 :])
                return [*found, Said("", side, narrow, reason or "not tested")]
            elif word in extra and not self.options_of(word, paths):
                narrow |= {word}
            else:
                found.append(Said(word, side, narrow))
                narrow = frozenset()
        return found

    def options_of(self, word: str, paths: tuple[Path, ...]) -> bool:
        """Whether a word is a value of one of these findings, before it is a part of a name."""
        return any(self.value(self.names.paths[path], word) is not None for path in paths)

    def take(self, said: Said, stem: Path, paths: tuple[Path, ...], taken: list[str]) -> list[str]:
        """Takes one value word, for one finding or for both sides. Returns the findings."""
        if pair := PAIR.fullmatch(said.word):
            return self.pair(pair, said, stem, paths, taken)
        sides = ["l", "r"] if said.side == "both" or self.both_meant(said, stem, paths) else [said.side]
        names = [self.chosen(said, side, stem, paths, taken) for side in sides]
        for name in names:
            if said.reason:
                self.skipped[name] = said.reason
            else:
                self.set(name, said.word)
        return names

    def both_meant(self, said: Said, stem: Path, paths: tuple[Path, ...]) -> bool:
        """A test that was skipped without a side was skipped on both."""
        sides = {side_of(self.names.paths[path]) for path in self.narrowed(said, stem, paths)}
        return bool(said.reason) and not said.side and "" not in sides

    def pair(self, pair: re.Match[str], said: Said, stem: Path, paths: tuple[Path, ...], taken: list[str]) -> list[str]:
        """`142/88`: left and right of a pair, or two numbers in their order, as blood pressure is written."""
        numbers = [path for path in self.narrowed(said, stem, paths) if self.finding(path).numeric]
        sided = {side_of(self.names.paths[path]): path for path in reversed(numbers) if side_of(self.names.paths[path])}
        chosen = [sided["l"], sided["r"]] if len(sided) == 2 else numbers
        if len(chosen) != 2:
            raise Unread(f'"{said.word}" is two values, and there is room for {len(chosen)}', "Write one value.")
        names = [self.names.paths[path] for path in chosen]
        for name, word in zip(names, pair.groups(), strict=True):
            self.set(name, word)
        return names

    def narrowed(self, said: Said, stem: Path, paths: tuple[Path, ...]) -> list[Path]:
        return [path for path in paths if said.narrow <= set(path[len(stem) :])]

    def chosen(self, said: Said, side: str, stem: Path, paths: tuple[Path, ...], taken: list[str]) -> str:
        """The one finding that is meant: on this side, able to hold the value, with the fewest words left unsaid."""
        open_ = [path for path in self.narrowed(said, stem, paths) if self.names.paths[path] not in taken]
        fitting = [path for path in open_ if said.reason or self.value(self.names.paths[path], said.word) is not None]
        if not fitting:
            raise self.unfit(said, paths, stem)
        on_side = [path for path in fitting if side_of(self.names.paths[path]) == side]
        if not on_side:
            if side:
                raise Unread("That has no sides", "Leave the side out.", self.ids(fitting))
            raise Unread("Left or right?", "Write l or r before the value.", self.ids(fitting), ("l", "r"))
        best = min(map(len, on_side))
        self.not_twice(said, side, stem, paths, taken, best)
        found = list(dict.fromkeys(self.names.paths[path] for path in on_side if len(path) == best))
        if len(found) > 1:
            labels = " or ".join(self.vocabulary.label(name) for name in found[:3])
            raise Unread(f"Which one: {labels}?", "Write one word more.", found)
        return found[0]

    def not_twice(self, said: Said, side: str, stem: Path, paths: tuple[Path, ...], taken: list[str], best: int) -> None:
        """A second number for the same thing is a slip, and never goes to another test whose name is longer."""
        for path in self.narrowed(said, stem, paths):
            name = self.names.paths[path]
            if name not in taken or len(path) >= best or side_of(name) != side or not self.finding(path).numeric:
                continue
            if self.value(name, said.word) is not None:
                label = base_label(self.finding(path).label)
                raise Unread(f"{label}: a second number", "Write one, or put a comma before the next finding.", [name])

    def unfit(self, said: Said, paths: tuple[Path, ...], stem: Path) -> Unread:
        expected = self.expected(paths, stem)
        known = nearest(said.word, [*expected, *fast_words()["options"], *(part for path in paths for part in path)])
        begin = self.names.starts.get((said.word,))
        fix = known or ("Put a comma before the next finding." if begin else f"Write {_listed(expected)}." if expected else "")
        return Unread(f'"{said.word}" is no value of it', fix, self.ids(paths), expected)

    def missing(self, paths: tuple[Path, ...], stem: Path) -> Unread:
        expected = self.expected(paths, stem)
        names = self.ids(paths)
        label = base_label(self.vocabulary.label(names[0])) if names else " ".join(stem)
        return Unread(f"{label}: no value yet", f"Add {_listed(expected)}." if expected else "", names, expected)

    def expected(self, paths: tuple[Path, ...], stem: Path) -> tuple[str, ...]:
        """What may be typed next: the words of the nearest finding, or its unit."""
        best = min(map(len, paths))
        path = next(path for path in paths if len(path) == best)
        if path[len(stem) :] and not side_of(self.names.paths[path]):
            return tuple(dict.fromkeys(path[len(stem)] for path in paths if len(path) > len(stem)))[:8]
        return tuple(typed_options(self.finding(path)))

    def offer(self, stem: Path, paths: tuple[Path, ...], taken: list[str]) -> None:
        """What else could be said of the same test in one more word."""
        for word in fast_words()["offer"]["words"]:
            more = next((path for path in paths if path == (*stem, word)), None)
            done = any(word in path for path in paths if self.names.paths[path] in taken)
            if more and not done:
                self.add = f"No {word} given: add"
                self.words = tuple(option for option in typed_options(self.finding(more)) if option != "none")

    # --- values ---

    def finding(self, path: Path) -> Finding:
        return self.vocabulary.findings[self.names.paths[path]]

    def ids(self, paths: Iterable[Path]) -> list[str]:
        return list(dict.fromkeys(self.names.paths[path] for path in paths))

    def value(self, name: str, word: str) -> Any:
        """The value of a word for a finding; None when it cannot be one."""
        finding = self.vocabulary.findings[name]
        if finding.type == "flag":
            return fast_words()["flags"].get(word)
        if finding.numeric:
            found = NUMBER.fullmatch(word)
            return _number(found[1]) if found and (not found[2] or finding.type == "integer") else None
        if finding.type == "date":
            return word if re.fullmatch(r"\d{4}-\d\d-\d\d", word) else None
        option = _option(word, finding.options)
        return option if option is None or finding.type == "choice" else [option]

    def set(self, name: str, word: str) -> None:
        finding = self.vocabulary.findings[name]
        raw = self.value(name, word)
        try:
            value = checked_value(finding, raw)
        except ValueProblem as error:
            raise Unread(f"{base_label(finding.label)}: {error.message}", sentence(error.fix), [name]) from None
        if isinstance(raw, list) and name in self.values:
            self.values[name] = sorted({*self.values[name], *raw})
        else:
            self.values[name] = raw if isinstance(raw, list) else value
        found = NUMBER.fullmatch(word)
        if found and found[2] and finding.type == "integer":
            self.notes[name] = f"written as {word}"

    # --- the result ---

    def entry(self, text: str, unread: Unread | None = None) -> Entry:
        unread = unread or (None if self.values or self.skipped or not text.strip() else Unread("Nothing to record yet"))
        return Entry(
            text=text,
            values=self.values,
            notes=self.notes,
            skipped=self.skipped,
            reads=" ".join(self.sentences()),
            add=self.add,
            words=unread.words if unread else self.words,
            problem=unread.problem if unread else "",
            fix=unread.fix if unread else "",
            near=unread.near if unread else (),
        )

    def sentences(self) -> Iterator[str]:
        """One sentence for each finding or pair: what will be recorded, and what it takes the place of."""
        groups: dict[str, list[str]] = {}
        for name in dict.fromkeys((*self.values, *self.skipped)):
            groups.setdefault(base_label(self.vocabulary.label(name)), []).append(name)
        for label, names in groups.items():
            yield f"{label}: {', '.join(map(self.part, names))}."

    def part(self, name: str) -> str:
        side = f"{SIDE_NAMES[side_of(name)]} " if side_of(name) else ""
        if name in self.skipped:
            reason = self.skipped[name]
            return f"{side}not tested" + (f" ({reason})" if reason != "not tested" else "")
        was = self.standing.get(name)
        words = self.words_of(name, self.values[name])
        note = f" ({self.notes[name]})" if name in self.notes else ""
        before = f", was {self.words_of(name, was)}" if was is not None and was != self.values[name] else ""
        return f"{side}{words}{note}{before}"

    def words_of(self, name: str, value: Any) -> str:
        value = frozenset(value) if isinstance(value, list) else value
        finding = self.vocabulary.findings[name]
        if finding.numeric:
            return measured(value, finding)
        words = value_text(name, value, self.vocabulary)
        return words[0].lower() + words[1:]


def typed_options(finding: Finding) -> list[str]:
    """The shortest words that mean each option, for hints."""
    if finding.type == "flag":
        return ["yes", "no"]
    if finding.numeric:
        return [f"a number{'' if finding.unit in ('', '1') else ' in ' + finding.unit}"]
    return [_shortest(option, finding.options) for option in finding.options][:8]


def _shortest(option: str, options: Mapping[str, str]) -> str:
    if option in fast_words()["shown"]:
        return str(fast_words()["shown"][option])
    word = options[option].split()[0].lower()
    for candidate in (word, option):
        for length in range(3, len(candidate) + 1):
            if _option(candidate[:length], options) == option:
                return candidate[:length] if len(candidate) > 6 else candidate
    return option


def _option(word: str, options: Mapping[str, str]) -> str | None:
    """The option a word means: its id, the beginning of its id or of a word of its label where only one has it, or a synonym."""
    if word in options:
        return word
    if len(word) >= 3:
        by_id = [option for option in options if option.startswith(word)]
        by_label = [option for option, label in options.items() if any(part.startswith(word) for part in label.lower().split())]
        for found in (by_id, by_label):
            if len(found) == 1:
                return found[0]
    return next((option for option in fast_words()["options"].get(word, ()) if option in options), None)


def _number(text: str) -> float | int:
    value = float(text.replace(",", ".").replace("−", "-"))
    return int(value) if value == int(value) else value


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + " or " + found[-1]
