"""Local overrides: one entry of the content files replaced by a clinic's own text, checked like the file itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import tomli

from .problems import Problem, nearest
from .reading import Entries, Kinds, entry_of


@dataclass(frozen=True, slots=True)
class Override:
    """A complete entry in place of the shipped one of the same kind and id.

    `kind` is the name of its table in the content files, such as "factor"; `text` is TOML with that one table.
    """

    kind: str
    id: str
    text: str

    @property
    def place(self) -> str:
        """How messages and pages name where the entry stands."""
        return f"local override {self.kind} {self.id}"


def replace_entries(entries: Entries, overrides: Iterable[Override], kinds: Kinds, problems: list[Problem]) -> None:
    """Puts each override of these kinds in the place of its entry. What is wrong is appended to `problems`."""
    done: set[tuple[str, str]] = set()
    for override in overrides:
        if override.kind not in kinds:
            continue
        if (override.kind, override.id) in done:
            problems.append(Problem(override.place, "", "stands twice", "one override for each entry"))
            continue
        done.add((override.kind, override.id))
        _replace(entries[override.kind], override, kinds[override.kind], problems)


def _replace(pairs: list[tuple[Any, str]], override: Override, model: Any, problems: list[Problem]) -> None:
    known = [entry.id for entry, _ in pairs]
    if override.id not in known:
        message = f'there is no {override.kind} "{override.id}" to replace'
        problems.append(Problem(override.place, "", message, nearest(override.id, known)))
        return
    table = _table(override)
    if isinstance(table, Problem):
        problems.append(table)
        return
    entry = entry_of(table, override.kind, model, override.place, problems)
    if entry is not None and entry.id != override.id:
        message, fix = f'its id is "{entry.id}"', f'an override keeps the id: id = "{override.id}"'
        problems.append(Problem(override.place, "", message, fix))
    elif entry is not None:
        pairs[known.index(override.id)] = entry, override.place


def _table(override: Override) -> dict[str, Any] | Problem:
    """The one table of an override's text, or what is wrong with it."""
    try:
        read = tomli.loads(override.text)
    except (tomli.TOMLDecodeError, RecursionError) as error:
        return Problem(override.place, "", f"is not valid TOML: {error}")
    found = [(kind, one) for kind, tables in read.items() for one in (tables if isinstance(tables, list) else [tables])]
    if len(found) != 1 or found[0][0] != override.kind or not isinstance(found[0][1], dict):
        fix = f"write one complete [[{override.kind}]] and nothing beside it"
        return Problem(override.place, "", "holds something else than one entry", fix)
    table: dict[str, Any] = found[0][1]
    if "each" in table:
        return Problem(override.place, "", '"each" makes several entries', "write out the one entry, without each")
    return table
