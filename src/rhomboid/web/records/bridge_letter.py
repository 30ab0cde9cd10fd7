"""A letter as a row keeps it, and back: frozen as it was written, whatever becomes of the findings and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from ...knowledge import Knowledge
from ...knowledge.care import UrgencyRoute
from ...knowledge.model import Condition
from ...reasoning.letter import Letter, Line
from ...reasoning.screening import Raised
from .actions import Refused

PARTS = ("positives", "negatives", "vitals", "neuro", "course", "medicines")


def frozen(letter: Letter, knowledge: Knowledge, *, seen_on: date, held: bool) -> dict[str, Any]:
    """Everything the letter says, as data."""
    return {
        "condition": letter.condition.id,
        "name": letter.condition.name,
        "asked": letter.condition.letter,
        "concern": letter.raised.concern,
        "urgency": letter.raised.urgency,
        "within": letter.raised.within,
        "because": list(letter.raised.because),
        "rule": letter.raised.rule,
        "route": {"name": letter.route.name, "within": letter.route.within},
        "also": list(letter.also),
        **{part: [[line.finding, line.label, line.value] for line in getattr(letter, part)] for part in PARTS},
        "not_known": list(letter.not_known),
        "seen_on": seen_on.isoformat(),
        "held": held,
        "knowledge_version": knowledge.version,
    }


def thawed(kept: Mapping[str, Any], knowledge: Knowledge) -> Letter:
    """The letter for printing, with the words it had. Raises Refused when the rules no longer know its condition."""
    condition = knowledge.of(Condition).get(kept["condition"])
    route = knowledge.of(UrgencyRoute).get(kept["urgency"])
    if condition is None or route is None:
        raise Refused("The rules in force no longer know this condition", "Drop this draft and write the letter anew.")
    return Letter(
        condition=msgspec.structs.replace(condition, name=kept["name"], letter=kept["asked"]),
        raised=Raised(kept["condition"], kept["concern"], kept["urgency"], kept["within"], tuple(kept["because"]), kept["rule"]),
        route=msgspec.structs.replace(route, **kept["route"]),
        also=tuple(kept["also"]),
        not_known=tuple(kept["not_known"]),
        **{part: tuple(Line(*line) for line in kept[part]) for part in PARTS},
    )
