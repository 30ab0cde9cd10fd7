"""Labels and measured values as the pages write them."""

from __future__ import annotations

import re
from typing import Any

from ...vocabulary import Derived, Finding
from ...vocabulary.units import unit_sign

SIDE = re.compile(r"(?:,| to the|,? on the)? (?:left|right)\b")
MINUS = "\N{MINUS SIGN}"


def base_label(label: str) -> str:
    """A label without its side: the name of the pair."""
    return re.sub(r"\s{2,}", " ", SIDE.sub("", label)).strip(" ,")


def number(value: float) -> str:
    """A number in words: no needless zeros, a real minus."""
    return f"{value:g}".replace("-", MINUS)


def measured(value: Any, finding: Finding | Derived) -> str:
    """A number with its unit; a scale says out of what."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    if finding.type == "scale":
        return f"{value:g} of 10"
    grade = " of 5" if finding.unit == "1" and finding.max == 5 and "grade" in finding.label else ""
    return f"{number(value)}{unit_sign(finding.unit)}{grade}"
