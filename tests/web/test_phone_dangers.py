"""What must hold on the phone when something is wrong: nothing told is lost, and nothing that waits is offered again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from rhomboid.knowledge.care import StopSymptom
from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current, home_program
from rhomboid.web.records.actions import discharge, episodes, findings, home, links, logins, phone, plans
from rhomboid.web.records.models import Alert, AuditEvent, Document, Episode, PersonalLink, PlanOfCare

from . import care
from .conftest import NOW, Cast
from .phone import STOPS, WORRY, agree, asked, known_but, say

In = Callable[[User], Client]
DAY = timedelta(days=1)


@pytest.fixture
def own(cast: Cast, signed_in: In) -> Client:
    agree(cast.episode, cast.patient)
    return signed_in(cast.patient)


@pytest.fixture
def plan(cast: Cast) -> PlanOfCare:
    cast.episode.started_on = clock.today() - 21 * DAY
    cast.episode.save()
    return care.under_care(cast.episode, cast.therapist)


def symptom(call: str) -> str:
    return next(id_ for id_, one in current.knowledge().of(StopSymptom).items() if one.call == call)


def send(cast: Cast, kind: str = "exercise", **told: Any) -> phone.Received:
    body = {"kind": kind, "episode": cast.episode.ref, "done_at": clock.now().isoformat(), **told}
    return phone.receive(episode=cast.episode, key=str(uuid4()), body=body, knowledge=current.knowledge(), by=cast.patient)


def pause(cast: Cast) -> str:
    episode = Episode.objects.get(pk=cast.episode.pk)
    return home_program.program_of(episode, current.knowledge(), on=clock.today()).pause


# --- told and left -----------------------------------------------------------------------------------------------------


def test_a_stop_symptom_is_told_and_pauses_though_the_questions_are_left(cast: Cast, own: Client) -> None:
    known_but(cast.episode, cast.therapist)
    own.post("/me/worry")
    say(own, STOPS, [symptom("clinic_today")], WORRY)
    assert asked(cast.episode, "rescreen"), "there is more to ask, and the person puts the phone away"
    assert [one.urgency for one in Alert.objects.all()] == ["same_day"]
    assert pause(cast) == "stopped"


def test_the_end_of_the_questions_tells_it_once(cast: Cast, own: Client) -> None:
    known_but(cast.episode, cast.therapist)
    own.post("/me/worry")
    say(own, STOPS, [symptom("clinic_today")], WORRY)
    while question := asked(cast.episode, "rescreen"):
        say(own, question, [] if question.startswith("which:") else False, WORRY)
    assert Alert.objects.count() == 1


def test_a_sign_ends_it_at_once_though_the_danger_was_known_before(cast: Cast, own: Client) -> None:
    signs = {"rf_bladder_retention": True, "rf_saddle_numbness": True}
    known_but(cast.episode, cast.therapist, *signs)
    findings.record(episode=cast.episode, values=signs, knowledge=current.knowledge(), by=cast.therapist)
    own.post("/me/worry")
    say(own, STOPS, [], WORRY)
    while asked(cast.episode, "rescreen") != "rs_visit_bladder":
        say(own, str(asked(cast.episode, "rescreen")), False, WORRY)
    say(own, "rs_visit_bladder", True, WORRY)
    assert say(own, "which:rs_visit_bladder", sorted(signs), WORRY)["Location"] == "/me/worry/answer"
    assert [one.urgency for one in Alert.objects.all()] == ["emergency_now"]


# --- an emergency stays one ----------------------------------------------------------------------------------------------


def test_today_names_the_emergency_number_after_an_emergency_in_when_to_worry(cast: Cast, plan: PlanOfCare, own: Client) -> None:
    own.post("/me/worry")
    say(own, STOPS, [], WORRY)
    for question in iter(lambda: asked(cast.episode, "rescreen"), None):
        yes = (
            ["rf_bladder_retention", "rf_saddle_numbness"]
            if question == "which:rs_visit_bladder"
            else question == "rs_visit_bladder"
        )
        say(own, question, yes, WORRY)
    assert 'href="tel:911"' in own.get("/me/worry/answer").content.decode()
    assert 'href="tel:911"' in own.get("/me/today").content.decode()


def test_an_emergency_told_while_exercises_are_paused_is_shown_on_today(cast: Cast, plan: PlanOfCare, own: Client) -> None:
    send(cast, "stop", symptoms=[symptom("clinic_today")])
    own.post("/me/worry")
    say(own, STOPS, [symptom("911")], WORRY)
    assert 'href="tel:911"' in own.get("/me/today").content.decode()
    send(cast, "stop", symptoms=[symptom("clinic_today")])
    assert 'href="tel:911"' in own.get("/me/today").content.decode()


def test_something_slower_told_later_does_not_hide_it(cast: Cast, plan: PlanOfCare, own: Client) -> None:
    own.post("/me/worry")
    say(own, STOPS, [symptom("911")], WORRY)
    send(cast, "stop", symptoms=[symptom("clinic_today")])
    assert 'href="tel:911"' in own.get("/me/today").content.decode()


# --- a danger is taken in any case ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [{"item": "gone"}, {"symptoms": ["stop_of_an_older_page"]}])
def test_a_stop_from_an_older_page_is_told_and_pauses(told: dict[str, Any], cast: Cast, plan: PlanOfCare) -> None:
    send(cast, "stop", **{"symptoms": [symptom("911")], **told})
    assert [one.urgency for one in Alert.objects.all()] == ["emergency_now"]
    assert pause(cast) == "stopped"


# --- what waits is not offered again ---------------------------------------------------------------------------------------


def test_what_is_paused_stays_paused_in_the_next_version_of_the_plan(cast: Cast, plan: PlanOfCare) -> None:
    knowledge, visit = current.knowledge(), care.visit(cast.episode, cast.therapist)
    item = home_program.program_of(plan.episode, knowledge, on=clock.today()).lines[0].item
    with clock.fixed(NOW + timedelta(hours=1)):
        home.decide(visit=visit, item=item, move="stop", reason="Not this one for now", by=cast.therapist)
    with clock.fixed(NOW + timedelta(hours=2)):
        draft = plans.propose(episode=cast.episode, knowledge=knowledge, by=cast.therapist)
        plans.sign(plan=draft, revision=draft.revision, agreed=True, knowledge=knowledge, by=cast.therapist)
        program = home_program.program_of(Episode.objects.get(pk=cast.episode.pk), knowledge, on=clock.today())
    assert program.plan == draft
    assert [one.paused for one in program.lines if one.item == item] == [True]


def test_today_tells_the_worker_that_exercises_are_paused(cast: Cast, plan: PlanOfCare, own: Client) -> None:
    assert "X-Exercises" not in own.get("/me/today")
    send(cast, "stop", symptoms=[symptom("clinic_today")])
    today = own.get("/me/today")
    assert today["X-Exercises"] == "paused"
    assert "/me/session" not in today.content.decode(), "nothing to start, without a network either"


@pytest.mark.parametrize("ended", [False, True])
def test_the_flare_plan_and_what_is_kept_wait_with_a_danger(ended: bool, cast: Cast, plan: PlanOfCare, own: Client) -> None:
    pages = ["/me/flare"]
    if ended:
        discharge.discharge(
            episode=cast.episode, pathway="achieved", summary="Goals reached, goes on alone.", knowledge=current.knowledge(),
            by=cast.therapist,
        )  # fmt: skip
        pages.append("/me/well")
    assert all("kept-list" in own.get(page).content.decode() for page in pages)
    own.post("/me/worry")
    say(own, STOPS, [symptom("911")], WORRY)
    for page in pages:
        text = own.get(page).content.decode()
        assert "kept-list" not in text
        assert 'href="tel:911"' in text


def test_a_stop_on_the_plain_form_is_told_whatever_else_is_wrong_on_it(cast: Cast, plan: PlanOfCare, own: Client) -> None:
    item = care.item(plan, "exercise").ref
    form = {"key": str(uuid4()), "item": item, f"outcome-{item}": "done", f"during-{item}": "11", "symptom": symptom("911")}
    own.post("/me/session", form)
    assert [one.urgency for one in Alert.objects.all()] == ["emergency_now"]
    assert pause(cast) == "stopped"


def test_the_player_is_closed_after_discharge(cast: Cast, plan: PlanOfCare, own: Client) -> None:
    assert own.get("/me/session").status_code == 200
    Episode.objects.filter(pk=cast.episode.pk).update(stage="discharged", ended_on=clock.today())
    assert own.get("/me/session")["Location"] == "/me"


# --- who gets in -----------------------------------------------------------------------------------------------------------


def test_a_login_ends_with_the_access_after_discharge_too(cast: Cast, own: Client) -> None:
    Episode.objects.filter(pk=cast.episode.pk).update(
        stage="discharged", started_on=date(2025, 1, 2), ended_on=clock.today() - timedelta(days=30)
    )
    paper = Document.objects.create(
        episode=cast.episode, kind="home_program", title="x", mime="application/pdf", content=b"%PDF-", size=5, sha256="0" * 64,
        made_by_label="x",
    )  # fmt: skip
    assert own.get("/me/well").status_code != 404
    assert own.get(f"/me/documents/{paper.ref}").status_code == 200
    Episode.objects.filter(pk=cast.episode.pk).update(ended_on=clock.today() - timedelta(days=400))
    assert own.get("/me/well").status_code == 404
    assert own.get(f"/me/documents/{paper.ref}").status_code == 404


def test_nobody_asks_for_codes_without_end(cast: Cast, settings: Any) -> None:
    settings.SENDS_MAIL = True
    told: dict[str, Any] = {"person": cast.marisol, "email": "x@example.test", "code": "123456", "clinic": "A clinic"}
    assert [logins.mail_code(**told) for _ in range(6)] == [True] * 5 + [False]
    assert len(mail.outbox) == 5


def test_the_trail_holds_that_a_link_leads_to_another_episode(cast: Cast) -> None:
    link = links.issue(episode=cast.episode, by=cast.front_desk)
    Episode.objects.filter(pk=cast.episode.pk).update(stage="discharged", ended_on=clock.today())
    PersonalLink.objects.update(expires_on=clock.today() + 90 * DAY)
    again = episodes.open_episode(person=cast.marisol, by=cast.front_desk)
    event = AuditEvent.objects.get(action="link.move")
    assert (event.subject, event.detail["to"]) == (link.ref, again.ref)
