"""For those who translate: what is missing or stale in a language, the tables to fill in, and the stamps of what was compared."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..vocabulary import KnowledgeError, Problem, nearest
from .languages import (
    DIGEST,
    ENGLISH,
    FOLDER,
    PATIENT_TEXTS,
    WORDS,
    Language,
    Text,
    english_digest,
    english_texts,
    loads,
    patient_texts,
)

HEADER = re.compile(r'^\[(?:"([^"\]]+)"|([\w-]+))\][ \t]*(?:#.*)?\n', re.MULTILINE)
EMPTY = '""'
STAMP = re.compile(rf"^{DIGEST}[ \t]*=.*\n", re.MULTILINE)


@dataclass(slots=True)
class Coverage:
    """How far a language has come with a kind. `unstamped`: complete, but nobody has said yet that it was compared."""

    kind: str
    texts: int = 0
    translated: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    unstamped: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether a person reads every text of this kind in the language."""
        return not (self.missing or self.stale or self.unstamped)


def coverage(language: Language) -> list[Coverage]:
    """Every kind with its texts, those that are translated and those that are not; the words of loads last."""
    kinds = {kind: Coverage(kind) for kind in PATIENT_TEXTS}
    for kind, id_, english in patient_texts(language.knowledge):
        _count(kinds[kind], id_, english, language)
    said = loads(language.knowledge)
    unsaid = [(WORDS, load) for load in said if load not in language.words.load and language.code != ENGLISH]
    return [*kinds.values(), Coverage(WORDS, len(said), len(said) - len(unsaid), unsaid)]


def _count(of: Coverage, id_: str, english: dict[str, Text], language: Language) -> None:
    of.texts += len(english)
    translation = language.entries.get((of.kind, id_))
    texts = english if language.code == ENGLISH else translation.texts if translation else {}
    missing = [name for name in english if name not in texts]
    of.translated += len(english) - len(missing)
    of.missing += [(id_, name) for name in missing]
    if translation and translation.stamp and not translation.current:
        of.stale.append(id_)
    elif translation and not translation.stamp and not missing:
        of.unstamped.append(id_)


# --- tables to fill in -----------------------------------------------------------------------------------------------------


def to_translate(language: Language, kind: str) -> Iterator[str]:
    """The tables that a kind still needs, as TOML with the English as comments. Raises KnowledgeError for an unknown kind."""
    if kind not in PATIENT_TEXTS:
        raise KnowledgeError([Problem("languages", kind, "has no patient texts", nearest(kind, PATIENT_TEXTS))])
    for kind_of, id_, english in patient_texts(language.knowledge):
        translation = language.entries.get((kind, id_))
        if kind_of != kind or (translation and translation.current and not english.keys() - translation.texts.keys()):
            continue
        stale = translation is not None and bool(translation.stamp) and not translation.current
        wanted = english if stale or translation is None else {n: t for n, t in english.items() if n not in translation.texts}
        yield from _table(id_, wanted, "  # the English has changed: compare" if stale else "")


def _table(id_: str, english: dict[str, Text], remark: str) -> Iterator[str]:
    if not english:
        return
    yield f"[{id_}]{remark}"
    for name, text in english.items():
        if isinstance(text, str):
            yield from (f"# {line}".rstrip() for line in text.strip().splitlines())
            yield f"{name} = {EMPTY}"
        elif isinstance(text, tuple):
            yield from (f"# - {part}" for part in text)
            yield f"{name} = [{', '.join([EMPTY] * len(text))}]"
        else:
            yield from (f"# {key}: {part}" for key, part in text.items())
            parts = ", ".join(f"{json.dumps(key)} = {EMPTY}" for key in text)
            yield f"{name} = {{ {parts} }}"
    yield ""


# --- stamps ----------------------------------------------------------------------------------------------------------------


def stamp(language: Language, again: Collection[str] = (), folder: Path = FOLDER) -> list[tuple[str, str]]:
    """Writes the digest of the English into every complete entry that has none yet, and into the stale ones named in `again`, by
    kind or id. Returns the kind and id of each. A stale entry is never stamped in passing: somebody has to compare it first.
    """
    done: list[tuple[str, str]] = []
    for kind in PATIENT_TEXTS:
        path = folder / language.code / f"{kind}.toml"
        ids = [id_ for id_ in language.knowledge.tables[kind] if _to_stamp(language, kind, id_, again)]
        if ids:
            digests = {id_: english_digest(kind, language.knowledge.tables[kind][id_]) for id_ in ids}
            path.write_text(_stamped(path.read_text(encoding="utf-8"), digests), encoding="utf-8")
            done += [(kind, id_) for id_ in ids]
    return done


def _to_stamp(language: Language, kind: str, id_: str, again: Collection[str]) -> bool:
    translation = language.entries.get((kind, id_))
    if translation is None or translation.current:
        return False
    whole = english_texts(kind, language.knowledge.tables[kind][id_]).keys() == translation.texts.keys()
    return whole and (not translation.stamp or kind in again or id_ in again)


def _stamped(text: str, digests: dict[str, str]) -> str:
    """The text of a file with these digests right below the headers of their tables."""
    headers = list(HEADER.finditer(text))
    ends = [following.start() for following in headers[1:]] + [len(text)]
    parts = [text[: headers[0].start()]] if headers else [text]
    for header, end in zip(headers, ends, strict=True):
        id_ = header[1] or header[2]
        body = text[header.end() : end]
        if id_ in digests:
            body = f'{DIGEST} = "{digests[id_]}"\n' + STAMP.sub("", body)
        parts.append(header[0] + body)
    return "".join(parts)
