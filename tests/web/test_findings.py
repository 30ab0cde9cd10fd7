"""Recording findings: nothing is edited, nothing unseen is overwritten, the reasoning follows at once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError

from rhomboid.web.records import audit, bridge, current
from rhomboid.web.records.actions import Overtaken, Refused, concerns, findings
from rhomboid.web.records.models import Concern, Finding

from .conftest import Cast


def test_a_value_is_recorded_with_who_when_and_how(cast: Cast) -> None:
    made = findings.record(
        episode=cast.episode, values={"nrs_now": 4}, knowledge=current.knowledge(), by=cast.therapist, method="asked"
    )
    row = Finding.objects.get()
    assert (row.finding, row.value, row.observed_on, row.rater) == ("nrs_now", 4, date(2026, 11, 24), "Dara Okafor, PT, DPT")
    assert made.renewed.assessment.facts.value("nrs_now") == 4
    assert made.renewed.assessment.facts.value("age_years") == 54


def test_a_number_is_kept_with_the_unit_of_the_vocabulary(cast: Cast) -> None:
    knowledge = current.knowledge()
    findings.record(episode=cast.episode, values={"temp_c": 98.6}, knowledge=knowledge, by=cast.therapist, unit="degF")
    told = {"rom_thx_rot_seated_l": 38, "nrs_now": 4, "rf_pain_tearing": False}
    findings.record(episode=cast.episode, values=told, knowledge=knowledge, by=cast.therapist)
    rows = {row.finding: (row.value, row.unit) for row in Finding.objects.all()}
    assert rows == {
        "temp_c": (37.0, "degC"), "rom_thx_rot_seated_l": (38, "deg"), "nrs_now": (4, ""), "rf_pain_tearing": (False, ""),
    }  # fmt: skip


def test_a_newer_value_of_the_day_corrects_the_older_which_stays(cast: Cast) -> None:
    knowledge = current.knowledge()
    findings.record(episode=cast.episode, values={"nrs_now": 4}, knowledge=knowledge, by=cast.therapist)
    findings.record(episode=cast.episode, values={"nrs_now": 6}, knowledge=knowledge, by=cast.therapist)
    assert Finding.objects.count() == 2
    assert [row.value for row in bridge.standing_findings(cast.episode)] == [6]


def test_an_older_day_stays_a_measurement_of_its_own(cast: Cast) -> None:
    knowledge = current.knowledge()
    findings.record(episode=cast.episode, values={"nrs_now": 4}, knowledge=knowledge, by=cast.therapist, on=date(2026, 11, 10))
    findings.record(episode=cast.episode, values={"nrs_now": 2}, knowledge=knowledge, by=cast.therapist)
    cast.episode.refresh_from_db()
    assert [row.value for row in bridge.standing_findings(cast.episode)] == [4, 2]
    assert (cast.episode.pain_first, cast.episode.pain_last) == (4, 2)


def test_withdrawing_goes_back_to_unknown(cast: Cast) -> None:
    knowledge = current.knowledge()
    findings.record(episode=cast.episode, values={"nrs_now": 4}, knowledge=knowledge, by=cast.therapist)
    made = findings.record(episode=cast.episode, values={"nrs_now": None}, knowledge=knowledge, by=cast.therapist)
    assert made.renewed.assessment.facts.value("nrs_now") is None


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"nrs_nov": 3}, "nrs_now"),
        ({"nrs_now": 14}, "10"),
        ({"age_years": 30}, "Person"),
        ({"rom_thx_rot_seated_l": "far"}, "number"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_nothing_is_written(cast: Cast, values: dict[str, object], word: str) -> None:
    with pytest.raises(Refused) as refusal:
        findings.record(episode=cast.episode, values=values, knowledge=current.knowledge(), by=cast.therapist)
    assert word in f"{refusal.value.message} {refusal.value.fix}"
    assert not Finding.objects.exists()


def test_nobody_overwrites_what_they_have_not_seen(cast: Cast) -> None:
    knowledge = current.knowledge()
    seen = {"nrs_now": ""}
    findings.record(episode=cast.episode, values={"nrs_now": 4}, knowledge=knowledge, by=cast.therapist, seen=seen)
    with pytest.raises(Overtaken, match="Dara Okafor"):
        findings.record(episode=cast.episode, values={"nrs_now": 7}, knowledge=knowledge, by=cast.colleague, seen=seen)


def test_the_same_answer_sent_twice_is_no_conflict(cast: Cast) -> None:
    knowledge = current.knowledge()
    for _ in range(2):
        findings.record(episode=cast.episode, values={"nrs_now": 4}, knowledge=knowledge, by=cast.therapist, seen={"nrs_now": ""})
    assert [row.value for row in bridge.standing_findings(cast.episode)] == [4]


def test_the_database_lets_a_value_be_corrected_once(cast: Cast) -> None:
    findings.record(episode=cast.episode, values={"nrs_now": 4}, knowledge=current.knowledge(), by=cast.therapist)
    row = Finding.objects.get()
    copy = {"episode": cast.episode, "finding": "nrs_now", "observed_on": row.observed_on, "source": "therapist", "corrects": row}
    Finding.objects.create(value=5, **copy)
    with pytest.raises(IntegrityError):
        Finding.objects.create(value=6, **copy)


def test_a_danger_sign_raises_a_concern_that_only_a_reason_lowers(cast: Cast) -> None:
    knowledge = current.knowledge()
    values = {"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0}
    made = findings.record(episode=cast.episode, values=values, knowledge=knowledge, by=cast.therapist)
    assert made.renewed.assessment.held
    cast.episode.refresh_from_db()
    assert (cast.episode.held, cast.episode.disposition, cast.episode.rank) == (True, "emergency_now", 0)
    for concern in Concern.objects.filter(state="open"):
        with pytest.raises(Refused):
            concerns.lower(concern=concern, reason="no", knowledge=knowledge, by=cast.therapist)
        with pytest.raises(Refused):
            concerns.lower(concern=concern, reason="CT angiography today was normal", knowledge=knowledge, by=cast.front_desk)
        concerns.lower(concern=concern, reason="CT angiography today was normal", knowledge=knowledge, by=cast.therapist)
    cast.episode.refresh_from_db()
    assert not cast.episode.held


def test_the_trail_holds_and_a_changed_byte_shows(cast: Cast) -> None:
    from rhomboid.web.records.models import AuditEvent

    assert AuditEvent.objects.count() >= 5
    assert list(audit.verify()) == []
    AuditEvent.objects.filter(id=3).update(actor="Nobody")
    assert [one.event for one in audit.verify()] == [3]
