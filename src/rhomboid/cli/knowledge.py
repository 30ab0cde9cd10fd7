"""`rhomboid knowledge`: check it, list it, find an entry by words, and show any entry of it."""

from __future__ import annotations

import re
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from rich.text import Text

from ..figures import figure_gaps, load_figures
from ..knowledge import Knowledge
from ..knowledge.kinds import KINDS
from ..knowledge.model import Source
from ..reasoning.proof import PROVEN, broken_examples, example_facts, outcome
from ..reasoning.sources import CHECKED, EVIDENCE, file_of, source_data, source_line
from ..vocabulary import Derived, Finding, Gate, Problem, RhomboidError, nearest
from ..vocabulary.search import Index
from .language import add_language
from .pages import stale_pages, write_pages
from .reading import Commands, add_command, add_json, load
from .reading_level import add_reading
from .show import NO, QUIET, STRONG, YES, Page, count, print_json

PLURALS = {
    "never_alone": "never_alone", "safety_net": "safety_net", "manual": "manual", "posture": "posture", "education": "education",
    "coordination": "coordination", "family": "families", "modality": "modalities", "thrust": "thrust", "accuracy": "accuracy",
    "staying_well": "staying_well", "discharge": "discharge", "urgency": "urgencies", "frequency": "frequencies",
    "planning": "planning",
}  # fmt: skip
"""Kinds whose plural is not simply the name with an s."""
Entries = Mapping[str, Any]


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "knowledge", "check, list and show what Rhomboid knows", run_list)
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add_json(add_command(actions, "check", "read all files, check every reference and figure, run all examples", run_check))
    listing = add_command(actions, "list", "list the entries of a kind, or count all kinds", run_list)
    listing.add_argument("kind", nargs="?", metavar="KIND", help="findings, conditions, patterns, factors, exercises, sources ...")
    listing.add_argument("--counts", action="store_true", help="only how many there are")
    add_json(listing)
    finding = add_command(actions, "find", "find entries by a clinician's or a patient's words", run_find)
    finding.add_argument("words", nargs="+", metavar="WORD", help="such as: night pain, brisk knee jerk, shortness of breath")
    finding.add_argument("--kind", metavar="KIND", help="only this kind: findings, conditions, factors, exercises ...")
    add_json(finding)
    writing = add_command(actions, "pages", "write the reference pages, or name the stale ones", run_pages)
    writing.add_argument("folder", type=Path, metavar="FOLDER", help="where the pages stand: docs/reference")
    writing.add_argument("--check", action="store_true", help="write nothing; name the pages that are stale")
    add_language(actions)
    add_reading(actions)
    showing = add_command(actions, "show", "show one entry of any kind: its fields, rules, examples and sources", run_show)
    showing.add_argument("id", metavar="ID", help="the id of an entry or finding, or the key of a source")
    add_json(showing)


def run_pages(options: Namespace) -> int:
    if not options.check:
        write_pages(options.folder)
        return 0
    fix = f"run rhomboid knowledge pages {options.folder}"
    if stale := [Problem(str(options.folder / name), "", "is stale", fix) for name in stale_pages(options.folder)]:
        raise RhomboidError(stale)
    return 0


def every_kind(knowledge: Knowledge) -> dict[str, Entries]:
    """All entries under the plural of their kind, the vocabulary first."""
    vocabulary = knowledge.vocabulary
    kinds: dict[str, Entries] = {
        "findings": vocabulary.findings,
        "derived": vocabulary.derived,
        "gates": vocabulary.gates,
        "contradictions": {one.id: one for one in vocabulary.contradictions},
    }
    return kinds | {PLURALS.get(name, f"{name}s"): knowledge.of(kind) for name, kind in KINDS.items()}


def counts(knowledge: Knowledge) -> dict[str, Any]:
    """How many entries of each kind; sources by whether somebody has seen them."""
    numbers: dict[str, Any] = {kind: len(entries) for kind, entries in every_kind(knowledge).items()}
    checked = Counter(source.checked for source in knowledge.of(Source).values())
    numbers["sources"] = {"checked": checked["claim"] + checked["bibliography"], "recalled": checked["recalled"]}
    numbers["examples"] = sum(len(entry.example) for entry in _proven(knowledge))
    return numbers


def _proven(knowledge: Knowledge) -> list[Any]:
    kinds: tuple[type[Any], ...] = PROVEN
    return [entry for kind in kinds for entry in knowledge.of(kind).values()]


# --- check ---------------------------------------------------------------------------------------------------------------


def run_check(args: Namespace) -> int:
    knowledge = load()
    broken = broken_examples(knowledge) + figure_gaps(knowledge, load_figures().figures)
    if broken:
        raise RhomboidError(broken)
    if args.json:
        print_json({"knowledge_version": knowledge.version, "problems": [], "counts": counts(knowledge)})
        return 0
    page = Page()
    page.title("Knowledge checked", f"version {knowledge.version}")
    page.hang(
        YES,
        "every file can be read, every reference leads somewhere, every example comes out, every exercise is drawn",
        mark_style="green",
    )
    show_counts(page, knowledge)
    return 0


