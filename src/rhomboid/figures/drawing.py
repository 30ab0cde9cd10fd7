"""A figure as one self-contained SVG: still by itself, moving where the reader has not asked for less motion."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Literal

from .model import Figure, Stance
from .outlines import Outline, Shape, text
from .palette import style
from .scene import HIGH, WIDE, Scene, scene_of
from .sides import mirrored_words

Still = Literal["", "start", "end"]
LARGEST = 8000
"""Bytes a figure may have."""
GHOST_FROM = 6.0


def draw(
    figure: Figure, stances: Mapping[str, Stance], *, mirrored: bool, still: Still, inline: bool, alt: str, paper: bool
) -> str:
    """The SVG. With fewer moments when it would grow over its size."""
    for count in (3,) if still else (5, 4, 3, 2) if figure.swing else (4, 3, 2):
        scene = scene_of(figure, stances, count)
        svg = _svg(figure, scene, mirrored, still, inline, alt, paper)
        if len(svg.encode()) < LARGEST:
            break
    return svg


def words(figure: Figure, language: str, mirrored: bool) -> str:
    """What the picture shows, for those who cannot see it."""
    said = figure.es if language == "es" else figure.alt
    return mirrored_words(said, language) if mirrored else said


def _svg(figure: Figure, scene: Scene, mirrored: bool, still: Still, inline: bool, alt: str, paper: bool) -> str:
    body = _still(scene, 0 if still == "start" else -1, still != "start", figure.ghost) if still else _moving(scene, figure)
    inside = f'<g transform="matrix(-1 0 0 1 {WIDE} 0)">{body}</g>' if mirrored else body
    rules = "" if inline else f"<style>{style(inside, paper)}</style>"
    name = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="rf" viewBox="0 0 {WIDE} {HIGH}" {name}>{rules}{inside}</svg>'


def _still(scene: Scene, moment: int, with_movement: bool, with_ghost: bool) -> str:
    parts = scene.moments[moment].parts
    drawn = ["" if i in scene.covered else _path(p.color, p.shape, p.stroke, p.dots, scene) for i, p in enumerate(parts)]
    if with_movement and with_ghost:
        drawn.insert(_ghost_place(scene), _ghost(scene))
    return _floor(scene) + "".join(drawn) + (_arrows(scene) if with_movement else "")


def _moving(scene: Scene, figure: Figure) -> str:
    out = []
    seconds = f"{figure.seconds:g}"
    for number, part in enumerate(scene.moments[-1].parts):
        if number in scene.covered:
            continue
        if not scene.moving[number]:
            out.append(_path(part.color, part.shape, part.stroke, part.dots, scene))
            continue
        shapes = [text(moment.parts[number].shape) for moment in scene.moments]
        values = ";".join([shapes[0], *shapes, *shapes[::-1]]) if len(shapes) < 4 else ";".join([*shapes, *shapes[::-1]])
        motion = f'<animate attributeName="d" dur="{seconds}s" repeatCount="indefinite" values="{values}"/>'
        out.append(_path(part.color, part.shape, part.stroke, part.dots, scene, "s"))
        out.append(_path(part.color, None, part.stroke, part.dots, scene, "m", motion))
    if figure.ghost:
        out.insert(_ghost_index(scene), _ghost(scene).replace('"z"', '"z s"', 1))
    return _floor(scene) + "".join(out) + _arrows(scene)


def _path(color: str, shape: Shape | None, stroke: float, dots: bool, scene: Scene, when: str = "", inside: str = "") -> str:
    if shape == ():
        return ""
    names = f"{color} {when}".strip()
    data = f' d="{text(shape)}"' if shape is not None else ""
    scale = _scale(scene)
    width = f' stroke-width="{stroke * scale:.2g}"' if stroke else ""
    dash = f' stroke-dasharray="0 {2.05 * stroke * scale:.2g}"' if dots else ""
    end = f">{inside}</path>" if inside else "/>"
    return f'<path class="{names}"{data}{width}{dash}{end}'


def _scale(scene: Scene) -> float:
    return scene.scale


def _ghost_place(scene: Scene) -> int:
    """Behind the person: before the first of its parts."""
    return next((i for i, part in enumerate(scene.moments[-1].parts) if not part.name.startswith("prop")), 0)


def _ghost_index(scene: Scene) -> int:
    place = _ghost_place(scene)
    return place + sum(scene.moving[:place]) - sum(number < place for number in scene.covered)


def _ghost(scene: Scene) -> str:
    start, end = scene.moments[0].parts, scene.moments[-1].parts
    filled: list[Outline] = []
    lines = ""
    for number, part in enumerate(start):
        if part.name.startswith("prop") or part.color in ("w", "b", "p", "e", "v2") or not scene.moving[number] or number in scene.covered:
            continue
        if _farthest(part.shape, end[number].shape) < GHOST_FROM:
            continue
        if part.stroke:
            lines += _path("y", part.shape, part.stroke, False, scene)
        else:
            filled += part.shape
    body = _path("x", tuple(filled), 0, False, scene) if filled else ""
    return f'<g class="z">{body}{lines}</g>' if body or lines else ""


def _farthest(a: Shape, b: Shape) -> float:
    pairs = zip((p for o in a for p in o.points), (p for o in b for p in o.points), strict=True)
    return max(abs(x - u) + abs(y - v) for (x, y), (u, v) in pairs)


def _floor(scene: Scene) -> str:
    return "" if scene.floor is None else f'<path class="l" d="M0 {scene.floor}h{WIDE}v{HIGH}H0z"/>'


def _arrows(scene: Scene) -> str:
    out = ""
    for shaft, heads in scene.arrows:
        (a, m, b) = shaft[0].points
        p = [round(v) for v in (a[0], a[1], m[0] - a[0], m[1] - a[1], b[0] - a[0], b[1] - a[1])]
        out += f'<path class="r" d="M{p[0]} {p[1]}q{p[2]} {p[3]} {p[4]} {p[5]}"/><path class="u" d="{text(heads)}"/>'
    return out
