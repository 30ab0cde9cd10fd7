"""The examples beside every rule are the specification: each one runs, on the in-process evaluator and on SQLite."""

from __future__ import annotations

import sqlite3
from collections import Counter

import pytest

from rhomboid import Knowledge, load_knowledge
from rhomboid.knowledge.model import Condition, Contraindication, Factor
from rhomboid.reasoning.facts import evaluate
from rhomboid.reasoning.proof import PROVEN, Outcome, example_facts, example_values, outcome
from rhomboid.vocabulary.predicates import to_sql
from rhomboid.vocabulary.predicates.sql import identifier

KNOWLEDGE = load_knowledge()
EXAMPLES = [(entry, example) for kind in PROVEN for entry in KNOWLEDGE.of(kind).values() for example in entry.example]


@pytest.mark.parametrize(("entry", "example"), EXAMPLES, ids=[f"{e.id}-{n}" for n, (e, _) in enumerate(EXAMPLES)])
def test_an_example_comes_out_as_it_says(entry: object, example: object) -> None:
    got = Outcome(entry.id, example, outcome(entry, example_facts(example, KNOWLEDGE)))
    assert got.got == example.expect, f"{example.text}: {got.got}"


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (Factor, {"met", "not_met", "unknown"}),
        (Contraindication, {"met", "not_met", "unknown"}),
    ],
)
def test_every_rule_shows_all_three_answers(kind: type, wanted: set[str]) -> None:
    lacking = {entry.id: wanted - {e.expect for e in entry.example} for entry in KNOWLEDGE.of(kind).values()}
    assert not {id_: missing for id_, missing in lacking.items() if missing}


def test_every_level_of_a_condition_has_an_example_and_a_person_without_it() -> None:
    for condition in KNOWLEDGE.of(Condition).values():
        shown = Counter(example.expect for example in condition.example)
        assert {level.concern for level in condition.level} | {"none", "undecided"} <= shown.keys(), condition.id


def test_sqlite_agrees_on_every_example(knowledge: Knowledge) -> None:
    """The same rules as SQL, with the person of each example as the only row."""
    database = sqlite3.connect(":memory:")
    for entry, example in EXAMPLES:
        if not isinstance(entry, Condition | Factor | Contraindication):
            continue
        values = example_values(example, knowledge)
        texts = (
            [level.when for level in entry.level] if isinstance(entry, Condition) else [getattr(entry, "when", "") or entry.found]
        )
        row = columns_of(values, knowledge)
        for text in texts:
            sql = to_sql(knowledge.trees[text], knowledge.definitions)
            source = ", ".join(f"? AS {identifier(name)}" for name in row)
            (answer,) = database.execute(
                f"WITH person AS (SELECT {source}) SELECT {sql} FROM person", list(row.values())
            ).fetchone()
            ours = evaluate(values, knowledge).truth(text)
            assert (None if answer is None else bool(answer)) == ours, f"{entry.id}: {example.text}: {text}"
    database.close()


def columns_of(values: dict[str, object], knowledge: Knowledge) -> dict[str, object]:
    """The person as one row: a column for each finding that can be given, one for each option of several choices."""
    row: dict[str, object] = {}
    for name in sorted(knowledge.vocabulary.givable):
        finding = knowledge.vocabulary.findings.get(name)
        value = values.get(name)
        if finding is not None and finding.several:
            for option in finding.options:
                row[f"{name}__{option}"] = None if value is None else int(option in value)
        else:
            row[name] = int(value) if isinstance(value, bool) else value
    return row