# --- list ----------------------------------------------------------------------------------------------------------------


def run_list(args: Namespace) -> int:
    knowledge = load()
    kind = _kind(args.kind, knowledge) if args.kind else ""
    if not kind:
        if args.json:
            print_json({"knowledge_version": knowledge.version, "counts": counts(knowledge)})
        else:
            page = Page()
            page.title("Knowledge", f"version {knowledge.version}")
            show_counts(page, knowledge)
    elif args.counts:
        number = counts(knowledge)[kind]
        print_json({kind: number}) if args.json else print(_counted(number))
    elif args.json:
        print_json([_row_data(entry, knowledge) for entry in every_kind(knowledge)[kind].values()])
    else:
        _show_list(Page(), kind, every_kind(knowledge)[kind], knowledge)
    return 0


def _kind(word: str, knowledge: Knowledge) -> str:
    """The plural of a kind, given as one or as many."""
    known = list(every_kind(knowledge))
    for plural in (word, PLURALS.get(word, f"{word}s")):
        if plural in known:
            return plural
    raise RhomboidError(
        [Problem("knowledge list", word, "there is no such kind", nearest(word, known) or f"kinds: {', '.join(known)}")]
    )


def show_counts(page: Page, knowledge: Knowledge) -> None:
    page.heading("Counts")
    numbers = counts(knowledge)
    cells = [(kind.replace("_", " "), _counted(number)) for kind, number in numbers.items()]
    columns = 3 if page.wide else 2
    depth = -(-len(cells) // columns)
    cells += [("", "")] * (depth * columns - len(cells))
    rows = [[cell for column in range(columns) for cell in cells[column * depth + line]] for line in range(depth)]
    page.table([("", "left"), ("", "right")] * columns, rows)


def _counted(number: Any) -> str:
    return f"{number['checked']} checked, {number['recalled']} recalled" if isinstance(number, dict) else str(number)


def _name(entry: Any) -> str:
    """What an entry is called; what has no name of its own is known by its text."""
    for key in ("name", "label", "title", "finding", "text", "organ", "condition", "occasion", "reference", "a"):
        if value := getattr(entry, key, ""):
            return str(value)
    return ""


def _row_data(entry: Any, knowledge: Knowledge) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": _name(entry),
        "evidence": getattr(entry, "evidence", ""),
        "sources": list(getattr(entry, "sources", ())),
        "file": file_of(entry, knowledge),
    }


def _mark(entry: Any) -> str:
    """What stands behind an entry: its kind of evidence, for a source whether somebody has seen it."""
    return CHECKED[entry.checked][0] if isinstance(entry, Source) else getattr(entry, "evidence", "")


def _show_list(page: Page, kind: str, entries: Entries, knowledge: Knowledge) -> None:
    page.title(kind.replace("_", " ").capitalize(), f"{len(entries)} · knowledge {knowledge.version}")
    page.blank()
    page.table(
        [("id", "left"), ("name", "left"), ("", "left")],
        [[Text(entry.id, STRONG), _name(entry), Text(_mark(entry), QUIET)] for entry in entries.values()],
        indent=0,
    )


# --- find ----------------------------------------------------------------------------------------------------------------

FOUND = 12
SIDES_AND_LEVELS = re.compile(r"_(?:[ctls]?\d+|[lr])(?=_|$)")
NOT_SOUGHT = ("contradictions", "sources", "truth_words")


def run_find(args: Namespace) -> int:
    knowledge = load()
    kind = _kind(args.kind, knowledge) if args.kind else ""
    kinds = {name: entries for name, entries in every_kind(knowledge).items() if name not in NOT_SOUGHT and kind in ("", name)}
    index = Index(((name, id_), entry) for name, entries in kinds.items() for id_, entry in entries.items())
    query = " ".join(args.words)
    found = _alike_once(index.find(query, 10 * FOUND))[:FOUND]
    if args.json:
        print_json([_found_data(name, kinds[name][id_]) for name, id_ in found])
        return 0
    if not found:
        raise RhomboidError([Problem("knowledge find", query, "nothing is called so", "try another word for it, or fewer words")])
    page = Page()
    page.title(query, f"{count(len(found), 'entry', 'entries')} · knowledge {knowledge.version}")
    page.blank()
    rows: list[list[str | Text]] = [
        [Text(id_, STRONG), _name(kinds[name][id_]), Text(_written(kinds[name][id_]) or name, QUIET)] for name, id_ in found
    ]
    page.table([("id", "left"), ("name", "left"), ("write, or kind", "left")], rows, indent=0)
    return 0


