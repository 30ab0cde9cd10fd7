"""The joints of one moment: a pose becomes points and frames in space. Limbs keep their length whatever the pose asks."""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians, sin, sqrt
from typing import NamedTuple

from .model import Arm, Leg, Pose
from .vectors import (
    FORWARD,
    STRAIGHT,
    UP,
    Turn,
    Vector,
    about,
    across,
    add,
    apply,
    bend,
    cross,
    dot,
    length,
    mix,
    scaled,
    spin,
    sub,
    swing,
    then,
    undo,
    unit,
)

UPPER_ARM, FOREARM, THIGH, SHIN = 29.0, 25.0, 42.0, 41.0
SIDES = {"l": 1.0, "r": -1.0}
LUMBAR, THORAX, NECK = 4, 8, 3
"""Links of each part of the spine."""
LINKS = (4.0,) * LUMBAR + (3.6,) * THORAX + (3.1,) * NECK
CURVE = (-5.5,) * LUMBAR + (4.6,) * THORAX + (-6.0,) * NECK
"""The neutral curve, degrees of flexion in each link: T12 leans 12 back, T1 25 forward, the head sits 7 forward."""
SACRUM_TILT = 10.0
SHARE = (0.5, 0.8, 1.2, 1.5, 1.5, 1.2, 0.8, 0.5)
"""The middle of the thorax bends more than its ends, so that the bend can be seen."""


class Limb(NamedTuple):
    root: Vector
    middle: Vector
    end: Vector
    tip: Vector
    """Direction of the fingers, or of the toes."""
    side: Vector
    """Direction of the thumb."""
    hand: str = "open"


class Body(NamedTuple):
    pelvis: Vector
    pelvis_turn: Turn
    spine: tuple[Vector, ...]
    """From the sacrum to the skull's base."""
    turns: tuple[Turn, ...]
    head: Vector
    head_turn: Turn
    arms: dict[str, Limb]
    legs: dict[str, Limb]
    blades: dict[str, tuple[float, float, float]]
    chest: float
    belly: float

    @property
    def ribs(self) -> Turn:
        """The frame of the middle of the thorax."""
        return self.turns[LUMBAR + 5]

    @property
    def shoulders_turn(self) -> Turn:
        return self.turns[LUMBAR + THORAX - 2]


def body_of(start: Pose, end: Pose, share: float) -> Body:
    """The body at a share (0 to 1) of the way from one pose to the other."""
    pelvis = _mixed(start.at, end.at, share, (0.0, 91.0, 0.0))
    pelvis_turn = bend_world(_mixed(start.face, end.face, share))
    spine, turns = _spine(
        pelvis, pelvis_turn, *(_mixed(getattr(start, n), getattr(end, n), share) for n in ("lumbar", "thorax", "neck"))
    )
    head_turn = then(turns[-1], bend(*_mixed(start.head, end.head, share)))
    head_turn = then(head_turn, about((1.0, 0.0, 0.0), -7.0))
    head = add(spine[-1], apply(head_turn, (0.0, 8.0, 2.6)))
    blades = {side: _blade(start, end, side, share) for side in SIDES}
    plain = Body(
        pelvis,
        pelvis_turn,
        spine,
        turns,
        head,
        head_turn,
        {},
        {},
        blades,
        _number(start.chest, end.chest, share),
        _number(start.belly, end.belly, share),
    )
    legs = {side: _leg(plain, _one(start, "leg", side), _one(end, "leg", side), side, share) for side in SIDES}
    plain = plain._replace(legs=legs)
    arms: dict[str, Limb] = {}
    for side in SIDES:
        ends = [_one(pose, "arm", side) for pose in (start, end)]
        arms[side] = _arm(plain._replace(arms=arms), ends[0], ends[1], side, share)
    return plain._replace(arms=arms)


def _mixed(a: Vector | None, b: Vector | None, share: float, default: Vector = (0.0, 0.0, 0.0)) -> Vector:
    return mix(a or default, b or default, share)


def _number(a: float | None, b: float | None, share: float) -> float:
    return (a or 0) * (1 - share) + (b or 0) * share


def bend_world(face: Vector) -> Turn:
    """How the pelvis lies: turned, then leaned, then pitched."""
    pitch, lean, turn = face
    result = about(UP, turn) if turn else STRAIGHT
    if pitch:
        result = then(result, about((1.0, 0.0, 0.0), pitch))
    return then(result, about(FORWARD, -lean)) if lean else result


