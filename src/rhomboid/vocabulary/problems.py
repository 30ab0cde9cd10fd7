"""How Rhomboid says that something it was given is wrong: which thing, in which place, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HINTS = 40
"""How many problems of one input get the nearest word."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `place` (a file or a case), `entry` (an id), what is wrong, and the fix ('' if plain)."""

    place: str
    entry: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: {self.entry}" if self.entry else self.place
        return f"{where}: {self.message}" + (f"; {self.fix}" if self.fix else "")


class RhomboidError(Exception):
    """Bad input. Holds every problem found, not just the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


class KnowledgeError(RhomboidError):
    """A vocabulary or knowledge file that must not be used."""


class CaseError(RhomboidError):
    """A case that cannot be read as it stands."""


class PredicateError(ValueError):
    """A predicate that may not be used. `fix` says what to write instead."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def hint(problems: Sequence[Problem], word: str, known: Iterable[str], near: float = 0.6) -> str:
    """The nearest known word for one more problem. After the first problems nobody reads hints, and thousands take minutes."""
    return nearest(word, known, near) if len(problems) < HINTS else ""


def nearest(word: str, known: Iterable[str], near: float = 0.6) -> str:
    """`did you mean "x"?` for the nearest known word, '' when nothing is as near as `near` (1: the same)."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=near)
    return f'did you mean "{found[0]}"?' if found else ""
