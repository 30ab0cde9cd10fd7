"""A course over time with what is known of its error: the band that could be chance, the zone of a change that matters, events.

Every curve is drawn twice, wide and narrow, so that its words keep their size; the page shows the one that fits its column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from .shapes import Point, polyline, specks, text

Span = tuple[float, float]
SayDay = Callable[[date, date | None], str]
"""How a day is written, beside another one."""
LETTER = 6.1
CLEAR = 12.0
FAR = 99.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a day; `low` and `high` are the ends of its error bar, where that is known."""

    on: date
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What is drawn. `chance` is the band round the first value, `matters` the zone worth having, in values."""

    name: str
    readings: tuple[Reading, ...]
    axis: Span = (0, 10)
    step: float = 2
    chance: Span | None = None
    chance_words: str = "could be chance"
    matters: Span | None = None
    matters_words: str = "a change that matters"
    events: tuple[tuple[date, str], ...] = ()
    daily: tuple[tuple[date, float], ...] = ()
    until: date | None = None
    unit: str = ""
    say_day: SayDay | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """A size of paper, in units of the picture; `letter` is the mean width of a letter on it."""

    name: str
    width: float
    height: float
    letter: float = LETTER
    foot: float = 26


SIZES = (Size("wide", 460, 262), Size("narrow", 300, 230))
PHONE = (Size("phone", 280, 196, 8.4, 30),)
"""For pages with large letters: 16 units high where the page is 280 wide."""


@dataclass(frozen=True, slots=True)
class Word:
    x: str
    y: str
    words: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Rect:
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One size of the picture: shapes and words at their places."""

    size: str
    width: str
    height: str
    grid: str
    values: tuple[Word, ...]
    dates: tuple[Word, ...]
    line: str
    dots: tuple[tuple[str, str], ...]
    last: tuple[str, str] | None
    errors: str
    daily: str
    events: tuple[Word, ...]
    chance: Rect | None
    chance_word: Word | None
    zone: Rect | None
    zone_edge: str
    zone_word: Word | None


@dataclass(frozen=True, slots=True)
class Row:
    on: str
    value: str
    error: str
    event: str


@dataclass(frozen=True, slots=True)
class Curve:
    course: Course
    drawings: tuple[Drawing, ...]
    table: tuple[Row, ...]
    spoken: str


def curve(course: Course, sizes: Sequence[Size] = SIZES) -> Curve:
    pens = (_Pen(course, size.name, size.width, size.height, foot=size.foot, letter=size.letter) for size in sizes)
    return Curve(course, tuple(pen.drawing() for pen in pens), _table(course), _spoken(course))


def day(on: date, beside: date | None = None) -> str:
    """`Nov 23`, with its year where that is not the year of the date beside it."""
    year = f", {on.year}" if beside is not None and beside.year != on.year else ""
    return f"{on:%b} {on.day}{year}"


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-", "\u2212")


