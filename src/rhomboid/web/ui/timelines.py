"""The time line of an episode: phases, visits, events above, papers below, today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .curves import LETTER, day
from .shapes import text

KINDS = ("before", "calm", "restore", "load", "after")


@dataclass(frozen=True, slots=True)
class Phase:
    name: str
    kind: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit (numbered), re-evaluation or check-in on the line. state: done, re_evaluation, planned."""

    on: date
    number: str
    state: str = "done"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    on: date
    words: str
    detail: str = ""
    icon: str = "person"
    below: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    kind: str
    x: str
    width: str
    name: str
    word_x: str


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    number: str
    state: str
    words: str
    show_words: bool
    word_x: str


@dataclass(frozen=True, slots=True)
class Note:
    x: str
    box: str
    y: str
    word_x: str
    icon: str
    words: str
    detail: str
    stem: str


@dataclass(frozen=True, slots=True)
class Line:
    width: str
    height: str
    bar_y: str
    bar_word_y: str
    axis_y: str
    number_y: str
    date_y: str
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    notes: tuple[Note, ...]
    today: str
    today_words: str
    breaks: tuple[str, ...]
    entries: tuple[tuple[str, str, str], ...]
    spoken: str


WIDTH, PAD = 1400.0, 24.0
LANE = 20.0
GAP = 30.0
TODAY = "today"
DAY = timedelta(days=1)


def line(phases: Sequence[Phase], stops: Sequence[Stop], events: Sequence[Event], today: date) -> Line:
    dates = [today, *(p.start for p in phases), *(p.end for p in phases), *(s.on for s in stops), *(e.on for e in events)]
    first, last = min(dates), max(dates)

    x, breaks = _scale(phases, first, last)
    above, lanes_above = _lanes([event for event in events if not event.below], x)
    below, lanes_below = _lanes([event for event in events if event.below], x)
    bar_y = lanes_above * LANE + 8
    axis_y = bar_y + 42
    foot = axis_y + 38
    notes = [_note(event, x(event.on), lane * LANE + 14, bar_y) for event, lane in above]
    notes += [_note(event, x(event.on), foot + lane * LANE + 8, None) for event, lane in below]
    return Line(
        text(WIDTH),
        text(foot + lanes_below * LANE + 6),
        text(bar_y),
        text(bar_y + 15),
        text(axis_y),
        text(axis_y + 4),
        text(axis_y + 25),
        tuple(_bar(phase, x(phase.start), x(phase.end - DAY if phase.end < last else last)) for phase in phases),
        _marks(stops, x, today),
        tuple(notes),
        text(x(today)),
        _today_words(stops, x, today),
        tuple(text(at) for at in breaks),
        _entries(phases, stops, events, today),
        f"Time line from {day(first, last)} to {day(last, first)}: {len(stops)} visits and check-ins, {len(events)} events.",
    )


def _scale(phases: Sequence[Phase], first: date, last: date) -> tuple[Callable[[date], float], tuple[float, ...]]:
    """Days to pixels. What came before and what comes after may be long: each gets a fixed share, and the breaks are drawn."""
    start = max([phase.end for phase in phases if phase.kind == "before"], default=first)
    end = min([phase.start for phase in phases if phase.kind == "after"], default=last)
    left = PAD + (240.0 if start > first else 0.0)
    right = WIDTH - PAD - (350.0 if end < last else 0.0)
    knots = [
        (first, PAD),
        (start, left),
        (start, left + GAP * (left > PAD)),
        (end, right),
        (end, right + GAP * (end < last)),
        (last, WIDTH - PAD),
    ]

    def place(on: date) -> float:
        for (d0, x0), (d1, x1) in zip(knots[-2::-1], knots[:0:-1], strict=True):
            if on >= d0:
                return x0 + (x1 - x0) * ((on - d0).days / days if (days := (d1 - d0).days) else 0.0)
        return PAD

    return place, tuple(at for at, there in ((left + GAP / 2, start > first), (right + GAP / 2, end < last)) if there)


def _lanes(events: Sequence[Event], place: Callable[[date], float]) -> tuple[list[tuple[Event, int]], int]:
    """Puts each event into the first lane in which its words meet no other's; the newest lie nearest the line."""
    ends: list[float] = []
    found = []
    for event in sorted(events, key=lambda entry: entry.on):
        start = place(event.on)
        width = 24 + LETTER * (len(event.words) + len(event.detail) + 1)
        start = min(start, WIDTH - width)
        lane = next((index for index, end in enumerate(ends) if end <= start), len(ends))
        ends[lane : lane + 1] = [start + width + 12]
        found.append((event, lane))
    return found, len(ends)


def _note(event: Event, x: float, y: float, bar_y: float | None) -> Note:
    width = 24 + LETTER * (len(event.words) + len(event.detail) + 1)
    start = min(x - 7, WIDTH - width)
    stem = f"M{text(x)} {text(y + 6)}V{text(bar_y)}" if bar_y is not None else f"M{text(x)} {text(y - 17)}V{text(y - 12)}"
    return Note(text(x), f"{text(start)} {text(y - 12)} 14", text(y), text(start + 20), event.icon, event.words, event.detail, stem)


def _bar(phase: Phase, start: float, end: float) -> Bar:
    width = max(end - start - 2, 4)
    name = phase.name if width > LETTER * len(phase.name) + 16 else ""
    return Bar(phase.kind, text(start), text(width), name, text(start + 10))


def _marks(stops: Sequence[Stop], place: Callable[[date], float], today: date) -> tuple[Mark, ...]:
    found = []
    free, before = -100.0, today
    for stop in sorted(stops, key=lambda entry: entry.on):
        at = place(stop.on)
        words = TODAY if stop.on == today else day(stop.on, before)
        before = stop.on
        shown = at - free >= LETTER * len(words) + 8
        free = at if shown else free
        state = "today" if stop.on == today else stop.state
        half = LETTER * len(words) / 2
        beside = min(max(at, half), WIDTH - half)
        found.append(Mark(text(at), stop.number, state, words, shown or state == "today", text(beside)))
    return tuple(found)


def _today_words(stops: Sequence[Stop], place: Callable[[date], float], today: date) -> str:
    """The word below the line of today, where no stop stands so near that its date would meet it."""
    room = LETTER * (len(TODAY) + len(day(today, date.min))) / 2 + 8
    return "" if any(abs(place(stop.on) - place(today)) < room for stop in stops) else TODAY


def _entries(
    phases: Sequence[Phase], stops: Sequence[Stop], events: Sequence[Event], today: date
) -> tuple[tuple[str, str, str], ...]:
    """The same as a list, for narrow columns and for those who do not see the drawing: date, words, kind."""
    rows = [(phase.start, phase.name, "phase") for phase in phases]
    rows += [(stop.on, f"Visit {stop.number}" if stop.number else "Check-in", stop.state) for stop in stops]
    rows += [(event.on, f"{_undated(event)} {event.detail}".strip(), "event") for event in events]
    return tuple((day(on, today), words, kind) for on, words, kind in sorted(rows, key=lambda row: row[0]))


def _undated(event: Event) -> str:
    """The words of an event without the date at their end, which the list has in front."""
    return event.words.partition(f" {day(event.on)}")[0]
