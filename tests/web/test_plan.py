"""The plan page: each state of it, tuning with and without JavaScript, decisions, goals and the signature, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from rhomboid.web.accounts.models import User
from rhomboid.web.records import current
from rhomboid.web.records.actions import findings, plan_changes, plans
from rhomboid.web.records.models import Override, PlanOfCare

from .conftest import NOW, Cast
from .plan_people import AORTA, OLD_FRACTURE, evaluated, proposed, signed

SignedIn = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "plan-main"}


def text(response: HttpResponse) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page(client: Client, plan: PlanOfCare) -> HttpResponse:
    return client.get(reverse("plan", args=[plan.episode.ref]))


def post(client: Client, name: str, plan: PlanOfCare, *args: int, htmx: bool = False, **data: object) -> HttpResponse:
    sent = {"revision": plan.revision} | {key: value for key, value in data.items() if value is not None}
    return client.post(reverse(name, args=[plan.ref, *args]), sent, headers=HTMX if htmx else {})


def number_of(intervention: str) -> int:
    return list(current.knowledge().interventions).index(intervention)


def first_exercise(plan: PlanOfCare) -> str:
    return next(line.item.intervention for line in plan.lines.select_related("item") if line.item.kind == "exercise")


# --- the states ------------------------------------------------------------------------------------------------------------


def test_without_findings_there_is_nothing_to_plan_from(cast: Cast, signed_in: SignedIn) -> None:
    said = text(signed_in(cast.therapist).get(reverse("plan", args=[cast.episode.ref])))
    assert "Nothing to plan from yet" in said
    assert "Propose a plan" not in said


def test_a_plan_is_proposed_by_a_button(cast: Cast, signed_in: SignedIn) -> None:
    evaluated(cast.episode, cast.therapist)
    client = signed_in(cast.therapist)
    assert "Propose a plan" in text(client.get(reverse("plan", args=[cast.episode.ref])))
    answer = client.post(reverse("plan_propose", args=[cast.episode.ref]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("plan", args=[cast.episode.ref]))
    said = text(client.get(answer["Location"]))
    assert " if if " not in said
    for words in ("Draft 1", "At home", "In the clinic", "because", "Not offered", "what changes it", "Sign and activate"):
        assert words in said


def test_a_held_episode_shows_what_to_do_and_no_plan(cast: Cast, signed_in: SignedIn) -> None:
    evaluated(cast.episode, cast.therapist, AORTA)
    said = text(signed_in(cast.therapist).get(reverse("plan", args=[cast.episode.ref])))
    assert "No plan while this stands" in said
    assert "Emergency now" in said
    assert "Write the letter" in said
    assert "At home" not in said


def test_a_provisional_plan_says_what_to_ask(cast: Cast, signed_in: SignedIn) -> None:
    plan = proposed(cast.episode, cast.therapist)
    assert plan.content["status"] == "provisional"
    said = text(page(signed_in(cast.therapist), plan))
    assert "Provisional" in said
    assert plan.content["undecided"][0]["ask"][0].split("?")[0] in said.replace("&#x27;", "'")


def test_newer_findings_make_a_draft_stale_and_it_is_solved_again(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    assert "have changed since" not in text(page(client, plan))
    findings.record(episode=cast.episode, values={"nrs_now": 1}, knowledge=current.knowledge(), by=cast.therapist)
    assert "have changed since" in text(page(client, plan))
    client.post(reverse("plan_propose", args=[cast.episode.ref]))
    assert "have changed since" not in text(page(client, plan))


def test_an_active_plan_is_read_and_changed_in_a_new_version(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = signed(proposed(cast.episode, cast.therapist), cast.therapist), signed_in(cast.therapist)
    said = text(page(client, plan))
    assert "in force" in said
    assert "Change the plan" in said
    assert "Sign and activate" not in said
    assert 'form="plan-do"' not in page(client, plan).content.decode()
    client.post(reverse("plan_propose", args=[cast.episode.ref]))
    assert "Draft 2" in text(page(client, plan))
    older = text(client.get(reverse("plan_version", args=[plan.ref])))
    assert "Go on with draft 2" in older


def test_versions_say_what_changed(cast: Cast, signed_in: SignedIn) -> None:
    first = signed(proposed(cast.episode, cast.therapist), cast.therapist)
    draft = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    name = first_exercise(draft)
    change = plan_changes.ban(current.knowledge().interventions[name])
    plans.change(plan=draft, revision=0, change=change, knowledge=current.knowledge(), by=cast.therapist)
    said = text(page(signed_in(cast.therapist), first))
    assert f"out {current.knowledge().interventions[name].name}" in said


def test_an_assistant_reads_and_changes_nothing(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.assistant)
    shown = page(client, plan)
    assert shown.status_code == 200
    assert "<button" not in shown.content.decode().split('id="plan-main"')[1].split("</main>")[0]
    for name in ("plan_change", "plan_sign", "plan_drop", "plan_goals"):
        assert post(client, name, plan).status_code == 403
    assert client.post(reverse("plan_propose", args=[cast.episode.ref])).status_code == 403


# --- tuning ----------------------------------------------------------------------------------------------------------------


def test_a_change_answers_with_the_parts_of_the_page_and_says_what_moved(cast: Cast, signed_in: SignedIn) -> None:
    plan = proposed(cast.episode, cast.therapist)
    name = first_exercise(plan)
    answer = post(signed_in(cast.therapist), "plan_change", plan, htmx=True, do=f"ban {name}")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in body
    assert 'id="plan-limits" hx-swap-oob' in body
    assert "Undo removal" in body
    assert "changed" in body
    assert current.knowledge().interventions[name].name in answer["HX-Trigger"]


def test_the_same_change_works_without_javascript(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    name = first_exercise(plan)
    assert post(client, "plan_change", plan, do=f"lock {name}").status_code == 302
    plan.refresh_from_db()
    assert plan.limits == {"lock": [name]}
    assert post(client, "plan_change", plan, do="undo").status_code == 302
    plan.refresh_from_db()
    assert plan.limits == {}


def test_limits_are_set_and_what_equals_the_usual_stays_open(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    shown = page(client, plan).context["page"]
    usual = {"minutes": shown.minutes_given, "exercises": shown.most_exercises, "visit_minutes": shown.visit_minutes}
    post(client, "plan_change", plan, do="limits", equipment=shown.there, positions=shown.tolerated, **usual)
    plan.refresh_from_db()
    assert plan.limits == {}
    there = [item for item in shown.there if item not in ("chair", "band")]
    tolerated = [one for one in shown.tolerated if one != "prone"]
    post(client, "plan_change", plan, do="limits", equipment=there, positions=tolerated, **(usual | {"minutes": 9}))
    plan.refresh_from_db()
    assert (plan.limits["minutes"], plan.limits["without"], plan.limits["avoid_positions"]) == (9, ["chair"], ["prone"])
    assert "band" not in plan.limits["equipment"]
    for line in plan.lines.select_related("item"):
        entry = current.knowledge().interventions[line.item.intervention]
        assert "chair" not in getattr(entry, "equipment", ())
        assert getattr(entry, "position", "") != "prone"


def test_what_cannot_be_solved_is_refused_in_place_and_the_plan_stays(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    post(client, "plan_change", plan, do=f"lock {first_exercise(plan)}")
    plan.refresh_from_db()
    shown = page(client, plan).context["page"]
    answer = post(
        client, "plan_change", plan, htmx=True, do="limits", minutes=1, exercises=4, visit_minutes=30,
        equipment=shown.there, positions=shown.tolerated,
    )  # fmt: skip
    assert answer.status_code == 422
    assert "The wanted items need" in text(answer)
    assert "data-focus" in answer.content.decode()
    assert "At home" in text(answer)
    assert PlanOfCare.objects.get(pk=plan.pk).revision == plan.revision


@pytest.mark.parametrize("do", ["lock nothing_known", "dance", "swap ex_mob_open_book nothing", "dose ex_mob_open_book"])
def test_a_change_that_makes_no_sense_is_refused(do: str, cast: Cast, signed_in: SignedIn) -> None:
    plan = proposed(cast.episode, cast.therapist)
    assert post(signed_in(cast.therapist), "plan_change", plan, htmx=True, do=do).status_code == 422


def test_who_is_late_is_told(cast: Cast, signed_in: SignedIn) -> None:
    plan = proposed(cast.episode, cast.therapist)
    late = signed_in(cast.colleague)
    post(signed_in(cast.therapist), "plan_change", plan, do=f"lock {first_exercise(plan)}")
    answer = post(late, "plan_change", plan, htmx=True, do=f"ban {first_exercise(plan)}")
    assert answer.status_code == 409
    assert "Somebody else has changed this plan" in text(answer)
    assert "Locked" in text(answer)


def test_a_dose_is_changed_and_goes_back_to_its_own(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    name = next(
        line.item.intervention for line in plan.lines.select_related("item")
        if line.item.kind == "exercise" and "reps" in line.doses[line.phase]
    )  # fmt: skip
    answer = post(client, "plan_change", plan, htmx=True, do=f"dose {name}", sets=3, reps=5)
    assert answer.status_code == 200
    assert "3 x 5" in text(answer)
    assert "Dose changed" in text(answer)
    plan.refresh_from_db()
    bad = post(client, "plan_change", plan, htmx=True, do=f"dose {name}", sets="2.5")
    assert bad.status_code == 422
    assert "whole number" in text(bad)
    post(client, "plan_change", plan, do=f"own_dose {name}")
    plan.refresh_from_db()
    assert plan.limits == {}


# --- one intervention ------------------------------------------------------------------------------------------------------


def test_why_an_item_is_in_and_what_could_take_its_place(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    where = reverse("plan_item", args=[plan.ref, number_of(first_exercise(plan))])
    said = text(client.get(where))
    for words in ("Why", "serves", "otherwise", "Evidence", "Dose", "Swap for", "now out"):
        assert words in said
    part = client.get(where, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert client.get(reverse("plan_item", args=[plan.ref, 9999])).status_code == 404


def test_a_source_that_nobody_checked_is_marked(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    known = current.knowledge()
    from rhomboid.knowledge.model import Source

    recalled = {key for key, source in known.of(Source).items() if source.checked == "recalled"}
    name = next((id_ for id_, one in known.interventions.items() if recalled & set(one.sources)), None)
    assert name
    assert "recalled, not checked" in text(client.get(reverse("plan_item", args=[plan.ref, number_of(name)])))


def test_everything_left_out_can_be_found_and_added(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    left = next(row for row in plan.content["left_out"] if row["reason"] == "not_needed" and row["kind"] == "exercise")
    assert left["name"] in text(client.get(reverse("plan_add", args=[plan.ref]), {"find": left["name"].split()[0].lower()}))
    assert "Nothing has that name" in text(client.get(reverse("plan_add", args=[plan.ref]), {"find": "zzz"}))
    assert "Added" in text(post(client, "plan_change", plan, htmx=True, do=f"add {left['id']}"))


def test_a_decision_against_a_contraindication_keeps_what_was_typed(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist, **OLD_FRACTURE), signed_in(cast.therapist)
    left = next(row for row in plan.content["left_out"] if row["against"] and row["kind"] == "exercise")
    number = number_of(left["id"])
    reason = "She managed it for a year without pain"
    assert "Decide against the contraindication" in text(client.get(reverse("plan_item", args=[plan.ref, number])))
    refused = post(client, "plan_override", plan, number, htmx=True, reason=reason, cleared_by="Dr. Lee")
    assert (refused.status_code, refused["HX-Retarget"]) == (422, f"#detail-{number}")
    assert reason in refused.content.decode()
    assert 'value="Dr. Lee"' in refused.content.decode()
    done = post(client, "plan_override", plan, number, htmx=True, reason=reason, cleared_by="Dr. Lee", cleared_on="2026-11-20")
    assert done.status_code == 200
    assert "Against osteoporotic" in text(done)
    assert "1 decision against the matrix on record" in text(done)
    assert Override.objects.get().clearance == "Dr. Lee, 2026-11-20"


def test_without_a_license_nobody_overrides(cast: Cast, signed_in: SignedIn) -> None:
    plan = proposed(cast.episode, cast.therapist, **OLD_FRACTURE)
    cast.colleague.license_number = ""
    cast.colleague.save()
    client = signed_in(cast.colleague)
    assert post(client, "plan_override", plan, 0, reason="because I say so").status_code == 403
    said = text(page(client, plan))
    assert "Override" not in said
    assert "A licensed therapist signs it" in said


def test_working_rules_that_nobody_signed_off_are_marked(cast: Cast, signed_in: SignedIn) -> None:
    plan = proposed(cast.episode, cast.therapist)
    working = [line for line in plan.lines.all() if line.content["evidence"] == "prod"]
    assert working
    assert text(page(signed_in(cast.therapist), plan)).count("Not signed off") == len(working)


# --- goals and signature ---------------------------------------------------------------------------------------------------


def test_goals_are_written_changed_and_left_out(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    due = (NOW + timedelta(days=30)).date().isoformat()
    post(client, "plan_goals", plan, do="add", text="Sews for an hour", baseline="10", target="60", unit="min", due_on=due)
    plan.refresh_from_db()
    assert "Sews for an hour" in text(page(client, plan))
    goal = plan.goals.get(text="Sews for an hour")
    assert goal.better == "up"
    post(client, "plan_goals", plan, do=f"drop {goal.ref}")
    plan.refresh_from_db()
    assert "left out" in text(page(client, plan))
    refused = post(client, "plan_goals", plan, htmx=True, do="add", text="no", due_on=due)
    assert refused.status_code == 422
    assert f'value="{due}"' in refused.content.decode()


def test_a_plan_is_signed_with_agreement_and_consents(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    refused = post(client, "plan_sign", plan, agreed="yes")
    assert refused.status_code == 422
    assert "Consent is missing" in text(refused)
    assert re.search(r'name="agreed" value="yes" checked', refused.content.decode())
    done = post(client, "plan_sign", plan, agreed="yes", consent=["care", "manual", "thrust"])
    assert done.status_code == 302
    said = text(page(client, plan))
    assert "Plan 1 is in force, signed by Dara Okafor" in said
    late = post(signed_in(cast.colleague), "plan_sign", plan, agreed="yes", consent=["care", "manual"])
    assert late.status_code == 409
    assert "Dara Okafor, PT, DPT has signed this plan" in text(late)


def test_a_draft_is_dropped(cast: Cast, signed_in: SignedIn) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    assert post(client, "plan_drop", plan).status_code == 302
    said = text(page(client, plan))
    assert "Propose a plan" in said
    assert "dropped" in said


# --- queries ---------------------------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_history(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    plan, client = proposed(cast.episode, cast.therapist), signed_in(cast.therapist)
    for version in range(4):
        signed(plan, cast.therapist)
        plan = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
        findings.record(episode=cast.episode, values={"nrs_now": version}, knowledge=current.knowledge(), by=cast.therapist)
        plan = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    page(client, plan)
    with django_assert_max_num_queries(27):  # type: ignore[attr-defined]
        assert page(client, plan).status_code == 200
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        assert post(client, "plan_change", plan, htmx=True, do=f"lock {first_exercise(plan)}").status_code == 200
