"""The exercises' pictures: drawing one, beside turning the same picture into pixels and reading it from a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from resvg_py import svg_to_bytes

from rhomboid.figures import figure_svg, load_figures

from .timing import Timing, measure

WIDE = 416
"""Pixels: the drawing's own width."""


def figures() -> list[Timing]:
    """Every figure in turn, one core."""
    known = load_figures().figures
    still = {name: figure_svg(figure, still="end") for name, figure in known.items()}
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in known]
        for file in files:
            file.write_text(figure_svg(known[file.name]), encoding="utf-8")
        return [
            measure(
                "one figure, drawn",
                [lambda figure=figure: figure_svg(figure) for figure in known.values()],
                rounds=12,
                target="p99 under 5 ms",
            ),
            measure(
                "  its end made pixels by resvg",
                [lambda svg=svg: svg_to_bytes(svg_string=svg, width=WIDE, skip_system_fonts=True) for svg in still.values()],
                rounds=3,
            ),
            measure("  the same read from a file", [file.read_bytes for file in files], rounds=12),
        ]
