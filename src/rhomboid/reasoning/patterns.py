"""Clinical patterns: ranked hypotheses with the findings for and against. They may coexist; none is a diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..knowledge.model import Pattern, Weight
from .explain import Explainer

SUPPORTED = 4.0
"""Points from which a pattern counts as supported (prod); section 3.1 of the clinical reference gives the weights only."""


@dataclass(frozen=True, slots=True)
class PatternFound:
    """How well a pattern fits: the points known, and the least and the most they can become."""

    pattern: str
    points: float
    low: float
    high: float
    support: tuple[str, ...]
    oppose: tuple[str, ...]
    because: tuple[str, ...]

    @property
    def status(self) -> Literal["supported", "possible", "not_supported"]:
        """Supported: enough points now. Possible: something speaks for it, and unknown findings could still bring it there."""
        if self.points >= SUPPORTED:
            return "supported"
        return "possible" if self.high >= SUPPORTED and self.points > 0 else "not_supported"

    @property
    def decided(self) -> Literal["supported", "not_supported", "unknown"]:
        """What no further finding can change any more."""
        return "supported" if self.low >= SUPPORTED else "not_supported" if self.high < SUPPORTED else "unknown"


def find_patterns(explainer: Explainer) -> tuple[PatternFound, ...]:
    """All patterns, the best supported first."""
    found = [pattern_found(pattern, explainer) for pattern in explainer.facts.knowledge.of(Pattern).values()]
    return tuple(sorted(found, key=lambda pattern: -pattern.points))


def pattern_found(pattern: Pattern, explainer: Explainer) -> PatternFound:
    """How well one pattern fits."""
    weighed = [(weight, explainer.facts.truth(weight.when)) for weight in (*pattern.support, *pattern.oppose)]
    true = [weight for weight, truth in weighed if truth]
    unknown = [weight.points for weight, truth in weighed if truth is None]
    points = sum(weight.points for weight in true)
    because = dict.fromkeys(name for weight in true if weight.points > 0 for name in explainer.why(weight.when))
    return PatternFound(
        pattern=pattern.id,
        points=points,
        low=points + sum(value for value in unknown if value < 0),
        high=points + sum(value for value in unknown if value > 0),
        support=_texts(true, positive=True),
        oppose=_texts(true, positive=False),
        because=tuple(because),
    )


def _texts(weights: list[Weight], *, positive: bool) -> tuple[str, ...]:
    return tuple(weight.text for weight in weights if (weight.points > 0) is positive)
