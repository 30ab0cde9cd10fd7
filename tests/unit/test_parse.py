"""What a predicate may not hold is refused with a PredicateError, never with anything else."""

from __future__ import annotations

import pytest

from rhomboid.vocabulary import PredicateError
from rhomboid.vocabulary.predicates import Name, parse

NAMES = {"a": Name("flag"), "n": Name("number"), "c": Name("choice", frozenset({"x"}))}


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "a AND", "a; DROP TABLE x", "SELECT 1", "(SELECT a)", "EXISTS (SELECT 1)", "CASE WHEN a THEN a END",
        "a = TRUE", "a IS NULL", "a IS TRUE", "n = NULL", "COALESCE(a, a)", "n / 2 > 1", "n > 1 > 2", "n IN (1, 2)",
        "c IN ('x', NULL)", "c = 'y'", "c = 1", "n > 'x'", "A", "*", "n", "AT_LEAST(0, a)", "AT_LEAST(2, a)", "AT_LEAST(a, a)",
        "a -- comment", "a /* comment */", "n > 1e400", "a OR " * 50_000 + "a", "(" * 1900 + "a" + ")" * 1900,
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused(text: str) -> None:
    with pytest.raises(PredicateError):
        parse(text, NAMES)


def test_and_binds_more_closely_than_or() -> None:
    assert parse("a OR a AND NOT a", NAMES) == parse("a OR (a AND (NOT a))", NAMES)
