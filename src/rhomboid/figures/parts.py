"""The parts of a body as flat outlines seen from one side, each with its depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, radians, sin
from typing import NamedTuple

from .outlines import Flat, Outline, Shape, ball, capsule, tower
from .regions import ON_LIMBS, lines_of
from .skeleton import LUMBAR, SIDES, THORAX, Body, Limb
from .vectors import Turn, Vector, add, apply, cross, dot, mix, scaled, sub, unit


class Camera(NamedTuple):
    """Parallel projection: `scale` units a centimeter, the screen's y down."""

    right: Vector
    up: Vector
    toward: Vector
    scale: float = 1
    x: float = 0
    y: float = 0

    def flat(self, point: Vector) -> Flat:
        # Written out, as is most of vectors.py: these few lines are a third of the work on a picture.
        (px, py, pz), (rx, ry, rz), (ux, uy, uz), scale = point, self.right, self.up, self.scale
        return (self.x + (px * rx + py * ry + pz * rz) * scale, self.y - (px * ux + py * uy + pz * uz) * scale)

    def way(self, vector: Vector) -> Flat:
        (px, py, pz), (rx, ry, rz), (ux, uy, uz), scale = vector, self.right, self.up, self.scale
        return ((px * rx + py * ry + pz * rz) * scale, -(px * ux + py * uy + pz * uz) * scale)

    def depth(self, *points: Vector) -> float:
        return sum(dot(point, self.toward) for point in points) / len(points)


def camera(azimuth: float, elevation: float) -> Camera:
    """From the azimuth (0: the front, 90: the person's left), from above by the elevation; degrees."""
    a, e = radians(azimuth), radians(elevation)
    right = (cos(a), 0.0, -sin(a))
    toward = (sin(a) * cos(e), sin(e), cos(a) * cos(e))
    return Camera(right, cross(toward, right), toward)


class Part(NamedTuple):
    name: str
    color: str
    shape: Shape
    depth: float
    stroke: float = 0
    """Width of a part that is drawn as a line; 0 for a filled one."""
    dots: bool = False


RINGS = (
    (0, 14.6, 9.6, 7.0), (2, 13.4, 9.2, 8.0), (4, 14.2, 10.2, 8.6), (6, 15.8, 11.0, 9.4), (8, 16.6, 11.0, 9.2),
    (10, 16.6, 9.6, 7.6), (11, 13.5, 7.4, 5.6), (12, 7.5, 5.6, 4.2),
)  # fmt: skip
"""The trunk: place in the spine, half width, half depth, distance of the middle before the spine."""
PELVIS = ((9.0, 14.8, 9.8, 0.6), (2.0, 16.4, 11.0, -0.6), (-4.5, 16.0, 11.2, -1.4), (-9.5, 11.5, 9.0, -0.8))
"""The hips: height, half width, half depth, distance of the middle before the joints."""


def parts_of(body: Body, view: Camera, regions: tuple[str, ...]) -> list[Part]:
    """All parts, not sorted."""
    trunk = view.depth(body.spine[2], body.spine[6], body.spine[10]) + dot(body.ribs[2], view.toward) * 8
    parts = [Part("hips", "o", (_hips(body, view),), trunk - 0.3), Part("torso", "t", _torso(body, view), trunk)]
    parts.append(Part("yoke", "s1", _yoke(body, view), trunk - 0.2, 10.4))
    parts += _on_trunk(body, view, regions, trunk)
    parts += _head(body, view, trunk)
    for side in SIDES:
        other = "r" if side == "l" else "l"
        far_arm = view.depth(body.arms[side].root) < view.depth(body.arms[other].root) - 12
        far_leg = view.depth(body.legs[side].root) < view.depth(body.legs[other].root) - 6
        parts += _arm(body.arms[side], view, side, "2" if far_arm else "")
        parts += _leg(body.legs[side], view, side, "2" if far_leg else "")
    return parts


def _ring(view: Camera, center: Vector, frame: Turn, wide: float, deep: float) -> tuple[Flat, tuple[Flat, Flat], Flat]:
    axes = (view.way(scaled(frame[0], wide)), view.way(scaled(frame[2], deep)))
    return (view.flat(center), axes, view.way(scaled(frame[1], 3)))


