"""The exact content of an entry: its text as a person wrote it, and a digest that a sign-off can be tied to."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

import msgspec
import tomli

from ..vocabulary import KnowledgeError, Problem, nearest
from ..vocabulary.finding import FOR_PROGRAMS, SIDES
from ..vocabulary.reading import toml_files
from ..vocabulary.vocabulary import TABLES
from .kinds import NAMES
from .knowledge import Knowledge

HEADER = re.compile(r"^\[\[?([a-z0-9_]+)\]\]?[ \t]*(?:#.*)?$", re.MULTILINE)
ID = re.compile(r'^(?:id|key)[ \t]*=[ \t]*"([^"]+)"', re.MULTILINE)
EACH = re.compile(r"^each[ \t]*=[ \t]*\{.*\}\n", re.MULTILINE)
TRAILING = re.compile(r"(?:\n[ \t]*(?:#.*)?)*\Z")


def entry_digest(entry: Any) -> str:
    """Twelve hexadecimal digits of an entry's exact content: the same in every process, another after any change of it."""
    return digest_of([NAMES[type(entry)], _content(entry)])


def digest_of(data: Any) -> str:
    """Twelve hexadecimal digits of plain data: the same in every process, another after any change of it."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _content(value: Any) -> Any:
    """Plain data without what a record only fills in, so that a new optional key leaves digests as they are."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(type(value))
        stated = [field for field in fields if getattr(value, field.name) != _default(field)]
        return {field.encode_name: _content(getattr(value, field.name)) for field in stated}
    if isinstance(value, dict):
        return {key: _content(part) for key, part in value.items()}
    return [_content(part) for part in value] if isinstance(value, list | tuple) else value


def _default(field: Any) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def source_text(knowledge: Knowledge, kind: str, id_: str, *, shipped: bool = False) -> str:
    """The TOML text of one entry: the local override where there is one (unless `shipped`), else as its file has it.

    It can be the start of an override. An entry that its file writes once for several sides or levels comes written out.
    """
    entry = knowledge.tables.get(kind, {}).get(id_)
    if entry is None:
        raise KnowledgeError([_missing(knowledge, kind, id_)])
    if not shipped and (override := knowledge.overrides.get((kind, id_))):
        return override.text
    return _written(knowledge, kind, id_)


def _missing(knowledge: Knowledge, kind: str, id_: str) -> Problem:
    if kind not in knowledge.tables:
        return Problem("knowledge", kind, f'there is no kind of entry "{kind}"', nearest(kind, knowledge.tables))
    return Problem("knowledge", id_, f'there is no {kind} "{id_}"', nearest(id_, knowledge.tables[kind]))


def _written(knowledge: Knowledge, kind: str, id_: str) -> str:
    content, vocabulary = knowledge.folders
    for path in toml_files(vocabulary if kind in TABLES else content):
        for block in _blocks(path.read_text(encoding="utf-8"), kind):
            for text in _spread(block):
                if _id(text) in (id_, None):
                    return text
    raise KnowledgeError([Problem("knowledge", id_, f'no file holds the {kind} "{id_}"')])


def _blocks(text: str, kind: str) -> Iterator[str]:
    """The parts of a file that hold one entry of a kind each, from the header to the next; comments between are no part."""
    headers = list(HEADER.finditer(text))
    for header, following in pairwise([*headers, None]):
        if header is not None and header[1] == kind:
            block = text[header.start() : following.start() if following else len(text)]
            yield TRAILING.sub("", block) + "\n"


def _id(block: str) -> str | None:
    """The id in a block; a table that stands once needs none."""
    found = ID.search(block)
    return found[1] if found else None


def _spread(block: str) -> Iterator[str]:
    """A block for each value of its `each`, with {side} and {level} filled in as the loader does; else the block itself."""
    each = EACH.search(block)
    if each is None:
        yield block
        return
    values = tomli.loads(each[0])["each"]
    for choice in product(*values.values()):
        text = block.replace(each[0], "", 1)
        for name, value in zip(values, choice, strict=True):
            text = "".join(_filled(line, "{" + name + "}", value) for line in text.splitlines(keepends=True))
        yield text


def _filled(line: str, mark: str, value: str) -> str:
    for_programs = line.split(" ", 1)[0] in FOR_PROGRAMS
    return line.replace(mark, value if for_programs else SIDES.get(value, value.upper()))
