"""What a phone reports of exercises at home: once, only one's own, and the rules answer at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from rhomboid.knowledge.care import StopSymptom
from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current, home_program
from rhomboid.web.records.actions import Overtaken, Refused, alerts, home, phone
from rhomboid.web.records.models import Alert, AuditEvent, HomeChange, HomeSession, Item, PhoneReport, PlanOfCare

from . import care
from .conftest import NOW, Cast

In = Callable[[User], Client]
DAY = timedelta(days=1)


@pytest.fixture
def plan(cast: Cast) -> PlanOfCare:
    cast.episode.started_on = clock.today() - 21 * DAY
    cast.episode.save()
    return care.under_care(cast.episode, cast.therapist)


def body(cast: Cast, kind: str = "exercise", at: datetime = NOW, **told: Any) -> dict[str, Any]:
    own = {"session": "s1", "outcome": "done", "rest": 2, "during": 2, "effort": 3} if kind == "exercise" else {}
    return {"kind": kind, "episode": cast.episode.ref, "done_at": at.isoformat(), **own, **told}


def send(cast: Cast, key: str = "", **told: Any) -> phone.Received:
    return phone.receive(
        episode=cast.episode,
        key=key or str(uuid4()),
        body=body(cast, **told),
        knowledge=current.knowledge(),
        by=cast.patient,
    )


def loaded_item(plan: PlanOfCare) -> Item:
    return next(one.item for one in program(plan).lines if one.dose.reps and one.dose.reps > 3)


def program(plan: PlanOfCare, days: int = 0) -> home_program.HomeProgram:
    episode = plan.episode
    episode.refresh_from_db()
    return home_program.program_of(episode, current.knowledge(), on=clock.today() + days * DAY)


def line(plan: PlanOfCare, item: Item, days: int = 0) -> home_program.Line:
    return next(one for one in program(plan, days).lines if one.item == item)


# --- once ------------------------------------------------------------------------------------------------------------


def test_a_report_that_is_sent_again_is_taken_once(cast: Cast, plan: PlanOfCare) -> None:
    item, key = loaded_item(plan), str(uuid4())
    first = send(cast, key, item=item.ref)
    again = send(cast, key, item=item.ref)
    assert (first.new, again.new) == (True, False)
    assert again.report.answer == first.report.answer
    assert again.report.answer["ack"] == key  # type: ignore[index]
    assert (PhoneReport.objects.count(), HomeSession.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(action="phone.report").count() == 1


def test_the_same_key_with_another_body_is_refused(cast: Cast, plan: PlanOfCare) -> None:
    item, key = loaded_item(plan), str(uuid4())
    send(cast, key, item=item.ref)
    with pytest.raises(Overtaken):
        send(cast, key, item=item.ref, during=3)
    assert HomeSession.objects.get().during == 2


def test_only_a_key_that_nobody_guesses_is_taken(cast: Cast, plan: PlanOfCare) -> None:
    with pytest.raises(Refused, match="key"):
        send(cast, "1", item=loaded_item(plan).ref)


# --- only one's own --------------------------------------------------------------------------------------------------


def test_somebody_elses_item_and_episode_are_refused(cast: Cast, plan: PlanOfCare) -> None:
    theirs = care.item(care.under_care(cast.other, cast.colleague), "exercise")
    with pytest.raises(Refused, match="not an exercise"):
        send(cast, item=theirs.ref)
    with pytest.raises(Refused, match="somebody else"):
        send(cast, item=loaded_item(plan).ref, episode=cast.other.ref)
    assert PhoneReport.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"during": 11}, {"during": True}, {"outcome": "maybe"}, {"name": "x"}, {"done_at": "now"}])
def test_what_is_no_report_is_refused_whole(cast: Cast, plan: PlanOfCare, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        send(cast, item=loaded_item(plan).ref, **wrong)
    assert (PhoneReport.objects.count(), HomeSession.objects.count()) == (0, 0)


# --- the day ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("away", "day"), [(-DAY, -1), (-60 * DAY, 0), (2 * DAY, 0), (timedelta(minutes=5), 0)])
def test_the_phones_clock_is_believed_within_reason(cast: Cast, plan: PlanOfCare, away: timedelta, day: int) -> None:
    found = send(cast, item=loaded_item(plan).ref, at=NOW + away).report
    assert HomeSession.objects.get().on == clock.today() + day * DAY
    assert (found.done_at, found.received_at) == (NOW + away, NOW)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_day_holds_the_worst_of_its_sessions_whatever_their_order(cast: Cast, plan: PlanOfCare, order: tuple[int, ...]) -> None:
    item = loaded_item(plan)
    told: list[dict[str, Any]] = [
        {"rest": 2, "during": 3, "effort": 6},
        {"rest": 4, "during": 4, "effort": 2},
        {"rest": 1, "during": 3, "outcome": "part", "effort": 3},
    ]
    for place in order:
        send(cast, item=item.ref, session=f"s{place}", **told[place])
    row = HomeSession.objects.get()
    assert (row.rest, row.during, row.effort, row.completed, row.by_phone) == (1, 3, 6, False, True)
    assert PhoneReport.objects.count() == 3


def test_the_next_morning_is_put_into_the_session_before(cast: Cast, plan: PlanOfCare) -> None:
    send(cast, item=loaded_item(plan).ref)
    with clock.fixed(NOW + DAY):
        send(cast, kind="morning", rest=2, response=1, at=NOW + DAY)
        assert home_program.rest_of(cast.episode, clock.today()) == 2
    row = HomeSession.objects.get()
    assert (row.morning, row.response) == (2, 1)


# --- what is due -----------------------------------------------------------------------------------------------------


def test_what_was_done_as_often_as_wanted_is_no_longer_due(cast: Cast, plan: PlanOfCare) -> None:
    item, knowledge = loaded_item(plan), current.knowledge()
    before = home_program.today_of(cast.episode, knowledge, on=clock.today())
    one = next(due for due in before.all if due.line.item == item)
    for place in range(one.line.times_a_day):
        send(cast, item=item.ref, session=f"s{place}")
    after = home_program.today_of(cast.episode, knowledge, on=clock.today())
    assert (one.left, next(due for due in after.all if due.line.item == item).why_not) == (one.line.times_a_day, "done")
    assert after.minutes < before.minutes


@pytest.mark.parametrize(
    ("per_week", "back", "expected"),
    [(7, (1,), ""), (3, (1,), "rest_day"), (3, (2,), ""), (3, (2, 4, 6), "enough_this_week"), (4, (1,), ""), (2, (2,), "rest_day")],
)
def test_so_many_days_a_week_are_spread_over_it(per_week: float, back: tuple[int, ...], expected: str, plan: PlanOfCare) -> None:
    import msgspec

    one = program(plan).lines[0]
    changed = home_program.Line(one.item, one.exercise, one.planned, msgspec.structs.replace(one.dose, per_week=per_week), ())
    assert home_program.why_not(changed, [clock.today() - back_ * DAY for back_ in back], 0, clock.today()) == expected


def test_with_strong_resting_pain_loaded_exercises_wait(cast: Cast, plan: PlanOfCare) -> None:
    send(cast, kind="morning", rest=8)
    found = home_program.today_of(cast.episode, current.knowledge(), on=clock.today())
    waiting = {due.line.exercise.type for due in found.all if due.why_not == "resting_pain"}
    assert waiting
    assert waiting <= {"strength", "endurance"}
    assert {due.line.exercise.type for due in found.due}.isdisjoint({"strength", "endurance"})


def test_while_a_concern_is_open_nothing_is_due(cast: Cast, plan: PlanOfCare) -> None:
    cast.episode.held = True
    cast.episode.save()
    found = home_program.today_of(cast.episode, current.knowledge(), on=clock.today())
    assert (found.due, found.program.pause, found.program.offered) == ((), "held", ())


# --- the rules answer ------------------------------------------------------------------------------------------------


def test_too_much_pain_steps_back_at_once_and_the_therapist_sees_it(cast: Cast, plan: PlanOfCare, signed_in: In) -> None:
    item = loaded_item(plan)
    full = line(plan, item).dose.reps or 0
    answer = send(cast, item=item.ref, during=8, outcome="part", why="pain", stopped=True).report.answer
    tomorrow = clock.today() + DAY
    assert answer["changes"] == [{"item": item.ref, "pct": 50, "since": tomorrow.isoformat()}]  # type: ignore[index]
    assert line(plan, item, days=1).dose.reps == full // 2
    due = home_program.today_of(cast.episode, current.knowledge(), on=clock.today()).all
    assert next(one.why_not for one in due if one.line.item == item) == "stopped_today"
    cast.episode.refresh_from_db()
    assert "step back" in cast.episode.to_confirm
    page = signed_in(cast.therapist).get("/today/needs").content.decode()
    assert "step back" in page


def test_a_session_is_answered_once_and_several_steps_add_up(cast: Cast, plan: PlanOfCare) -> None:
    item = loaded_item(plan)
    send(cast, item=item.ref, during=8)
    send(cast, item=item.ref, during=9, session="s2")
    assert HomeChange.objects.get().dose_pct == 50
    with clock.fixed(NOW + DAY):
        send(cast, item=item.ref, during=8, session="s3", at=NOW + DAY)
    assert [one.dose_pct for one in HomeChange.objects.all()] == [50, 25]


def test_a_bad_morning_makes_todays_dose_less(cast: Cast, plan: PlanOfCare) -> None:
    item = loaded_item(plan)
    full = line(plan, item).dose.reps or 0
    send(cast, item=item.ref)
    with clock.fixed(NOW + DAY):
        send(cast, kind="morning", rest=4, response=1, at=NOW + DAY)
        assert line(plan, item).dose.reps == full // 2


def test_after_weeks_without_a_session_it_begins_with_less(cast: Cast, plan: PlanOfCare) -> None:
    item = loaded_item(plan)
    full = line(plan, item).planned.reps or 0
    with clock.fixed(NOW - 15 * DAY):
        send(cast, item=item.ref, at=NOW - 15 * DAY)
    assert (line(plan, item).dose.reps, line(plan, item).restarts) == (full * 60 // 100, True)
    send(cast, item=item.ref)
    change = HomeChange.objects.get()
    assert (change.rules, line(plan, item, days=1).dose.reps) == (["reg_missed"], full * 60 // 100)


def test_what_may_grow_is_only_proposed(cast: Cast, plan: PlanOfCare) -> None:
    item = next(one.item for one in program(plan).lines if one.exercise.type in ("control", "breathing", "nerve", "strength"))
    send(cast, item=item.ref, during=0, rest=0)
    row = HomeSession.objects.get()
    for back in (1, 2):
        HomeSession.objects.create(
            episode=cast.episode, item=item, on=row.on - back * DAY, rest=0, during=0, morning=0, response=0, effort=2,
            correct_of_10=10, extra_reps=5, extra_hold_s=30,
        )  # fmt: skip
    HomeSession.objects.filter(pk=row.pk).update(morning=0, response=0, correct_of_10=10, extra_reps=5, extra_hold_s=30)
    assert not home.answered(cast.episode, current.knowledge(), at_once=True)
    cast.episode.refresh_from_db()
    assert "advance" in cast.episode.to_confirm
    assert HomeChange.objects.count() == 0


def symptom() -> str:
    return next(iter(current.knowledge().of(StopSymptom)))


def test_a_stop_symptom_pauses_everything_until_a_therapist_clears_it(cast: Cast, plan: PlanOfCare) -> None:
    visit, item, knowledge = care.visit(cast.episode, cast.therapist), loaded_item(plan), current.knowledge()
    answer = send(cast, kind="stop", symptoms=[symptom()], item=item.ref).report.answer
    assert answer["stop"] == [symptom()]  # type: ignore[index]
    assert (program(plan).pause, program(plan).offered) == ("stopped", ())
    send(cast, item=item.ref)
    assert program(plan).pause == "stopped"
    home.clear(visit=visit, item=item, reason="Neurological screen normal today", by=cast.therapist)
    assert program(plan).pause == ""
    send(cast, kind="stop", symptoms=[symptom()], item=item.ref)
    assert program(plan).pause == "stopped"
    assert {one.move for one in home.proposals(episode=cast.episode, knowledge=knowledge, on=clock.today())} == {"stop"}


def test_what_stops_exercises_is_told_the_clinic_at_once(cast: Cast, plan: PlanOfCare) -> None:
    call = {one.call: id_ for id_, one in current.knowledge().of(StopSymptom).items()}
    send(cast, kind="stop", symptoms=[call["clinic_today"]])
    send(cast, kind="stop", symptoms=[call["911"]])
    send(cast, kind="morning", rest=3, response=5)
    assert sorted(Alert.objects.values_list("urgency", flat=True)) == ["emergency_now", "same_day", "same_day"]


def test_a_therapist_lets_exercises_go_on_until_something_new_is_told(cast: Cast, plan: PlanOfCare) -> None:
    item = loaded_item(plan)
    send(cast, kind="stop", symptoms=[symptom()], item=item.ref)
    with clock.fixed(NOW + timedelta(hours=1)):
        alerts.let_go_on(
            episode=cast.episode, reason="Looked at on the phone, nothing new", knowledge=current.knowledge(), by=cast.therapist
        )
        send(cast, item=item.ref)
        assert program(plan).pause == ""
    with clock.fixed(NOW + timedelta(hours=2)):
        send(cast, kind="stop", symptoms=[symptom()], item=item.ref)
        assert program(plan).pause == "stopped"


def test_a_stop_that_arrives_after_the_clearing_still_stops(cast: Cast, plan: PlanOfCare) -> None:
    visit, item = care.visit(cast.episode, cast.therapist), loaded_item(plan)
    send(cast, kind="stop", symptoms=[symptom()], item=item.ref)
    home.clear(visit=visit, item=item, reason="Neurological screen normal today", by=cast.therapist)
    send(cast, kind="stop", symptoms=[symptom()], item=item.ref, at=NOW - DAY)
    assert program(plan).pause == "stopped"


def test_the_page_of_a_visit_says_what_was_changed_left_out_and_written_at_home(
    cast: Cast, plan: PlanOfCare, signed_in: In
) -> None:
    first, second = [one.item for one in program(plan).lines][:2]
    send(cast, item=first.ref, during=8)
    send(cast, item=second.ref, outcome="skipped", why="time", during=None, effort=None)
    send(cast, kind="session", session="s1", after=4, note="The chair was too low <b>")
    page = signed_in(cast.therapist).get(f"/visits/{care.visit(cast.episode, cast.therapist).ref}").content.decode()
    assert "50 % of the dose" in page
    assert "no time" in page
    assert "The chair was too low &lt;b&gt;" in page
    assert "pain 4 of 10" in page


# --- the therapist's word ----------------------------------------------------------------------------------------------


def test_a_decision_at_a_visit_takes_the_place_of_the_rules_answer(cast: Cast, plan: PlanOfCare) -> None:
    visit, item, knowledge = care.visit(cast.episode, cast.therapist), loaded_item(plan), current.knowledge()
    send(cast, item=item.ref, during=8)
    [proposal] = home.proposals(episode=cast.episode, knowledge=knowledge, on=clock.today())
    with clock.fixed(NOW + timedelta(hours=1)):
        home.decide(visit=visit, item=item, move="hold", proposal=proposal, reason="Wrong chair, seen today", by=cast.therapist)
    assert line(plan, item, days=1).change is None
    with clock.fixed(NOW + DAY):
        send(cast, kind="morning", rest=2, at=NOW + DAY)
    assert line(plan, item, days=2).change is None


def test_what_is_left_at_home_goes_into_the_next_plan(cast: Cast, plan: PlanOfCare) -> None:
    visit, knowledge, item = care.visit(cast.episode, cast.therapist), current.knowledge(), loaded_item(plan)
    full = line(plan, item).planned.reps or 0
    for days, pain in enumerate((8, 8, 2)):
        with clock.fixed(NOW + days * DAY):
            send(cast, item=item.ref, during=pain, at=NOW + days * DAY)
    with clock.fixed(NOW + 2 * DAY):
        [proposal] = home.proposals(episode=cast.episode, knowledge=knowledge, on=clock.today())
        assert proposal.move == "hold"
        home.decide(visit=visit, item=item, move="hold", proposal=proposal, by=cast.therapist)
        visit.refresh_from_db()
        draft = home.to_plan(visit=visit, knowledge=knowledge, by=cast.therapist)
    drafted = draft.lines.get(item=item).changed_dose
    assert drafted is not None
    assert drafted["reps"] == max(1, full // 4)


def test_days_the_phone_reported_are_not_overwritten_by_the_form_of_a_visit(cast: Cast, plan: PlanOfCare) -> None:
    item, today = loaded_item(plan), clock.today()
    send(cast, item=item.ref, during=3, at=NOW - DAY)
    send(cast, item=item.ref, during=2)
    home.set_days(
        episode=cast.episode, item=item, since=today - 6 * DAY, days=[today - 2 * DAY, today - DAY, today],
        knowledge=current.knowledge(), by=cast.therapist, rest=1, during=1,
    )  # fmt: skip
    assert list(HomeSession.objects.order_by("on").values_list("during", flat=True)) == [1, 3, 1]
