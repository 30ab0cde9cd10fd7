"""Chairs, walls, rollers, bands: the things beside a person, as flat parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .model import AnyProp, Ball, Box, Chair, Floor, Line, Point, Tube, Weight
from .outlines import Flat, Outline, ball, capsule
from .parts import POINTS, Camera, Part
from .skeleton import Body
from .vectors import FORWARD, LEFT, UP, Vector, across, add, cross, dot, mix, scaled, sub, unit

COLORS = {"pale": "a", "mid": "c", "dark": "d", "mat": "g", "wall": "l", "band": "n", "accent": "w", "water": "q"}
AHEAD = 500.0


def things_of(prop: AnyProp, body: Body, view: Camera, number: int) -> list[Part]:
    """The parts of one thing, as it stands with this body."""
    name = f"prop_{number}"
    color = COLORS[prop.color]
    if isinstance(prop, Floor):
        return [Part(name, "l", (), -AHEAD)]
    parts = list(_DRAWN[type(prop)](prop, body, view, name, color))
    if prop.front is not None:
        parts = [part._replace(depth=part.depth + (AHEAD if prop.front else -AHEAD)) for part in parts]
    return parts


def moves(prop: AnyProp) -> bool:
    """Whether a thing goes with the body."""
    if isinstance(prop, Weight):
        return True
    if isinstance(prop, Box):
        return bool(prop.of)
    named = [prop.at] if isinstance(prop, Ball) else list(prop.points) if isinstance(prop, Line) else []
    return any(isinstance(point, str) for point in named)


def point_of(point: Point | str, body: Body) -> Vector:
    """A point of the world, or the place of the body of that name ("hand_l", or "hand_l+0,5,0" beside it)."""
    if not isinstance(point, str):
        return point
    name, _, rest = point.partition("+")
    x, y, z = (float(part) for part in rest.split(",")) if rest else (0.0, 0.0, 0.0)
    return add(POINTS[name](body), (x, y, z))


def _box(prop: Box, body: Body, view: Camera, name: str, color: str) -> Iterator[Part]:
    if prop.of:
        x, y, z = point_of(prop.of, body)
        moved = ((a + by, b + by) for (a, b), by in ((prop.x, x), (prop.y, y), (prop.z, z)))
        yield from _faces(view, name, color, *moved)
        return
    for part in _faces(view, name, color, prop.x, prop.y, prop.z):
        # What lies flat on the floor is under everything, however far it reaches toward the viewer.
        yield part._replace(depth=part.depth - AHEAD / 2) if prop.y[1] <= 1 else part


def _faces(
    view: Camera, name: str, color: str, x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]
) -> Iterator[Part]:
    """The sides of a box that can be seen; the top in its own color, the others darker unless they face the viewer most."""
    low, high = (x[0], y[0], z[0]), (x[1], y[1], z[1])
    depth = view.depth(low, high)
    faces = []
    for axis, normal in enumerate((LEFT, UP, FORWARD)):
        seen = dot(normal, view.toward)
        if abs(seen) < 0.02:
            continue
        corners = []
        for a, b in ((0, 0), (0, 1), (1, 1), (1, 0)):
            pick = [0, 0, 0]
            pick[axis] = 1 if seen > 0 else 0
            pick[(axis + 1) % 3], pick[(axis + 2) % 3] = a, b
            corners.append(view.flat(tuple((low, high)[p][i] for i, p in enumerate(pick))))  # type: ignore[arg-type]
        faces.append((axis, abs(seen), tuple(corners)))
    brightest = 1 if any(f[0] == 1 and f[1] > 0.12 for f in faces) else max(faces, key=lambda f: f[1])[0] if faces else 1
    for axis, _seen, flat in faces:
        yield Part(name, color if axis == brightest else f"{color}2", (Outline("polygon", flat),), depth)


def _ball(prop: Ball, body: Body, view: Camera, name: str, color: str) -> Iterator[Part]:
    half = prop.size if isinstance(prop.size, tuple) else (prop.size,) * 3
    center = point_of(prop.at, body)
    axes = tuple(view.way(scaled(axis, size)) for axis, size in zip((LEFT, UP, FORWARD), half, strict=True))
    yield Part(name, color, (ball(view.flat(center), axes),), view.depth(center))


def _tube(prop: Tube, _: Body, view: Camera, name: str, color: str) -> Iterator[Part]:
    axis = unit(sub(prop.end, prop.start))
    first = across(UP, axis) if abs(axis[1]) < 0.9 else across(LEFT, axis)
    second = cross(axis, first)
    near, far = (prop.end, prop.start) if dot(axis, view.toward) >= 0 else (prop.start, prop.end)
    depth = view.depth(near, far)

    def rim(center: Vector, radius: float) -> Outline:
        return ball(view.flat(center), (view.way(scaled(first, radius)), view.way(scaled(second, radius))))

    if abs(dot(axis, view.toward)) < 0.98:
        along = _perpendicular(view.flat(near), view.flat(far), prop.radius * view.scale)
        yield Part(name, f"{color}2", (rim(far, prop.radius),), depth)
        yield Part(name, f"{color}2", (Outline("polygon", along),), depth)
    yield Part(name, color, (rim(near, prop.radius),), depth + 0.01)
    yield Part(name, f"{color}2", (rim(near, prop.radius * 0.4),), depth + 0.02)


def _perpendicular(a: Flat, b: Flat, radius: float) -> tuple[Flat, ...]:
    x, y = b[0] - a[0], b[1] - a[1]
    size = (x * x + y * y) ** 0.5 or 1
    x, y = -y / size * radius, x / size * radius
    return ((a[0] + x, a[1] + y), (b[0] + x, b[1] + y), (b[0] - x, b[1] - y), (a[0] - x, a[1] - y))


def _line(prop: Line, body: Body, view: Camera, name: str, color: str) -> Iterator[Part]:
    points = [point_of(point, body) for point in prop.points]
    yield Part(name, f"{color}1", (Outline("line", tuple(map(view.flat, points))),), view.depth(*points), prop.width)


def _weight(prop: Weight, body: Body, view: Camera, name: str, color: str) -> Iterator[Part]:
    arm = body.arms[prop.hand]
    palm = add(arm.end, arm.tip, 5.5)
    ends = [add(palm, arm.side, way * prop.size) for way in (1, -1)]
    depth = view.depth(palm) + 1.3
    yield Part(name, f"{color}1", (Outline("line", tuple(view.flat(p) for p in ends)),), depth, 2.4)
    plates = tuple(capsule(view.flat(mix(palm, end, 0.72)), view.flat(end), 3.6 * view.scale, 3.6 * view.scale) for end in ends)
    yield Part(name, color, plates, depth + 0.01)


def _chair(prop: Chair, _: Body, view: Camera, name: str, color: str) -> Iterator[Part]:
    x, z = prop.at
    half, seat = prop.size / 2, prop.seat
    low, high = (x - half, x + half), (z - half, z + half)
    for a in low:
        for b in high:
            inward = (0.93 * (a - x) + x, 0.93 * (b - z) + z)
            legs = Outline("line", (view.flat((inward[0], 0, inward[1])), view.flat((inward[0], seat - 3, inward[1]))))
            yield Part(name, "d1", (legs,), view.depth((inward[0], 0, inward[1])) - 3, 2.6)
    yield from _faces(view, name, color, low, (seat - 4, seat), high)
    if prop.back != "none":
        yield from _chair_back(prop, view, name, low, high)


def _chair_back(prop: Chair, view: Camera, name: str, low: tuple[float, float], high: tuple[float, float]) -> Iterator[Part]:
    top = prop.seat + prop.back_height
    thick = {"back": (low, (high[0] - 3, high[0])), "front": (low, (high[1], high[1] + 3))}
    thick |= {"left": ((low[1], low[1] + 3), high), "right": ((low[0] - 3, low[0]), high)}
    x, z = thick[prop.back]
    yield from _faces(view, name, "c", x, (prop.seat + 6, top), z)


_DRAWN: dict[type, Callable[..., Iterator[Part]]] = {
    Box: _box,
    Ball: _ball,
    Tube: _tube,
    Line: _line,
    Weight: _weight,
    Chair: _chair,
}
