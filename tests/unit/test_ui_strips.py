"""Small scales put values where they belong and leave out what was not measured."""

from __future__ import annotations

import pytest

from rhomboid.web.ui import strips


def test_a_value_lies_in_proportion_between_the_ends() -> None:
    drawn = strips.strip((0, 60), (30, 60), left=44, right=31)
    assert (drawn.left, drawn.right, drawn.one) == ("65.6", "47.4", None)
    assert drawn.band == ("46", "42")


def test_what_was_not_measured_is_not_drawn() -> None:
    assert strips.strip((0, 60)) == strips.Strip(None, None, None, None)


def test_zero_is_a_value() -> None:
    assert strips.strip((0, 60), left=0).left == "4"


def test_values_beyond_the_scale_stay_on_it() -> None:
    drawn = strips.strip((0, 60), (30, 90), left=-5, right=75)
    assert (drawn.left, drawn.right) == ("4", "88")
    assert drawn.band == ("46", "42")


@pytest.mark.parametrize(("baseline", "target"), [(5, 3), (3, 5)])
def test_the_way_to_a_goal_runs_from_the_lower_to_the_higher_end(baseline: float, target: float) -> None:
    goal = strips.goal((0, 10), baseline, target)
    assert goal.way == ("31%", "19%")
    assert goal.now is None


def test_the_way_ends_where_the_person_is_now() -> None:
    goal = strips.goal((0, 10), 5, 3, 4)
    assert (goal.baseline, goal.now, goal.target) == ("50%", "40.5%", "31%")
    assert goal.way == ("40.5%", "9.5%")


def test_a_change_without_known_error_has_no_whisker() -> None:
    assert strips.change((0, 10), 5, 3).error is None
    assert strips.change((0, 10), 5, 3, error=1).error == ("61.2", "88.8")


def test_a_single_value_is_not_a_line() -> None:
    assert strips.spark([5]) is None
    assert strips.spark([]) is None


def test_the_zone_of_a_spark_lies_on_the_better_side() -> None:
    lower, higher = strips.spark([5, 3], matters=3), strips.spark([5, 3], matters=3, lower_is_better=False)
    assert lower is not None
    assert higher is not None
    assert lower.zone == ("17", "9")
    assert higher.zone == ("0", "17")


def test_days_count_planned_days_only() -> None:
    assert strips.days(["done", "none", "missed", "half"]).spoken == "2 of 3 sessions in 4 days"
    with pytest.raises(ValueError, match="skipped"):
        strips.days(["skipped"])


def test_points_for_and_against_start_at_one_axis() -> None:
    few, many = strips.tally(2, 1), strips.tally(12, 5)
    assert few.axis == many.axis
    assert (len(few.supporting), len(few.against)) == (2, 1)
    assert (len(many.supporting), len(many.against)) == (8, 3)
    assert max(map(float, few.against)) + 5 < float(few.axis) < min(map(float, few.supporting))
