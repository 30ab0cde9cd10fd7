"""Has it become better in a way that matters? Never said from one instrument alone (clinical reference 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..knowledge import Knowledge
from ..vocabulary import Value
from .change import change

PAIN, FUNCTION = "nrs_average_7d", "psfs_mean"
RATINGS = {"groc": 3.0, "groc_15": 5.0}
"""A rating of change that counts: +3 on the scale to 5, +5 on the scale to 7 [V135][V136]."""
DISABILITY = ("rmdq", "ndi", "odi", "fri")
STEP, PERCENT = 2.0, 30.0
"""2 points of pain or function; 30 % of a disability score [V131][V133]."""

Standing = Literal["better", "not_better", "unknown"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """`better`: at least two kinds of measure say so; `unknown`: those that were not taken again could still decide.

    `because` names the findings that say so. `worse`: pain up or function down by 2, which asks for a re-screen.
    """

    standing: Standing
    because: tuple[str, ...]
    worse: tuple[str, ...]
    percent: float | None


def meaningful(then: Mapping[str, Value], now: Mapping[str, Value], knowledge: Knowledge) -> Meaning:
    """Whether the change over an episode matters, from values then and values taken again since."""
    signs = [_pain(then, now), _function(then, now), _rating(now), _disability(then, now)]
    sure = [name for name, holds in signs if holds]
    open_ = sum(holds is None for _, holds in signs)
    standing: Standing = "better" if len(sure) >= 2 else "unknown" if len(sure) + open_ >= 2 else "not_better"
    worse = [name for name in (PAIN, FUNCTION) if _worse(name, then, now, knowledge)]
    return Meaning(standing, tuple(sure), tuple(worse), percent_better(then, now, knowledge))


def percent_better(then: Mapping[str, Value], now: Mapping[str, Value], knowledge: Knowledge) -> float | None:
    """The larger improvement of pain and of disability, in percent of the value then; of function when neither is known."""
    found = [_percent(name, then, now, knowledge) for name in (PAIN, *DISABILITY)]
    known = [value for value in found if value is not None]
    return max(known) if known else _percent(FUNCTION, then, now, knowledge)


def _percent(name: str, then: Mapping[str, Value], now: Mapping[str, Value], knowledge: Knowledge) -> float | None:
    difference = _difference(name, then, now)
    if difference is None or not then[name]:
        return None
    up = change(name, then[name], now[name], knowledge).moved == "better"
    size = abs(difference) / abs(float(then[name])) * 100  # type: ignore[arg-type]
    return round(size if up else -size, 1)


def _difference(name: str, then: Mapping[str, Value], now: Mapping[str, Value]) -> float | None:
    before, after = then.get(name), now.get(name)
    if isinstance(before, int | float) and isinstance(after, int | float):
        return float(after) - float(before)
    return None


def _pain(then: Mapping[str, Value], now: Mapping[str, Value]) -> tuple[str, bool | None]:
    difference = _difference(PAIN, then, now)
    return PAIN, None if difference is None else difference <= -STEP


def _function(then: Mapping[str, Value], now: Mapping[str, Value]) -> tuple[str, bool | None]:
    difference = _difference(FUNCTION, then, now)
    return FUNCTION, None if difference is None else difference >= STEP


def _rating(now: Mapping[str, Value]) -> tuple[str, bool | None]:
    for name, least in RATINGS.items():
        if isinstance(value := now.get(name), int | float):
            return name, value >= least
    return "groc", None


def _disability(then: Mapping[str, Value], now: Mapping[str, Value]) -> tuple[str, bool | None]:
    """All these scores count disability: lower is better."""
    for name in DISABILITY:
        difference = _difference(name, then, now)
        if difference is not None:
            before = float(then[name])  # type: ignore[arg-type]
            return name, bool(before) and -difference / before * 100 >= PERCENT
    return DISABILITY[0], None


def _worse(name: str, then: Mapping[str, Value], now: Mapping[str, Value], knowledge: Knowledge) -> bool:
    difference = _difference(name, then, now)
    if difference is None or abs(difference) < STEP:
        return False
    return change(name, then[name], now[name], knowledge).moved == "worse"
