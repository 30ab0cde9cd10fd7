"""The door of the predicate language: what is refused, with which words, and how what is let in is read."""

from __future__ import annotations

import pytest

from rhomboid.vocabulary import PredicateError
from rhomboid.vocabulary.predicates import Name, Node, compile_all, parse, parse_term
from rhomboid.vocabulary.predicates.parse import ALLOWED
from rhomboid.vocabulary.predicates.tree import (
    Always,
    And,
    AnyOf,
    Arith,
    AtLeast,
    Column,
    Compare,
    Flag,
    Not,
    Number,
    OneOf,
    Or,
    ScoreCompare,
)

NAMES = {
    "fever": Name("flag"),
    "weight_loss": Name("flag"),
    "night_pain": Name("flag"),
    "acs.high": Name("flag"),
    "age_years": Name("number"),
    "pain_now": Name("number"),
    "onset": Name("choice", frozenset({"sudden", "gradual"})),
    "regions": Name("several", frozenset({"sternum", "epigastrium"})),
    "cook_count": Name("score"),
}
FEVER, LOSS, NIGHT, AGE, PAIN = Flag("fever"), Flag("weight_loss"), Flag("night_pain"), Column("age_years"), Column("pain_now")
OVER_50 = Compare(">", AGE, Number(50))


def refusal(text: str) -> PredicateError:
    with pytest.raises(PredicateError) as caught:
        parse(text, NAMES)
    return caught.value


# --- names and options -------------------------------------------------------------------------------------------------


def test_an_unknown_name_is_named_with_the_nearest_one() -> None:
    error = refusal("fever AND weigth_loss")
    assert error.message == 'there is no finding "weigth_loss"'
    assert error.fix == 'did you mean "weight_loss"?'


def test_a_name_like_no_other_gets_no_guess() -> None:
    error = refusal("zzz")
    assert (error.message, error.fix) == ('there is no finding "zzz"', "")


def test_names_are_told_apart_by_case() -> None:
    assert refusal("Fever").fix == 'did you mean "fever"?'


def test_an_unknown_level_of_a_condition_is_named_whole() -> None:
    error = refusal("acs.hihg")
    assert error.message == 'there is no finding "acs.hihg"'
    assert error.fix == 'did you mean "acs.high"?'


@pytest.mark.parametrize("text", ["old.acs.high", "a.b.acs.high"])
def test_a_name_of_three_parts_is_no_level(text: str) -> None:
    assert f'there is no finding "{text}"' in refusal(text).message


def test_an_unknown_option_is_named_with_the_nearest_one() -> None:
    error = refusal("onset = 'suden'")
    assert error.message == '"onset" has no option "suden"'
    assert error.fix == 'did you mean "sudden"?'


def test_options_are_quoted() -> None:
    error = refusal("onset IN (sudden)")
    assert error.message == '"sudden" is not one of the options of "onset"'
    assert error.fix == "quote options: 'left'"


def test_an_unquoted_option_after_an_equals_sign_is_taken_for_a_name() -> None:
    assert refusal("onset = sudden").message == 'there is no finding "sudden"'


