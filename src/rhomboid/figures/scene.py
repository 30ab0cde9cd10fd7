"""One figure laid out: the moments of its movement as parts in the picture's own units, in the order they are painted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import cos, hypot, radians, sin
from typing import NamedTuple

from .model import AnyProp, Arrow, Figure, Floor, Pose, Stance, merged
from .outlines import Flat, Outline, Shape, extent, points_of, text
from .parts import POINTS, Camera, Part, camera, facing, parts_of
from .skeleton import Body, body_of, way
from .things import moves, point_of, things_of
from .vectors import Vector

WIDE, HIGH = 416, 312
MARGIN = 20
CLOSEST = {"all": 2.2, "upper": 2.9, "bust": 5.0}
"""Units a centimeter at most, so that a bent body is not blown up."""
STILL = 2.0
"""A part whose points move less is drawn as standing still."""
BELOW = {"all": ("nothing",), "upper": ("leg", "foot", "hips"), "bust": ("leg", "foot", "hips", "hand", "forearm")}
"""Parts the picture need not hold."""
UPPER = 16.0
"""How far below the hip joints a picture of the upper body reaches, centimeters."""


class Moment(NamedTuple):
    body: Body
    parts: tuple[Part, ...]


class Scene(NamedTuple):
    moments: tuple[Moment, ...]
    moving: tuple[bool, ...]
    """For each part whether it moves."""
    arrows: tuple[tuple[Shape, Shape], ...]
    """The shaft and the heads of each."""
    covered: frozenset[int]
    """Parts that cannot be seen: exactly behind another, or below the picture."""
    scale: float
    loose: float
    """How far a point may stray from a form that counts as kept."""
    floor: int | None
    """Height of the floor's edge in a side view."""


def shares(count: int) -> tuple[float, ...]:
    """The moments of a movement, eased at both ends."""
    return {2: (0, 1), 3: (0, 0.5, 1), 4: (0, 0.24, 0.76, 1), 5: (0, 0.16, 0.5, 0.84, 1)}[count]


def poses_of(figure: Figure, stances: Mapping[str, Stance]) -> tuple[Pose, Pose]:
    """The start and the end, each written as a change of the stance."""
    ground = merged(stance_pose(figure.stance, stances), figure.pose)
    start = merged(ground, figure.start)
    return start, merged(start, figure.end)


def stance_pose(name: str, stances: Mapping[str, Stance]) -> Pose:
    stance = stances[name]
    result: Pose = merged(stance_pose(stance.like, stances), stance.pose) if stance.like else stance.pose
    return result


def stance_props(name: str, stances: Mapping[str, Stance]) -> tuple[AnyProp, ...]:
    stance = stances[name]
    return stance.props or (stance_props(stance.like, stances) if stance.like else ())


