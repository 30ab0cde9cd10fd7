"""The choice is the best there is: on small drawn problems HiGHS and trying every subset agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from hypothesis import event, given, settings
from hypothesis import strategies as st

from rhomboid.reasoning.planning.solve import MINUTE_PRICE, RANK_PRICE, Choice, Option, Problem, solve, to_relax

NEEDS = ("stiffness", "weakness", "sleep")
LIMITS = ("exercises", "minutes", "ladder.a")
CLOSE = 1e-6
"""Below a tenth of the smallest price, so that a wrong choice between ties shows."""
DRAWN = settings(derandomize=True, database=None, deadline=None, max_examples=150)

# Quarters are exact in binary: whether a subset fits a limit never hangs on rounding.
quarters = st.integers(1, 8).map(lambda n: n / 4)


# --- drawing a problem ---------------------------------------------------------------------------------------------------


@st.composite
def options(draw: st.DrawFn, place: int) -> Option:
    return Option(
        id=f"option_{place}",
        serves=draw(st.dictionaries(st.sampled_from(NEEDS), quarters, max_size=3)),
        uses=draw(st.dictionaries(st.sampled_from(LIMITS), quarters, max_size=3)),
        minutes=draw(st.sampled_from((0.0, 1.5, 4.0, 10.0))),
        forced=draw(st.sampled_from((False, False, False, True))),
        bonus=draw(st.sampled_from((0.0, 0.0, 0.15))),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    return Problem(
        options=[draw(options(place)) for place in range(draw(st.integers(0, 9)))],
        needs=draw(st.dictionaries(st.sampled_from(NEEDS), st.sampled_from((0.5, 1.0, 1.5, 2.0, 3.0)), max_size=3)),
        limits=draw(st.dictionaries(st.sampled_from(LIMITS), st.integers(1, 20).map(lambda n: n / 4), max_size=3)),
        returns=draw(st.sampled_from(((1.0, 0.4, 0.15), (1.0, 0.5), (1.0,), (0.75, 0.75, 0.25)))),
    )


# --- the same question, answered by trying everything --------------------------------------------------------------------


def benefit(problem: Problem, chosen: Sequence[int]) -> float:
    """Help on each need with diminishing returns, each step of one unit at most, less the prices and with the bonus."""
    total = 0.0
    for need, weight in problem.needs.items():
        served = sum(problem.options[place].serves.get(need, 0.0) for place in chosen)
        total += weight * sum(share * min(1.0, max(0.0, served - step)) for step, share in enumerate(problem.returns))
    for place in chosen:
        option = problem.options[place]
        total += option.bonus - MINUTE_PRICE * option.minutes - RANK_PRICE * place
    return total


def allowed(problem: Problem) -> Iterator[tuple[int, ...]]:
    """Every subset that holds what is forced and fits all limits."""
    for picks in product((False, True), repeat=len(problem.options)):
        chosen = tuple(place for place, picked in enumerate(picks) if picked)
        forced = all(picked for picked, option in zip(picks, problem.options, strict=True) if option.forced)
        if forced and fits(problem, chosen):
            yield chosen


def fits(problem: Problem, chosen: Sequence[int]) -> bool:
    used = {name: sum(problem.options[place].uses.get(name, 0.0) for place in chosen) for name in problem.limits}
    return all(used[name] <= most for name, most in problem.limits.items())


def places(problem: Problem, choice: Choice) -> tuple[int, ...]:
    return tuple(place for place, option in enumerate(problem.options) if option.id in choice.chosen)


# --- agreement -----------------------------------------------------------------------------------------------------------


@DRAWN
@given(problems())
def test_no_subset_is_better_than_the_one_chosen(problem: Problem) -> None:
    choice = solve(problem)
    values = {chosen: benefit(problem, chosen) for chosen in allowed(problem)}
    event("infeasible" if not values else "chosen" if choice and choice.chosen else "nothing chosen")
    if not values:
        assert choice is None
        return
    assert choice is not None
    chosen = places(problem, choice)
    assert chosen in values
    assert abs(choice.value - max(values.values())) < CLOSE
    assert abs(choice.value - values[chosen]) < CLOSE


@DRAWN
@given(problems())
def test_a_problem_without_a_choice_names_every_limit_that_what_is_forced_breaks(problem: Problem) -> None:
    forced = [option for option in problem.options if option.forced]
    needed = {name: sum(option.uses.get(name, 0.0) for option in forced) for name in problem.limits}
    relaxed = to_relax(problem)
    assert relaxed == {name: need for name, need in needed.items() if need > problem.limits[name]}
    assert (solve(problem) is None) == bool(relaxed)


@DRAWN
@given(problems())
def test_relaxing_what_is_named_is_enough_and_the_choice_is_the_same_each_time(problem: Problem) -> None:
    relaxed = Problem(problem.options, problem.needs, {**problem.limits, **to_relax(problem)}, problem.returns)
    choice = solve(relaxed)
    assert choice is not None
    assert choice == solve(relaxed)


# --- single cases --------------------------------------------------------------------------------------------------------


def option(id_: str, *, minutes: float = 0.0, forced: bool = False, bonus: float = 0.0, **serves: float) -> Option:
    return Option(id_, serves, {"exercises": 1.0, "minutes": minutes}, minutes, forced, bonus)


def chosen_of(*options: Option, exercises: float = 1.0, minutes: float = 60.0) -> tuple[str, ...]:
    problem = Problem(options, {"stiffness": 2.0, "weakness": 1.0}, {"exercises": exercises, "minutes": minutes}, (1.0, 0.4))
    choice = solve(problem)
    assert choice is not None
    return choice.chosen


def test_nothing_to_choose_from_is_an_empty_choice() -> None:
    assert solve(Problem((), {"stiffness": 1.0}, {"exercises": 3.0}, (1.0,))) == Choice((), 0.0)


def test_of_two_equal_options_the_one_listed_first_is_chosen() -> None:
    assert chosen_of(option("first", stiffness=1.0), option("second", stiffness=1.0)) == ("first",)
    assert chosen_of(option("second", stiffness=1.0), option("first", stiffness=1.0)) == ("second",)


def test_of_twelve_equal_options_the_first_ones_are_chosen() -> None:
    twelve = [option(f"option_{place:02}", stiffness=0.5) for place in range(12)]
    assert chosen_of(*twelve, exercises=3.0) == ("option_00", "option_01", "option_02")


def test_of_two_equally_good_options_the_shorter_is_chosen() -> None:
    assert chosen_of(option("long", minutes=8.0, stiffness=1.0), option("short", minutes=3.0, stiffness=1.0)) == ("short",)


def test_a_second_need_is_worth_more_than_a_second_unit_of_the_first() -> None:
    """0.4 of a weight of 2 is less than the first unit of a weight of 1."""
    picked = chosen_of(option("a", stiffness=1.0), option("b", stiffness=1.0), option("c", weakness=1.0), exercises=2.0)
    assert picked == ("a", "c")


def test_a_bonus_decides_between_equals_and_not_against_more_help() -> None:
    assert chosen_of(option("new", stiffness=1.0), option("carried_on", stiffness=1.0, bonus=0.15)) == ("carried_on",)
    assert chosen_of(option("new", stiffness=1.0), option("carried_on", stiffness=0.8, bonus=0.15)) == ("new",)


def test_what_helps_nobody_is_left_out_and_what_is_forced_stays_in() -> None:
    assert chosen_of(option("idle", minutes=2.0), exercises=3.0) == ()
    assert chosen_of(option("idle", minutes=2.0, forced=True), option("good", stiffness=1.0)) == ("idle",)


def test_a_limit_without_room_for_the_smallest_option_is_tight() -> None:
    two = (option("a", minutes=8.0, stiffness=1.0), option("b", minutes=5.0, weakness=1.0))
    problem = Problem(two, {"stiffness": 2.0, "weakness": 1.0}, {"exercises": 2.0, "minutes": 12.0}, (1.0, 0.4))
    choice = solve(problem)
    assert choice is not None
    assert (choice.chosen, choice.tight) == (("a",), ("minutes",))


def test_the_broken_limit_is_named_with_what_it_would_have_to_be() -> None:
    forced = (option("a", minutes=9.0, forced=True), option("b", minutes=7.0, forced=True))
    problem = Problem(forced, {}, {"exercises": 3.0, "minutes": 15.0}, (1.0,))
    assert solve(problem) is None
    assert to_relax(problem) == {"minutes": 16.0}
