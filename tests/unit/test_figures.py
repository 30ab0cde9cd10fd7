"""The exercises' pictures: small, still when asked, the same for everybody, mirrored with their words; bad files are refused."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from rhomboid.figures import Still, figure_svg, load_figures, stylesheet, words
from rhomboid.figures.scene import poses_of, scene_of
from rhomboid.figures.sides import mirrored_words
from rhomboid.figures.skeleton import FOREARM, SHIN, THIGH, UPPER_ARM, body_of
from rhomboid.figures.vectors import length, sub
from rhomboid.vocabulary import KnowledgeError

KNOWN = load_figures()
EACH = pytest.mark.parametrize("name", sorted(KNOWN.figures))
CSS = Path("src/rhomboid/web/ui/static/ui/css/figures.css")


@cache
def plain(name: str) -> str:
    return figure_svg(KNOWN.figures[name])


@cache
def still(name: str, which: Still) -> str:
    return figure_svg(KNOWN.figures[name], still=which, inline=True, alt="")


@EACH
def test_small_and_without_anything_that_runs_or_loads(name: str) -> None:
    svg = plain(name)
    longest = figure_svg(KNOWN.figures[name], mirrored=True, language="es")
    assert max(len(svg.encode()), len(longest.encode())) < 8192
    assert "<script" not in svg
    assert " on" not in re.sub('aria-label="[^"]*"', "", svg)
    assert "href" not in svg
    assert "url(" not in svg


@EACH
def test_moves_only_where_motion_is_wanted(name: str) -> None:
    assert "prefers-reduced-motion:no-preference" in plain(name)
    assert "<animate" not in still(name, "start")
    assert "<animate" not in still(name, "end")


@EACH
def test_says_what_it_shows_in_both_languages(name: str) -> None:
    figure = KNOWN.figures[name]
    assert f'aria-label="{figure.alt}"' in plain(name)
    for language, said in (("en", figure.alt), ("es", figure.es)):
        assert words(figure, language, mirrored=False) == said
        assert mirrored_words(mirrored_words(said, language), language) == said
        assert len(said) < 220


@EACH
def test_mirrored_is_the_same_drawing_turned_over(name: str) -> None:
    mirrored = figure_svg(KNOWN.figures[name], mirrored=True, still="end", inline=True, alt="")
    head, turned, rest = mirrored.partition('<g transform="matrix(-1 0 0 1 416 0)">')
    assert turned
    assert head + rest.replace("</g></svg>", "</svg>") == still(name, "end")


@EACH
def test_limbs_keep_their_length(name: str) -> None:
    start, end = poses_of(KNOWN.figures[name], KNOWN.stances)
    for share in (0, 0.3, 1):
        body = body_of(start, end, share)
        for limbs, first, second in ((body.arms, UPPER_ARM, FOREARM), (body.legs, THIGH, SHIN)):
            for limb in limbs.values():
                assert length(sub(limb.middle, limb.root)) == pytest.approx(first, abs=0.2)
                assert length(sub(limb.end, limb.middle)) == pytest.approx(second, abs=0.2)


def test_sides_are_named_in_both_languages_or_in_none() -> None:
    """A figure of one side says which; the word "right" of a right angle would become "left" in the mirror."""
    for name, figure in KNOWN.figures.items():
        sides = bool(re.search(r"\b(left|right)\b", figure.alt)), bool(re.search("izquierd|derech", figure.es))
        assert sides == (figure.sided, figure.sided), name


def test_left_and_right_change_places_in_the_words() -> None:
    assert mirrored_words("Left hand on the right knee.", "en") == "Right hand on the left knee."
    assert mirrored_words("La mano izquierda en el lado derecho.", "es") == "La mano derecha en el lado izquierdo."
    figure = next(figure for figure in KNOWN.figures.values() if " right " in figure.alt)
    assert words(figure, "en", mirrored=True) != words(figure, "en", mirrored=False)


def test_the_stylesheet_of_the_site_holds_the_same_rules() -> None:
    assert CSS.read_text(encoding="utf-8") == stylesheet()


def test_a_thing_goes_with_the_body_and_a_round_arrow_has_two_heads() -> None:
    lift = scene_of(KNOWN.figures["ex_nmc_lift_pattern"], KNOWN.stances, 2)
    number = next(i for i, part in enumerate(lift.moments[0].parts) if part.name == "prop_0" and part.color == "n")
    low, high = (min(y for _, y in moment.parts[number].shape[0].points) for moment in lift.moments)
    assert low - high > 50
    assert lift.moving[number]
    assert len(scene_of(KNOWN.figures["ex_nmc_wall_ball"], KNOWN.stances, 2).arrows) == 2


GOOD = '[ex_one]\nalt = "A."\nes = "A."\nview = [0, 0]\nstance = "standing"\nregion = ["neck"]\n'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (GOOD + "end = {}\nknees = 3\n", 'figures/bad.toml: ex_one: unknown key "knees"'),
        (GOOD, 'ex_one: the key "end" is missing'),
        (GOOD.replace("standing", "standin") + "end = {}\n", 'no stance "standin"; did you mean "standing"?'),
        (GOOD + 'end = {}\narrows = [{ of = "hand_x" }]\n', 'no place "hand_x" on the body'),
        (GOOD + 'end = {}\nprops = [{ kind = "box", of = "hand_x", x = [0, 1], y = [0, 1], z = [0, 1] }]\n', 'no place "hand_x"'),
        (GOOD + 'end = { arm_l = { elbow = "out" } }\n', '"arm_l" says not exactly one of angles, to and on'),
        (GOOD.replace('"neck"', '"nekc"') + "end = {}\n", '"nekc" is not allowed'),
    ],
)
def test_a_bad_file_is_told_by_file_figure_key_and_fix(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "stances.toml").write_text("[standing]\npose = {}\n", encoding="utf-8")
    (tmp_path / "bad.toml").write_text(written, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=re.escape(said)):
        load_figures(tmp_path)


AT_ONCE = """
import sys, threading
from rhomboid.figures.loading import load_figures
sys.setswitchinterval(1e-6)
gate = threading.Barrier(4)
def read():
    gate.wait()
    load_figures.__wrapped__()
threads = [threading.Thread(target=read) for _ in range(4)]
[one.start() for one in threads]
[one.join() for one in threads]
"""


def test_four_threads_read_the_files_first_and_at_once() -> None:
    """As when a page asks a fresh server for several pictures: it ended the process in one of two tries."""
    for _ in range(3):
        subprocess.run([sys.executable, "-c", AT_ONCE], check=True)
