"""Vectors and turns in space. x points to the person's left, y up, z forward; lengths in centimeters, angles in degrees."""

from __future__ import annotations

from math import acos, cos, radians, sin, sqrt

Vector = tuple[float, float, float]
Turn = tuple[Vector, Vector, Vector]
"""A rotation by its three columns: where left, up and forward of the body point to."""
LEFT, UP, FORWARD = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
STRAIGHT: Turn = (LEFT, UP, FORWARD)


def add(a: Vector, b: Vector, times: float = 1) -> Vector:
    """a plus `times` b."""
    return (a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times)


def sub(a: Vector, b: Vector) -> Vector:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def length(a: Vector) -> float:
    return sqrt(dot(a, a))


def scaled(a: Vector, times: float) -> Vector:
    return (a[0] * times, a[1] * times, a[2] * times)


def unit(a: Vector) -> Vector:
    """The direction of a; UP where it has none."""
    size = length(a)
    return scaled(a, 1 / size) if size > 1e-9 else UP


def across(a: Vector, axis: Vector) -> Vector:
    """The part of a that stands at right angles to the unit vector `axis`, as a direction."""
    rest = add(a, axis, -dot(a, axis))
    if length(rest) < 1e-6:
        rest = cross(axis, LEFT) if abs(axis[0]) < 0.9 else cross(axis, UP)
    return unit(rest)


def apply(turn: Turn, v: Vector) -> Vector:
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = turn
    x, y, z = v
    return (ax * x + bx * y + cx * z, ay * x + by * y + cy * z, az * x + bz * y + cz * z)


def undo(turn: Turn, v: Vector) -> Vector:
    """The vector of the world, seen from the turned body."""
    return (dot(turn[0], v), dot(turn[1], v), dot(turn[2], v))


def then(first: Turn, second: Turn) -> Turn:
    """`second`, done in the frame that `first` turned."""
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = first
    (ux, uy, uz), (vx, vy, vz), (wx, wy, wz) = second
    return (
        (ax * ux + bx * uy + cx * uz, ay * ux + by * uy + cy * uz, az * ux + bz * uy + cz * uz),
        (ax * vx + bx * vy + cx * vz, ay * vx + by * vy + cy * vz, az * vx + bz * vy + cz * vz),
        (ax * wx + bx * wy + cx * wz, ay * wx + by * wy + cy * wz, az * wx + bz * wy + cz * wz),
    )


def about(axis: Vector, degrees: float) -> Turn:
    """The turn about a unit vector, right-handed."""
    angle = radians(degrees)
    c, s, (x, y, z) = cos(angle), sin(angle), axis
    rest = 1 - c
    xy, xz, yz = x * y * rest, x * z * rest, y * z * rest
    return (
        (c + x * x * rest, xy + z * s, xz - y * s),
        (xy - z * s, c + y * y * rest, yz + x * s),
        (xz + y * s, yz - x * s, c + z * z * rest),
    )


def spin(v: Vector, axis: Vector, degrees: float) -> Vector:
    angle = radians(degrees)
    c, s = cos(angle), sin(angle)
    return add(add(scaled(v, c), cross(axis, v), s), axis, dot(axis, v) * (1 - c))


def bend(flex: float, side: float, turn: float) -> Turn:
    """Bend forward, lean to the left, turn to the left."""
    result = about(UP, turn) if turn else STRAIGHT
    if side:
        result = then(result, about(FORWARD, -side))
    return then(result, about(LEFT, flex)) if flex else result


def mix(a: Vector, b: Vector, share: float) -> Vector:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def swing(a: Vector, b: Vector, share: float) -> Vector:
    """The direction that lies between two unit vectors, on the shortest arc."""
    angle = acos(max(-1.0, min(1.0, dot(a, b))))
    if angle < 1e-4 or angle > 3.13:
        return unit(mix(a, b, share))
    return add(scaled(a, sin((1 - share) * angle) / sin(angle)), b, sin(share * angle) / sin(angle))