def _spine(pelvis: Vector, turn: Turn, lumbar: Vector, thorax: Vector, neck: Vector) -> tuple[tuple[Vector, ...], tuple[Turn, ...]]:
    frame = then(turn, about((1.0, 0.0, 0.0), SACRUM_TILT))
    point = add(pelvis, apply(turn, (0.0, 8.0, -6.5)))
    points, turns = [point], [frame]
    bends = [(scaled(lumbar, 1 / LUMBAR))] * LUMBAR
    bends += [scaled(thorax, share / THORAX) for share in SHARE]
    bends += [scaled(neck, 1 / NECK)] * NECK
    for (flex, side, twist), curve, link in zip(bends, CURVE, LINKS, strict=True):
        frame = then(frame, bend(flex + curve, side, twist))
        point = add(point, frame[1], link)
        points.append(point)
        turns.append(frame)
    return tuple(points), tuple(turns)


def _one(pose: Pose, limb: str, side: str) -> Arm | Leg:
    own = getattr(pose, f"{limb}_{side}")
    both = getattr(pose, f"{limb}s")
    empty: Arm | Leg = Arm(angles=(10, 4, 8, 0)) if limb == "arm" else Leg(angles=(0, 2, 0, 0))
    if own is None and both is not None and side == "r":
        return _other_side(both)
    result: Arm | Leg = own or both or empty
    return result


@lru_cache(maxsize=1024)
def _other_side(limb: Arm | Leg) -> Arm | Leg:
    """A pair is written for the left; the right is its mirror image."""
    fields = {name: getattr(limb, name) for name in limb.__struct_fields__}
    swap = {"world_left": "world_right", "world_right": "world_left", "left": "right", "right": "left"}
    for name in ("elbow", "knee", "point", "thumb", "toe"):
        value = fields.get(name)
        if isinstance(value, tuple):
            fields[name] = (-value[0], value[1], value[2])
        elif value in swap:
            fields[name] = swap[value]
    if limb.to is not None:
        fields["to"] = (-limb.to[0], limb.to[1], limb.to[2])
    return type(limb)(**fields)


def _blade(start: Pose, end: Pose, side: str, share: float) -> Vector:
    values = [getattr(pose, f"blade_{side}") or pose.blades for pose in (start, end)]
    return _mixed(values[0], values[1], share)


def _ways(out: float) -> dict[str, Vector]:
    plain: dict[str, Vector] = {"left": (1, 0, 0), "right": (-1, 0, 0), "out": (out, 0, 0), "in": (-out, 0, 0)}
    return plain | {"up": (0, 1, 0), "down": (0, -1, 0), "front": (0, 0, 1), "back": (0, 0, -1)}


WAYS = {side: _ways(out) for side, out in SIDES.items()}
"""The named directions for each side."""


def way(name: str | Vector, turn: Turn, side: str) -> Vector:
    """A named direction of the body, or of the world, as a vector of the world."""
    if not isinstance(name, str):
        return unit((float(name[0]), float(name[1]), float(name[2])))
    vector = WAYS[side][name.removeprefix("world_")]
    return vector if name.startswith("world_") else apply(turn, vector)


# --- arms ----------------------------------------------------------------------------------------------------------------


def shoulder(body: Body, side: str, lift: float) -> Vector:
    """The joint rides on the shoulder blade: it rises with the lifted arm and goes round the ribs with the blade."""
    up, forward, _ = body.blades[side]
    rise = up + 3.5 * max(0.0, min(1.0, (lift - 40) / 120))
    x = SIDES[side] * (17.2 - abs(forward) * 0.25 - rise * 0.45)
    return add(body.spine[LUMBAR + THORAX - 1], apply(body.shoulders_turn, (x, rise - 0.5, 5.5 + forward * 1.1)))


def _arm(body: Body, start: Arm | Leg, end: Arm | Leg, side: str, share: float) -> Limb:
    assert isinstance(start, Arm)
    assert isinstance(end, Arm)
    chosen = start if share < 0.5 else end
    turn = body.ribs
    if start.angles and end.angles:
        angles = tuple(a + (b - a) * share for a, b in zip(start.angles, end.angles, strict=True))
        limb = _by_angles(body, (angles[0], angles[1], angles[2], angles[3]), side)
    elif start.to and end.to:
        limb = _reach(body, mix(start.to, end.to, share), _hint(start, end, turn, side, share), side)
    elif start.on and start.on == end.on:
        target = add(spot(body, start.on, side), _by(body, mix(start.by, end.by, share), side))
        limb = _laid(body, _reach(body, target, _hint(start, end, turn, side, share), side), start)
    elif share in (0, 1):
        limb = _single(body, chosen, side)
    else:
        limb = _between(_single(body, start, side), _single(body, end, side), share)
    return _with_hand(limb, start, end, turn, side, share)


def _single(body: Body, arm: Arm, side: str) -> Limb:
    if arm.angles:
        return _by_angles(body, arm.angles, side)
    target = arm.to or add(spot(body, arm.on or "hip", side), _by(body, arm.by, side))
    return _laid(body, _reach(body, target, way(arm.elbow, body.ribs, side), side), arm)


