"""`rhomboid knowledge language`: how far a language has come, what to translate, and the stamps of what was compared."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from rich.text import Text

from ..knowledge.languages import Language, language_codes, load_language
from ..knowledge.translating import Coverage, coverage, stamp, to_translate
from .reading import Commands, add_command, add_json, load
from .show import QUIET, Page, count, listed, print_json

SHOWN = 8


def add_language(actions: Commands) -> None:
    parser = add_command(actions, "language", "how far the patient texts of a language have come", run)
    parser.add_argument("code", metavar="CODE", help=f"the language: {', '.join(language_codes())}")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="end with 1 when a text is missing, stale or not yet compared")
    what.add_argument(
        "--stamp",
        nargs="*",
        metavar="ID",
        help="write that complete entries were compared with their English; stale ones only by id, or all of a kind",
    )
    what.add_argument("--missing", metavar="KIND", help="print the tables that are to be filled in, with the English")
    add_json(parser)


def run(args: Namespace) -> int:
    language = load_language(args.code, load())
    if args.missing:
        print("\n".join(to_translate(language, args.missing)))
        return 0
    if args.stamp is not None:
        print(f"{count(len(stamp(language, args.stamp)), 'entry', 'entries')} stamped")
        return 0
    found = coverage(language)
    if args.json:
        print_json([_data(one) for one in found])
    else:
        _show(Page(), language, found)
    return 1 if args.check and not all(one.whole for one in found) else 0


def _data(one: Coverage) -> dict[str, Any]:
    missing = [{"id": id_, "field": name} for id_, name in one.missing]
    numbers = {"kind": one.kind, "texts": one.texts, "translated": one.translated}
    return numbers | {"missing": missing, "stale": one.stale, "unstamped": one.unstamped}


def _show(page: Page, language: Language, found: list[Coverage]) -> None:
    page.title(f"Language {language.code}", f"knowledge {language.knowledge.version}")
    page.blank()
    names = [("kind", "left"), ("texts", "right"), ("translated", "right"), ("missing", "right"), ("stale", "right")]
    rows = [[one.kind.replace("_", " "), *map(str, _numbers(one))] for one in found]
    total = [str(sum(numbers)) for numbers in zip(*map(_numbers, found), strict=True)]
    page.table([*names, ("to compare", "right")], [*rows, [Text("all", QUIET), *total]], indent=0)
    for one in found:
        _show_gaps(page, one)


def _numbers(one: Coverage) -> tuple[int, ...]:
    return one.texts, one.translated, len(one.missing), len(one.stale), len(one.unstamped)


def _show_gaps(page: Page, one: Coverage) -> None:
    if one.whole:
        return
    page.heading(one.kind.replace("_", " "))
    missing = list(dict.fromkeys(id_ for id_, _ in one.missing))
    for word, ids in (("missing", missing), ("stale", one.stale), ("to compare", one.unstamped)):
        if ids:
            page.hang(word, listed(ids, SHOWN))
