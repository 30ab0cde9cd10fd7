"""The pictures of the exercises: a small body with joints, posed by data and drawn as one moving SVG each."""

from __future__ import annotations

from .drawing import Still, draw, words
from .loading import Figures, figure_gaps, load_figures
from .model import Figure, Stance
from .palette import stylesheet


def figure_svg(
    figure: Figure,
    *,
    mirrored: bool = False,
    still: Still = "",
    inline: bool = False,
    alt: str | None = None,
    language: str = "en",
    paper: bool = False,
) -> str:
    """One picture as SVG text, under 8,192 bytes in both languages, mirrored or not.

    `still`: only the start, or the end with its arrow and the ghost of the start. `inline`: without its style, for a page that has
    figures.css. `alt`: what it says to those who cannot see it ("" marks it as an ornament; None takes the figure's own words in
    `language`, mirrored with the picture). `paper`: plain light colors, for renderers that know no variables.
    """
    said = words(figure, language, mirrored) if alt is None else alt
    return draw(figure, load_figures().stances, mirrored=mirrored, still=still, inline=inline, alt=said, paper=paper)


__all__ = ["Figure", "Figures", "Stance", "Still", "figure_gaps", "figure_svg", "load_figures", "stylesheet", "words"]