def _laid(body: Body, limb: Limb, arm: Arm) -> Limb:
    """A hand that rests on the trunk lies flat on it."""
    if arm.on in ("chest", "ribs", "belly"):
        inward = scaled(body.ribs[0], -1.4 if dot(sub(limb.end, body.spine[8]), body.ribs[0]) > 0 else 1.4)
        tip = across(add(limb.tip, inward), body.ribs[2])
        return limb._replace(tip=tip, side=body.ribs[1])
    if arm.on in ("ribs_other", "shoulder_other"):
        return limb._replace(tip=across(limb.tip, body.ribs[2]))
    if arm.on == "head_back":
        across_head = -1.0 if dot(sub(limb.end, body.head), body.head_turn[0]) > 0 else 1.0
        return limb._replace(tip=unit(apply(body.head_turn, (across_head, 0.25, -0.45))), side=scaled(body.head_turn[1], -1))
    return limb


def _by(body: Body, by: Vector, side: str) -> Vector:
    return apply(body.ribs, (by[0] * SIDES[side], by[1], by[2]))


def _hint(start: Arm, end: Arm, turn: Turn, side: str, share: float) -> Vector:
    return swing(way(start.elbow, turn, side), way(end.elbow, turn, side), share)


def _by_angles(body: Body, angles: tuple[float, float, float, float], side: str) -> Limb:
    plane, lift, elbow, twist = angles
    sign, turn = SIDES[side], body.shoulders_turn
    outward = (sign * cos(radians(plane)), 0.0, sin(radians(plane)))
    axis = cross((0.0, -1.0, 0.0), outward)
    direction = spin((0.0, -1.0, 0.0), axis, lift)
    inner = spin(spin(FORWARD, axis, lift), direction, -sign * twist)
    fore = add(scaled(direction, cos(radians(elbow))), inner, sin(radians(elbow)))
    level = about((1.0, 0.0, 0.0), -22.0)
    # Angles are told from the trunk as a whole; the upper ribs lean forward by their neutral curve.
    frame = then(turn, level)
    root = shoulder(body, side, lift)
    middle = add(root, apply(frame, direction), UPPER_ARM)
    end = add(middle, apply(frame, fore), FOREARM)
    return Limb(root, middle, end, apply(frame, fore), apply(frame, inner))


def _reach(body: Body, target: Vector, hint: Vector, side: str) -> Limb:
    root = shoulder(body, side, 0)
    for _ in range(2):
        down = scaled(body.ribs[1], -1)
        cosine = dot(unit(sub(target, root)), down)
        root = shoulder(body, side, 90 * (1 - cosine))
    middle, end = two_links(root, target, hint, UPPER_ARM, FOREARM)
    fore = unit(sub(end, middle))
    return Limb(root, middle, end, fore, across(sub(target, root), fore))


def two_links(root: Vector, target: Vector, hint: Vector, first: float, second: float) -> tuple[Vector, Vector]:
    """Elbow and wrist (or knee and ankle) that reach for a target and bend toward the hint. Too far: straight toward it."""
    line = sub(target, root)
    away = unit(line)
    reach = min(max(length(line), abs(first - second) + 1), first + second - 0.1)
    along = (first**2 - second**2 + reach**2) / (2 * reach)
    high = sqrt(max(first**2 - along**2, 0))
    middle = add(add(root, away, along), across(hint, away), high)
    return middle, add(root, away, reach)


def _between(a: Limb, b: Limb, share: float) -> Limb:
    root = mix(a.root, b.root, share)
    upper = swing(unit(sub(a.middle, a.root)), unit(sub(b.middle, b.root)), share)
    fore = swing(unit(sub(a.end, a.middle)), unit(sub(b.end, b.middle)), share)
    middle = add(root, upper, UPPER_ARM)
    return Limb(root, middle, add(middle, fore, FOREARM), fore, swing(a.side, b.side, share))


def _with_hand(limb: Limb, start: Arm, end: Arm, turn: Turn, side: str, share: float) -> Limb:
    tips = [way(arm.point, turn, side) if arm.point else limb.tip for arm in (start, end)]
    tip = swing(tips[0], tips[1], share)
    thumbs = [across(way(arm.thumb, turn, side) if arm.thumb else limb.side, tip) for arm in (start, end)]
    return limb._replace(tip=tip, side=swing(thumbs[0], thumbs[1], share), hand=(start if share < 0.5 else end).hand)


