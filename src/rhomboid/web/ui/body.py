"""The body chart: where each pain region lies on the back and front view, and where its number goes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from importlib.resources import files
from typing import Any

from . import shapes
from .shapes import Point, text

VIEWS = ("back", "front")
# Two ids that the field names by quadrant instead of by side.
BY_SIDE = {"uq_l": "luq", "uq_r": "ruq"}
PIN = 2.7
# The back from near: left, top, width, height.
CLOSE = (-25.0, 17.5, 50.0, 45.0)


@dataclass(frozen=True, slots=True)
class Area:
    """One region on one view. `center` is where arrow keys measure from and the leader of its number starts."""

    region: str
    view: str
    path: str
    center: Point
    edge: float


@dataclass(frozen=True, slots=True)
class Pin:
    """The number of a chosen region, beside it, with a short leader."""

    number: int
    x: str
    y: str
    label_y: str
    leader: str


@dataclass(frozen=True, slots=True)
class Marked:
    """An area as it is drawn: chosen or not, with the texture of its quality; the first of a view is the way in by keyboard."""

    area: Area
    label: str
    chosen: bool
    quality: str
    first: bool

    @property
    def button(self) -> str:
        return _button(self.area, self.label, self.chosen, self.quality, self.first)

    @property
    def still(self) -> str:
        checked = ' aria-checked="true"' if self.chosen else ""
        return f'<path class="region" d="{self.area.path}" data-quality="{escape(self.quality)}" aria-hidden="true"{checked}/>'


@lru_cache(maxsize=4096)
def _button(area: Area, label: str, chosen: bool, quality: str, first: bool) -> str:
    """Kept, since there are more than seventy areas on every chart and they hardly change."""
    place = (
        f'data-region="{area.region}" data-x="{text(area.center[0])}" data-y="{text(area.center[1])}" data-edge="{text(area.edge)}"'
    )
    said = f'aria-checked="{str(chosen).lower()}" aria-label="{escape(label)}"'
    entry = f'data-quality="{escape(quality)}" role="checkbox" tabindex="{0 if first else -1}"'
    return f'<path class="region" d="{area.path}" {place} {entry} {said}/>'


@dataclass(frozen=True, slots=True)
class Listed:
    region: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class View:
    name: str
    areas: tuple[Marked, ...]
    pins: tuple[Pin, ...]
    sides: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Chart:
    """`close` tells whether the back is first shown from near: all that is marked on it lies on the upper back."""

    views: tuple[View, ...]
    close: bool
    groups: tuple[tuple[str, tuple[Listed, ...]], ...]


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(files(__package__).joinpath("art/body_regions.toml").read_text(encoding="utf-8"))


@cache
def areas() -> tuple[Area, ...]:
    return tuple(area for entry in _file()["area"] for area in _drawn(entry))


def regions() -> frozenset[str]:
    return frozenset(area.region for area in areas())


def _drawn(entry: Mapping[str, Any]) -> Iterable[Area]:
    points: list[Point] = [(float(x), float(y)) for x, y in entry["points"]]
    if not entry.get("sides", True):
        yield _area(entry["region"], entry["view"], [*points, *((-x, y) for x, y in reversed(points) if x)])
        return
    for side, sign in (("l", -1.0), ("r", 1.0)):
        # On the front view the person's right lies at the left of the page.
        turn = sign if entry["view"] == "back" else -sign
        region = f"{entry['region']}_{side}"
        yield _area(BY_SIDE.get(region, region), entry["view"], [(x * turn, y) for x, y in points])


def _area(region: str, view: str, points: Sequence[Point]) -> Area:
    center = shapes.centroid(points)
    edge = max(x for x, _ in points) if center[0] >= -0.01 else min(x for x, _ in points)
    return Area(region, view, shapes.rounded(points, 0.9), center, edge)


def chart(options: Mapping[str, str], chosen: Sequence[str] = (), qualities: Mapping[str, str] | None = None) -> Chart:
    """The chart for the vocabulary's options. `chosen` is in the order of the numbers."""
    views = tuple(_view(name, options, chosen, qualities or {}) for name in VIEWS)
    marked = [area for area in areas() if area.view == "back" and area.region in chosen]
    return Chart(views, all(_upper_back(area) for area in marked), _groups(options, chosen))


def _upper_back(area: Area) -> bool:
    left, top, width, height = CLOSE
    return left + 4 < area.edge < left + width - 4 and top < area.center[1] < top + height


def _view(name: str, options: Mapping[str, str], chosen: Sequence[str], qualities: Mapping[str, str]) -> View:
    here = [area for area in areas() if area.view == name and area.region in options]
    marked = tuple(
        Marked(area, options[area.region], area.region in chosen, qualities.get(area.region, "ache"), index == 0)
        for index, area in enumerate(here)
    )
    numbered = [(chosen.index(area.region) + 1, area) for area in here if area.region in chosen]
    return View(name, marked, pins(numbered), ("L", "R") if name == "back" else ("R", "L"))


def pins(numbered: Iterable[tuple[int, Area]]) -> tuple[Pin, ...]:
    """The numbers stand outward of their regions; where two would meet, the lower one moves down."""
    placed: list[Point] = []
    found = []
    for number, area in sorted(numbered, key=lambda entry: entry[1].center[1]):
        outward = 1.0 if area.center[0] >= -0.01 else -1.0
        x, y = area.edge + outward * 4.6, area.center[1] + 0.8
        while any(abs(x - px) < 2 * PIN and abs(y - py) < 2 * PIN for px, py in placed):
            y += 1.0
        placed.append((x, y))
        start, end = (area.edge - outward * 0.4, area.center[1]), (x - outward * PIN, y)
        found.append(Pin(number, text(x), text(y), text(y + 0.1), shapes.polyline([start, end])))
    return tuple(sorted(found, key=lambda pin: pin.number))


def _groups(options: Mapping[str, str], chosen: Sequence[str]) -> tuple[tuple[str, tuple[Listed, ...]], ...]:
    found = []
    for group in _file()["group"]:
        ids = [BY_SIDE.get(name, name) for key in group["regions"] for name in (key, f"{key}_l", f"{key}_r")]
        listed = tuple(Listed(region, options[region], region in chosen) for region in ids if region in options)
        found.append((group["name"], listed))
    return tuple(entry for entry in found if entry[1])
