"""A curve shows its values, their error and its zones, and its words stand where nothing else does."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhomboid.web.ui import examples
from rhomboid.web.ui.curves import LETTER, Course, Drawing, Reading, Word, curve, day

START = date(2026, 11, 23)


def course(*values: float, **given: object) -> Course:
    readings = tuple(Reading(START + timedelta(weeks=week), value) for week, value in enumerate(values))
    return Course("Pain", readings, **given)  # type: ignore[arg-type]


def test_higher_values_lie_higher_and_later_ones_further_right() -> None:
    wide = curve(course(5, 3, 8)).drawings[0]
    xs, ys = zip(*((float(x), float(y)) for x, y in wide.dots), strict=True)
    assert list(xs) == sorted(xs)
    assert ys[2] < ys[0] < ys[1]


def test_the_axis_is_never_cut() -> None:
    wide = curve(course(4, 4.2)).drawings[0]
    assert [word.words for word in wide.values] == ["0", "2", "4", "6", "8", "10"]


def test_without_a_value_there_is_no_line_and_it_is_said() -> None:
    empty = curve(Course("Pain", ()))
    assert empty.spoken == "Pain: no value yet."
    assert all(drawing.line == "" and drawing.last is None for drawing in empty.drawings)


def test_one_value_is_a_point() -> None:
    wide = curve(course(5)).drawings[0]
    assert (wide.line, len(wide.dots)) == ("", 1)


def test_the_table_says_which_errors_are_known() -> None:
    known = Reading(START, 5.0, 4.1, 5.9)
    table = curve(Course("Pain", (known, Reading(START + timedelta(weeks=8), 1.7)))).table
    assert [(row.on, row.value, row.error) for row in table] == [
        ("Nov 23, 2026", "5", "4.1 to 5.9"),
        ("Jan 18", "1.7", "not known"),
    ]


def test_a_date_has_its_year_once_it_is_not_this_one() -> None:
    assert day(START, START) == "Nov 23"
    assert day(START, date(2027, 1, 18)) == "Nov 23, 2026"


@pytest.mark.parametrize("matters", [(0, 3), (7, 10)])
def test_the_edge_of_the_zone_is_the_end_that_is_not_the_end_of_the_scale(matters: tuple[float, float]) -> None:
    wide = curve(course(5, 4, matters=matters)).drawings[0]
    inner = matters[1] if matters[0] == 0 else matters[0]
    height = next(word.y for word in curve(course(5, 4, step=1)).drawings[0].values if word.words == str(inner))
    assert f" {float(height) - 4:g}H" in wide.zone_edge.replace(".0H", "H")


def _box(word: Word) -> tuple[float, float, float, float]:
    width = len(word.words) * LETTER
    left = float(word.x) - {"start": 0, "middle": width / 2, "end": width}[word.anchor]
    return left, float(word.y) - 10, left + width, float(word.y) + 2


def _words_meet(drawing: Drawing) -> bool:
    named = [word for word in (drawing.zone_word, drawing.chance_word, *drawing.events) if word]
    boxes = [_box(word) for word in named]
    return any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for index, a in enumerate(boxes) for b in boxes[:index])


@pytest.mark.parametrize("name", ["pain", "function", "one"])
@pytest.mark.parametrize("size", [0, 1])
def test_words_do_not_cover_each_other_and_stay_on_the_paper(name: str, size: int) -> None:
    drawing = examples.curve_examples()[name].drawings[size]
    assert not _words_meet(drawing)
    for word in (*drawing.dates, *drawing.events, drawing.chance_word):
        left, _, right, _ = _box(word)
        assert left >= -1
        assert right <= float(drawing.width) + 1


@given(st.lists(st.floats(0, 10), min_size=1, max_size=30), st.integers(1, 40))
def test_any_course_stays_inside_its_frame(values: list[float], gap: int) -> None:
    readings = tuple(
        Reading(START + timedelta(days=gap * index), value, value - 1, value + 1) for index, value in enumerate(values)
    )
    for drawing in curve(Course("Pain", readings, chance=(4, 6), matters=(0, 3))).drawings:
        assert all(0 <= float(x) <= float(drawing.width) and 0 <= float(y) <= float(drawing.height) for x, y in drawing.dots)
        shown = sorted(float(word.x) for word in drawing.dates)
        assert all(after - before > 40 for before, after in itertools.pairwise(shown))


@given(st.lists(st.integers(0, 10), min_size=1, max_size=8), st.sampled_from([((1.0, 9.0), (0.0, 3.0)), ((2.0, 6.0), (6.0, 10.0))]))
def test_the_names_of_zones_stay_within_the_axes(values: list[int], zones: tuple[tuple[float, float], tuple[float, float]]) -> None:
    for drawing in curve(course(*map(float, values), chance=zones[0], matters=zones[1])).drawings:
        baseline = max(float(word.y) for word in drawing.values)
        for word in (drawing.zone_word, drawing.chance_word):
            assert word is None or float(word.y) <= baseline
