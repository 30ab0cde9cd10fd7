"""Today: the rule for being off track, the order of the caseload, what needs somebody, and what the front desk does not see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rhomboid.web.accounts.models import User
from rhomboid.web.clinic import needs
from rhomboid.web.records import clock, course, current, lists, track
from rhomboid.web.records.actions import episodes, findings, people, referrals, visits
from rhomboid.web.records.models import (
    Alert,
    Assessment,
    AuditEvent,
    Concern,
    Episode,
    HomeSession,
    Message,
    Note,
    Person,
    PlanOfCare,
    Referral,
    Visit,
)

from . import care, some_files
from .conftest import NOW, Cast

TODAY = date(2026, 11, 24)
SignedIn = Callable[[User], Client]
TEARING = {"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


# --- the rule ------------------------------------------------------------------------------------------------------------


def kinds(rule: track.Course, on: date = TODAY) -> list[str]:
    return [one.kind for one in track.reasons(rule, on)]


def faithful(days: int = 10, last: int = 0) -> frozenset[date]:
    return frozenset(ago(last + number) for number in range(days))


@pytest.mark.parametrize(
    ("pain", "expected"),
    [
        ([5, 7], ["pain_up"]),
        ([5, 6], []),
        ([6, 3, 5], ["pain_up"]),
        ([3, 5, 5], ["pain_up"]),
        ([7, 5, 3], []),
        ([5], []),
        ([], []),
    ],
)
def test_pain_up_by_what_matters_against_the_first_or_the_one_before(pain: list[float], expected: list[str]) -> None:
    series = tuple((ago(len(pain) - place), value) for place, value in enumerate(pain))
    assert kinds(track.Course(pain=series, matters=2.0)) == expected


def test_without_a_known_change_that_matters_pain_says_nothing() -> None:
    assert kinds(track.Course(pain=((ago(9), 2.0), (ago(1), 9.0)), matters=None)) == []


@pytest.mark.parametrize(("silent", "expected"), [(5, []), (6, ["no_home_session"]), (30, ["no_home_session"])])
def test_six_days_without_a_home_session(silent: int, expected: list[str]) -> None:
    assert kinds(track.Course(home_since=ago(40), home_days=faithful(12, silent))) == expected


def test_before_a_plan_is_signed_nobody_is_missed_at_home() -> None:
    assert kinds(track.Course(home_since=None)) == []
    assert kinds(track.Course(home_since=ago(5))) == []


def test_few_reports_count_once_the_program_has_run_two_weeks() -> None:
    few = frozenset({ago(1), ago(3), ago(5), ago(7)})
    assert kinds(track.Course(home_since=ago(20), home_days=few)) == ["adherence_low"]
    assert kinds(track.Course(home_since=ago(10), home_days=few)) == []
    assert kinds(track.Course(home_since=ago(20), home_days=few | {ago(9)})) == []


def test_a_goal_is_late_the_day_after_it_was_due() -> None:
    assert kinds(track.Course(goals_due=(ago(1),))) == ["goal_late"]
    assert kinds(track.Course(goals_due=(TODAY,))) == []


@pytest.mark.parametrize(
    "rule",
    [
        track.Course(home_since=ago(20), home_days=faithful(9, 2)),
        track.Course(home_since=ago(3), home_days=frozenset({ago(1)})),
        track.Course(home_since=ago(30), home_days=faithful(5, 1)),
        track.Course(home_since=ago(1), goals_due=(TODAY + timedelta(days=2),)),
    ],
)
def test_the_stored_day_is_the_first_on_which_a_reason_holds(rule: track.Course) -> None:
    stored = track.off_track_on(rule, TODAY)
    days = [TODAY + timedelta(days=ahead) for ahead in range(40)]
    assert stored == next((day for day in days if track.reasons(rule, day)), None)


# --- the table -----------------------------------------------------------------------------------------------------------


def at_home(episode: Episode, plan: Any, days: range, **told: Any) -> None:
    item = care.item(plan, "exercise")
    for number in days:
        HomeSession.objects.create(episode=episode, item=item, on=ago(number), **told)


def signed(cast: Cast, weeks: int = 4) -> Any:
    with clock.fixed(NOW - timedelta(weeks=weeks)):
        return care.under_care(cast.episode, cast.therapist)


def refreshed(episode: Episode) -> Episode:
    course.refresh(episode, current.knowledge(), clock.today())
    return Episode.objects.get(pk=episode.pk)


def test_the_column_follows_the_record(cast: Cast) -> None:
    plan = signed(cast)
    assert refreshed(cast.episode).off_track_on == ago(28 - track.SILENT_DAYS)
    at_home(cast.episode, plan, range(12))
    found = refreshed(cast.episode)
    assert found.off_track_on is not None
    assert found.off_track_on > TODAY


def test_silence_counts_from_the_last_report_however_long_ago(cast: Cast, signed_in: SignedIn) -> None:
    plan = signed(cast, weeks=20)
    at_home(cast.episode, plan, range(50, 60))
    refreshed(cast.episode)
    assert "No home session for 50 days" in signed_in(cast.therapist).get("/today/needs").content.decode()


def test_a_goal_that_the_newest_value_meets_is_not_late(cast: Cast) -> None:
    plan = signed(cast, weeks=12)
    at_home(cast.episode, plan, range(12))
    assert course.courses([cast.episode], current.knowledge(), TODAY)[cast.episode.pk].rule.goals_due
    findings.record(
        episode=cast.episode,
        values={"nrs_average_7d": 1, "psfs_mean": 9.5, "rom_thx_rot_seated_l": 60, "rom_thx_rot_seated_r": 60},
        knowledge=current.knowledge(),
        by=cast.therapist,
    )
    due = course.courses([cast.episode], current.knowledge(), TODAY)[cast.episode.pk].rule.goals_due
    measured = {goal.finding for goal in plan.goals.all() if goal.target is not None}
    assert measured
    assert due == ()


def scope(cast: Cast, whose: lists.Whose = "clinic") -> lists.Scope:
    return lists.Scope(cast.therapist, whose, TODAY)


def crowd(cast: Cast, number: int, name: str = "Family") -> list[Episode]:
    found = []
    for place in range(number):
        person = people.register(
            given_name=f"Given{place}", family_name=f"{name}{place:03}", date_of_birth=date(1980, 1, 1), by=cast.front_desk
        )
        found.append(episodes.open_episode(person=person, therapist=cast.colleague, by=cast.front_desk))
    return found


def test_the_caseload_is_in_the_order_of_need_over_all_pages(cast: Cast) -> None:
    rows = crowd(cast, 60)
    Episode.objects.filter(pk__in=[one.pk for one in rows[:20]]).update(rank=3, disposition="routine_referral")
    Episode.objects.filter(pk=rows[7].pk).update(rank=0, disposition="emergency_now")
    Episode.objects.filter(pk__in=[one.pk for one in rows[20:35]]).update(off_track_on=ago(1))
    found: list[Episode] = []
    for number in (1, 2, 3, 4):
        page = lists.caseload(scope(cast), "attention", number)
        assert page.more == (number < 4)
        found += page.episodes
    assert len({one.pk for one in found}) == len(found) == 62
    assert found[0].pk == rows[7].pk
    assert {one.rank for one in found[:20]} == {0, 3}
    assert {one.pk for one in found[20:35]} == {one.pk for one in rows[20:35]}
    assert lists.filter_counts(scope(cast)) == {
        "all": 62, "concern": 20, "off_track": 15, "signature": 0, "reevaluation": 0, "to_confirm": 0, "after": 0,
    }  # fmt: skip


def test_mine_is_mine(cast: Cast) -> None:
    crowd(cast, 3)
    assert [one.pk for one in lists.caseload(scope(cast, "mine")).episodes] == [cast.episode.pk]
    assert lists.counts(scope(cast, "mine"))["all"] == 1


def raised(cast: Cast) -> Concern:
    findings.record(episode=cast.episode, values=TEARING, knowledge=current.knowledge(), by=cast.front_desk, source="front_desk")
    return Concern.objects.filter(urgency="emergency_now").first()  # type: ignore[return-value]


def test_a_concern_needs_somebody_until_a_letter_is_out(cast: Cast, signed_in: SignedIn) -> None:
    concern = raised(cast)
    page = signed_in(cast.therapist).get("/today").content.decode()
    assert "Emergency now" in page
    assert reverse("letter_new", args=[concern.ref]) in page
    letter = referrals.write(concern=concern, knowledge=current.knowledge(), by=cast.therapist)
    assert reverse("referral", args=[letter.ref]) in signed_in(cast.therapist).get("/today").content.decode()
    letter = referrals.save(
        referral=letter, revision=0, to="Emergency department", to_address="", to_email="", message="", by=cast.therapist
    )
    referrals.send(referral=letter, revision=1, how="phone", printed=lambda row: some_files.pdf(), by=cast.therapist)
    assert not list(lists.to_act(scope(cast), frozenset()))


# --- the page ------------------------------------------------------------------------------------------------------------


def test_the_page_says_who_comes_and_why(cast: Cast, signed_in: SignedIn) -> None:
    signed(cast)
    refreshed(cast.episode)
    visits.schedule(episode=cast.episode, planned_at=NOW + timedelta(hours=1), by=cast.therapist, therapist=cast.therapist)
    page = signed_in(cast.therapist).get("/today").content.decode()
    assert "Next is Marisol Vega at 10:00" in page
    assert "No home session for 28 days" in page
    assert "Theo Lindqvist" not in page
    assert "Theo Lindqvist" in signed_in(cast.therapist).get("/today?whose=clinic").content.decode()
    assert AuditEvent.objects.filter(action="caseload.read", actor=cast.therapist.label).count() == 2


def test_whose_lines_today_showed_is_on_record(cast: Cast, signed_in: SignedIn) -> None:
    """Theo is a colleague's; he stands on the therapist's Today because she sees him today in the colleague's place."""
    visits.schedule(episode=cast.other, planned_at=NOW + timedelta(hours=1), by=cast.colleague, therapist=cast.therapist)
    assert "Theo Lindqvist" in signed_in(cast.therapist).get("/today").content.decode()
    assert "Theo Lindqvist" in signed_in(cast.front_desk).get("/today").content.decode()
    for action, who in (("caseload.read", cast.therapist), ("day.read", cast.front_desk)):
        event = AuditEvent.objects.get(action=action, actor=who.label)
        assert cast.theo.ref in event.detail["people"]


