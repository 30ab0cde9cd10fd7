"""The time line keeps its order, breaks where its scale changes, and never writes one note over another."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from rhomboid.web.ui import examples
from rhomboid.web.ui.curves import LETTER
from rhomboid.web.ui.timelines import Event, Phase, Stop, line

TODAY = date(2027, 1, 18)
START = date(2026, 11, 23)


def test_stops_stand_in_the_order_of_their_days() -> None:
    drawn = examples.episode()
    places = [float(mark.x) for mark in drawn.marks]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_today_is_marked_and_named() -> None:
    mark = next(mark for mark in examples.episode().marks if mark.state == "today")
    assert (mark.words, mark.number, mark.x) == ("today", "9", examples.episode().today)


def test_a_long_past_does_not_squeeze_the_visits() -> None:
    past = Phase("Building up, 20 years", "before", date(2006, 1, 1), START)
    care = Phase("Calm", "calm", START, TODAY)
    visits = [Stop(START + timedelta(weeks=week), str(week + 1)) for week in range(8)]
    drawn = line([past, care], visits, [], TODAY)
    places = [float(mark.x) for mark in drawn.marks]
    assert all(after - before > 80 for before, after in itertools.pairwise(places))
    assert len(drawn.breaks) == 1


def test_one_scale_has_no_break() -> None:
    assert line([Phase("Calm", "calm", START, TODAY)], [], [], TODAY).breaks == ()


def test_notes_on_one_height_do_not_meet() -> None:
    events = [Event(START + timedelta(days=index), "Something with a long name", "and a detail") for index in range(12)]
    notes = line([Phase("Calm", "calm", START, TODAY)], [], events, TODAY).notes
    for index, note in enumerate(notes):
        for other in notes[:index]:
            apart = abs(float(note.word_x) - float(other.word_x))
            assert note.y != other.y or apart > LETTER * len(f"{note.words} {note.detail}")


def test_the_list_tells_the_same_in_order() -> None:
    drawn = examples.episode()
    assert drawn.entries[0] == ("Sep 7, 2026", "Building up, 11 weeks", "phase")
    assert ("Dec 21, 2026", "Re-evaluation", "event") in drawn.entries
    assert len(drawn.entries) == 5 + 12 + 7


def test_an_episode_of_one_day_can_be_drawn() -> None:
    drawn = line([], [Stop(TODAY, "1")], [], TODAY)
    assert [mark.state for mark in drawn.marks] == ["today"]