@dataclass(slots=True)
class _Pen:
    """Turns dates and values into places on one size of paper."""

    course: Course
    size: str
    width: float
    height: float
    left: float = 28
    top: float = 10
    foot: float = 26
    right: float = 14
    letter: float = LETTER
    first: date = date.min
    until: date = date.min
    line: list[Point] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = [reading.on for reading in self.course.readings] + [on for on, _ in self.course.daily]
        self.first = min(known, default=date.min)
        self.until = max([*known, self.course.until or date.min])
        self.line = [(self.x(reading.on), self.y(reading.value)) for reading in self.course.readings]

    def x(self, on: date) -> float:
        days = (self.until - self.first).days
        part = (on - self.first).days / days if days else 0.5
        return self.left + 20 + part * (self.width - self.left - self.right - 40)

    def y(self, value: float) -> float:
        low, high = self.course.axis
        part = (min(max(value, low), high) - low) / (high - low)
        return self.height - self.foot - part * (self.height - self.top - self.foot)

    def drawing(self) -> Drawing:
        zone, edge = self._zone()
        chance = self._band(self.course.chance)
        events = self._events()
        zone_word = self._word(self.course.matters, self.course.matters_words, events)
        taken = [*events, *([zone_word] if zone_word else [])]
        return Drawing(
            self.size,
            text(self.width),
            text(self.height),
            self._grid(),
            self._values(),
            self._dates(),
            polyline(self.line) if len(self.line) > 1 else "",
            tuple((text(x), text(y)) for x, y in self.line),
            (text(self.line[-1][0]), text(self.line[-1][1])) if self.line else None,
            self._errors(),
            specks((self.x(on), self.y(value)) for on, value in self.course.daily),
            events,
            chance,
            self._word(self.course.chance, self.course.chance_words, taken),
            zone,
            edge,
            zone_word,
        )

    @property
    def _across(self) -> float:
        return self.width - self.left - self.right

    def _steps(self) -> list[float]:
        low, high = self.course.axis
        count = int((high - low) / self.course.step + 1e-9)
        return [low + self.course.step * index for index in range(count + 1)]

    def _grid(self) -> str:
        return "".join(f"M{text(self.left)} {text(self.y(step))}H{text(self.width - self.right)}" for step in self._steps())

    def _values(self) -> tuple[Word, ...]:
        return tuple(Word(text(self.left - 8), text(self.y(step) + 4), number(step), "end") for step in self._steps())

    def _dates(self) -> tuple[Word, ...]:
        """First and last day always; those between where they have room."""
        found: list[tuple[float, date]] = []
        room = 13 * self.letter if self.size != "narrow" else 72
        days = [reading.on for reading in self.course.readings]
        for on in dict.fromkeys([*days[:1], *days[-1:], *days[1:-1]]):
            x = self.x(on)
            if all(abs(x - other) >= room for other, _ in found):
                found.append((x, on))
        found.sort()
        baseline = text(self.height - self.foot + 12 + self.letter)
        ends = [None, *(on for _, on in found)]
        first_differs = len(found) > 1 and found[0][1].year != found[-1][1].year
        words = []
        for index, (x, on) in enumerate(found):
            beside = found[-1][1] if index == 0 and first_differs else ends[index]
            said = (self.course.say_day or day)(on, beside)
            words.append(Word(text(self._inside(x, said)), baseline, said, "middle"))
        return tuple(words)

    def _inside(self, x: float, words: str) -> float:
        half = len(words) * self.letter / 2
        return min(max(x, half + 2), self.width - half - 2)

    def _errors(self) -> str:
        return "".join(
            f"M{text(self.x(reading.on))} {text(self.y(reading.high))}V{text(self.y(reading.low))}"
            for reading in self.course.readings
            if reading.low is not None and reading.high is not None
        )

    def _events(self) -> tuple[Word, ...]:
        return tuple(
            Word(text(self._inside(self.x(on), words)), text(self._above(on) - 12), words, "middle")
            for on, words in self.course.events
        )

    def _above(self, on: date) -> float:
        """Above whatever is drawn at that day: the error bar, the point, or the line between its neighbors."""
        tops = [self.y(reading.high or reading.value) for reading in self.course.readings if reading.on == on]
        x = self.x(on)
        for (x0, y0), (x1, y1) in zip(self.line, self.line[1:], strict=False):
            if x0 <= x <= x1 and x1 > x0:
                tops.append(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
        return max(min(tops, default=self.top + 14), self.top + 22)

    def _band(self, span: Span | None) -> Rect | None:
        if span is None:
            return None
        low, high = max(span[0], self.course.axis[0]), min(span[1], self.course.axis[1])
        return Rect(text(self.left), text(self.y(high)), text(self._across), text(self.y(low) - self.y(high)))

    def _zone(self) -> tuple[Rect | None, str]:
        """The zone and its edge: the side of it that is not the end of the scale."""
        span = self.course.matters
        if span is None:
            return None, ""
        edge = span[1] if span[0] <= self.course.axis[0] else span[0]
        return self._band(span), f"M{text(self.left)} {text(self.y(edge))}H{text(self.width - self.right)}"

    def _word(self, span: Span | None, words: str, taken: Sequence[Word]) -> Word | None:
        """The zone's name goes into its corner farthest from the line; beside the zone, where the line fills it."""
        if span is None:
            return None
        top, bottom = self.y(min(span[1], self.course.axis[1])), self.y(max(span[0], self.course.axis[0]))
        inside = self._places(words, (top + 15, bottom - 6), taken)
        on_paper = [y for y in (top - 6, bottom + 15) if self.top + 8 <= y <= self.height - self.foot - 2]
        beside = self._places(words, on_paper, taken)
        x, y, room = max(inside, key=lambda place: place[2])
        if room < CLEAR:
            length = len(words) * self.letter
            x, y, _ = max([*inside, *beside], key=lambda place: (place[2], -self._covered(place[:2], length)))
        return Word(text(x), text(y), words)

    def _places(self, words: str, heights: Sequence[float], taken: Sequence[Word]) -> list[tuple[float, float, float]]:
        """Left and right ends at these heights, each with its distance from the line; none where other words stand."""
        length = len(words) * self.letter
        spots = [(x, y) for y in heights for x in (self.left + 8, self.width - self.right - length - 6)]
        met = {spot: any(self._meets(spot, length, word) for word in taken) for spot in spots}
        return [(*spot, -1.0 if met[spot] else self._clearance(spot, length)) for spot in spots]

    def _meets(self, place: Point, length: float, word: Word) -> bool:
        other = len(word.words) * self.letter
        start = float(word.x) - (other / 2 if word.anchor == "middle" else 0)
        return abs(place[1] - float(word.y)) < 13 and place[0] < start + other + 6 and start < place[0] + length + 6

    def _clearance(self, place: Point, length: float) -> float:
        """How far above or below the words the line passes; far, where it does not pass over them."""
        x, y = place[0], place[1] - 4
        return min((_passing(start, end, x - 6, x + length + 6, y) for start, end in self._segments()), default=FAR)

    def _covered(self, place: Point, length: float) -> float:
        """How much of the words, in width, the line runs through."""
        left, right, y = place[0], place[0] + length, place[1] - 4
        covered = 0.0
        for (x0, y0), (x1, y1) in pairwise(self.line):
            ends = sorted(x0 + (x1 - x0) * (edge - y0) / (y1 - y0) for edge in (y - 9, y + 9)) if y0 != y1 else [x0, x1]
            if y0 != y1 or abs(y0 - y) < 9:
                covered += max(0.0, min(ends[1], x1, right) - max(ends[0], x0, left))
        return covered

    def _segments(self) -> list[tuple[Point, Point]]:
        bars = [
            ((self.x(reading.on), self.y(reading.high)), (self.x(reading.on), self.y(reading.low)))
            for reading in self.course.readings
            if reading.low is not None and reading.high is not None
        ]
        return [*pairwise(self.line), *((point, point) for point in self.line[:1]), *bars]


def _passing(start: Point, end: Point, left: float, right: float, y: float) -> float:
    """The distance in height of a segment from `y`, between `left` and `right`."""
    if end[0] < left or start[0] > right:
        return FAR
    across = end[0] - start[0]
    ends = (max(left, start[0]) - start[0], min(right, end[0]) - start[0])
    above, below = (start[1] + (end[1] - start[1]) * part / across - y for part in ends) if across else (start[1] - y, end[1] - y)
    return 0.0 if above * below < 0 else min(abs(above), abs(below))


def _table(course: Course) -> tuple[Row, ...]:
    named = dict(course.events)
    last = course.readings[-1].on if course.readings else None
    return tuple(
        Row(day(reading.on, last), f"{number(reading.value)}{course.unit}", _error(reading, course.unit), named.get(reading.on, ""))
        for reading in course.readings
    )


def _error(reading: Reading, unit: str) -> str:
    if reading.low is None or reading.high is None:
        return "not known"
    return f"{number(reading.low)} to {number(reading.high)}{unit}"


def _spoken(course: Course) -> str:
    if not course.readings:
        return f"{course.name}: no value yet."
    first, last = course.readings[0], course.readings[-1]
    said = [f"{course.name}: {number(first.value)}{course.unit} on {day(first.on, last.on)}"]
    if len(course.readings) > 1:
        said.append(f"{number(last.value)}{course.unit} on {day(last.on)}, {len(course.readings)} values")
    zone = (
        f" The zone of a change that matters is {number(course.matters[0])} to {number(course.matters[1])}."
        if course.matters
        else ""
    )
    return ", ".join(said) + "." + zone
