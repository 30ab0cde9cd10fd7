"""The person's own back: their factors on a picture of it, numbered as in the list beside it, and where they said it hurts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...knowledge.languages import Language
from ...knowledge.model import Factor
from ..ui import body

VIEWS = {"back": "-30 5 60 60", "front": "-30 5 60 60"}
"""What is shown of each view: neck, shoulders and trunk."""


@dataclass(frozen=True, slots=True)
class Told:
    """A factor in plain words. `number` is its place on the picture; 0 for one that lies at no single place."""

    id: str
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One view: what is marked for the factors, where it hurts, and the numbers."""

    view: str
    box: str
    areas: tuple[str, ...]
    hurts: tuple[str, ...]
    pins: tuple[body.Pin, ...]


@dataclass(frozen=True, slots=True)
class Back:
    placed: tuple[Told, ...]
    others: tuple[Told, ...]
    pictures: tuple[Picture, ...]


def back_of(factors: Iterable[Factor], hurts: Sequence[str], language: Language) -> Back:
    """The factors of a person as they are told and drawn. `hurts` are regions of the body chart."""
    chosen = list(factors)
    placed = [one for one in chosen if one.shown_at]
    numbers = {one.id: number for number, one in enumerate(placed, start=1)}
    told = [Told(one.id, numbers.get(one.id, 0), language.say("factor", one.id, "plain")) for one in chosen]
    pictures = tuple(filter(None, (_picture(view, placed, hurts) for view in VIEWS)))
    return Back(tuple(one for one in told if one.number), tuple(one for one in told if not one.number), pictures)


def _picture(view: str, placed: Sequence[Factor], hurts: Sequence[str]) -> Picture | None:
    """A view, if there is a factor on it that the views before it do not show."""
    areas = [area for area in body.areas() if area.view == view]
    pins = [(number, found) for number, one in enumerate(placed, start=1) if (found := _pinned(one, number, areas, view))]
    if not pins:
        return None
    of_factors = {area.region for area in areas for one in placed if _is_at(area, one)}
    return Picture(
        view=view,
        box=VIEWS[view],
        areas=tuple(area.path for area in areas if area.region in of_factors),
        hurts=tuple(area.path for area in areas if area.region in hurts),
        pins=body.pins(pins),
    )


def _pinned(factor: Factor, number: int, areas: Sequence[body.Area], view: str) -> body.Area | None:
    """Where its number goes: by turns to the one side and the other, so that numbers do not meet."""
    if view != "back" and any(_is_at(area, factor) for area in body.areas() if area.view == "back"):
        return None
    found = [area for area in areas if _is_at(area, factor)]
    side = [area for area in found if (area.center[0] > 0) == (number % 2 == 1)]
    return next(iter(side or found), None)


def _is_at(area: body.Area, factor: Factor) -> bool:
    return area.region.removesuffix("_l").removesuffix("_r") in factor.shown_at