# --- types -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        ("age_years", '"age_years" is a number, not a flag', "compare it with a value, such as age_years = ..."),
        ("onset AND fever", '"onset" is a choice, not a flag', "compare it with a value, such as onset = ..."),
        ("NOT cook_count", '"cook_count" is a score, not a flag', "compare it with a value, such as cook_count = ..."),
        ("fever > 3", '"fever" is a flag, not a number', "types never mix in a comparison"),
        ("fever = TRUE", '"fever" is a flag, not a number', "types never mix in a comparison"),
        ("fever = weight_loss", '"fever" is a flag, not a number', "types never mix in a comparison"),
        ("fever BETWEEN 0 AND 1", '"fever" is a flag, not a number', "types never mix in a comparison"),
        ("age_years > '50'", "'50' is text, not a number", "types never mix in a comparison"),
        ("age_years + '1' > 50", "'1' is text, not a number", "types never mix in a comparison"),
        ("'sudden' = onset", "'sudden' is text, not a number", "types never mix in a comparison"),
        ("age_years = 'old'", '"age_years" is a number, not a choice', "compare numbers with < and >; write a flag bare"),
        ("fever IN ('yes')", '"fever" is a flag, not a choice', "compare numbers with < and >; write a flag bare"),
        ("age_years IN (50, 60)", '"age_years" is a number, not a choice', "compare numbers with < and >; write a flag bare"),
        ("onset > 1", '"onset" is a choice, not a number', "types never mix in a comparison"),
        ("regions = 'sternum'", '"regions" can have several values', "write regions IN ('sternum')"),
        ("cook_count > age_years", 'the score "cook_count" is compared with something else than a number', ""),
        ("age_years < cook_count", 'the score "cook_count" is compared with something else than a number', ""),
        ("cook_count + 1 > 2", '"cook_count" is a score, not a number', "types never mix in a comparison"),
    ],
)
def test_types_never_mix(text: str, message: str, fix: str) -> None:
    error = refusal(text)
    assert (error.message, error.fix) == (message, fix)


@pytest.mark.parametrize("text", ["1", "'sudden'", "age_years + 1", "fever AND 1", "AT_LEAST(1, 1)"])
def test_a_value_alone_is_no_condition(text: str) -> None:
    assert "is not allowed in a predicate" in refusal(text).message


def test_false_is_never_met() -> None:
    error = refusal("fever AND FALSE")
    assert (error.message, error.fix) == ("FALSE is never met", "leave the rule out")


@pytest.mark.parametrize("number", ["1e400", "1E"])
def test_a_number_no_engine_can_compare_is_refused(number: str) -> None:
    assert number in refusal(f"age_years > {number}").message


# --- not knowing is no evidence ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "fever IS NULL",
        "fever IS NOT NULL",
        "NOT (fever IS NULL)",
        "age_years > 50 IS NULL",
        "fever AND NULL",
        "NULL",
        "fever IS NOT TRUE",
    ],
)
def test_unknown_cannot_be_asked_for(text: str) -> None:
    error = refusal(text)
    assert error.message.endswith("is refused: not knowing is no evidence")
    assert error.fix == "write the finding itself, or NOT and the finding"


@pytest.mark.parametrize("text", ["fever = NULL", "onset IN ('sudden', NULL)", "age_years > NULL", "coalesce(fever, TRUE)"])
def test_unknown_slips_in_by_no_other_way(text: str) -> None:
    refusal(text)


# --- the rest of SQL ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("abs(age_years) > 50", "ABS(age_years)"),
        ("age_years > max(1, 2)", "MAX(1, 2)"),
        ("fever()", "FEVER()"),
        ("age_years > (SELECT 1)", "(SELECT 1)"),
        ("onset IN (SELECT 1)", "onset IN (SELECT 1)"),
        ("EXISTS(SELECT 1)", "EXISTS(SELECT 1)"),
        ("SELECT fever", "SELECT fever"),
        ("WITH x AS (SELECT 1) SELECT 1", "WITH x AS (SELECT 1) SELECT 1"),
        ("DROP TABLE people", "DROP TABLE people"),
        ("CASE WHEN fever THEN weight_loss END", "CASE WHEN fever THEN weight_loss END"),
        ("age_years / 2 > 20", "age_years / 2"),
        ("age_years % 2 = 0", "age_years % 2"),
        ("onset LIKE 's%'", "onset LIKE 's%'"),
        ("onset || 'x' = 'suddenx'", "onset || 'x'"),
        ("CAST(age_years AS TEXT) = '50'", "CAST(age_years AS TEXT)"),
        ("fever AS f", "fever AS f"),
        ("fever weight_loss", "fever AS weight_loss"),
        ("(fever, weight_loss)", "(fever, weight_loss)"),
        ("18 < age_years < 65", "18 < age_years"),
        ("onset IN ()", "onset IN ()"),
        ("AT_LEAST(1, fever) > 0", "AT_LEAST(1, fever)"),
        ("count(*) > 1", "COUNT(*)"),
        ("?", "?"),
    ],
)
def test_what_is_not_on_the_list_is_refused_by_name(text: str, word: str) -> None:
    error = refusal(text)
    assert error.message == f'"{word}" is not allowed in a predicate'
    assert error.fix == f"allowed: {ALLOWED}"