def scene_of(figure: Figure, stances: Mapping[str, Stance], count: int) -> Scene:
    """Lays out a figure with `count` moments (2 to 5)."""
    start, end = poses_of(figure, stances)
    bodies = [body_of(start, end, share) for share in shares(count)]
    view = _framed(figure, stances, (bodies[0], bodies[-1]))
    props = _props(figure, stances)
    standing = {i: things_of(prop, bodies[0], view, i) for i, prop in enumerate(props) if not moves(prop)}
    moments = [Moment(body, tuple(_parts(figure, props, standing, body, view))) for body in bodies]
    moments = _sorted(moments, figure.depth)
    curved = any(not (arrow.along or arrow.turn or arrow.round) for arrow in figure.arrows)
    half = bodies[len(bodies) // 2] if len(bodies) % 2 else body_of(start, end, 0.5) if curved else bodies[-1]
    traced = [bodies[0], half, bodies[-1]]
    arrows = tuple(drawn for arrow in figure.arrows for drawn in _arrow(arrow, traced, view))
    has_floor = any(isinstance(prop, Floor) for prop in props)
    return Scene(
        tuple(moments),
        movement(moments, STILL),
        arrows,
        _covered(moments),
        view.scale,
        2.0,
        round(view.flat((0, 0, 0))[1]) if has_floor else None,
    )


def _props(figure: Figure, stances: Mapping[str, Stance]) -> tuple[AnyProp, ...]:
    return (*stance_props(figure.stance, stances), *figure.props)


def _parts(figure: Figure, props: Sequence[AnyProp], standing: Mapping[int, list[Part]], body: Body, view: Camera) -> list[Part]:
    """The parts of the body and of the things; of those that stand still, the same ones at every moment."""
    parts = [part for part in parts_of(body, view, figure.region) if part.name not in figure.hide]
    for number, prop in enumerate(props):
        parts += standing[number] if number in standing else things_of(prop, body, view, number)
    return parts


def _sorted(moments: list[Moment], nearer: dict[str, float]) -> list[Moment]:
    """Farthest first. One order for all moments, by the depth at both ends, and the same parts in each."""
    names = [_keys(moment.parts) for moment in moments]
    common = [key for key in names[0] if all(key in keys for keys in names[1:])]
    first, last = names[0], names[-1]

    def depth(key: tuple[str, int]) -> float:
        return (first[key].depth + last[key].depth) / 2 + nearer.get(key[0], 0)

    order = sorted(common, key=depth)
    colors = {key: last[key].color for key in order}
    return [
        Moment(m.body, tuple(_colored(keys[key], colors[key]) for key in order)) for m, keys in zip(moments, names, strict=True)
    ]


def _colored(part: Part, color: str) -> Part:
    return part if part.color == color else part._replace(color=color)


def _keys(parts: tuple[Part, ...]) -> dict[tuple[str, int], Part]:
    seen: dict[str, int] = {}
    keyed = {}
    for part in parts:
        number = seen.get(part.name, 0)
        seen[part.name] = number + 1
        keyed[part.name, number] = part
    return keyed


def _covered(moments: list[Moment]) -> frozenset[int]:
    start, end = moments[0].parts, moments[-1].parts
    seen: dict[tuple[str, str], int] = {}
    hidden = set()
    for number, part in enumerate(end):
        if not part.name.startswith("prop"):
            key = (part.name[:-1], text(part.shape))
            # The end is drawn anyway; the start is put into words only where both ends may be the same.
            if key in seen and text(start[seen[key]].shape) == text(start[number].shape):
                hidden.add(seen[key])
            seen[key] = number
        if _below(part.shape) and _below(start[number].shape):
            hidden.add(number)
    return frozenset(hidden)


def _below(shape: Shape) -> bool:
    """Whether a shape lies wholly under the picture."""
    return all(y - max(outline.radii) > HIGH for outline in shape for _, y in outline.points)


def movement(moments: Sequence[Moment], least: float) -> tuple[bool, ...]:
    """For each part whether any of its points moves at least so far."""
    return tuple(_moves([moment.parts[i].shape for moment in moments], least) for i in range(len(moments[0].parts)))


def _moves(shapes: list[Shape], least: float) -> bool:
    first = points_of(shapes[0])
    for shape in shapes[1:]:
        if shape is shapes[0]:
            continue
        if any(hypot(x - u, y - v) > least for (x, y), (u, v) in zip(first, points_of(shape), strict=True)):
            return True
    return False


# --- the frame -----------------------------------------------------------------------------------------------------------


def _framed(figure: Figure, stances: Mapping[str, Stance], bodies: tuple[Body, Body]) -> Camera:
    view = camera(*figure.view)
    points: list[Flat] = []
    for body in bodies:
        for part in parts_of(body, view, ()):
            if not part.name.startswith(BELOW[figure.fit]):
                points += extent(part.shape)
    lowest = max(y for _, y in points)
    if figure.fit == "upper":
        lowest = max(view.flat(body.pelvis)[1] for body in bodies) + UPPER
    if figure.fit == "bust":
        lowest = max(view.flat(body.spine[5])[1] for body in bodies)
    for number, prop in enumerate(_props(figure, stances)):
        if prop.fit and (figure.fit == "all" or moves(prop)):
            for body in bodies if moves(prop) else bodies[:1]:
                points += [p for part in things_of(prop, body, view, number) for p in extent(part.shape)]
    if figure.fit != "all":
        points = [(x, min(y, lowest)) for x, y in points] + [(points[0][0], lowest)]
    return _fitted(view, points, figure)


def _fitted(view: Camera, points: list[Flat], figure: Figure) -> Camera:
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    under = MARGIN if figure.fit == "all" else 0
    over = MARGIN + (26 if any(arrow.turn for arrow in figure.arrows) else 0)
    scale = min((WIDE - 2 * MARGIN) / (right - left), (HIGH - over - under) / (bottom - top), CLOSEST[figure.fit]) * figure.zoom
    x = WIDE / 2 - (left + right) / 2 * scale + figure.shift[0] * WIDE / 100
    y = HIGH - bottom * scale if figure.fit != "all" else (HIGH + over - under) / 2 - (top + bottom) / 2 * scale
    if figure.fit == "all" and figure.view[1] == 0:
        y = HIGH - 34 - bottom * scale if (bottom - top) * scale < HIGH - 70 else y
    return view._replace(scale=scale, x=x, y=y + figure.shift[1] * WIDE / 100)


# --- arrows --------------------------------------------------------------------------------------------------------------

HEAD = 13.0
LEAST = 0.12 * WIDE


def _arrow(arrow: Arrow, bodies: list[Body], view: Camera) -> Iterator[tuple[Shape, Shape]]:
    if arrow.round:
        paths = _round(arrow, bodies[-1], view)
    else:
        paths = [_turning(arrow, bodies[-1], view) if arrow.turn else _way(arrow, bodies, view)]
    move = (arrow.shift[0] * WIDE / 100, arrow.shift[1] * WIDE / 100)
    for path in paths:
        a, m, b = ((x + move[0], y + move[1]) for x, y in path)
        heads = [_head(m, b)] + ([_head(m, a)] if arrow.both else [])
        yield (Outline("line", (a, m, b)),), tuple(heads)


def _way(arrow: Arrow, bodies: list[Body], view: Camera) -> tuple[Flat, Flat, Flat]:
    """From, the guide point of the curve, to: along the way the place goes, moved off the body."""
    if arrow.along:
        return _straight(arrow, bodies[-1], view)
    ends = [view.flat(_named(arrow.of, body)) for body in (bodies[0], bodies[-1])]
    middle = ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
    through = view.flat(_named(arrow.of, bodies[1]))
    bulge = (2 * (through[0] - middle[0]), 2 * (through[1] - middle[1]))
    most = 0.75 * hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]) / (hypot(*bulge) or 1)
    guide = (middle[0] + bulge[0] * min(1, most), middle[1] + bulge[1] * min(1, most))
    long = hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]) or 1.0
    grow = max(arrow.length * WIDE / 100 or LEAST, LEAST) / long
    if arrow.length or grow > 1:
        ends = [(middle[0] + (x - middle[0]) * grow, middle[1] + (y - middle[1]) * grow) for x, y in ends]
        guide = (middle[0] + (guide[0] - middle[0]) * grow, middle[1] + (guide[1] - middle[1]) * grow)
    return ends[0], guide, ends[1]


