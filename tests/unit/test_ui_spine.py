"""The spine says and draws what was found at each level, and nothing where nothing is known."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from rhomboid.web.ui import spine


def test_levels_stand_from_c7_to_l1() -> None:
    assert [level.name for level in spine.levels({})] == ["C7", *[f"T{n}" for n in range(1, 13)], "L1"]


def test_what_is_not_tested_is_said_so_and_not_called_normal() -> None:
    level = spine.levels({})[6]
    assert (level.spoken, level.marked, level.classes) == ("T6: not tested", False, "")


@pytest.mark.parametrize(
    ("state", "spoken", "classes", "sides"),
    [
        ({"mobility": "stiff"}, "T6: stiff", "stiff", []),
        ({"mobility": "stiff", "pain": "right"}, "T6: stiff, familiar pain on the right", "stiff", [1]),
        ({"pain": "both"}, "T6: familiar pain on both sides", "", [-1, 1]),
        ({"pain": "center"}, "T6: familiar pain in the middle", "", [0]),
        ({"mobility": "loose", "pain": "left"}, "T6: moves too much, familiar pain on the left", "loose", [-1]),
        ({"mobility": "normal"}, "T6: normal", "normal", []),
        ({"mobility": "stiff", "pending": True}, "T6: stiff, being entered", "stiff pending", []),
    ],
)
def test_a_state_is_drawn_and_spoken(state: dict[str, object], spoken: str, classes: str, sides: list[int]) -> None:
    level = spine.levels({"T6": state})[6]
    assert (level.spoken, level.classes) == (spoken, classes)
    assert [float(x) for x, _ in level.discs] == [side * spine.REACH for side in sides]


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(KeyError, match="T13"):
        spine.levels({"T13": {"mobility": "stiff"}})


def test_rows_cover_the_picture_without_gap_and_hold_their_bone() -> None:
    end = spine.TOP
    for level in spine.levels({}):
        top, height = (float(part) for part in level.tap)
        assert top == pytest.approx(end, abs=0.02)
        assert top < float(level.y) < top + height
        end = top + height
    assert end == pytest.approx(spine.TOP + spine.HEIGHT, abs=0.02)


def test_the_buttons_are_as_high_as_their_rows() -> None:
    css = files("rhomboid.web.ui").joinpath("static/ui/css/anatomy.css").read_text(encoding="utf-8")
    grown = {name: float(size) for name, size in re.findall(r'\[data-level="(\w+)"\] \{ flex-grow: ([\d.]+)', css)}
    assert grown == {level.name: pytest.approx(float(level.tap[1]), abs=0.02) for level in spine.levels({})}


def test_no_row_is_lower_than_24_pixels() -> None:
    css = files("rhomboid.web.ui").joinpath("static/ui/css/anatomy.css").read_text(encoding="utf-8")
    height = float(re.findall(r"\.spine \{[^}]*height: (\d+)px", css)[0])
    assert min(float(level.tap[1]) for level in spine.levels({})) / spine.HEIGHT * height >= 24


def test_the_summary_names_marked_levels_only() -> None:
    said = spine.summary({"T5": {"mobility": "stiff"}, "T8": {}})
    assert said == "Thoracic spine from behind. T5 stiff."
    assert spine.summary({}) == "Thoracic spine from behind. No level tested."