def _alike_once(found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of entries that differ only in side or level, the best one."""
    return list({(kind, SIDES_AND_LEVELS.sub("", id_)): (kind, id_) for kind, id_ in reversed(found)}.values())[::-1]


def _written(entry: Any) -> str:
    """How a case states a finding: its values in short; nothing for what no case states."""
    if isinstance(entry, Gate):
        return "false, or leave it out"
    if not isinstance(entry, Finding | Derived) or (isinstance(entry, Derived) and not entry.may_be_given):
        return ""
    options = list(entry.options) or [case.value for case in getattr(entry, "cases", ())]
    if options:
        shown = " | ".join(options[:6]) + (" ..." if len(options) > 6 else "")
        return f"[{shown}]" if isinstance(entry, Finding) and entry.several else shown
    if entry.type in ("flag", "date"):
        return "true | false" if entry.type == "flag" else "2026-01-31"
    low, high = (0, 10) if entry.type == "scale" else (entry.min, entry.max)
    unit = "" if entry.unit in ("", "1") else f" {entry.unit}"
    return f"{low:g} to {high:g}{unit}" if low is not None and high is not None else f"number{unit}"


def _found_data(kind: str, entry: Any) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": kind,
        "name": _name(entry),
        "question": getattr(entry, "question", ""),
        "write": _written(entry),
    }


# --- show ----------------------------------------------------------------------------------------------------------------


def run_show(args: Namespace) -> int:
    knowledge = load()
    found = [(kind, entries[args.id]) for kind, entries in every_kind(knowledge).items() if args.id in entries]
    if not found:
        known = [id_ for entries in every_kind(knowledge).values() for id_ in entries]
        fix = nearest(args.id, known) or f'see "rhomboid knowledge find {args.id.replace("_", " ")}"'
        raise RhomboidError([Problem("knowledge show", args.id, "there is no such id", fix)])
    if args.json:
        shown = [entry_data(kind, entry, knowledge) for kind, entry in found]
        print_json(shown[0] if len(shown) == 1 else shown)
        return 0
    page = Page()
    for kind, entry in found:
        show_entry(page, kind, entry, knowledge)
    return 0


def entry_data(kind: str, entry: Any, knowledge: Knowledge) -> dict[str, Any]:
    """An entry with everything that stands in its file, the outcome of its examples, and its sources."""
    examples = _examples(entry, knowledge)
    fields: dict[str, Any] = msgspec.to_builtins(entry)
    return {
        "kind": kind,
        "file": file_of(entry, knowledge),
        **{key: value for key, value in fields.items() if key not in ("example", "sources")},
        "examples": [msgspec.to_builtins(example) | {"got": got} for example, got in examples],
        "sources": [source_data(key, knowledge) for key in fields.get("sources", ())],
    }


def _examples(entry: Any, knowledge: Knowledge) -> list[tuple[Any, str]]:
    """The examples of an entry, each with what comes out."""
    if not isinstance(entry, PROVEN):
        return []
    rule: Any = entry
    return [(example, outcome(rule, example_facts(example, knowledge))) for example in rule.example]


def show_entry(page: Page, kind: str, entry: Any, knowledge: Knowledge) -> None:
    page.title(_name(entry), f"{kind.replace('_', ' ')} · {entry.id}")
    page.line(file_of(entry, knowledge), QUIET, indent=0)
    page.blank()
    fields: dict[str, Any] = msgspec.to_builtins(entry)
    fields["note"] = fields.pop("note", "")  # what a reader of the file adds comes after what the file says
    hidden = ("id", "example", "sources", "evidence")
    page.pairs([(key.replace("_", " "), _field(value)) for key, value in fields.items() if key not in hidden and _filled(value)])
    _show_examples(page, entry, knowledge)
    if "evidence" in fields:
        page.heading("Evidence")
        page.line(EVIDENCE[fields["evidence"]])
        for key in fields.get("sources", ()):
            page.line(source_line(key, knowledge), QUIET)


def _show_examples(page: Page, entry: Any, knowledge: Knowledge) -> None:
    examples = _examples(entry, knowledge)
    if examples:
        page.heading("Examples", "each runs on every check")
    for example, got in examples:
        holds = got == example.expect
        given = ", ".join(f"{name} = {_field(value)}" for name, value in example.given.items())
        tail = f"{got}" if holds else f"{got}, expected {example.expect}"
        text = Text.assemble(example.text, (f"  → {tail}", "green" if holds else "bold red"))
        page.hang(YES if holds else NO, text, mark_style="green" if holds else "bold red")
        page.line(f"{given} · otherwise {example.otherwise}" if given else f"otherwise {example.otherwise}", QUIET, indent=4)


def _filled(value: object) -> bool:
    return value not in (None, "", [], (), {}) and value is not False


def _field(value: Any) -> str:
    """A value of any field, in words that fit a page."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_field(part)}" for key, part in value.items() if _filled(part))
    if isinstance(value, list | tuple):
        separator = "\n" if any(isinstance(part, dict) or len(str(part)) > 40 for part in value) else ", "
        return separator.join(map(_field, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