def _torso(body: Body, view: Camera) -> Shape:
    rings = []
    for place, wide, deep, before in RINGS:
        frame = body.turns[place]
        more = 1 + (body.chest if 3 <= place <= 8 else 0)
        deep_more = more + (body.belly if place in (2, 4) else 0)
        rings.append(_ring(view, add(body.spine[place], frame[2], before * deep_more), frame, wide * more, deep * deep_more))
    return (tower(rings),)


def _yoke(body: Body, view: Camera) -> Shape:
    """From the neck to both shoulders."""
    neck = add(body.spine[12], body.turns[12][2], 4)
    return (Outline("line", tuple(map(view.flat, (body.arms["l"].root, neck, body.arms["r"].root)))),)


def _hips(body: Body, view: Camera) -> Outline:
    frame = body.pelvis_turn
    rings = [
        _ring(view, add(body.pelvis, apply(frame, (0, high, before))), frame, wide, deep) for high, wide, deep, before in PELVIS
    ]
    return tower(rings[::-1])


# --- on the trunk --------------------------------------------------------------------------------------------------------


def _on_trunk(body: Body, view: Camera, regions: tuple[str, ...], depth: float) -> Iterator[Part]:
    for limb in (False, True):
        lines = [line for region in regions if (region.split("_")[0] in ON_LIMBS) == limb for line in lines_of(region, body)]
        if lines:
            shape = tuple(Outline("line", tuple(map(view.flat, line))) for line in lines)
            near = max(view.depth(*line) for line in lines) + 6 if limb else depth + 0.1
            yield Part("region_limb" if limb else "region", "w", shape, near, 6.2)
    if facing(body, view) < -0.12:
        yield Part("blades", "b", tuple(_blade(body, view, side) for side in SIDES), depth + 0.2)
    if facing(body, view) < 0.34:
        dots = [view.flat(add(body.spine[i], body.turns[i][2], 0.8)) for i in range(1, LUMBAR + THORAX + 3, 2)]
        yield Part("spine", "p", (Outline("line", tuple(dots)),), depth + 0.3, 1.9, True)


def facing(body: Body, view: Camera) -> float:
    """1 when the chest faces the viewer, -1 when the back does."""
    return dot(body.ribs[2], view.toward)


def blade_points(body: Body, side: str) -> tuple[Vector, Vector, Vector]:
    """The upper inner corner, the lower tip and the shoulder's corner of a blade, on the ribs."""
    up, forward, turn = body.blades[side]
    sign, arm = SIDES[side], body.arms[side]
    hang = scaled(body.ribs[1], -1)
    lifted = max(0.0, (1 - dot(unit(sub(arm.middle, arm.root)), hang)) * 26) + turn
    frame, base = body.turns[LUMBAR + 6], body.spine[LUMBAR + 6]
    out = 8.4 + forward * 0.9
    pivot = (out, 1.5 + up + lifted * 0.03)
    angle = radians(lifted * 1.1)
    corners = []
    for x, y in ((-3.0, 5.0), (-1.4, -11.0), (7.2, 5.4)):
        flat = (pivot[0] + x * cos(angle) - y * sin(angle), pivot[1] + x * sin(angle) + y * cos(angle))
        corners.append(add(base, apply(frame, (sign * flat[0], flat[1], -1.6 + 0.02 * flat[0] ** 2))))
    return (corners[0], corners[1], corners[2])


def _blade(body: Body, view: Camera, side: str) -> Outline:
    return Outline("polygon", tuple(view.flat(p) for p in blade_points(body, side)))


# --- head ----------------------------------------------------------------------------------------------------------------


def _ellipsoid(body: Body, view: Camera, center: Vector, half: Vector) -> Outline:
    place = add(body.head, apply(body.head_turn, center))
    axes = tuple(view.way(scaled(axis, size)) for axis, size in zip(body.head_turn, half, strict=True))
    return ball(view.flat(place), axes)


