"""The body chart has a place for every region of the vocabulary, on the side that it names."""

from __future__ import annotations

import re

import pytest

from rhomboid.vocabulary import load_vocabulary
from rhomboid.web.ui import body


@pytest.fixture(scope="module")
def options() -> dict[str, str]:
    return load_vocabulary().findings["pain_regions"].options


def test_every_option_has_an_area_and_stands_in_the_list(options: dict[str, str]) -> None:
    listed = [entry.region for _, entries in body.chart(options).groups for entry in entries]
    assert body.regions() == set(options)
    assert sorted(listed) == sorted(options)


def test_left_lies_left_from_behind_and_right_from_in_front() -> None:
    for area in body.areas():
        if area.region.endswith("_l") or area.region == "luq":
            assert (area.center[0] < 0) == (area.view == "back"), area.region
        elif area.region.endswith("_r") or area.region == "ruq":
            assert (area.center[0] > 0) == (area.view == "back"), area.region
        else:
            assert abs(area.center[0]) < 0.01, area.region


def test_a_view_names_its_sides_as_they_are_seen(options: dict[str, str]) -> None:
    back, front = body.chart(options).views
    assert (back.name, back.sides) == ("back", ("L", "R"))
    assert (front.name, front.sides) == ("front", ("R", "L"))


def test_outlines_are_closed_and_hold_numbers_without_a_comma() -> None:
    for area in body.areas():
        assert re.fullmatch(r"M[-\d. QL]+Z", area.path), area.region


def test_numbers_follow_the_order_of_choice_and_do_not_meet(options: dict[str, str]) -> None:
    chosen = ["midline_t5_t8", "interscapular_r", "medial_scapular_border_r", "paraspinal_t5_t8_r", "lateral_rib_l"]
    back = body.chart(options, chosen).views[0]
    assert [pin.number for pin in back.pins] == [1, 2, 3, 4, 5]
    places = [(float(pin.x), float(pin.y)) for pin in back.pins]
    for index, (x, y) in enumerate(places):
        assert all(abs(x - px) >= 2 * body.PIN or abs(y - py) >= 2 * body.PIN for px, py in places[:index])


def test_a_region_on_both_views_keeps_its_number(options: dict[str, str]) -> None:
    back, front = body.chart(options, ["sternum", "lateral_rib_r"]).views
    assert [pin.number for pin in back.pins] == [2]
    assert [pin.number for pin in front.pins] == [1, 2]


@pytest.mark.parametrize(
    ("chosen", "close"), [([], True), (["interscapular_l"], True), (["lumbar"], False), (["hand_glove_r"], False)]
)
def test_the_back_is_shown_from_near_while_all_that_is_marked_can_be_seen(
    options: dict[str, str], chosen: list[str], close: bool
) -> None:
    assert body.chart(options, chosen).close is close


def test_an_option_that_is_not_offered_is_not_drawn() -> None:
    chart = body.chart({"sternum": "Breastbone"})
    assert [len(view.areas) for view in chart.views] == [0, 1]
    assert chart.groups == (("Ribs, chest and belly", (body.Listed("sternum", "Breastbone", False),)),)


def test_words_of_the_vocabulary_are_escaped() -> None:
    marked = body.chart({"sternum": '"><script>'}).views[1].areas[0]
    assert "<script>" not in marked.button
    assert 'aria-label="&quot;&gt;&lt;script&gt;"' in marked.button


def test_one_region_of_each_view_is_the_way_in_by_keyboard(options: dict[str, str]) -> None:
    for view in body.chart(options).views:
        assert ['tabindex="0"' in marked.button for marked in view.areas].count(True) == 1
