"""Flat outlines and their text: whole numbers, relative steps, so that a figure stays small."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import atan2, cos, degrees, hypot, pi, sin, sqrt
from typing import Literal, NamedTuple

Flat = tuple[float, float]
Kind = Literal["blob", "polygon", "line", "capsule"]


class Outline(NamedTuple):
    kind: Kind
    points: tuple[Flat, ...]
    """A blob's guide points, a polygon's corners, a line's points, or the two centers of a capsule."""
    radii: tuple[float, float] = (0, 0)


Shape = tuple[Outline, ...]
AROUND = 8
WAYS = tuple((cos(2 * pi * i / AROUND), sin(2 * pi * i / AROUND)) for i in range(AROUND))
ROUND = 1.07
"""A closed curve guided by eight points on a circle lies a little inside it."""


def ball(center: Flat, axes: tuple[Flat, ...]) -> Outline:
    """The silhouette of an ellipsoid given by its projected axes."""
    xx = xy = yy = 0.0
    for x, y in axes:
        xx += x * x
        xy += x * y
        yy += y * y
    points = []
    for u, v in WAYS:
        x, y = xx * u + xy * v, xy * u + yy * v
        size = ROUND / (sqrt(u * x + v * y) or 1e-9)
        points.append((center[0] + x * size, center[1] + y * size))
    return Outline("blob", tuple(points))


def tower(rings: list[tuple[Flat, tuple[Flat, Flat], Flat]]) -> Outline:
    """The silhouette of rings stacked along a curve: (center, half axes, direction upward) each."""
    left, right = [], []
    centers = [ring[0] for ring in rings]
    for i, (center, axes, up) in enumerate(rings):
        before, after = centers[max(i - 1, 0)], centers[min(i + 1, len(rings) - 1)]
        along = (after[0] - before[0] + up[0], after[1] - before[1] + up[1])
        size = hypot(*along) or 1e-9
        u, v = -along[1] / size, along[0] / size
        (ax, ay), (bx, by) = axes
        first, second = ax * u + ay * v, bx * u + by * v
        reach = sqrt(first * first + second * second) or 1e-9
        x, y = (ax * first + bx * second) / reach, (ay * first + by * second) / reach
        left.append((center[0] + x, center[1] + y))
        right.append((center[0] - x, center[1] - y))
    return Outline("blob", tuple(left + right[::-1]))


def capsule(a: Flat, b: Flat, wide: float, narrow: float) -> Outline:
    """A limb that tapers from `wide` at a to `narrow` at b."""
    return Outline("capsule", (a, b), (wide, narrow))


class Move(NamedTuple):
    """How a shape that keeps its form is carried from its last place: turned about a center, then shifted."""

    center: Flat
    x: float
    y: float
    degrees: float


def rigid(shapes: list[Shape], loose: float) -> list[Move] | None:
    """How the last shape is carried to each of them, or None where a point of its form strays farther than `loose`."""
    last = points_of(shapes[-1])
    center = _middle(last)
    around = [(x - center[0], y - center[1]) for x, y in last]
    moves: list[Move] = []
    for shape in shapes:
        middle, angle = center, 0.0
        if shape is not shapes[-1]:
            points = points_of(shape)
            middle = _middle(points)
            fitted = _fitted(around, [(x - middle[0], y - middle[1]) for x, y in points], loose)
            if fitted is None:
                return None
            angle = fitted
        turned = round(degrees(angle))
        if moves and abs(turned - moves[-1].degrees) > 180:
            turned += 360 if turned < 0 else -360
        moves.append(Move((round(center[0]), round(center[1])), round(middle[0] - center[0]), round(middle[1] - center[1]), turned))
    return moves


def _fitted(around: list[Flat], now: list[Flat], loose: float) -> float | None:
    """The turn about the middle, in radians, that lays one form onto the other best; None where a point strays too far."""
    along = aside = 0.0
    for (x, y), (u, v) in zip(around, now, strict=True):
        along += x * u + y * v
        aside += x * v - y * u
    angle = atan2(aside, along)
    c, s = cos(angle), sin(angle)
    for (x, y), (u, v) in zip(around, now, strict=True):
        if abs(x * c - y * s - u) + abs(x * s + y * c - v) > loose:
            return None
    return angle


