"""An episode under care for the browser: a visit that has begun, a draft note, and somebody close to discharge."""

from __future__ import annotations

from datetime import timedelta

from tests.web import care
from tests.web.conftest import everybody

from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import findings, notes, visits

BETTER = {"nrs_average_7d": 1, "psfs_mean": 8.5, "rom_thx_rot_seated_l": 40, "rom_thx_rot_seated_r": 44, "groc": 4}


def fill() -> None:
    """Marisol's fourth visit has begun; Theo was measured again after five weeks."""
    cast, knowledge, now = everybody(), current.knowledge(), clock.now()
    for episode, by in ((cast.episode, cast.therapist), (cast.other, cast.colleague)):
        episode.started_on = clock.today() - timedelta(days=35)
        episode.save()
        with clock.fixed(now - timedelta(days=35)):
            care.under_care(episode, by)
        for weeks in (4, 3, 2):
            care.signed_visit(episode, by, now - timedelta(weeks=weeks))
    begun = visits.start(visit=care.visit(cast.episode, cast.therapist, now), by=cast.therapist)
    visits.record_pain(visit=begun, before=4, knowledge=knowledge, by=cast.therapist)
    findings.record(episode=cast.other, values=BETTER, knowledge=knowledge, by=cast.colleague)
    done = visits.start(visit=care.visit(cast.other, cast.colleague, now), by=cast.colleague)
    notes.open_note(visit=done, knowledge=knowledge, by=cast.colleague)
