"""The reference pages say everything that the files say, lead where they point, and are never older than the knowledge."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rhomboid import Knowledge
from rhomboid.cli.pages import main, pages, stale_pages, write_pages
from rhomboid.cli.pages_entries import page_of
from rhomboid.cli.pages_findings import alike
from rhomboid.cli.pages_markdown import text
from rhomboid.cli.pages_words import PredicateWords
from rhomboid.knowledge.care import TruthWord
from rhomboid.knowledge.model import Condition, Level, Source, predicates_of
from rhomboid.reasoning.entry_words import RULES
from rhomboid.reasoning.sources import CHECKED, EVIDENCE
from rhomboid.vocabulary.finding import Derived, Finding
from rhomboid.vocabulary.predicates import parse

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
LINK = re.compile(r"\]\(([^)\s]+)\)")
ELSEWHERE = (*RULES, "value", "given")
"""What other tests look for: rules to the letter, and people in words."""
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


@pytest.fixture(scope="module")
def made(knowledge: Knowledge) -> dict[str, str]:
    return pages(knowledge)


@pytest.fixture(scope="module")
def entries(knowledge: Knowledge) -> list[Any]:
    """Everything that stands in a content file."""
    vocabulary = knowledge.vocabulary
    content = [entry for found in knowledge.entries.values() for entry in found.values()]
    parts = (vocabulary.findings, vocabulary.derived, vocabulary.gates)
    return [*content, *(entry for part in parts for entry in part.values()), *vocabulary.contradictions]


# --- never older than the knowledge --------------------------------------------------------------------------------------


def test_the_pages_in_docs_are_what_the_knowledge_makes_of_them(knowledge: Knowledge) -> None:
    stale = stale_pages(REFERENCE, knowledge)
    assert not stale, "run: python -m rhomboid.cli.pages docs/reference"


def test_a_page_that_was_changed_or_removed_is_stale(knowledge: Knowledge, tmp_path: Path) -> None:
    write_pages(tmp_path, knowledge)
    assert stale_pages(tmp_path, knowledge) == []
    (tmp_path / "factors.md").unlink()
    with (tmp_path / "care.md").open("a", encoding="utf-8") as page:
        page.write("by hand\n")
    assert stale_pages(tmp_path, knowledge) == ["factors.md", "care.md"]


def test_the_command_writes_and_the_check_names_what_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reference"
    assert main([str(folder)]) == 0
    (folder / "index.md").write_text("old", encoding="utf-8")
    assert main([str(folder), "--check"]) == 2
    assert [line.split(": ")[0] for line in capsys.readouterr().err.splitlines()] == [str(folder / "index.md")]
    assert (folder / "index.md").read_text(encoding="utf-8") == "old"


# --- complete ------------------------------------------------------------------------------------------------------------


def test_every_id_has_one_anchor_on_its_page(made: dict[str, str], entries: list[Any]) -> None:
    anchors = {name: Counter(ANCHOR.findall(page)) for name, page in made.items()}
    wrong = [
        (page_of(entry), entry.id)
        for entry in entries
        if anchors[page_of(entry)][entry.id] != 1 and not isinstance(entry, TruthWord)
    ]
    assert not wrong


def test_the_words_of_case_collections_stand_in_one_table(knowledge: Knowledge, made: dict[str, str]) -> None:
    lacking = [word for word in knowledge.of(TruthWord) if f"\n| `{word}` | " not in made["care.md"]]
    assert not lacking


def test_every_rule_stands_to_the_letter(made: dict[str, str], entries: list[Any]) -> None:
    wrong = [(entry.id, rule) for entry in entries for rule in _rules(entry) if rule not in made[page_of(entry)]]
    assert not wrong


def _rules(entry: Any) -> Iterator[str]:
    yield from entry.predicates if isinstance(entry, Derived) else predicates_of(entry)
    if isinstance(entry, Derived):
        yield entry.value
    if isinstance(entry, Finding):
        yield entry.ask_when
        yield from (part.when for part in entry.filled)


def test_every_example_stands_with_what_must_follow(made: dict[str, str], entries: list[Any]) -> None:
    examples = [(page_of(entry), example) for entry in entries for example in getattr(entry, "example", ())]
    assert examples
    for page, example in examples:
        row = rf"^\| {re.escape(_flat(text(example.text)))} \| .* \| {example.expect.replace('_', ' ')} \|$"
        assert re.search(row, made[page], re.MULTILINE), example.text


def test_every_sentence_of_the_files_stands_on_a_page(made: dict[str, str], entries: list[Any]) -> None:
    flat = {name: _flat(page.replace("\n> ", "\n").replace("\\|", "|")) for name, page in made.items()}
    kin = Counter(alike(entry) for entry in entries if isinstance(entry, Finding))
    wrong = [
        (entry.id, sentence)
        for entry in entries
        # Sides and levels of one finding stand together, and only their common label is said.
        for sentence in _sentences(_shown(entry, labeled=kin[alike(entry)] < 2))
        if _flat(text(sentence)) not in flat[page_of(entry)]
    ]
    assert not wrong


def _shown(entry: Any, *, labeled: bool) -> dict[str, object]:
    keys: dict[str, object] = msgspec.to_builtins(entry)
    return {key: value for key, value in keys.items() if labeled or key != "label"}


def _sentences(value: object) -> Iterator[str]:
    """Every text of an entry that is more than a word, paragraph by paragraph; rules have a test of their own."""
    if isinstance(value, str) and " " in value:
        yield from value.strip().split("\n\n")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _sentences(part) if key not in ELSEWHERE else ()
    elif isinstance(value, list):
        for part in value:
            yield from _sentences(part)


def _flat(words: str) -> str:
    return " ".join(words.split())


# --- evidence and sources ------------------------------------------------------------------------------------------------


def test_a_recalled_source_is_marked_wherever_it_is_cited(knowledge: Knowledge, made: dict[str, str], entries: list[Any]) -> None:
    recalled = {key for key, source in knowledge.of(Source).items() if source.checked == "recalled"}
    assert recalled
    for entry in entries:
        for key in recalled.intersection(getattr(entry, "sources", ())):
            assert f"[{key}](sources.md#{key}) ({CHECKED['recalled']})" in made[page_of(entry)], entry.id
    for key in recalled:
        assert f"**{key}** ({CHECKED['recalled']})" in made["sources.md"]


def test_the_head_of_a_condition_says_its_evidence_in_words_and_names_its_file(knowledge: Knowledge, made: dict[str, str]) -> None:
    for condition in knowledge.of(Condition).values():
        head = next(line for line in made["conditions.md"].splitlines() if line.startswith(f"`{condition.id}` · "))
        file = knowledge.files[Condition, condition.id]
        assert f"[{file}](../../src/rhomboid/knowledge/content/{file})" in head
        assert EVIDENCE[condition.evidence] in head


# --- readable ------------------------------------------------------------------------------------------------------------


def test_every_link_leads_somewhere(made: dict[str, str]) -> None:
    anchors = {name: set(ANCHOR.findall(page)) for name, page in made.items()}
    broken = []
    for name, page in made.items():
        for target in set(LINK.findall(page)):
            path, _, anchor = target.partition("#")
            path = path or name
            known = anchor in anchors[path] if path in made and anchor else path in made or (REFERENCE / path).is_file()
            broken += [] if target.startswith("http") or known else [(name, target)]
    assert not broken


def test_every_page_opens_with_what_it_is_and_where_it_comes_from(made: dict[str, str]) -> None:
    for name, page in made.items():
        heading, _, opening, _, origin = page.split("\n")[:5]
        assert heading.startswith("# "), name
        assert len(re.findall(r"[.:;](?: |$)", opening)) >= 2, name
        assert "generated" in origin, name


def test_no_page_is_too_long_for_a_browser(made: dict[str, str]) -> None:
    assert not [name for name, page in made.items() if len(page.encode()) > 400_000]


# --- rules in words ------------------------------------------------------------------------------------------------------

WORDS = {
    "TRUE": ["- always"],
    "rf_dyspnea": ["- New breathlessness"],
    "NOT rf_dyspnea": ["- not: New breathlessness"],
    "age_years >= 50": ["- Age at least 50 y"],
    "NOT age_years >= 50": ["- Age below 50 y"],
    "age_years BETWEEN 40 AND 60": ["- Age from 40 to 60 y"],
    "age_years != 50": ["- Age not 50 y"],
    "sex_at_birth = 'male'": ["- Sex at birth: Male"],
    "sex_at_birth != 'male'": ["- Sex at birth: not Male"],
    "sex_at_birth IN ('male', 'female')": ["- Sex at birth: Male or Female"],
    "pain_quality IN ('tight')": ["- Pain quality: any of Tight"],
    "roman_count >= 4": ["- Roman rule for osteoporotic compression fracture, items true (0-5) at least 4"],
    "sbp_mmhg - dbp_mmhg > 60": ["- (Systolic blood pressure minus Diastolic blood pressure) above 60 mmHg"],
    "fx_osteoporotic.high": ["- Osteoporotic vertebral fracture, high concern"],
    "rf_dyspnea AND (fever_now OR NOT rf_dyspnea)": [
        "- all of:", "  - New breathlessness", "  - any of:", "    - Fever now", "    - not: New breathlessness",
    ],
    "NOT (rf_dyspnea OR fever_now)": ["- none of:", "  - New breathlessness", "  - Fever now"],
    "NOT (rf_dyspnea AND fever_now)": ["- not all of:", "  - New breathlessness", "  - Fever now"],
    "AT_LEAST(2, rf_dyspnea, fever_now, rf_osteoporosis)": [
        "- at least 2 of:", "  - New breathlessness", "  - Fever now", "  - Osteoporosis",
    ],
    "NOT AT_LEAST(1, rf_dyspnea, fever_now)": ["- fewer than 1 of:", "  - New breathlessness", "  - Fever now"],
}  # fmt: skip


@pytest.mark.parametrize(("predicate", "lines"), WORDS.items())
def test_a_rule_in_words(predicate: str, lines: list[str], knowledge: Knowledge) -> None:
    levels = {f"{condition.id}.{level.concern}" for condition in knowledge.of(Condition).values() for level in condition.level}
    flag = knowledge.vocabulary.names["rf_dyspnea"]
    node = parse(predicate, {**knowledge.vocabulary.names, **dict.fromkeys(levels, flag)})
    said = list(PredicateWords(knowledge).lines(node))
    assert [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line) for line in said] == lines


def test_a_level_in_words_leads_to_its_condition(knowledge: Knowledge) -> None:
    condition = next(iter(knowledge.of(Condition).values()))
    level: Level = condition.level[0]
    label = PredicateWords(knowledge).label(f"{condition.id}.{level.concern}")
    assert label.endswith(f"{level.concern} concern](conditions.md#{condition.id})")
