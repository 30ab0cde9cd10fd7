"""What a figure file may say. Lengths are centimeters, angles degrees; x is the person's left, y up, z forward, the floor y = 0."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Point = tuple[float, float, float]
Way = Literal["left", "right", "in", "out", "up", "down", "front", "back"]
"""A direction of the body: in and out are toward and away from its middle."""
World = Literal["world_up", "world_down", "world_front", "world_back", "world_left", "world_right"]
Spot = Literal[
    "head_back", "head_side", "head_top", "face", "shoulder", "shoulder_other", "chest", "ribs", "ribs_other", "belly",
    "hip", "thigh", "thigh_other", "knee", "knee_other", "elbow_other", "low_back",
]  # fmt: skip
"""A place on the body where a hand can rest. Other: of the other side."""
Region = Literal[
    "neck", "neck_front", "neck_side_l", "neck_side_r", "upper_back", "mid_back", "thoracic", "low_back", "between_blades",
    "lower_trap", "upper_trap", "upper_trap_l", "upper_trap_r", "serratus", "serratus_l", "serratus_r",
    "ribs_l", "ribs_r", "ribs", "lat", "lat_l", "lat_r", "chest", "chest_l", "chest_r", "shoulders", "shoulder_l", "shoulder_r",
    "belly", "seat", "thighs", "thigh_l", "thigh_r", "hip_l", "hip_r", "arm_l", "arm_r",
]  # fmt: skip
Fit = Literal["all", "upper", "bust"]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An unknown key is refused."""


