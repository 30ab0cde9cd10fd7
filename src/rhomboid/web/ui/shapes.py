"""Numbers and outlines for SVG. Numbers become text here, so that no locale can put a comma into a path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot

Point = tuple[float, float]


def text(number: float) -> str:
    short = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def polyline(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{text(x)} {text(y)}" for x, y in points)


def specks(points: Iterable[Point]) -> str:
    """One path of nothing but ends: a round cap makes each a point, and a hundred of them are one element of the page."""
    return "".join(f"M{text(x)} {text(y)}h0" for x, y in points)


def rounded(points: Sequence[Point], radius: float) -> str:
    """A closed outline through the points, each corner rounded by at most `radius`."""
    steps = []
    for before, corner, after in zip([points[-1], *points[:-1]], points, [*points[1:], points[0]], strict=True):
        enter, leave = _toward(corner, before, radius), _toward(corner, after, radius)
        steps.append(f"{text(enter[0])} {text(enter[1])}Q{text(corner[0])} {text(corner[1])} {text(leave[0])} {text(leave[1])}")
    return "M" + "L".join(steps) + "Z"


def _toward(start: Point, end: Point, distance: float) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1])
    part = min(distance / length, 0.5) if length else 0.0
    return (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)


def centroid(points: Sequence[Point]) -> Point:
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (x / (3 * area), y / (3 * area))
