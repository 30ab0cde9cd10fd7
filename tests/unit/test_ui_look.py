"""The tokens keep their contrast, and templates and scripts keep to the strict content security policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rhomboid.web import ui
from rhomboid.web.ui import icons

ROOT = Path(ui.__file__).parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TOKENS = (ROOT / "static/ui/css/tokens.css").read_text(encoding="utf-8")
PAIRS = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
COLORS = {name: (light, dark) for name, light, dark in PAIRS.findall(TOKENS)}

TEXT = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent") for ground in ("surface", "page")]
TEXT += [("accent", "accent-wash"), ("ink", "accent-wash"), ("on-accent", "accent"), ("ink-2", "chip"), ("pain", "surface")]
TEXT += [(kind, f"{kind}-wash") for kind in ("emergency", "same", "days", "routine", "monitor", "clear")]
EDGES = [("control", "surface"), ("accent", "surface"), ("pain-fill", "surface"), ("skin-line", "skin"), ("bone-line", "bone")]


def _light(color: str) -> float:
    parts = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(ink: str, ground: str, theme: int) -> None:
    assert contrast(COLORS[ink][theme], COLORS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_and_drawings_can_be_seen(edge: str, ground: str, theme: int) -> None:
    assert contrast(COLORS[edge][theme], COLORS[ground][theme]) >= 3


@pytest.mark.parametrize("theme", [0, 1])
def test_white_stands_on_the_emergency_block(theme: int) -> None:
    assert contrast("#FFFFFF", COLORS["emergency-fill"][theme]) >= 4.5


OWN_PALETTE = {"tokens.css", "figures.css"}
"""Where colors are named: the tokens, and the figures, whose rules are written by their own room from its palette."""


def test_styles_name_no_color_of_their_own() -> None:
    allowed = {"#fff", "#000", "#BFE0EA", "#1F5A6B", "#84908D"}  # white on solid blocks, masks, selection, paper
    for sheet in (ROOT / "static/ui/css").glob("*.css"):
        if sheet.name not in OWN_PALETTE:
            assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text(encoding="utf-8"))) <= allowed, sheet.name


def test_every_token_in_use_exists() -> None:
    known = set(
        re.findall(r"(--[\w-]+):", "".join(sheet.read_text(encoding="utf-8") for sheet in (ROOT / "static/ui/css").glob("*.css")))
    )
    for file in [*(ROOT / "static/ui").rglob("*.css"), *(ROOT / "static/ui/art").glob("*.svg"), *TEMPLATES]:
        for used in re.findall(r"var\((--[\w-]+)\)", file.read_text(encoding="utf-8")):
            assert used in known, f"{file.name}: {used}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son[a-z]+=|javascript:|hx-on", text)


def test_scripts_evaluate_nothing() -> None:
    for script in (ROOT / "static/ui/js").glob("*.js"):
        assert not re.search(
            r"\beval\(|new Function|\.innerHTML\s*=|document\.write|localStorage\.setItem\((?!\"theme\")",
            script.read_text(encoding="utf-8"),
        ), script.name


def test_urgencies_differ_in_outline() -> None:
    outlines = {icons.shapes()[name].split("/>")[0] for name in icons.URGENCY_ICONS.values()}
    assert len(outlines) == len(icons.URGENCY_ICONS)


def test_what_is_vendored_carries_its_license() -> None:
    for folder in (ROOT / "static/ui/vendor").iterdir():
        assert (folder / "LICENSE.txt").is_file(), folder.name