def _straight(arrow: Arrow, body: Body, view: Camera) -> tuple[Flat, Flat, Flat]:
    x, y = view.flat(_named(arrow.of, body))
    u, v = view.way(way(arrow.along or "up", body.ribs, "l"))
    long = (max(arrow.length * WIDE / 100, LEAST)) / (hypot(u, v) or 1)
    return (x, y), (x + u * long / 2, y + v * long / 2), (x + u * long, y + v * long)


def _named(name: str, body: Body) -> Vector:
    return point_of(name, body)


def _turning(arrow: Arrow, body: Body, view: Camera) -> tuple[Flat, Flat, Flat]:
    """An arc above the head, near side toward the viewer."""
    x, y = view.flat(POINTS["head_top"](body))
    y -= 16
    sign = 1 if arrow.turn == "left" else -1
    wide, high = 40.0, 24.0

    def on(degrees: float) -> Flat:
        return (x + sign * wide * sin(radians(degrees)), y - 8 + high * cos(radians(degrees)) * 0.5)

    a, b = on(-115), on(75)
    return a, (x - sign * 26, y + high * 0.85), b


def _round(arrow: Arrow, body: Body, view: Camera) -> list[tuple[Flat, Flat, Flat]]:
    """Two arcs that follow each other round a place, clockwise."""
    x, y = view.flat(_named(arrow.of, body))
    radius, sign = abs(arrow.round) * WIDE / 100, 1 if arrow.round > 0 else -1

    def on(degrees: float, far: float = 1) -> Flat:
        return (x + sign * radius * far * sin(radians(degrees)), y - radius * far * cos(radians(degrees)))

    bulge = 1.6
    return [(on(a - 58), on(a, bulge), on(a + 46)) for a in (0, 180)]


def _head(before: Flat, tip: Flat) -> Outline:
    x, y = tip[0] - before[0], tip[1] - before[1]
    size = hypot(x, y) or 1
    x, y = x / size * HEAD, y / size * HEAD
    base = (tip[0] - x * 0.35, tip[1] - y * 0.35)
    point = (tip[0] + x * 0.85, tip[1] + y * 0.85)
    return Outline("polygon", ((base[0] - y * 0.55, base[1] + x * 0.55), point, (base[0] + y * 0.55, base[1] - x * 0.55)))


__all__ = ["HIGH", "WIDE", "Moment", "Scene", "facing", "poses_of", "scene_of", "shares"]
