"""The agreed limits of pain in a person's language: which numbers of the scale are fine, which ask for less, which stop."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from ...knowledge.languages import Language
from ...reasoning.assess import Assessment
from ...reasoning.progression import pain_limits

COLORS = ("green", "amber", "red")


@dataclass(frozen=True, slots=True)
class Limit:
    """One color: its numbers in words, as "0 to 3", and what to do then."""

    color: str
    range: str
    text: str


def limits_of(assessment: Assessment, rest: int, language: Language) -> list[Limit]:
    """The colors that there are for a resting pain."""
    found, limits = pain_limits(assessment, rest), []
    for color in COLORS:
        numbers = [number for number in range(11) if found.colors[number] == color]
        if numbers:
            text = language.say("pain_rule", found.rules[numbers[0]].id, color)
            limits.append(Limit(color, _range(numbers[0], numbers[-1]), text))
    return limits


def _range(first: int, last: int) -> str:
    values = {"first": first, "last": last}
    if first == last:
        return str(first)
    if last == 10:
        return gettext("%(first)s or more") % values
    return gettext("%(first)s or %(last)s") % values if last - first == 1 else gettext("%(first)s to %(last)s") % values