def test_between_keeps_its_order() -> None:
    refusal("age_years BETWEEN SYMMETRIC 65 AND 18")


@pytest.mark.parametrize("text", ["fever; weight_loss", "fever; DROP TABLE people", "fever;", ";"])
def test_a_predicate_is_one_expression(text: str) -> None:
    refusal(text)


@pytest.mark.parametrize(
    "text", ["fever -- AND weight_loss", "fever /* AND weight_loss */", "age_years > 1--2", "fever # AND weight_loss"]
)
def test_nothing_hides_in_a_comment(text: str) -> None:
    """A part that a reader sees and no engine runs: `1--2` is 1."""
    refusal(text)


@pytest.mark.parametrize(
    "text", ["", "   ", "fever AND", "AND fever", "(fever", "fever)", "fever OR OR weight_loss", "'", '"', "fever XOR weight_loss"]
)
def test_what_is_no_expression_is_refused_with_the_text(text: str) -> None:
    error = refusal(text)
    assert error.message.startswith("cannot be read as an SQL condition (")
    assert error.message.endswith(f': "{text}"')
    assert error.fix == f"allowed: {ALLOWED}"


# --- AT_LEAST ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["AT_LEAST()", "AT_LEAST(fever)", "AT_LEAST(1.5, fever, weight_loss)", "AT_LEAST('1', fever)", "AT_LEAST(-1, fever)"]
)
def test_at_least_starts_with_a_whole_number(text: str) -> None:
    error = refusal(text)
    assert error.message == "AT_LEAST starts with a whole number"
    assert error.fix == "write AT_LEAST(2, p, q, r)"


@pytest.mark.parametrize(
    ("text", "count", "parts"), [("AT_LEAST(0, fever)", 0, 1), ("AT_LEAST(3, fever, weight_loss)", 3, 2), ("AT_LEAST(1)", 1, 0)]
)
def test_at_least_can_be_reached_and_can_fail(text: str, count: int, parts: int) -> None:
    error = refusal(text)
    assert error.message == f"AT_LEAST({count}, ...) has {parts} parts"
    assert error.fix == "the number must be 1 to the number of parts"


def test_at_least_checks_its_parts() -> None:
    assert refusal("AT_LEAST(1, fever, nihgt_pain)").fix == 'did you mean "night_pain"?'


# --- too much ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "fever" + ")" * 3000,
        "(" * 100_000,
        "NOT " * 3000 + "fever",
        " AND ".join(["fever"] * 5000),
        " OR ".join(["fever"] * 20_000),
        "age_years > " + " + ".join(["1"] * 3000),
        "x" * 100_000,
        "age_years > " + "1" * 5000,
    ],
    ids=["parentheses", "open parentheses", "NOT", "AND", "OR", "sum", "name", "number"],
)
def test_huge_input_is_refused_like_any_other(text: str) -> None:
    refusal(text)


@pytest.mark.parametrize("depth", range(10, 200, 10))
def test_what_is_let_in_can_be_run(depth: int) -> None:
    """However deep a predicate is nested: it is refused at the door, or it compiles and gives the right answer."""
    text = "fever"
    for level in range(depth):
        text = f"({text} OR weight_loss)" if level % 2 else f"AT_LEAST(1, ({text} AND night_pain))"
    try:
        node = parse(text, NAMES)
    except PredicateError:
        return
    (answer,), _ = compile_all([], [node])({"fever": True, "weight_loss": False, "night_pain": True})
    assert answer is True