def points_of(shape: Shape) -> list[Flat]:
    """The points of all its outlines, in their order."""
    return [point for outline in shape for point in outline.points]


def _middle(points: list[Flat]) -> Flat:
    across, down = zip(*points, strict=True)
    return (sum(across) / len(points), sum(down) / len(points))


def extent(shape: Shape) -> list[Flat]:
    """Points that enclose a shape."""
    points: list[Flat] = []
    for outline in shape:
        r = max(outline.radii)
        for x, y in outline.points:
            points += [(x - r, y - r), (x + r, y + r)] if r else [(x, y)]
    return points


# --- text ----------------------------------------------------------------------------------------------------------------


def text(shape: Shape) -> str:
    """The path data. The same outlines in another pose give the same commands, so that one can turn into the other."""
    return "".join(map(_text, shape))


@lru_cache(maxsize=2048)
def _text(outline: Outline) -> str:
    return _TEXTS[outline.kind](outline)


def _numbers(values: list[int]) -> str:
    out = ""
    for value in values:
        out += f" {value}" if value >= 0 and out else f"{value}"
    return out


def _steps(points: list[tuple[int, int]]) -> list[int]:
    steps: list[int] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        steps += [x1 - x0, y1 - y0]
    return steps


def _whole(points: tuple[Flat, ...]) -> list[tuple[int, int]]:
    return [(round(x), round(y)) for x, y in points]


def _line(outline: Outline) -> str:
    whole = _whole(outline.points)
    return f"M{_numbers([*whole[0]])}l{_numbers(_steps(whole))}"


def _polygon(outline: Outline) -> str:
    return _line(outline) + "z"


def _blob(outline: Outline) -> str:
    # Even guide points give whole middles, and each further curve is told by its end alone.
    guides = [(2 * round(x / 2), 2 * round(y / 2)) for x, y in outline.points]
    after = guides[1:] + guides[:1]
    middles = [((a[0] + b[0]) // 2, (a[1] + b[1]) // 2) for a, b in zip(guides, after, strict=True)]
    start, first, second = middles[0], guides[1], middles[1]
    curve = [first[0] - start[0], first[1] - start[1], second[0] - start[0], second[1] - start[1]]
    return f"M{_numbers([*start])}q{_numbers(curve)}t{_numbers(_steps([*middles[1:], start]))}z"


def _capsule(outline: Outline) -> str:
    (ax, ay), (bx, by) = outline.points
    wide, narrow = outline.radii
    way, far = atan2(by - ay, bx - ax), hypot(bx - ax, by - ay)
    far = max(far, (wide - narrow) / 0.95, 0.5)
    bx, by = ax + cos(way) * far, ay + sin(way) * far
    side = _acos((wide - narrow) / far)
    corners = [
        (ax + wide * cos(way + side), ay + wide * sin(way + side)), (bx + narrow * cos(way + side), by + narrow * sin(way + side)),
        (bx + narrow * cos(way - side), by + narrow * sin(way - side)), (ax + wide * cos(way - side), ay + wide * sin(way - side)),
    ]  # fmt: skip
    p = _whole(tuple(corners))
    w, n = round(wide) or 1, round(narrow) or 1
    back = _steps(p)
    round_narrow, round_wide = _led(back[2:4]), _led([p[0][0] - p[3][0], p[0][1] - p[3][1]])
    sides = f"M{_numbers([*p[0]])}l{_numbers(back[:2])}a{n} {n} 0 0 0{round_narrow}l{_numbers(back[4:])}"
    return f"{sides}a{w} {w} 0 1 0{round_wide}z"


def _led(values: list[int]) -> str:
    """Numbers that follow another one."""
    numbers = _numbers(values)
    return numbers if numbers.startswith("-") else f" {numbers}"


def _acos(value: float) -> float:
    return atan2(sqrt(max(0.0, 1 - value * value)), value)


_TEXTS = {"line": _line, "polygon": _polygon, "blob": _blob, "capsule": _capsule}