def test_the_front_desk_sees_the_day_and_no_clinical_word(cast: Cast, signed_in: SignedIn) -> None:
    concern = raised(cast)
    visits.schedule(episode=cast.episode, planned_at=NOW + timedelta(hours=1), by=cast.therapist, therapist=cast.therapist)
    page = signed_in(cast.front_desk).get("/today").content.decode()
    assert "Marisol Vega" in page
    for word in ("Emergency", "Pain", "Caseload", "Off track", concern.condition, reverse("episode", args=[cast.episode.ref])):
        assert word not in page


def test_an_assistant_sees_the_assigned_only(cast: Cast, signed_in: SignedIn) -> None:
    for at in (cast.episode, cast.other):
        visits.schedule(episode=at, planned_at=NOW + timedelta(hours=1 + at.pk), by=cast.therapist)
    page = signed_in(cast.assistant).get("/today?whose=clinic").content.decode()
    assert "Marisol Vega" in page
    assert "Lindqvist" not in page


@pytest.mark.parametrize("address", ["?page=x", "?page=0", "?page=999999999999", "?show=nothing", "?whose=everybody", "?page=²"])
def test_odd_addresses_show_the_page(address: str, cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.therapist).get(f"/today{address}").status_code == 200


def test_part_of_the_page_for_a_filter(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.therapist).get("/today?show=concern", headers={"HX-Request": "true", "HX-Target": "caseload"})
    assert answer.content.lstrip().startswith(b'<section id="caseload"')


