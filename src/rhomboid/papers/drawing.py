"""Where the marked regions lie on the drawn back (templates/report/body.html.j2), in the units of that drawing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Zone:
    """An ellipse on the person's right, seen from behind; `mirrored` puts it on the left."""

    x: float
    y: float
    rx: float
    ry: float
    turn: float = 0.0
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """Thoracic levels named beside the drawing."""

    text: str
    y: float


SPINE = {
    "occiput": Zone(0, 11.5, 4.6, 3.6),
    "ct_junction": Zone(0, 27.6, 3.2, 2.2),
    "midline_t1_t4": Zone(0, 32.2, 1.5, 4.6),
    "midline_t5_t8": Zone(0, 42, 1.5, 5),
    "midline_t9_t12": Zone(0, 52.7, 1.5, 5.4),
    "lumbar": Zone(0, 62.6, 7, 3.6),
}
SIDED = {
    "neck_post": Zone(2.8, 20.8, 2, 3.8),
    "upper_trap": Zone(9.6, 28.9, 4.6, 1.5, 16),
    "supraspinatus": Zone(11.4, 31.7, 4, 1.1, 4),
    "shoulder": Zone(19.4, 33.8, 2.5, 3.6, -14),
    "interscapular": Zone(4.3, 40.2, 1.6, 7),
    "medial_scapular_border": Zone(6.6, 40.6, 1, 7.2, -3),
    "inferior_scapular_angle": Zone(8.6, 48.4, 2.1, 2.1),
    "paraspinal_t1_t4": Zone(3.1, 32.2, 1.2, 4.4),
    "paraspinal_t5_t8": Zone(3.1, 42, 1.2, 4.8),
    "paraspinal_t9_t12": Zone(3.1, 52.7, 1.2, 5.2),
    "posterior_rib": Zone(9.6, 53.4, 3.4, 3.2),
    "lateral_rib": Zone(13.2, 49.6, 1.5, 5.4, 3),
    "flank": Zone(10.8, 61.6, 2.4, 3.4),
    "arm_lateral": Zone(22.6, 44, 1.1, 6, -4),
    "arm_medial": Zone(17.4, 46, 1.1, 6, 6),
}
LEVELS = {"t1_t4": Level("T1 to T4", 32.2), "t5_t8": Level("T5 to T8", 42), "t9_t12": Level("T9 to T12", 52.7)}


def zones_of(regions: frozenset[str]) -> list[Zone]:
    """The shapes of the regions that can be seen from behind; the others are named in words only."""
    found = [zone for name, zone in SPINE.items() if name in regions]
    for name, zone in SIDED.items():
        for side, mirrored in (("r", False), ("l", True)):
            if f"{name}_{side}" in regions:
                found.append(Zone(zone.x, zone.y, zone.rx, zone.ry, zone.turn, mirrored))
    return found


def levels_of(regions: frozenset[str]) -> list[Level]:
    """The thoracic levels that a region names by itself."""
    return [level for key, level in LEVELS.items() if any(key in region for region in regions)]
