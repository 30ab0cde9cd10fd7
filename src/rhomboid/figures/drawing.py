"""A figure as one self-contained SVG: still by itself, moving where the reader has not asked for less motion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Literal

from .model import Figure, Stance
from .outlines import Move, Outline, Shape, points_of, rigid, text
from .palette import style
from .scene import HIGH, WIDE, Scene, movement, scene_of
from .sides import mirrored_words

Still = Literal["", "start", "end"]
LARGEST = 8150
"""Bytes a figure may have."""
LOOSEST = 8.0
"""A form counts as kept when no point strays farther than this, even in a drawing that must shrink."""
GHOST_FROM = 6.0


def draw(
    figure: Figure, stances: Mapping[str, Stance], *, mirrored: bool, still: Still, inline: bool, alt: str, paper: bool
) -> str:
    """The SVG. With fewer moments when it would grow over its size."""
    scene = scene_of(figure, stances, 5 if figure.swing else 4)
    svg = _svg(figure, scene, mirrored, still, inline, alt, paper)
    while len(svg.encode()) > LARGEST and len(scene.moments) > 2:
        scene = scene._replace(moments=scene.moments[:: 2 if len(scene.moments) == 5 else len(scene.moments) - 1])
        svg = _svg(figure, scene, mirrored, still, inline, alt, paper)
    while len(svg.encode()) > LARGEST and scene.loose < LOOSEST and not still:
        scene = scene._replace(loose=scene.loose + 2, moving=movement(scene.moments, scene.loose + 1.5))
        svg = _svg(figure, scene, mirrored, still, inline, alt, paper)
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
    out = ""
    seconds = f"{figure.seconds:g}"
    ghost = _ghost_place(scene) if figure.ghost else -1
    for first, last, moves in _runs(scene, ghost):
        if first == ghost:
            out += _ghost(scene).replace('"z"', '"z s"', 1)
        if scene.moving[first]:
            out += min(_ways(scene, first, last, moves, seconds), key=len)
        else:
            out += _drawn(scene, first, last)
    return _floor(scene) + out + _arrows(scene)


def _drawn(scene: Scene, first: int, last: int) -> str:
    """These parts as they are at the end."""
    parts = scene.moments[-1].parts[first:last]
    return "".join(_path(p.color, p.shape, p.stroke, p.dots, scene) for p in parts)


def _ways(scene: Scene, first: int, last: int, moves: list[Move] | None, seconds: str) -> Iterator[str]:
    """The still parts and the moving ones: carried as they are, or one form turning into the next."""
    part = scene.moments[-1].parts[first]
    if moves:
        if last > first + 1:
            drawn = _drawn(scene, first, last)
            yield f'<g class="s">{drawn}</g><g class="m">{drawn}{_carried(moves, seconds)}</g>'
        else:
            motion = _carried(moves, seconds)
            still = _path(part.color, part.shape, part.stroke, part.dots, scene, "s")
            yield still + _path(part.color, part.shape, part.stroke, part.dots, scene, "m", motion)
    if last == first + 1:
        shapes = (text(moment.parts[first].shape) for moment in scene.moments)
        motion = f'<animate attributeName="d" {_times(shapes, seconds)}/>'
        still = _path(part.color, part.shape, part.stroke, part.dots, scene, "s")
        yield still + _path(part.color, None, part.stroke, part.dots, scene, "m", motion)


def _runs(scene: Scene, ghost: int) -> Iterator[tuple[int, int, list[Move] | None]]:
    """Parts that follow each other and keep their form together (first, past the last, how they move); else one by one."""
    count, first = len(scene.moving), 0
    while first < count:
        if first in scene.covered and first != ghost:
            first += 1
            continue
        last, moves = first + 1, rigid(_shapes(scene, first, first + 1), scene.loose) if scene.moving[first] else None
        while moves and last < count and scene.moving[last] and last not in scene.covered and last != ghost:
            further = rigid(_shapes(scene, first, last + 1), scene.loose)
            if not further:
                break
            last, moves = last + 1, further
        yield first, last, moves
        first = last


def _shapes(scene: Scene, first: int, last: int) -> list[Shape]:
    return [sum((part.shape for part in moment.parts[first:last]), ()) for moment in scene.moments]


def _times(values: Iterable[str], seconds: str) -> str:
    """There, a short stay, and back; the same steps of time for every part."""
    there = list(values)
    return f'dur="{seconds}s" repeatCount="indefinite" values="{";".join([*there, *there[::-1]])}"'


def _carried(moves: list[Move], seconds: str) -> str:
    """The motion of a part that keeps its form."""
    x, y = moves[0].center
    slides = _times((f"{move.x:g} {move.y:g}" for move in moves), seconds)
    out = f'<animateTransform attributeName="transform" type="translate" {slides}/>'
    if any(move.degrees for move in moves):
        spins = _times((f"{move.degrees:g} {x:g} {y:g}" for move in moves), seconds)
        out += f'<animateTransform attributeName="transform" type="rotate" additive="sum" {spins}/>'
    return out


def _path(color: str, shape: Shape | None, stroke: float, dots: bool, scene: Scene, when: str = "", inside: str = "") -> str:
    if shape == ():
        return ""
    names = f"{color} {when}".strip()
    data = f' d="{text(shape)}"' if shape is not None else ""
    width = f' stroke-width="{stroke * scene.scale:.2g}"' if stroke else ""
    dash = f' stroke-dasharray="0 {2.05 * stroke * scene.scale:.2g}"' if dots else ""
    end = f">{inside}</path>" if inside else "/>"
    return f'<path class="{names}"{data}{width}{dash}{end}'


def _ghost_place(scene: Scene) -> int:
    """Behind the person: before the first of its parts."""
    parts = enumerate(scene.moments[-1].parts)
    return next((i for i, part in parts if not part.name.startswith("prop") and i not in scene.covered), 0)


def _ghost(scene: Scene) -> str:
    start, end = scene.moments[0].parts, scene.moments[-1].parts
    # Outlines that run the other way round would cut holes into each other: each kind has a path of its own.
    filled: dict[str, list[Outline]] = {}
    lines = ""
    for number, part in enumerate(start):
        if (
            part.name.startswith("prop")
            or part.color in ("w", "b", "p", "e", "v2")
            or not scene.moving[number]
            or number in scene.covered
        ):
            continue
        if _farthest(part.shape, end[number].shape) < GHOST_FROM:
            continue
        if part.stroke:
            lines += _path("y", part.shape, part.stroke, False, scene)
        else:
            kind = part.shape[0].kind if part.name not in ("torso", "hips") else part.name
            filled.setdefault(kind, []).extend(part.shape)
    body = "".join(_path("x", tuple(outlines), 0, False, scene) for outlines in filled.values())
    return f'<g class="z">{body}{lines}</g>' if body or lines else ""


def _farthest(a: Shape, b: Shape) -> float:
    return max(abs(x - u) + abs(y - v) for (x, y), (u, v) in zip(points_of(a), points_of(b), strict=True))


def _floor(scene: Scene) -> str:
    return "" if scene.floor is None else f'<path class="l" d="M0 {scene.floor}h{WIDE}v{HIGH}H0z"/>'


def _arrows(scene: Scene) -> str:
    out = ""
    for shaft, heads in scene.arrows:
        (a, m, b) = shaft[0].points
        p = [round(v) for v in (a[0], a[1], m[0] - a[0], m[1] - a[1], b[0] - a[0], b[1] - a[1])]
        out += f'<path class="r" d="M{p[0]} {p[1]}q{p[2]} {p[3]} {p[4]} {p[5]}"/><path class="u" d="{text(heads)}"/>'
    return out