def _same_way_round(points: list[Flat]) -> Outline:
    """A triangle that turns as the blobs do: laid over one, the other way round, it would cut a hole."""
    (ax, ay), (bx, by), (cx, cy) = points
    if (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < 0:
        points = [points[0], points[2], points[1]]
    return Outline("polygon", tuple(points))


def _head(body: Body, view: Camera, trunk: float) -> Iterator[Part]:
    turn, depth = body.head_turn, view.depth(body.head, body.spine[13])
    ahead = dot(turn[2], view.toward)
    neck = capsule(
        view.flat(add(body.spine[12], body.turns[12][2], 4.0)),
        view.flat(add(body.head, apply(turn, (0, -5, -1.5)))),
        5.4 * view.scale,
        4.9 * view.scale,
    )
    yield Part("neck", "k2", (neck,), min(depth - 0.1, trunk - 0.25) if ahead < 0.35 else depth - 0.1)
    nose = _same_way_round([view.flat(add(body.head, apply(turn, p))) for p in ((0, 0.4, 8.2), (0, -4.4, 10.8), (0, -5.6, 7.6))])
    face = (_ellipsoid(body, view, (0, -2.6, 1.9), (6.6, 8.6, 7.0)), nose)
    hair = (_ellipsoid(body, view, (0, 2.1, -0.9), (7.6, 8.4, 8.9)),)
    seen = [sign for sign in (1, -1) if sign * dot(turn[0], view.toward) > 0.25]
    ears = tuple(
        Outline("line", tuple(view.flat(add(body.head, apply(turn, (x * 7.0, y, -0.4)))) for y in (-1.4, -3.6))) for x in seen
    )
    order = ("hair", "face") if ahead > -0.42 else ("face", "hair")
    for step, name in enumerate(order):
        yield Part(name, "h" if name == "hair" else "i", hair if name == "hair" else face, depth + step * 0.1)
    if ears:
        yield Part("ear", "v2", ears, depth + 0.3, 2.6)
    if ahead > 0.3:
        eyes = [view.flat(add(body.head, apply(turn, (x, -0.8, 8.4 - abs(x) * 0.2)))) for x in (2.7, -2.7)]
        yield Part("eyes", "e", tuple(Outline("line", (p, p)) for p in eyes), depth + 0.4, 1.5)


# --- limbs ---------------------------------------------------------------------------------------------------------------


def _arm(arm: Limb, view: Camera, side: str, far: str) -> Iterator[Part]:
    s, flat = view.scale, view.flat
    sleeve = mix(arm.root, arm.middle, 1)
    yield Part(
        f"arm_{side}", f"t{far}", (capsule(flat(arm.root), flat(sleeve), 6.0 * s, 4.6 * s),), view.depth(arm.root, arm.middle) + 5
    )
    yield Part(
        f"forearm_{side}",
        f"k{far}",
        (capsule(flat(arm.middle), flat(arm.end), 4.2 * s, 2.9 * s),),
        view.depth(arm.middle, arm.end) + 1.2,
    )
    yield Part(f"hand_{side}", f"v{far}", _hand(arm, view), view.depth(arm.end, add(arm.end, arm.tip, 10)) + 1.4, 3.4)


def _hand(arm: Limb, view: Camera) -> Shape:
    """A mitten and a thumb; closed round something when it grips."""
    palm = cross(arm.tip, arm.side)
    if arm.hand in ("grip", "fist"):
        corners: tuple[Vector, ...] = ((1.5, 1.6, 0), (7.0, 2.0, 0), (7.4, -2.0, 0), (1.5, -1.8, 0))
        thumb = ((3.0, 2.0, 0.5), (6.6, 2.6, 2.6 if arm.hand == "fist" else 1.8))
    else:
        corners = ((1.5, 1.5, 0), (8.2, 2.1, 0), (13.6, 0.6, 0), (12.8, -1.2, 0), (8.2, -2.1, 0), (1.5, -1.5, 0))
        thumb = ((3.0, 2.2, 0), (8.6, 5.8, 0))

    def place(p: tuple[float, float, float]) -> Flat:
        return view.flat(add(add(add(arm.end, arm.tip, p[0]), arm.side, p[1]), palm, p[2]))

    return (Outline("polygon", tuple(map(place, corners))), Outline("line", tuple(map(place, thumb))))


def _leg(leg: Limb, view: Camera, side: str, far: str) -> Iterator[Part]:
    s, flat = view.scale, view.flat
    thigh = capsule(flat(leg.root), flat(leg.middle), 9.0 * s, 6.2 * s)
    shin = capsule(flat(leg.middle), flat(leg.end), 6.2 * s, 4.2 * s)
    down = unit(sub(leg.end, leg.middle))
    heel = add(add(leg.end, leg.tip, -2.5), down, 3.6)
    toe = add(add(leg.end, leg.tip, 14.5), down, 4.4)
    yield Part(f"foot_{side}", f"f{far}", (capsule(flat(heel), flat(toe), 4.0 * s, 2.9 * s),), view.depth(leg.end, toe) - 0.5)
    yield Part(f"leg_{side}", f"o{far}", (thigh, shin), view.depth(leg.root, leg.middle, leg.middle, leg.end))


POINTS: dict[str, Callable[[Body], Vector]] = {
    "head": lambda b: b.head,
    "head_top": lambda b: add(b.head, b.head_turn[1], 12),
    "face": lambda b: add(b.head, b.head_turn[2], 10),
    "neck": lambda b: b.spine[13],
    "chest": lambda b: add(b.spine[10], b.turns[10][2], 19),
    "breastbone": lambda b: add(b.spine[9], b.turns[9][2], 21),
    "back": lambda b: add(b.spine[10], b.turns[10][2], -2),
    "mid_back": lambda b: add(b.spine[8], b.turns[8][2], -2),
    "belly": lambda b: add(b.spine[3], b.turns[3][2], 18),
    "ribs_l": lambda b: add(add(b.spine[6], b.turns[6][2], 9), b.turns[6][0], 16),
    "ribs_r": lambda b: add(add(b.spine[6], b.turns[6][2], 9), b.turns[6][0], -16),
    "hips": lambda b: b.pelvis,
    "seat": lambda b: add(b.pelvis, apply(b.pelvis_turn, (0, -4, -11))),
    "tailbone": lambda b: add(b.pelvis, apply(b.pelvis_turn, (0, 2, -12))),
    "back_head": lambda b: add(b.head, b.head_turn[2], -10),
    "stick_top": lambda b: _along_back(b, 16),
    "stick_low": lambda b: _along_back(b, -10),
    "bar_l": lambda b: add(b.spine[11], apply(b.turns[10], (34, -3, 21))),
    "bar_r": lambda b: add(b.spine[11], apply(b.turns[10], (-34, -3, 21))),
    "hands": lambda b: mix(_palm(b, "l"), _palm(b, "r"), 0.5),
    **{f"hand_{s}": lambda b, s=s: _palm(b, s) for s in SIDES},  # type: ignore[misc]
    **{f"tip_{s}": lambda b, s=s: add(b.arms[s].end, b.arms[s].tip, 15) for s in SIDES},  # type: ignore[misc]
    **{f"elbow_{s}": lambda b, s=s: b.arms[s].middle for s in SIDES},  # type: ignore[misc]
    **{f"shoulder_{s}": lambda b, s=s: b.arms[s].root for s in SIDES},  # type: ignore[misc]
    **{f"blade_{s}": lambda b, s=s: blade_points(b, s)[1] for s in SIDES},  # type: ignore[misc]
    **{f"hip_{s}": lambda b, s=s: b.legs[s].root for s in SIDES},  # type: ignore[misc]
    **{f"knee_{s}": lambda b, s=s: b.legs[s].middle for s in SIDES},  # type: ignore[misc]
    **{f"foot_{s}": lambda b, s=s: b.legs[s].end for s in SIDES},  # type: ignore[misc]
    **{f"toe_{s}": lambda b, s=s: add(b.legs[s].end, b.legs[s].tip, 14) for s in SIDES},  # type: ignore[misc]
    **{f"sole_{s}": lambda b, s=s: add(b.legs[s].end, unit(sub(b.legs[s].end, b.legs[s].middle)), 7) for s in SIDES},  # type: ignore[misc]
}
"""Places of the body that arrows, bands and sticks can name."""


def _palm(body: Body, side: str) -> Vector:
    arm = body.arms[side]
    return add(arm.end, arm.tip, 5.5)


def _along_back(body: Body, beyond: float) -> Vector:
    """So far above the back of the head, or under the tailbone, on the line through both."""
    low, top = POINTS["tailbone"](body), POINTS["back_head"](body)
    return add(top if beyond > 0 else low, unit(sub(top, low)), beyond)