def test_the_number_of_queries_does_not_grow(cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    client = signed_in(cast.therapist)
    busy(cast, crowd(cast, 12), 0)
    few, few_needs = queries(client, "/today"), queries(client, "/today/needs")
    busy(cast, crowd(cast, 40, "More"), 12)
    with django_assert_max_num_queries(few + 1):  # a long list is counted
        assert client.get("/today").status_code == 200
    with django_assert_max_num_queries(few_needs + 3):
        assert client.get("/today/needs").status_code == 200
    assert few <= 34
    assert few_needs <= 31  # five of them for the audit trail


WAITING = (
    "Answer overdue",
    "Waiting for an answer",
    "Off track",
    "Messages to answer",
    "To confirm",
    "To sign",
    "Re-evaluation due",
)


def test_the_urgent_stands_on_the_page_and_it_asks_for_what_waits_besides(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.therapist)
    busy(cast, crowd(cast, 6), 0)
    page = client.get("/today?whose=clinic").content.decode()
    column = page[page.index('id="needs"') :]
    assert column.count('class="alarm alarm-same_day"') == 2 * needs.SHOWN, "concerns, and alerts from phones"
    assert 'hx-get="/today/needs?whose=clinic" hx-trigger="load, click"' in column
    part = client.get("/today/needs?whose=clinic", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    read = AuditEvent.objects.filter(action="needs.read", actor=cast.therapist.label).get()
    shown = {one.ref for one in Person.objects.all() if str(one) in part}
    assert set(read.detail["people"]) == shown
    assert len(shown) >= needs.SHOWN
    for words in WAITING:
        assert words in part, words
    assert "4 more off track" in part
    whole = client.get("/today/needs?whose=clinic").content.decode()
    assert "<html" in whole
    assert part.strip() in whole, "the same as a page, where no script runs"


def test_what_waits_besides_is_of_the_people_asked_for(cast: Cast, signed_in: SignedIn) -> None:
    Episode.objects.filter(pk=cast.other.pk).update(off_track_on=ago(1), stage="care", therapist=cast.colleague)
    client = signed_in(cast.therapist)
    assert "Nothing urgent: no concern without a letter" in client.get("/today?whose=mine").content.decode()
    assert "Nothing else waits for you" in client.get("/today/needs?whose=mine").content.decode()
    assert str(cast.other.person) in client.get("/today/needs?whose=clinic").content.decode()
    assert str(cast.other.person) not in signed_in(cast.assistant).get("/today/needs?whose=clinic").content.decode()
    assert signed_in(cast.front_desk).get("/today/needs").status_code == 403


def test_a_long_day_shows_the_next_visits_and_how_many_there_are(cast: Cast, signed_in: SignedIn) -> None:
    client, rows = signed_in(cast.therapist), crowd(cast, lists.DAY_MOST + 4)
    busy(cast, rows, 0)
    assert f"The next {lists.NEXT_MOST} of {len(rows)} visits." in client.get("/today").content.decode()
    late = Visit.objects.filter(episode__in=rows).order_by("planned_at")
    Visit.objects.filter(pk__in=[one.pk for one in late[: len(rows) - 3]]).update(state="no_show")
    page = client.get("/today").content.decode()
    assert f"The next 3 of {len(rows)} visits." in page
    assert f"{len(rows)} visits. Next is" in page


def busy(cast: Cast, rows: list[Episode], minute: int) -> None:
    """Each of them off track, with a visit today, a concern that nobody has heard of, and one of everything that needs somebody."""
    Episode.objects.update(
        therapist=cast.therapist, off_track_on=ago(1), reevaluation_on=TODAY, stage="care", to_confirm="more of one"
    )
    for place, episode in enumerate(rows):
        at = datetime(2026, 11, 24, 12, (minute + place) % 60, tzinfo=UTC)
        visit = Visit.objects.create(episode=episode, number=1, kind="treatment", planned_at=at, therapist=cast.therapist)
        Concern.objects.create(
            episode=episode, condition="aortic_dissection", level="high", urgency="same_day", knowledge_version="x"
        )
        Alert.objects.create(episode=episode, kind="rescreen", urgency="same_day", text="x", at=at)
        Message.objects.create(episode=episode, from_patient=True, text="x", at=at, by=cast.therapist, by_label="x")
        Note.objects.create(episode=episode, visit=visit, drafted_by=cast.therapist)
        for days, state in ((0, "draft"), (1, "sent"), (60, "sent")):
            Referral.objects.create(
                episode=episode, state=state, urgency="same_day", subject="x", to="x", sent_how="mail", made_by=cast.therapist,
                sent_at=at - timedelta(days=days, hours=-23), created_at=at - timedelta(days=90),
            )  # fmt: skip
        assessed = Assessment.objects.create(
            episode=episode, on=TODAY, occasion="plan", knowledge_version="x", disposition="treat", findings={}, outcome={}
        )
        PlanOfCare.objects.create(episode=episode, version=1, assessment=assessed, knowledge_version="x", made_by=cast.therapist)


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        client.get(path)
    return len(found)
