"""Reading content files: TOML tables into typed entries, with every mistake named by file, entry, word and fix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
import tomli

from .finding import spread, spreads_badly
from .problems import Problem, nearest

UNKNOWN_FIELD = re.compile(r"unknown field `(\w+)`")
MISSING_FIELD = re.compile(r"missing required field `(\w+)`")
INVALID_WORD = re.compile(r"Invalid enum value '?([^']*)'?")

Kinds = Mapping[str, type[msgspec.Struct]]
Entries = dict[str, list[tuple[Any, str]]]
"""For each kind of entry the entries read, each with the name of its file."""


def toml_files(folder: Path) -> list[Path]:
    """All content files below a folder, in a fixed order."""
    return sorted(folder.rglob("*.toml"))


def read_files(files: Iterable[Path], kinds: Kinds, root: Path, problems: list[Problem]) -> Entries:
    """The entries of all files by kind. What is wrong is appended to `problems`; a wrong entry is left out."""
    entries: Entries = {kind: [] for kind in kinds}
    for path in files:
        place = path.relative_to(root).as_posix()
        for kind, tables in tables_of(path, place, problems).items():
            if kind not in kinds:
                problems.append(Problem(place, kind, f'there is no kind of entry "{kind}"', nearest(kind, kinds)))
                continue
            for table in tables if isinstance(tables, list) else [tables]:
                if not isinstance(table, dict):
                    problems.append(Problem(place, kind, f"{table!r} is not a table", f"write [[{kind}]]"))
                    continue
                if spreads_badly(table):
                    name, fix = str(table.get("id", kind)), 'write each = { side = ["l", "r"] }'
                    problems.append(Problem(place, name, f"each = {table['each']!r} is no table of lists of words", fix))
                    continue
                for one in spread(table):
                    entry = entry_of(one, kind, kinds[kind], place, problems)
                    if entry is not None:
                        entries[kind].append((entry, place))
    return entries


def tables_of(path: Path, place: str, problems: list[Problem]) -> dict[str, Any]:
    """The tables of one file; none, with a problem, when it is not TOML."""
    try:
        return tomli.loads(path.read_text(encoding="utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem(place, "", f"is not valid TOML: {error}"))
        return {}


ONE_AT_A_TIME = Lock()
"""msgspec works out a type at its first use, and a second thread that comes upon it half done ends the process."""


def entry_of(table: dict[str, Any], kind: str, model: type[msgspec.Struct], place: str, problems: list[Problem]) -> Any:
    """A table as an entry of its kind; None, with a problem, if it is wrong."""
    try:
        with ONE_AT_A_TIME:
            return msgspec.convert(table, model)
    except msgspec.ValidationError as error:
        name = table.get("id") or table.get("key") or kind
        message, fix = _explained(str(error), model)
        problems.append(Problem(place, str(name), message, fix))
        return None


def _explained(message: str, model: type[msgspec.Struct]) -> tuple[str, str]:
    """msgspec's message in the words of a content file, with the nearest right word."""
    if found := UNKNOWN_FIELD.search(message):
        return f'unknown key "{found[1]}"{_at(message)}', nearest(found[1], model.__struct_encode_fields__)
    if found := MISSING_FIELD.search(message):
        return f'the key "{found[1]}" is missing{_at(message)}', "add it"
    if found := INVALID_WORD.search(message):
        return f'"{found[1]}" is not allowed{_at(message)}', "see docs/reference/knowledge-format.md"
    return message, ""


def _at(message: str) -> str:
    found = re.search(r"at `\$\.?([^`]*)`", message)
    return f' in "{found[1]}"' if found and found[1] else ""


def repeated(entries: Iterable[tuple[Any, str]], problems: list[Problem]) -> None:
    """Adds a problem for every id that stands twice."""
    seen: dict[str, str] = {}
    for entry, place in entries:
        if entry.id in seen:
            problems.append(Problem(place, entry.id, f"this id stands already in {seen[entry.id]}", "give it an id of its own"))
        seen.setdefault(entry.id, place)
