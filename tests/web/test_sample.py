"""The sample clinic: somebody at every stage of care, made by the same actions as everything else."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.test import Client

from rhomboid.vocabulary.values import checked_value
from rhomboid.web.keeping.sample import PASSWORD, fill, logins
from rhomboid.web.keeping.sample.clinic import SEED, _roles
from rhomboid.web.keeping.sample.pictures import ONSET, pictures
from rhomboid.web.records import audit, bridge, course, current, demo, track
from rhomboid.web.records.models import CheckIn, Concern, Discharge, Episode, Note, PlanOfCare


@pytest.fixture
def filled(db: None, fixed_clock: datetime) -> None:
    assert fill(fixed_clock)


def test_somebody_stands_at_every_stage_and_it_is_made_once(filled: None, fixed_clock: datetime, settings: Any) -> None:
    """Everything that is asked of the filled clinic, which takes half a minute to fill."""
    assert not fill(fixed_clock)
    assert set(Episode.objects.values_list("stage", flat=True)) == {"intake", "evaluation", "care", "discharged"}
    assert Episode.objects.filter(held=True, disposition="same_day").exists()
    assert Concern.objects.filter(state="open", urgency="routine_referral").exists()
    assert PlanOfCare.objects.filter(state="draft").exists()
    assert PlanOfCare.objects.filter(state="active").count() >= 8
    assert Note.objects.filter(signed_at=None).exists()
    assert Discharge.objects.count() == 6
    assert sorted(CheckIn.objects.exclude(result="").values_list("result", flat=True)) == ["flare", *["recurrence"], *["well"] * 4]
    assert CheckIn.objects.filter(answered_at=None, due_on__lte=fixed_clock.date()).exists()
    assert Episode.objects.get(follows__isnull=False).stage == "intake"
    assert list(audit.verify()) == []
    roles = {role for role, _ in logins()}
    assert {"Owner", "Therapist", "Assistant", "Front desk", "Auditor", "Patient"} <= roles
    assert len(PASSWORD) >= 10
    shown = demo.phones()
    assert [(one.stage, one.language) for one in shown] == [
        ("under care", "English"), ("before the first visit", "Español"), ("after discharge", "English"),
    ]  # fmt: skip
    for one in shown:
        born = {"day": one.born.day, "month": one.born.month, "year": one.born.year}
        assert Client().post(one.path, born)["Location"] == "/me"
    assert shown[0].path in Client().get("/account/login/").content.decode()
    settings.DEMO = False
    assert demo.phones() == []
    the_lines_of_the_lists_say_what_the_record_says(fixed_clock)


LINE = ("stage", "disposition", "rank", "held", "works_on", "pain_first", "pain_last", "function_first", "function_last")


def the_lines_of_the_lists_say_what_the_record_says(fixed_clock: datetime) -> None:
    knowledge, today = current.knowledge(), fixed_clock.date()
    off_track = 0
    for episode in Episode.objects.filter(ended_on=None).exclude(disposition=""):
        before = [getattr(episode, name) for name in LINE]
        late = episode.off_track_on is not None and episode.off_track_on <= today
        rule = course.courses([episode], knowledge, today)[episode.pk].rule
        assert late is (episode.stage == "care" and bool(track.reasons(rule, today))), episode
        bridge.renew(episode, knowledge, on=today)
        assert before == [getattr(episode, name) for name in LINE], episode
        off_track += late
    assert off_track, "somebody is off track, to be seen on Today"


def test_the_same_seed_and_day_give_the_same_people(fixed_clock: datetime) -> None:
    one, two = (list(_roles(fixed_clock, Random(SEED))) for _ in range(2))
    assert one == two
    assert len({(role.given_name, role.family_name) for role, _ in one}) == len(one)


def test_every_picture_is_written_in_the_vocabulary(db: None) -> None:
    vocabulary = current.knowledge().vocabulary
    for picture in pictures().values():
        ends = {name: ends[0] for name, ends in picture.moves.items()}
        for name, raw in {**picture.told, **picture.found, **ends}.items():
            checked_value(vocabulary.findings[name], raw)
        assert ONSET in vocabulary.findings
