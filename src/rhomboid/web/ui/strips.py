"""Where a value lies on its scale: range strips, goals, then and now, sparklines, days at home, points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .shapes import polyline, text

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale over `width` pixels with `margin` at both ends. Values beyond an end are drawn at that end."""

    low: float
    high: float
    width: float
    margin: float

    def at(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low) if self.high != self.low else 0.5
        return self.margin + min(max(part, 0.0), 1.0) * (self.width - 2 * self.margin)

    def x(self, value: float) -> str:
        return text(self.at(value))

    def span(self, low: float, high: float) -> tuple[str, str]:
        """Left edge and width."""
        return self.x(low), text(self.at(high) - self.at(low))


@dataclass(frozen=True, slots=True)
class Strip:
    """Outlined normal band, ring = left, disc = right, bar = one value. What is None was not measured."""

    band: tuple[str, str] | None
    left: str | None
    right: str | None
    one: str | None


def strip(
    axis: Span, band: Span | None = None, left: float | None = None, right: float | None = None, one: float | None = None
) -> Strip:
    scale = Axis(*axis, width=92, margin=4)
    return Strip(
        scale.span(max(band[0], axis[0]), min(band[1], axis[1])) if band else None,
        None if left is None else scale.x(left),
        None if right is None else scale.x(right),
        None if one is None else text(scale.at(one) - 1.75),
    )


@dataclass(frozen=True, slots=True)
class Goal:
    """A ring at the baseline, a disc now, a diamond at the target; places are percent, so that the shapes keep their form."""

    baseline: str
    target: str
    now: str | None
    way: tuple[str, str]


def goal(axis: Span, baseline: float, target: float, now: float | None = None) -> Goal:
    scale = Axis(*axis, width=100, margin=2.5)
    low, high = sorted((baseline, target if now is None else now))
    left, width = scale.span(low, high)
    return Goal(
        f"{scale.x(baseline)}%", f"{scale.x(target)}%", None if now is None else f"{scale.x(now)}%", (f"{left}%", f"{width}%")
    )


@dataclass(frozen=True, slots=True)
class Change:
    """Ring to disc over the normal band, with the error of the measure as a whisker round the ring."""

    band: tuple[str, str] | None
    then: str
    now: str
    error: tuple[str, str] | None
    segment: str


def change(axis: Span, then: float, now: float, band: Span | None = None, error: float | None = None) -> Change:
    scale = Axis(*axis, width=150, margin=6)
    return Change(
        scale.span(max(band[0], axis[0]), min(band[1], axis[1])) if band else None,
        scale.x(then),
        scale.x(now),
        None if error is None else (scale.x(then - error), scale.x(then + error)),
        polyline([(scale.at(then), 10), (scale.at(now), 10)]),
    )


@dataclass(frozen=True, slots=True)
class Spark:
    """A line of a few values with the zone of a change that matters; `zone` is its y and height."""

    line: str
    end: tuple[str, str]
    zone: tuple[str, str] | None
    edge: str | None


def spark(
    values: Sequence[float], axis: Span = (0, 10), matters: float | None = None, lower_is_better: bool = True
) -> Spark | None:
    """None when there is nothing to draw: a single point is a number, not a line."""
    if len(values) < 2:
        return None
    width, height, pad = 88.0, 26.0, 3.0
    scale = (height - 2 * pad) / (axis[1] - axis[0])

    def y(value: float) -> float:
        return height - pad - (min(max(value, axis[0]), axis[1]) - axis[0]) * scale

    points = [(pad + index * (width - 10) / (len(values) - 1), y(value)) for index, value in enumerate(values)]
    zone = edge = None
    if matters is not None:
        top, bottom = (y(matters), height) if lower_is_better else (0.0, y(matters))
        zone, edge = (text(top), text(bottom - top)), text(y(matters))
    return Spark(polyline(points), (text(points[-1][0]), text(points[-1][1])), zone, edge)


DAYS = {"done": "done", "half": "half done", "missed": "missed", "none": "nothing planned"}


@dataclass(frozen=True, slots=True)
class Days:
    """Home sessions day by day, and the sentence that says them."""

    days: tuple[str, ...]
    spoken: str


def days(states: Sequence[str]) -> Days:
    if wrong := set(states) - DAYS.keys():
        raise ValueError(f"unknown day: {', '.join(sorted(wrong))}; known: {', '.join(DAYS)}")
    planned = sum(state != "none" for state in states)
    done = sum(state in {"done", "half"} for state in states)
    return Days(tuple(states), f"{done} of {planned} sessions in {len(states)} days")


@dataclass(frozen=True, slots=True)
class Tally:
    """Points for and against from one axis; blocks of 6 with gaps of 1."""

    against: tuple[str, ...]
    supporting: tuple[str, ...]
    axis: str
    width: str


def tally(supporting: int, against: int, most: int = 8, most_against: int = 3) -> Tally:
    """The axis stands at the same place in each row, so that rows compare. Points beyond the last block: the number beside it."""
    axis = most_against * 7 + 4
    minus = tuple(text(axis - 2 - 7 * (index + 1) + 1) for index in range(min(against, most_against)))
    plus = tuple(text(axis + 2 + 7 * index) for index in range(min(supporting, most)))
    return Tally(minus, plus, text(axis), text(axis + 2 + 7 * most))