# --- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("fever", FEVER),
        ("(((fever)))", FEVER),
        ("TRUE", Always()),
        ("acs.high", Flag("acs.high")),
        ("fever OR weight_loss AND night_pain", Or((FEVER, And((LOSS, NIGHT))))),
        ("(fever OR weight_loss) AND night_pain", And((Or((FEVER, LOSS)), NIGHT))),
        ("NOT fever AND weight_loss", And((Not(FEVER), LOSS))),
        ("NOT (fever AND weight_loss)", Not(And((FEVER, LOSS)))),
        ("NOT age_years > 50", Not(OVER_50)),
        ("fever AND weight_loss AND night_pain", And((FEVER, LOSS, NIGHT))),
        ("fever AND (weight_loss AND night_pain)", And((FEVER, LOSS, NIGHT))),
        ("fever OR (weight_loss OR night_pain)", Or((FEVER, LOSS, NIGHT))),
        (
            "age_years BETWEEN 18 AND 65 AND fever",
            And((And((Compare(">=", AGE, Number(18)), Compare("<=", AGE, Number(65)))), FEVER)),
        ),
        ("age_years NOT BETWEEN 18 AND 65", Not(And((Compare(">=", AGE, Number(18)), Compare("<=", AGE, Number(65)))))),
        ("age_years != 50", Not(Compare("=", AGE, Number(50)))),
        ("50 < age_years", Compare("<", Number(50), AGE)),
        ("age_years > -1.5", Compare(">", AGE, Number(-1.5))),
        ("-age_years < 0", Compare("<", Arith("-", Number(0), AGE), Number(0))),
        ("age_years - pain_now - 1 > 0", Compare(">", Arith("-", Arith("-", AGE, PAIN), Number(1)), Number(0))),
        ("age_years + pain_now * 2 > 0", Compare(">", Arith("+", AGE, Arith("*", PAIN, Number(2))), Number(0))),
        ("(age_years + pain_now) * 2 > 0", Compare(">", Arith("*", Arith("+", AGE, PAIN), Number(2)), Number(0))),
        ("onset = 'sudden'", OneOf("onset", ("sudden",))),
        ("onset != 'sudden'", Not(OneOf("onset", ("sudden",)))),
        ("onset IN ('sudden', 'gradual')", OneOf("onset", ("sudden", "gradual"))),
        ("onset NOT IN ('sudden')", Not(OneOf("onset", ("sudden",)))),
        ("regions IN ('sternum', 'epigastrium')", AnyOf("regions", ("sternum", "epigastrium"))),
        ("cook_count >= 3", ScoreCompare("cook_count", ">=", 3)),
        ("3 <= cook_count", ScoreCompare("cook_count", ">=", 3)),
        ("3 > cook_count", ScoreCompare("cook_count", "<", 3)),
        ("cook_count BETWEEN 2 AND 4", And((ScoreCompare("cook_count", ">=", 2), ScoreCompare("cook_count", "<=", 4)))),
        ("at_least(2, fever, weight_loss OR night_pain)", AtLeast(2, (FEVER, Or((LOSS, NIGHT))))),
    ],
)
def test_a_text_means_this_tree(text: str, tree: Node) -> None:
    assert parse(text, NAMES) == tree


def test_whole_numbers_stay_whole() -> None:
    node = parse("age_years > 50", NAMES)
    assert isinstance(node, Compare)
    assert isinstance(node.right, Number)
    assert type(node.right.value) is int


# --- terms -------------------------------------------------------------------------------------------------------------


def test_a_term_is_arithmetic_over_numbers() -> None:
    assert parse_term("age_years - pain_now", NAMES) == Arith("-", AGE, PAIN)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("age_years -", "cannot be read as arithmetic"),
        ("age_years > 1", '"age_years > 1" is not allowed in a predicate'),
        ("fever + 1", '"fever" is a flag, not a number'),
        ("age_yaers + 1", 'there is no finding "age_yaers"'),
    ],
)
def test_a_term_is_nothing_else(text: str, message: str) -> None:
    with pytest.raises(PredicateError) as caught:
        parse_term(text, NAMES)
    assert caught.value.message.startswith(message)