def spot(body: Body, name: str, side: str) -> Vector:
    """Where the wrist is when the hand rests on a place of the body."""
    other = "r" if side == "l" else "l"
    sign, ribs = SIDES[side], body.ribs
    middle = body.spine[LUMBAR + 4]
    heads = {"head_back": (sign * 8.5, -2.0, -7.5), "head_side": (sign * 10.0, 1.0, 0.0), "head_top": (sign * 3.0, 12.0, 0.0)}
    heads["face"] = (sign * 5.0, -7.0, 11.0)
    if name in heads:
        return add(body.head, apply(body.head_turn, heads[name]))
    trunk = {"chest": (sign * 4.0, 8.0, 21.0), "ribs": (sign * 16.0, -2.0, 13.0), "ribs_other": (-sign * 13.0, -2.0, 17.0)}
    trunk |= {"belly": (sign * 5.0, -18.0, 21.0), "hip": (sign * 16.0, -30.0, 10.0), "low_back": (sign * 7.0, -18.0, -4.0)}
    trunk |= {"shoulder": (sign * 15.0, 14.0, 15.0), "shoulder_other": (-sign * 12.0, 12.0, 17.0)}
    if name in trunk:
        return add(middle, apply(ribs, trunk[name]))
    if name == "elbow_other":
        arm = body.arms.get(other)
        return add(arm.middle, apply(ribs, (0.0, 0.0, 4.0))) if arm else add(middle, apply(ribs, (-sign * 8.0, 6.0, 25.0)))
    leg = body.legs[other if name.endswith("_other") else side]
    front = across(apply(body.pelvis_turn, (0.0, 1.0, 1.0)), unit(sub(leg.middle, leg.root)))
    share = 0.62 if name.startswith("thigh") else 0.92
    return add(mix(leg.root, leg.middle, share), front, 9.0)


# --- legs ----------------------------------------------------------------------------------------------------------------


def _leg(body: Body, start: Arm | Leg, end: Arm | Leg, side: str, share: float) -> Limb:
    assert isinstance(start, Leg)
    assert isinstance(end, Leg)
    if start.to and end.to:
        hint = swing(way(start.knee, body.pelvis_turn, side), way(end.knee, body.pelvis_turn, side), share)
        limb = _step(body, mix(start.to, end.to, share), hint, side)
    elif start.angles and end.angles:
        flex, out, knee, twist = (a + (b - a) * share for a, b in zip(start.angles, end.angles, strict=True))
        limb = _leg_by_angles(body, flex, out, knee, twist, side)
    else:
        a, b = (_single_leg(body, leg, side) for leg in (start, end))
        thigh = swing(unit(sub(a.middle, a.root)), unit(sub(b.middle, b.root)), share)
        shin = swing(unit(sub(a.end, a.middle)), unit(sub(b.end, b.middle)), share)
        middle = add(a.root, thigh, THIGH)
        limb = Limb(a.root, middle, add(middle, shin, SHIN), swing(a.tip, b.tip, share), a.side)
    tips = [_toe(leg, limb, body.pelvis_turn, side) for leg in (start, end)]
    return limb._replace(tip=swing(tips[0], tips[1], share))


def _single_leg(body: Body, leg: Leg, side: str) -> Limb:
    if leg.to:
        return _step(body, leg.to, way(leg.knee, body.pelvis_turn, side), side)
    flex, out, knee, twist = leg.angles or (0, 2, 0, 0)
    return _leg_by_angles(body, flex, out, knee, twist, side)


def _toe(leg: Leg, limb: Limb, turn: Turn, side: str) -> Vector:
    shin = unit(sub(limb.end, limb.middle))
    if leg.toe == "along":
        return shin
    return way(leg.toe, turn, side) if leg.toe else limb.tip


def _hip(body: Body, side: str) -> Vector:
    return add(body.pelvis, apply(body.pelvis_turn, (SIDES[side] * 8.5, 0.0, 0.0)))


def _leg_by_angles(body: Body, flex: float, out: float, knee: float, twist: float, side: str) -> Limb:
    sign = SIDES[side]
    frame = then(body.pelvis_turn, about((1.0, 0.0, 0.0), -flex))
    frame = then(then(frame, about(FORWARD, sign * out)), about(UP, sign * twist))
    root = _hip(body, side)
    middle = add(root, frame[1], -THIGH)
    shin = spin(scaled(frame[1], -1), frame[0], knee)
    front = spin(frame[2], frame[0], knee)
    return Limb(root, middle, add(middle, shin, SHIN), front, frame[0])


def _step(body: Body, target: Vector, hint: Vector, side: str) -> Limb:
    root = _hip(body, side)
    middle, end = two_links(root, target, hint, THIGH, SHIN)
    shin = unit(sub(end, middle))
    ahead = across(hint, shin) if abs(dot(hint, shin)) < 0.95 else across(body.pelvis_turn[2], shin)
    return Limb(root, middle, end, ahead, undo(body.pelvis_turn, ahead))
