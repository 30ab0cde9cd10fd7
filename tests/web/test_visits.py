"""Visits: planning, doing, the safety questions, home sessions, and what is decided from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, course, current
from rhomboid.web.records.actions import Overtaken, Refused, findings, home, notes, visits
from rhomboid.web.records.models import AuditEvent, Finding, HomeSession, PlanOfCare, Visit

from . import care
from .conftest import NOW, Cast

CLINIC = ZoneInfo("America/New_York")


@pytest.fixture
def plan(cast: Cast) -> PlanOfCare:
    found = care.under_care(cast.episode, cast.therapist)
    cast.episode.refresh_from_db()
    return found


@pytest.fixture
def visit(cast: Cast, plan: PlanOfCare) -> Visit:
    return care.visit(cast.episode, cast.therapist)


# --- dates -----------------------------------------------------------------------------------------------------------


def test_dates_are_weekdays_at_the_same_hour() -> None:
    first = datetime(2026, 11, 27, 9, 30, tzinfo=CLINIC)
    dates = [timezone.localtime(one) for one in visits.propose_dates(first=first, per_week=2, count=6)]
    assert len(dates) == 6
    assert {(one.hour, one.minute) for one in dates} == {(9, 30)}
    assert all(one.weekday() < 5 for one in dates)
    assert dates == sorted(set(dates))


def test_once_a_week_is_the_same_weekday_across_the_change_of_clocks() -> None:
    first = datetime(2026, 10, 20, 16, 0, tzinfo=CLINIC)
    dates = [timezone.localtime(one) for one in visits.propose_dates(first=first, per_week=1, count=4)]
    assert [one.date() for one in dates] == [date(2026, 10, 20), date(2026, 10, 27), date(2026, 11, 3), date(2026, 11, 10)]
    assert {one.hour for one in dates} == {16}


def test_visits_are_numbered_in_order_and_one_hour_is_given_once(cast: Cast, plan: PlanOfCare) -> None:
    times = visits.propose_dates(first=NOW + timedelta(days=1), per_week=1, count=3)
    made = visits.schedule_series(episode=cast.episode, times=times, by=cast.front_desk)
    assert [one.number for one in made] == [1, 2, 3]
    with pytest.raises(Refused, match="already"):
        visits.schedule(episode=cast.episode, planned_at=times[1], by=cast.therapist)
    moved = visits.move(visit=made[1], planned_at=times[1] + timedelta(hours=2), by=cast.front_desk)
    assert moved.planned_at == times[1] + timedelta(hours=2)


def test_a_visit_that_was_called_off_is_not_called_off_again(cast: Cast, visit: Visit) -> None:
    visits.no_show(visit=visit, by=cast.front_desk)
    with pytest.raises(Overtaken):
        visits.cancel(visit=visit, by=cast.front_desk)
    assert visits.start(visit=visit, by=cast.therapist).state == "started"


def test_no_visit_after_the_end_and_none_by_an_auditor(cast: Cast, visit: Visit) -> None:
    with pytest.raises(Refused, match="role"):
        visits.move(visit=visit, planned_at=NOW + timedelta(days=3), by=cast.auditor)
    with pytest.raises(Refused, match="role"):
        visits.start(visit=visit, by=cast.front_desk)


def test_a_visit_is_neither_before_the_episode_nor_years_ahead(
    cast: Cast, signed_in: Callable[[User], Client], visit: Visit
) -> None:
    client, change = signed_in(cast.therapist), reverse("visit_change", args=[visit.ref])
    for at, said in (
        ("2019-01-01T09:00", "before the episode began"),
        ("0001-01-01T09:00", "needs a date"),
        ("9999-12-30T09:00", "too far"),
    ):
        answer = client.post(change, {"do": "move", "at": at})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    far = {"do": "propose", "first": "9999-12-30T09:00", "per_week": "1", "count": "4"}
    assert client.post(reverse("visits", args=[cast.episode.ref]), far).status_code == 422


# --- what was done ---------------------------------------------------------------------------------------------------


def test_what_was_done_is_recorded_with_the_test_around_it(cast: Cast, plan: PlanOfCare, visit: Visit) -> None:
    hands = care.item(plan, "manual")
    row = visits.deliver(
        visit=visit, item=hands, minutes=6, dose="3 x 60 s", segment="T5 to T7", grade="III", test="rom_thx_rot_seated_l",
        before=30, after=38, knowledge=current.knowledge(), by=cast.assistant,
    )  # fmt: skip
    assert (row.before, row.after, row.by_label) == (30, 38, "Ines Assist, PTA")
    visit.refresh_from_db()
    assert visit.state == "started"
    before = Finding.objects.filter(finding="rom_thx_rot_seated_l").last()
    assert before is not None
    assert (before.value, before.method) == (30, "before treatment in the visit")


def test_done_again_takes_the_place_of_what_stood_and_can_be_taken_back(cast: Cast, plan: PlanOfCare, visit: Visit) -> None:
    hands, knowledge = care.item(plan, "manual"), current.knowledge()
    visits.deliver(visit=visit, item=hands, minutes=6, knowledge=knowledge, by=cast.therapist)
    visits.deliver(visit=visit, item=hands, minutes=8, side="left", knowledge=knowledge, by=cast.therapist)
    assert [(row.minutes, row.side) for row in visit.delivered.all()] == [(8, "left")]
    visits.undo(visit=visit, item=hands, by=cast.therapist)
    assert not visit.delivered.exists()


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"minutes": 0}, "Minutes"),
        ({"minutes": 5, "before": 3}, "which test"),
        ({"minutes": 5, "test": "nrs_now", "after": 14}, "10"),
        ({"minutes": 5, "segment": "T5-T99"}, "no T99"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, plan: PlanOfCare, visit: Visit, values: dict[str, Any], word: str) -> None:
    with pytest.raises(Refused) as refusal:
        visits.deliver(visit=visit, item=care.item(plan, "manual"), knowledge=current.knowledge(), by=cast.therapist, **values)
    assert word in f"{refusal.value.message} {refusal.value.fix}"


@pytest.mark.parametrize("segment", ["T5 to T7", "c0/c1", "T12-L1", "R 7th rib", "L 7th rib", "first rib, left"])
def test_segments_are_written_as_people_write_them(cast: Cast, plan: PlanOfCare, visit: Visit, segment: str) -> None:
    hands, knowledge = care.item(plan, "manual"), current.knowledge()
    assert visits.deliver(visit=visit, item=hands, minutes=5, segment=segment, knowledge=knowledge, by=cast.therapist).segment


def test_a_visit_that_begins_on_another_day_than_planned_is_of_the_day_it_began(
    cast: Cast, signed_in: Callable[[User], Client], plan: PlanOfCare
) -> None:
    visit = care.visit(cast.episode, cast.therapist, NOW + timedelta(days=1))
    visits.start(visit=visit, by=cast.therapist)
    client, day = signed_in(cast.therapist), f"{timezone.localtime(NOW):%a, %b %-d}"
    assert day in client.get(reverse("visit", args=[visit.ref])).content.decode()
    note = notes.open_note(visit=visit, knowledge=current.knowledge(), by=cast.therapist)
    assert day in client.get(reverse("note", args=[note.ref])).content.decode()


def test_an_item_of_somebody_else_is_refused(cast: Cast, visit: Visit) -> None:
    other = care.under_care(cast.other, cast.colleague)
    with pytest.raises(Refused, match="plan"):
        visits.deliver(visit=visit, item=care.item(other, "manual"), minutes=5, knowledge=current.knowledge(), by=cast.therapist)


def test_pain_before_feeds_the_curve_and_pain_after_does_not(cast: Cast, visit: Visit) -> None:
    visits.record_pain(visit=visit, before=5, after=2, knowledge=current.knowledge(), by=cast.therapist)
    visit.refresh_from_db()
    assert (visit.pain_before, visit.pain_after, visit.state) == (5, 2, "started")
    assert [row.value for row in Finding.objects.filter(finding="nrs_now", value__isnull=False)][-1] == 5


def test_a_page_says_at_the_field_what_it_does_not_send(cast: Cast, signed_in: Callable[[User], Client], visit: Visit) -> None:
    page = signed_in(cast.therapist).get(reverse("visit", args=[visit.ref])).content.decode()
    assert '"reportValidityOfForms":true' in page


# --- safety questions ------------------------------------------------------------------------------------------------


def test_nothing_new_answers_symptoms_never_what_lies_in_the_past(cast: Cast, visit: Visit) -> None:
    knowledge = current.knowledge()
    findings.record(
        episode=cast.episode, values={"rf_fever_reported": None, "rf_anticoagulant": True}, knowledge=knowledge, by=cast.therapist
    )
    for question in ("rs_visit_fever", "rs_visit_new"):
        visits.rescreen(visit=visit, question=question, answer="none", knowledge=knowledge, by=cast.assistant)
    standing = {row.finding: row.value for row in Finding.objects.filter(episode=cast.episode).standing()}
    assert standing["rf_fever_reported"] is False
    assert standing["rf_anticoagulant"] is True
    assert "rf_hx_cancer" not in standing or standing["rf_hx_cancer"] is not False or "rf_hx_cancer" in care.case_values()
    visit.refresh_from_db()
    assert visit.rescreen == {"rs_visit_fever": "none", "rs_visit_new": "none"}


def test_a_yes_that_stands_is_not_lowered_by_nothing_new(cast: Cast, visit: Visit) -> None:
    knowledge = current.knowledge()
    findings.record(episode=cast.episode, values={"rf_fever_reported": True}, knowledge=knowledge, by=cast.therapist)
    visits.rescreen(visit=visit, question="rs_visit_fever", answer="none", knowledge=knowledge, by=cast.therapist)
    newest = Finding.objects.filter(finding="rf_fever_reported").standing().last()
    assert newest is not None
    assert newest.value is True


def test_something_new_is_recorded_and_raises(cast: Cast, visit: Visit) -> None:
    values = {"rf_bladder_retention": True, "rf_saddle_numbness": True}
    visits.rescreen(
        visit=visit,
        question="rs_visit_bladder",
        answer="something",
        values=values,
        knowledge=current.knowledge(),
        by=cast.therapist,
    )
    cast.episode.refresh_from_db()
    assert cast.episode.held
    with pytest.raises(Refused, match="not part of this question"):
        visits.rescreen(
            visit=visit,
            question="rs_visit_fever",
            answer="something",
            values=values,
            knowledge=current.knowledge(),
            by=cast.therapist,
        )


# --- at home ---------------------------------------------------------------------------------------------------------


def days(*back: int) -> list[date]:
    return [clock.today() - timedelta(days=one) for one in back]


@pytest.fixture
def begun(cast: Cast, plan: PlanOfCare) -> Cast:
    """The episode began three weeks ago, so that there was time at home."""
    cast.episode.started_on = clock.today() - timedelta(days=21)
    cast.episode.save()
    return cast


def test_home_sessions_are_kept_for_each_day_and_can_be_corrected(begun: Cast, plan: PlanOfCare) -> None:
    exercise, knowledge = care.item(plan, "exercise"), current.knowledge()
    given = {"episode": begun.episode, "item": exercise, "knowledge": knowledge, "by": begun.assistant}
    home.log(days=days(1, 2, 3), rest=2, during=3, morning=2, effort=4, **given)  # type: ignore[arg-type]
    home.set_days(since=days(6)[0], days=days(1, 2), rest=2, during=4, **given)  # type: ignore[arg-type]
    assert sorted(HomeSession.objects.values_list("on", "during")) == [(days(2)[0], 4), (days(1)[0], 4)]


@pytest.mark.parametrize("told", [{"during": 11}, {"response": 6}, {"effort": True}])
def test_what_cannot_be_told_is_refused(begun: Cast, plan: PlanOfCare, told: dict[str, int]) -> None:
    exercise = care.item(plan, "exercise")
    with pytest.raises(Refused):
        home.log(episode=begun.episode, item=exercise, days=days(1), knowledge=current.knowledge(), by=begun.therapist, **told)
    with pytest.raises(Refused, match="today"):
        home.log(episode=begun.episode, item=exercise, days=days(-1), knowledge=current.knowledge(), by=begun.therapist)


def test_pain_in_the_set_proposes_a_step_back_and_a_stop_symptom_stops_everything(begun: Cast, plan: PlanOfCare) -> None:
    knowledge = current.knowledge()
    first, second = care.item(plan, "exercise", 0), care.item(plan, "exercise", 1)
    home.log(episode=begun.episode, item=first, days=days(1), rest=2, during=8, knowledge=knowledge, by=begun.therapist)
    [proposal] = home.proposals(episode=begun.episode, knowledge=knowledge, on=clock.today())
    assert proposal.move == "step_back"
    home.log(
        episode=begun.episode, item=second, days=days(1), symptoms=symptoms()[:1],
        knowledge=knowledge, by=begun.therapist,
    )  # fmt: skip
    assert {one.move for one in home.proposals(episode=begun.episode, knowledge=knowledge, on=clock.today())} == {"stop"}


def symptoms() -> list[str]:
    from rhomboid.knowledge.care import StopSymptom

    return list(current.knowledge().of(StopSymptom))


def test_only_a_therapist_lets_an_exercise_advance_and_against_the_rule_with_a_reason(begun: Cast, plan: PlanOfCare) -> None:
    knowledge, exercise = current.knowledge(), care.item(plan, "exercise")
    found = care.visit(begun.episode, begun.therapist)
    home.log(episode=begun.episode, item=exercise, days=days(1), knowledge=knowledge, by=begun.therapist)
    [proposal] = home.proposals(episode=begun.episode, knowledge=knowledge, on=clock.today())
    assert proposal.move == "hold"
    with pytest.raises(Refused, match="licensed"):
        home.decide(visit=found, item=exercise, move="advance", proposal=proposal, reason="she asks", by=begun.assistant)
    with pytest.raises(Refused, match="reason"):
        home.decide(visit=found, item=exercise, move="advance", proposal=proposal, by=begun.therapist)
    home.decide(visit=found, item=exercise, move="hold", proposal=proposal, by=begun.assistant)
    found.refresh_from_db()
    assert found.progress[exercise.ref]["move"] == "hold"


def test_a_step_back_goes_into_a_draft_of_the_next_plan(begun: Cast, plan: PlanOfCare) -> None:
    knowledge = current.knowledge()
    found = care.visit(begun.episode, begun.therapist)
    exercise = next(
        line.item for line in plan.lines.all() if line.item.kind == "exercise" and knowledge.easier(line.item.intervention)
    )
    home.log(episode=begun.episode, item=exercise, days=days(1), rest=2, during=8, knowledge=knowledge, by=begun.therapist)
    [proposal] = home.proposals(episode=begun.episode, knowledge=knowledge, on=clock.today())
    assert proposal.next_exercise
    home.decide(visit=found, item=exercise, move="step_back", proposal=proposal, by=begun.therapist)
    found.refresh_from_db()
    draft = home.to_plan(visit=found, knowledge=knowledge, by=begun.therapist)
    assert (draft.state, draft.version) == ("draft", 2)
    assert proposal.next_exercise in {line.item.intervention for line in draft.lines.all()}


def test_days_at_home_move_the_off_track_day(begun: Cast, plan: PlanOfCare) -> None:
    exercise = care.item(plan, "exercise")
    home.log(episode=begun.episode, item=exercise, days=days(0), knowledge=current.knowledge(), by=begun.therapist)
    begun.episode.refresh_from_db()
    assert begun.episode.off_track_on == course.off_track_on(begun.episode, current.knowledge(), clock.today())


def test_every_write_leaves_its_event(cast: Cast, plan: PlanOfCare, visit: Visit) -> None:
    visits.deliver(visit=visit, item=care.item(plan, "manual"), minutes=5, knowledge=current.knowledge(), by=cast.therapist)
    visits.finish(visit=visit, by=cast.therapist)
    said = list(AuditEvent.objects.filter(action__startswith="visit.").values_list("action", flat=True))
    assert said == ["visit.schedule", "visit.start", "visit.deliver", "visit.finish"]


def test_a_signed_visit_is_closed_for_all_writes(cast: Cast, plan: PlanOfCare) -> None:
    note = care.signed_visit(cast.episode, cast.therapist, NOW)
    with pytest.raises(Overtaken, match="Dara Okafor"):
        visits.record_pain(visit=note.visit, before=1, knowledge=current.knowledge(), by=cast.therapist)
    assert list(notes.verify()) == []


def test_a_worst_pain_told_weeks_ago_does_not_forbid_todays_rating(cast: Cast, visit: Visit) -> None:
    worst = next(row.value for row in Finding.objects.filter(finding="nrs_worst_24h").standing())
    with clock.fixed(NOW + timedelta(days=8)):
        later = care.visit(cast.episode, cast.therapist)
        visits.record_pain(visit=later, before=worst + 2, knowledge=current.knowledge(), by=cast.therapist)
        newest = Finding.objects.filter(finding="nrs_worst_24h").standing().last()
    assert newest is not None
    assert newest.value == worst + 2


# --- the pages -------------------------------------------------------------------------------------------------------

HTMX = {"HX-Request": "true"}
In = Callable[[User], Client]


def url(name: str, *refs: str) -> str:
    return reverse(name, args=refs)


def test_the_list_proposes_dates_and_plans_them(cast: Cast, plan: PlanOfCare, signed_in: In) -> None:
    client, page = signed_in(cast.therapist), url("visits", cast.episode.ref)
    given = {"do": "propose", "first": "2026-12-01T09:30", "per_week": "1", "count": "3"}
    proposed = client.post(page, given)
    assert proposed.context["proposed"][2][1] == "2026-12-15T09:30"
    assert not cast.episode.visits.exists()
    at = [value for _, value in proposed.context["proposed"]]
    assert client.post(page, {"do": "plan", "kind": "treatment", "at": [*at[:2], ""]}).status_code == 302
    assert cast.episode.visits.count() == 2
    again = client.post(page, {"do": "plan", "kind": "treatment", "at": at[:1]})
    assert again.status_code == 409
    assert "already" in again.content.decode()


def test_a_tick_saves_and_the_note_beside_it_follows(cast: Cast, plan: PlanOfCare, visit: Visit, signed_in: In) -> None:
    client, hands = signed_in(cast.assistant), care.item(plan, "manual")
    sent = {
        "done": "1",
        "minutes": "6",
        "dose": "3 x 60 s",
        "segment": "T6",
        "test": "rom_thx_rot_seated_l",
        "value-before": "28",
        "value-after": "36",
    }
    answer = client.post(url("visit_item", visit.ref, hands.ref), sent, headers=HTMX).content.decode()
    assert 'id="live-note" hx-swap-oob="true"' in answer
    assert "28° before, 36° after" in answer
    assert [row.minutes for row in visit.delivered.all()] == [6]
    client.post(url("visit_item", visit.ref, hands.ref), {"minutes": "6"}, headers=HTMX)
    assert not visit.delivered.exists()


def test_a_refusal_in_a_row_is_shown_there(cast: Cast, plan: PlanOfCare, visit: Visit, signed_in: In) -> None:
    hands = care.item(plan, "manual")
    answer = signed_in(cast.therapist).post(url("visit_item", visit.ref, hands.ref), {"done": "1", "minutes": "many"}, headers=HTMX)
    assert answer.status_code == 422
    assert "is not a number" in answer.content.decode()
    assert not visit.delivered.exists()


def test_forms_work_without_scripts(begun: Cast, plan: PlanOfCare, signed_in: In) -> None:
    client, exercise = signed_in(begun.therapist), care.item(plan, "exercise")
    visit = care.visit(begun.episode, begun.therapist)
    assert client.post(url("visit_start", visit.ref)).status_code == 302
    assert client.post(url("visit_pain", visit.ref), {"pain-before": "5"}).status_code == 302
    assert client.post(url("visit_rescreen", visit.ref, "rs_visit_fever"), {"answer": "none"}).status_code == 302
    told = {"since": str(days(6)[0]), "day": [str(one) for one in days(1, 2)], "rest": "2", "during": "8", "response": "1"}
    assert client.post(url("visit_home", visit.ref, exercise.ref), told).status_code == 302
    assert client.post(url("visit_decide", visit.ref, exercise.ref), {"move": "step_back"}).status_code == 302
    page = client.get(url("visit", visit.ref)).content.decode()
    assert "1 of 8 safety questions" in page
    assert "step back" in page
    finished = client.post(url("visit_finish", visit.ref))
    assert finished.status_code == 302
    assert finished["Location"].startswith("/notes/")


def test_something_new_opens_its_findings(cast: Cast, visit: Visit, signed_in: In) -> None:
    client = signed_in(cast.therapist)
    sent = {"answer": "something", "rf_anticoagulant": "yes"}
    answer = client.post(url("visit_rescreen", visit.ref, "rs_visit_new"), sent, headers=HTMX).content.decode()
    assert 'name="rf_fluoroquinolone"' in answer
    assert Finding.objects.filter(finding="rf_anticoagulant").standing().last().value is True  # type: ignore[union-attr]


def test_the_visit_pages_ask_the_database_the_same_number_of_times(
    begun: Cast, plan: PlanOfCare, signed_in: In, django_assert_max_num_queries: Any
) -> None:
    client, knowledge, exercise = signed_in(begun.therapist), current.knowledge(), care.item(plan, "exercise")
    for back in range(15, 3, -1):
        with clock.fixed(NOW - timedelta(days=back)):
            found = visits.start(visit=care.visit(begun.episode, begun.therapist), by=begun.therapist)
            visits.record_pain(visit=found, before=4, after=3, knowledge=knowledge, by=begun.therapist)
            home.log(episode=begun.episode, item=exercise, days=days(0), rest=2, during=3, knowledge=knowledge, by=begun.therapist)
    with django_assert_max_num_queries(24):
        assert client.get(url("visits", begun.episode.ref)).status_code == 200
    with django_assert_max_num_queries(56):
        assert client.get(url("visit", found.ref)).status_code == 200


def test_a_stop_symptom_stands_until_a_therapist_clears_it_with_a_reason(begun: Cast, plan: PlanOfCare) -> None:
    knowledge, exercise = current.knowledge(), care.item(plan, "exercise")
    visit = care.visit(begun.episode, begun.therapist)
    given = {"episode": begun.episode, "item": exercise, "knowledge": knowledge, "by": begun.therapist}
    home.log(days=days(2), symptoms=symptoms()[:1], **given)  # type: ignore[arg-type]
    home.log(days=days(1), rest=2, during=2, **given)  # type: ignore[arg-type]
    assert [one.move for one in home.proposals(episode=begun.episode, knowledge=knowledge, on=clock.today())] == ["stop"]
    with pytest.raises(Refused, match="licensed"):
        home.clear(visit=visit, item=exercise, reason="Looked at, all normal", by=begun.assistant)
    with pytest.raises(Refused, match="reason"):
        home.clear(visit=visit, item=exercise, reason="ok", by=begun.therapist)
    home.clear(visit=visit, item=exercise, reason="Neurological screen normal today", by=begun.therapist)
    home.set_days(since=days(6)[0], days=days(1, 2), rest=2, during=2, **given)  # type: ignore[arg-type]
    assert [one.move for one in home.proposals(episode=begun.episode, knowledge=knowledge, on=clock.today())] == ["hold"]


def test_a_gain_in_motion_counts_for_the_exercise_that_was_chosen_for_it(begun: Cast, plan: PlanOfCare) -> None:
    knowledge = current.knowledge()
    exercise = next(
        line.item
        for line in plan.lines.all()
        if "factor.hypomobile_thoracic_rotation" in line.content["serves"] and line.item.kind == "exercise"
    )
    given = {"episode": begun.episode, "item": exercise, "knowledge": knowledge, "by": begun.therapist}
    home.log(days=days(0, 1, 2, 3), rest=2, during=2, morning=2, effort=3, response=1, correct_of_10=9, **given)  # type: ignore[arg-type]
    [before] = home.proposals(episode=begun.episode, knowledge=knowledge, on=clock.today())
    assert "gain in MDC" in before.reason
    with clock.fixed(NOW + timedelta(days=1)):
        findings.record(episode=begun.episode, values={"rom_thx_rot_seated_l": 35}, knowledge=knowledge, by=begun.therapist)
        [after] = home.proposals(episode=begun.episode, knowledge=knowledge, on=clock.today())
    assert after.move == "advance"
