"""The spine from behind, C7 to L1: what was found at each level, how it is drawn and how it is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from .shapes import text

TESTED = tuple(f"T{number}" for number in range(1, 13))
LEVELS = ("C7", *TESTED, "L1")
TOP, HEIGHT = -2.3, 33.0
MOBILITY = {"stiff": "stiff", "loose": "moves too much", "normal": "normal"}
PAIN = {
    "left": "familiar pain on the left",
    "right": "familiar pain on the right",
    "both": "familiar pain on both sides",
    "center": "familiar pain in the middle",
}
SIDES = {"left": (-1,), "right": (1,), "both": (-1, 1), "center": (0,)}
# How far beside the midline the disc of a painful side lies: over the tip of the transverse process.
REACH = 2.65


@dataclass(frozen=True, slots=True)
class Level:
    """One level. `y` is the middle of its bone, `tap` the top and height of its row on the picture."""

    name: str
    y: str
    tap: tuple[str, str]
    paths: tuple[str, ...]
    discs: tuple[tuple[str, str], ...]
    mobility: str
    pain: str
    pending: bool
    spoken: str

    @property
    def classes(self) -> str:
        return " ".join(filter(None, (self.mobility, "pending" if self.pending else "", "ghost" if len(self.paths) == 1 else "")))

    @property
    def beyond(self) -> bool:
        """Drawn for orientation; no joint test is recorded there."""
        return self.name not in TESTED

    @property
    def marked(self) -> bool:
        return bool(self.mobility or self.pain or self.pending)


@cache
def _bones() -> dict[str, dict[str, Any]]:
    bones: dict[str, dict[str, Any]] = json.loads(files(__package__).joinpath("art/spine.json").read_text(encoding="utf-8"))
    return bones


def levels(states: Mapping[str, Mapping[str, Any]]) -> tuple[Level, ...]:
    """All levels, top down. A state is `{"mobility": "stiff", "pain": "right", "pending": True}`; what is absent is not known."""
    if unknown := states.keys() - set(LEVELS):
        raise KeyError(f"no such level: {', '.join(sorted(unknown))}")
    return tuple(_level(index, name, states.get(name, {})) for index, name in enumerate(LEVELS))


def _level(index: int, name: str, state: Mapping[str, Any]) -> Level:
    bone = _bones()[name]
    mobility, pain = state.get("mobility") or "", state.get("pain") or ""
    y = float(bone["y"])
    discs = tuple((text(side * REACH), text(y - 0.46)) for side in SIDES.get(pain, ()))
    pending = bool(state.get("pending"))
    spoken = _spoken(name, mobility, pain, pending)
    return Level(name, text(y), _tap(index), tuple(bone["paths"]), discs, mobility, pain, pending, spoken)


def _tap(index: int) -> tuple[str, str]:
    """Top and height of what belongs to a level on the picture: half way to its neighbors."""
    at = [float(_bones()[name]["y"]) for name in LEVELS]
    edges = [TOP, *((above + below) / 2 for above, below in pairwise(at)), TOP + HEIGHT]
    return text(edges[index]), text(edges[index + 1] - edges[index])


def _spoken(name: str, mobility: str, pain: str, pending: bool) -> str:
    said = [words for words in (MOBILITY.get(mobility, ""), PAIN.get(pain, "")) if words]
    told = ", ".join(said) or "not tested"
    return f"{name}: {told}, being entered" if pending else f"{name}: {told}"


def summary(states: Mapping[str, Mapping[str, Any]]) -> str:
    """The picture in one sentence, for those who do not see it."""
    said = [level.spoken.replace(":", "") for level in levels(states) if level.marked]
    return "Thoracic spine from behind. " + (". ".join(said) + "." if said else "No level tested.")
