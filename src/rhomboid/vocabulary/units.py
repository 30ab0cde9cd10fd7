"""Units in which a value may be given besides the finding's own. All are linear: own = given * factor + offset."""

from __future__ import annotations

CONVERSIONS: dict[tuple[str, str], tuple[float, float]] = {
    ("degF", "degC"): (5 / 9, -160 / 9),
    ("K", "degC"): (1.0, -273.15),
    ("in", "cm"): (2.54, 0.0),
    ("mm", "cm"): (0.1, 0.0),
    ("m", "cm"): (100.0, 0.0),
    ("cm", "mm"): (10.0, 0.0),
    ("in", "mm"): (25.4, 0.0),
    ("lb", "kg"): (0.45359237, 0.0),
    ("g", "kg"): (0.001, 0.0),
    ("N", "kg"): (1 / 9.80665, 0.0),
    ("kPa", "mmHg"): (7.50061683, 0.0),
    ("rad", "deg"): (57.29577951308232, 0.0),
    ("s", "min"): (1 / 60, 0.0),
    ("h", "min"): (60.0, 0.0),
    ("min", "s"): (60.0, 0.0),
    ("min", "h"): (1 / 60, 0.0),
    ("d", "wk"): (1 / 7, 0.0),
    ("wk", "d"): (7.0, 0.0),
    ("mo", "d"): (30.4375, 0.0),
    ("mo", "wk"): (30.4375 / 7, 0.0),
    ("mo", "y"): (1 / 12, 0.0),
    ("y", "d"): (365.25, 0.0),
    ("y", "wk"): (365.25 / 7, 0.0),
}

SIGNS = {"1": "", "%": "%", "deg": "°", "degC": " °C", "degF": " °F"}
"""Units that people do not write as the vocabulary does, with the space before them."""


def unit_sign(unit: str) -> str:
    """A unit as it stands behind a number: the signs of degrees and percent close to it, others after a space."""
    return SIGNS.get(unit, f" {unit}" if unit else "")


def converted(value: float, unit: str, own: str) -> float | None:
    """The value in the finding's own unit, None when the unit does not fit it."""
    if unit == own:
        return value
    if (unit, own) not in CONVERSIONS:
        return None
    factor, offset = CONVERSIONS[unit, own]
    return round(value * factor + offset, 6)


def accepted(own: str) -> list[str]:
    """All units in which a finding with this unit may be given, its own first."""
    return [own, *(unit for unit, target in CONVERSIONS if target == own)]
