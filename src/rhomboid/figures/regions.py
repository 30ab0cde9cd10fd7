"""Where a region of work or stretch lies on the body: lines on the skin, drawn thick."""

from __future__ import annotations

from collections.abc import Callable

from .skeleton import LUMBAR, SIDES, Body
from .vectors import Vector, add, apply, mix

Line = tuple[Vector, ...]


def lines_of(region: str, body: Body) -> list[Line]:
    """The lines of a region; those of both sides when it is not told for one."""
    for ending, sides in (("_l", "l"), ("_r", "r"), ("", "lr")):
        name = region.removesuffix(ending) if ending else region
        if (not ending or region.endswith(ending)) and name in SIDED:
            return [SIDED[name](body, side) for side in sides]
    return [MIDDLE[region](body)]


def _spine(first: int, last: int) -> Callable[[Body], Line]:
    return lambda body: tuple(add(body.spine[i], body.turns[i][2], 0.8) for i in range(first, last + 1))


def _at(body: Body, place: int, x: float, y: float, z: float) -> Vector:
    return add(body.spine[place], apply(body.turns[place], (x, y, z)))


MIDDLE: dict[str, Callable[[Body], Line]] = {
    "neck": _spine(12, 15),
    "neck_front": lambda b: (_at(b, 12, 0, 2, 8.5), _at(b, 14, 0, 2, 8.0)),
    "upper_back": _spine(9, 12),
    "mid_back": _spine(6, 10),
    "thoracic": _spine(5, 11),
    "low_back": _spine(1, 4),
    "between_blades": lambda b: tuple(_at(b, 10, x, 0, -0.5) for x in (7, 0, -7)),
    "belly": lambda b: (_at(b, 4, 0, 0, 18), _at(b, 1, 0, 0, 17)),
}


def _blade_edge(body: Body, side: str, y: float) -> Vector:
    return _at(body, LUMBAR + 6, SIDES[side] * (9 + body.blades[side][1]), y, 0)


SIDED: dict[str, Callable[[Body, str], Line]] = {
    "neck_side": lambda b, s: (_at(b, 12, SIDES[s] * 7, -0.5, 3), _at(b, 14, SIDES[s] * 5, 1, 3)),
    "lower_trap": lambda b, s: (_at(b, LUMBAR + 3, SIDES[s] * 1.5, 0, 0), _blade_edge(b, s, 3)),
    "upper_trap": lambda b, s: (_at(b, 13, SIDES[s] * 4, 0, 2), mix(b.spine[12], b.arms[s].root, 0.75)),
    "serratus": lambda b, s: (_at(b, LUMBAR + 4, SIDES[s] * 14.5, 1, 8), _at(b, LUMBAR + 1, SIDES[s] * 14, 1, 12)),
    "ribs": lambda b, s: tuple(_at(b, i, SIDES[s] * 13.5, 0, 8) for i in (3, 5, 7, 9)),
    "lat": lambda b, s: (_at(b, 3, SIDES[s] * 6, 0, 0), _at(b, 7, SIDES[s] * 13, 0, 3), mix(b.arms[s].root, b.arms[s].middle, 0.2)),
    "chest": lambda b, s: (_at(b, 9, SIDES[s] * 4, 1, 19), mix(_at(b, 10, SIDES[s] * 12, 1, 15), b.arms[s].root, 0.5)),
    "shoulder": lambda b, s: (b.arms[s].root, mix(b.arms[s].root, b.arms[s].middle, 0.35)),
    "arm": lambda b, s: (mix(b.arms[s].root, b.arms[s].middle, 0.4), b.arms[s].middle, mix(b.arms[s].middle, b.arms[s].end, 0.6)),
    "thigh": lambda b, s: (mix(b.legs[s].root, b.legs[s].middle, 0.25), mix(b.legs[s].root, b.legs[s].middle, 0.8)),
    "hip": lambda b, s: (add(b.legs[s].root, apply(b.pelvis_turn, (0, 5, 7))), mix(b.legs[s].root, b.legs[s].middle, 0.25)),
}
SIDED["seat"] = lambda b, s: tuple(
    add(b.pelvis, apply(b.pelvis_turn, (SIDES[s] * 7, y, z))) for y, z in ((4, -6.5), (-2, -7.5), (-8, -5))
)
SIDED["shoulders"] = SIDED["shoulder"]
SIDED["thighs"] = SIDED["thigh"]
ON_LIMBS = frozenset({"shoulder", "shoulders", "arm", "thigh", "thighs", "hip", "seat"})
"""Drawn over the limbs, not under them."""
