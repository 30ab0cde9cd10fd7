"""The contact sheet: the start and the end of every figure on one PNG, each with its name and id."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import shorten

from ..figures import Figure, Still, figure_svg
from ..figures.palette import PALETTE, style
from ..vocabulary import Problem, RhomboidError

COLUMNS = 5
STILL_WIDE, STILL_HIGH = 168, 126
"""Pixels of one still; the drawings are 4 to 3."""
GAP, SPACE, CAPTION = 4, 14, 34
CELL_WIDE, CELL_HIGH = 2 * STILL_WIDE + GAP, STILL_HIGH + CAPTION
LONGEST = 54
"""Letters of a name that have room."""
STILLS: tuple[Still, ...] = ("start", "end")
INK, FAINT, PAPER = "#15201e", "#5a6866", "#ffffff"


def sheet_svg(figures: Sequence[tuple[str, Figure]]) -> str:
    """All figures, given with their names, in rows on white paper, as one SVG."""
    rows = -(-len(figures) // COLUMNS)
    wide, high = SPACE + COLUMNS * (CELL_WIDE + SPACE), SPACE + rows * (CELL_HIGH + SPACE)
    cells = "".join(_cell(name, figure, *divmod(number, COLUMNS)) for number, (name, figure) in enumerate(figures))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">'
        f"<style>{style(cells, paper=True)}</style>"
        f'<rect width="{wide}" height="{high}" fill="{PAPER}"/>{cells}</svg>'
    )


def sheet_png(figures: Sequence[tuple[str, Figure]]) -> bytes:
    """The sheet as PNG. Raises RhomboidError when resvg is not installed."""
    try:
        from resvg_py import svg_to_bytes  # an extra: only who draws the sheet needs it
    except ImportError as error:
        fix = 'install it with pip install "rhomboid[sheet]"'
        raise RhomboidError([Problem("rhomboid figures", "resvg", f"resvg is not installed ({error})", fix)]) from None
    return svg_to_bytes(svg_string=sheet_svg(figures), font_family="DejaVu Sans", sans_serif_family="DejaVu Sans")


def _cell(name: str, figure: Figure, row: int, column: int) -> str:
    x, y = SPACE + column * (CELL_WIDE + SPACE), SPACE + row * (CELL_HIGH + SPACE)
    drawn = "".join(_still(figure, still, number * (STILL_WIDE + GAP)) for number, still in enumerate(STILLS))
    called = escape(shorten(name, LONGEST, placeholder=" …"))
    words = (
        f'<text y="{STILL_HIGH + 15}" font-family="sans-serif" font-size="12" fill="{INK}">{called}</text>'
        f'<text y="{STILL_HIGH + 29}" font-family="sans-serif" font-size="10" fill="{FAINT}">{figure.id}</text>'
    )
    return f'<g transform="translate({x} {y})">{drawn}{words}</g>'


def _still(figure: Figure, still: Still, x: int) -> str:
    drawn = figure_svg(figure, still=still, inline=True, alt="")
    placed = drawn.replace("<svg ", f'<svg x="{x}" width="{STILL_WIDE}" height="{STILL_HIGH}" ', 1)
    return f'<rect x="{x}" width="{STILL_WIDE}" height="{STILL_HIGH}" rx="6" fill="{PALETTE["edge"][0]}"/>{placed}'
