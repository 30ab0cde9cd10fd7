"""A curve over an episode as points and bands in the units of its drawing. The axis is the whole scale, never a cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .documents import Curve, Point
from .templating import SHORT_MONTHS, short_day

LEFT, RIGHT, TOP, BOTTOM = 26.0, 322.0, 8.0, 126.0
INSET = 18.0
"""Between the edge of the drawing and the first and last point."""
GAP = 60.0
"""The least distance of two dates that are both written."""
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    whisker: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Band:
    y: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """What the template draws. `edge` is where the change begins to matter."""

    curve: Curve

    @property
    def dots(self) -> list[Dot]:
        return [Dot(self._x(point.on), self._y(point.value), self._whisker(point)) for point in self._points]

    @property
    def path(self) -> str:
        return "M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in self.dots)

    @property
    def levels(self) -> list[tuple[float, str]]:
        """The lines of the scale at round values, five steps at most, and its upper end."""
        low, high = self.curve.low, self.curve.high
        step = next((step for step in STEPS if (high - low) / step <= 5), (high - low) / 5)
        values = [low + step * place for place in range(int((high - low) / step + 1e-9) + 1)]
        top = [high] if high - values[-1] > step / 3 else []
        return [(self._y(value), f"{value:g}") for value in [*values, *top]]

    @property
    def days(self) -> list[tuple[float, str]]:
        """The dates below: the first, the last, and those between that leave room."""
        ends = {self._points[0].on, self._points[-1].on}
        found = [(self._x(on), _short(on)) for on in sorted(ends)]
        for point in self._points[1:-1]:
            x = self._x(point.on)
            if all(abs(x - other) >= GAP for other, _ in found):
                found.append((x, _short(point.on)))
        return sorted(found)

    @property
    def chance(self) -> Band | None:
        """Around the first value: what could be measuring error."""
        if self.curve.mdc is None:
            return None
        first = self._points[0].value
        return self._band(first + self.curve.mdc, first - self.curve.mdc)

    @property
    def edge(self) -> float | None:
        target = self._target
        return None if target is None else self._y(target)

    @property
    def matters(self) -> Band | None:
        """From the change that matters to the better end of the scale."""
        target = self._target
        if target is None:
            return None
        return self._band(target, self.curve.low) if self.curve.better == "down" else self._band(self.curve.high, target)

    @property
    def summary(self) -> str:
        """The curve in words, for who does not see it."""
        values = "; ".join(f"{short_day(point.on)}: {point.value:g}" for point in self._points)
        return f"{self.curve.name}, {self.curve.scale}. {values}"

    @property
    def _points(self) -> list[Point]:
        return sorted(self.curve.points, key=lambda point: point.on)

    @property
    def _target(self) -> float | None:
        """The value from which the change matters; None when it is not known or beyond the scale."""
        if self.curve.mcid is None:
            return None
        target = self._points[0].value + (self.curve.mcid if self.curve.better == "up" else -self.curve.mcid)
        return target if self.curve.low < target < self.curve.high else None

    def _band(self, above: float, below: float) -> Band:
        y = self._y(above)
        return Band(y, round(self._y(below) - y, 2))

    def _whisker(self, point: Point) -> tuple[float, float] | None:
        return (self._y(point.value + point.error), self._y(point.value - point.error)) if point.error else None

    def _x(self, on: date) -> float:
        first, last = self._points[0].on, self._points[-1].on
        part = (on - first).days / (last - first).days if last > first else 0.5
        return round(LEFT + INSET + part * (RIGHT - LEFT - 2 * INSET), 2)

    def _y(self, value: float) -> float:
        part = (value - self.curve.low) / (self.curve.high - self.curve.low)
        return round(BOTTOM - min(max(part, 0.0), 1.0) * (BOTTOM - TOP), 2)


def _short(on: date) -> str:
    return f"{on.day} {SHORT_MONTHS[on.month - 1]}"