class Arm(Strict, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One arm, by `angles` (plane, lift, elbow, turn), or by the place of its wrist: `to` in the world or `on` the body."""

    angles: tuple[float, float, float, float] | None = None
    to: Point | None = None
    on: Spot | None = None
    by: Point = (0, 0, 0)
    """Added to `on`, in the chest's own directions; x is outward."""
    elbow: Way | World | Point = "down"
    hand: Literal["open", "flat", "grip", "fist"] = "open"
    point: Way | World | None = None
    """Where the fingers point; None: on along the forearm."""
    thumb: Way | World | None = None


class Leg(Strict, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One leg, by `angles` (hip flexion, hip abduction, knee flexion, hip turn), or by the place of its ankle in the world."""

    angles: tuple[float, float, float, float] | None = None
    to: Point | None = None
    knee: Way | World | Point = "front"
    toe: Way | World | Literal["along"] | None = None


class Pose(Strict, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A posture, or what a pose changes in one. Bends are (flexion, lean to the left, turn to the left)."""

    at: Point | None = None
    """The middle between the hip joints."""
    face: Point | None = None
    """How the pelvis lies: pitch (90: face down, -90: face up), lean to the left, turn to the left."""
    lumbar: Point | None = None
    thorax: Point | None = None
    neck: Point | None = None
    head: Point | None = None
    arms: Arm | None = None
    arm_l: Arm | None = None
    arm_r: Arm | None = None
    blades: Point | None = None
    """Both shoulder blades: centimeters up, centimeters forward round the ribs, degrees of upward turn beyond the usual."""
    blade_l: Point | None = None
    blade_r: Point | None = None
    legs: Leg | None = None
    leg_l: Leg | None = None
    leg_r: Leg | None = None
    chest: float | None = None
    """How much wider the lower ribs are than usual: 0.1 is ten percent (a breath in)."""
    belly: float | None = None


class Prop(Strict, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Something beside the person. `fit`: the picture makes room for it."""

    fit: bool = True
    front: bool | None = None
    """Drawn before (true) or behind (false) the whole person; None: by its depth."""
    color: Literal["pale", "mid", "dark", "mat", "wall", "band", "accent", "water"] = "pale"


class Box(Prop, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="box"):
    x: tuple[float, float]
    y: tuple[float, float]
    z: tuple[float, float]
    of: str = ""
    """The place of the body it goes with ("hands", "hips"); x, y and z are then told from there."""


class Ball(Prop, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ball"):
    at: Point | str
    size: float | Point = 10
    """Radius, or the three half axes."""


class Tube(Prop, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="tube"):
    """A cylinder from one point to another."""

    start: Point
    end: Point
    radius: float


class Line(Prop, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="line"):
    """A band, stick, cable or frame through points of the world or of the body (hand_l, elbow_r, shoulder_l, back ...)."""

    points: tuple[Point | str, ...]
    width: float = 2
    color: Literal["pale", "mid", "dark", "mat", "wall", "band", "accent", "water"] = "dark"


class Weight(Prop, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="weight"):
    """A small weight in a hand."""

    hand: Literal["l", "r"]
    size: float = 8
    color: Literal["pale", "mid", "dark", "mat", "wall", "band", "accent", "water"] = "dark"


class Chair(Prop, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="chair"):
    """A chair with its seat at 45 cm unless said otherwise; its back on the side named, or none."""

    at: tuple[float, float] = (0, 4)
    seat: float = 45
    back: Literal["back", "front", "left", "right", "none"] = "none"
    back_height: float = 40
    size: float = 42


class Floor(Prop, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="floor"):
    """The floor seen from the side (only for a view with no elevation)."""


AnyProp = Box | Ball | Tube | Line | Weight | Chair | Floor


class Arrow(Strict, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The way something goes. `of`: a place of the body whose way is drawn; or `turn`: a turn about the vertical."""

    of: str = ""
    turn: Literal["", "left", "right"] = ""
    along: Way | World | None = None
    """Straight this way from the place `of`, instead of along its way."""
    shift: tuple[float, float] = (0, 0)
    """Moves the arrow right and down, in hundredths of the picture's width."""
    length: float = 0
    """At least so long, in hundredths of the picture's width (0: as long as the way, and no less than 12)."""
    both: bool = False
    """Heads at both ends: a movement to and fro."""
    round: float = 0
    """Two arcs round the place `of`, so many hundredths of the width from it: a wheel, a circle. Negative: the other way."""


class Figure(Strict, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One exercise's picture."""

    id: str = ""
    alt: str
    es: str
    view: tuple[float, float]
    """Where it is seen from: 0 the front, 90 the person's left, -90 the right, 180 the back; and how many degrees from above."""
    stance: str
    pose: Pose = Pose()
    """What holds at both ends."""
    start: Pose = Pose()
    end: Pose
    region: tuple[Region, ...]
    arrows: tuple[Arrow, ...] = ()
    props: tuple[AnyProp, ...] = ()
    fit: Fit = "all"
    zoom: Annotated[float, Meta(ge=0.5, le=2)] = 1
    shift: tuple[float, float] = (0, 0)
    """Moves the whole picture right and down, in hundredths of its width."""
    depth: dict[str, float] = {}
    """Centimeters nearer to the viewer than computed, by part: arm_l, forearm_l, hand_l, leg_l, shin_l, head, torso, hips ..."""
    hide: tuple[str, ...] = ()
    ghost: bool = True
    seconds: Annotated[float, Meta(ge=3, le=12)] = 6
    swing: bool = False
    """A limb swings far: the movement is drawn with one more moment."""
    sided: bool = False
    """Whether the picture shows one side of an exercise that is done on both."""


class Stance(Strict, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A posture to start from, and the things that belong to it."""

    like: str = ""
    """Another stance that this one changes."""
    pose: Pose
    props: tuple[AnyProp, ...] = ()


def merged(base: Any, change: Any) -> Any:
    """A pose with the changes of another. A pair (arms) gives way to its sides, and a later pair replaces earlier sides."""
    given = {name: value for name in Pose.__struct_fields__ if (value := getattr(change, name)) is not None}
    cleared = {f"{pair[:-1]}_{side}": None for pair in ("arms", "legs", "blades") if pair in given for side in "lr"}
    return msgspec.structs.replace(base, **(cleared | given))
