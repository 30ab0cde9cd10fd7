"""Proposing, tuning and signing a plan of care: what is refused, what stays, and what goes on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rhomboid.knowledge.model import Exercise
from rhomboid.web.records import current
from rhomboid.web.records.actions import Overtaken, Refused, consents, findings, goals, plan_changes, plans
from rhomboid.web.records.actions.overrides import Clearance, override
from rhomboid.web.records.models import Assessment, AuditEvent, Goal, Item, Override, PlanOfCare

from .conftest import NOW, Cast
from .plan_people import AORTA, OLD_FRACTURE, WEAK_BONE, evaluated, proposed, signed

REASON = "She tolerated it well before and asks for it"
CLEARED = Clearance("Dr. Lee, endocrinology", date(2026, 11, 20), "bone density stable, load allowed")


def ids(plan: PlanOfCare) -> list[str]:
    return list(plan.lines.values_list("item__intervention", flat=True))


def tuned(plan: PlanOfCare, change: plan_changes.Change, cast: Cast) -> PlanOfCare:
    return plans.change(plan=plan, revision=plan.revision, change=change, knowledge=current.knowledge(), by=cast.therapist)


def exercises(plan: PlanOfCare) -> list[str]:
    return [line.item.intervention for line in plan.lines.select_related("item") if line.item.kind == "exercise"]


def test_a_plan_is_proposed_with_reasons_goals_and_a_kept_assessment(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    assert (plan.version, plan.revision, plan.state) == (1, 0, "draft")
    assert plan.assessment.occasion == "plan"
    assert plan.assessment.findings["arm_symptoms"] == plan.episode.findings.get(finding="arm_symptoms").value
    for line in plan.lines.all():
        assert line.content["name"]
        assert line.content["why"]
    assert {line.position for line in plan.lines.all()} == set(range(plan.lines.count()))
    assert plan.goals.count() >= 1
    assert {row["id"] for row in plan.content["left_out"]}.isdisjoint(ids(plan))
    assert AuditEvent.objects.filter(action="plan.propose", subject=plan.ref).exists()


def test_there_is_one_draft_and_proposing_again_renews_it(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    again = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    assert (again.pk, again.revision, PlanOfCare.objects.count()) == (plan.pk, 1, 1)
    assert again.assessment_id == plan.assessment_id
    assert ids(again) == ids(plan)


def test_who_does_not_plan_or_sign_is_refused(cast: Cast) -> None:
    evaluated(cast.episode, cast.therapist)
    for somebody in (cast.assistant, cast.front_desk, cast.patient):
        with pytest.raises(Refused, match="therapist"):
            plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=somebody)
    plan = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    cast.colleague.license_number = ""
    cast.colleague.save()
    with pytest.raises(Refused, match="licensed"):
        signed(plan, cast.colleague)


def test_a_held_episode_has_no_plan(cast: Cast) -> None:
    evaluated(cast.episode, cast.therapist, AORTA)
    assert cast.episode.held
    with pytest.raises(Refused, match="hold"):
        plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    assert not PlanOfCare.objects.exists()


def test_a_concern_raised_after_the_draft_stops_tuning_and_signing(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    values = {"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0}
    findings.record(episode=cast.episode, values=values, knowledge=current.knowledge(), by=cast.therapist)
    with pytest.raises(Refused, match="hold"):
        tuned(plan, plan_changes.limit({"minutes": 10}, current.knowledge()), cast)
    with pytest.raises(Refused, match="hold"):
        signed(plan, cast.therapist)


# --- tuning ----------------------------------------------------------------------------------------------------------------


def test_limits_change_the_plan_and_undo_brings_it_back(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    before = ids(plan)
    less = tuned(plan, plan_changes.limit({"minutes": 6, "exercises": 2}, current.knowledge()), cast)
    assert less.revision == 1
    assert less.content["phases"][0]["minutes"] <= 6
    assert ids(less) != before
    back = plans.undo(plan=less, revision=1, knowledge=current.knowledge(), by=cast.therapist)
    assert (ids(back), back.limits, back.revision) == (before, {}, 2)
    with pytest.raises(Refused, match="no change"):
        plans.undo(plan=back, revision=2, knowledge=current.knowledge(), by=cast.therapist)


def test_lock_ban_swap_and_their_way_back(cast: Cast) -> None:
    plan, known = proposed(cast.episode, cast.therapist), current.knowledge().interventions
    first, second = exercises(plan)[:2]
    plan = tuned(plan, plan_changes.lock(known[first]), cast)
    assert plan.lines.get(item__intervention=first).wanted == "lock"
    plan = tuned(plan, plan_changes.ban(known[second]), cast)
    assert second not in ids(plan)
    plan = tuned(plan, plan_changes.unban(known[second]), cast)
    assert second in ids(plan)
    left = plan.content["left_out"]
    other = next(row["id"] for row in left if row["kind"] == "exercise" and row["reason"] in ("better_chosen", "not_needed"))
    plan = tuned(plan, plan_changes.swap(known[first], known[other]), cast)
    line = plan.lines.get(item__intervention=other)
    assert (line.wanted, line.content["swapped_for"]) == ("swap", known[first].name)
    assert first not in ids(plan)
    plan = tuned(plan, plan_changes.unlock(known[other]), cast)
    assert plan.limits == {}


def test_what_does_not_fit_is_refused_with_the_limit_to_relax_and_the_plan_stays(cast: Cast) -> None:
    plan, known = proposed(cast.episode, cast.therapist), current.knowledge().interventions
    plan = tuned(plan, plan_changes.lock(known[exercises(plan)[0]]), cast)
    plan = tuned(plan, plan_changes.lock(known[exercises(plan)[1]]), cast)
    before, revision = ids(plan), plan.revision
    with pytest.raises(Refused, match="minutes") as refusal:
        tuned(plan, plan_changes.limit({"minutes": 1}, current.knowledge()), cast)
    assert refusal.value.message.startswith("The wanted items need")
    assert refusal.value.fix.startswith("Allow ")
    plan.refresh_from_db()
    assert (ids(plan), plan.revision) == (before, revision)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"minutes": -5.0}, "Minutes: -5 is not a number from 1 to 120"),
        ({"visit_minutes": 1e9}, "Visit minutes: 1e+09 is not a number from 1 to 180"),
        ({"exercises": 2.5}, "Exercises: 2.5 is not a whole number"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_by_its_name(limit: dict[str, float], said: str) -> None:
    with pytest.raises(Refused) as refusal:
        plan_changes.limit(limit, current.knowledge())
    assert (refusal.value.message, bool(refusal.value.fix)) == (said, True)


def test_an_item_keeps_its_identity_when_it_comes_back(cast: Cast) -> None:
    plan, known = proposed(cast.episode, cast.therapist), current.knowledge().interventions
    name = exercises(plan)[0]
    ref = Item.objects.get(intervention=name).ref
    plan = tuned(plan, plan_changes.ban(known[name]), cast)
    plan = tuned(plan, plan_changes.unban(known[name]), cast)
    assert plan.lines.get(item__intervention=name).item.ref == ref


def test_a_changed_dose_is_solved_with(cast: Cast) -> None:
    from rhomboid.reasoning.planning.limits import dose_table

    plan, knowledge = proposed(cast.episode, cast.therapist), current.knowledge()
    line = next(
        one for one in plan.lines.select_related("item") if one.item.kind == "exercise" and "reps" in next(iter(one.doses.values()))
    )
    import msgspec

    from rhomboid.knowledge.model import Dose

    now = msgspec.convert(next(iter(line.doses.values())), Dose)
    change = plan_changes.dose(knowledge.interventions[line.item.intervention], {"sets": 4}, now=now)
    after = tuned(plan, change, cast)
    changed = after.lines.get(item=line.item)
    assert changed.changed_dose
    assert changed.changed_dose["sets"] == 4
    assert changed.changed_dose["minutes"] > dose_table(now)["minutes"]
    assert all(dose == changed.changed_dose for dose in changed.doses.values())
    back = tuned(after, plan_changes.dose(knowledge.interventions[line.item.intervention], None), cast)
    assert back.lines.get(item=line.item).changed_dose is None


@pytest.mark.parametrize("values", [{"sets": 0}, {"reps": 900}, {"per_day": -1}, {"minutes": 500}, {"sets": "many"}])
def test_a_dose_that_makes_no_sense_is_refused(values: dict[str, object], cast: Cast) -> None:
    exercise = next(iter(current.knowledge().of(Exercise).values()))
    with pytest.raises(Refused):
        plan_changes.dose(exercise, values, now=next(iter(exercise.dose.values())))


def test_who_changes_an_older_revision_is_told(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    tuned(plan, plan_changes.limit({"exercises": 3}, current.knowledge()), cast)
    with pytest.raises(Overtaken):
        plans.change(
            plan=plan, revision=0, change=plan_changes.limit({"exercises": 2}, current.knowledge()),
            knowledge=current.knowledge(), by=cast.colleague,
        )  # fmt: skip


# --- decisions against the matrix ------------------------------------------------------------------------------------------


def decide(plan: PlanOfCare, intervention: str, cast: Cast, **given: object) -> Override:
    values = {"reason": REASON, "clearance": CLEARED, "by": cast.therapist} | given
    return override(plan=plan, revision=plan.revision, intervention=intervention, knowledge=current.knowledge(), **values)  # type: ignore[arg-type]


def contraindicated(plan: PlanOfCare) -> str:
    return next(row["id"] for row in plan.content["left_out"] if row["against"] and row["kind"] == "exercise")


def test_a_contraindication_is_overridden_with_license_reason_and_clearance(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist, **OLD_FRACTURE)
    name = contraindicated(plan)
    made = decide(plan, name, cast)
    assert (made.kind, made.license_number, made.by_label) == ("contraindication", "PT-1001", "Dara Okafor, PT, DPT")
    assert made.clearance.startswith("Dr. Lee, endocrinology, 2026-11-20")
    plan.refresh_from_db()
    line = plan.lines.get(item__intervention=name)
    assert [one["row"] for one in line.content["overridden"]] == made.rows
    assert line.content["limits"]
    signed(plan, cast.therapist)
    assert Override.objects.get().pk == made.pk


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"reason": "no"}, "reason"),
        ({"clearance": None}, "clearance"),
        ({"clearance": Clearance("Dr. Lee", None)}, "clearance"),
        ({"clearance": Clearance("", date(2026, 11, 20))}, "clearance"),
        ({"clearance": Clearance("Dr. Lee", date(2027, 1, 1))}, "future"),
        ({"clearance": Clearance("Dr. Lee", date(1850, 1, 1))}, "born"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_and_leaves_nothing(given: dict[str, object], word: str, cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist, **OLD_FRACTURE)
    with pytest.raises(Refused, match=word):
        decide(plan, contraindicated(plan), cast, **given)
    plan.refresh_from_db()
    assert (Override.objects.count(), plan.revision) == (0, 0)


def test_only_the_licensed_decide_against_a_contraindication(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist, **OLD_FRACTURE)
    cast.colleague.license_number = ""
    with pytest.raises(Refused, match="licensed"):
        decide(plan, contraindicated(plan), cast, by=cast.colleague)


def test_what_nobody_may_override_and_what_waits_is_refused(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist, implants=["pacemaker"], preferred_treatments=["electrical"])
    never = next(row["id"] for row in plan.content["left_out"] if row["change"].startswith("nothing: this one"))
    with pytest.raises(Refused, match="Nobody may"):
        decide(plan, never, cast)
    waiting = next(row["id"] for row in plan.content["left_out"] if row["reason"] == "unanswered")
    with pytest.raises(Refused, match="waits"):
        decide(plan, waiting, cast)
    assert not Override.objects.exists()


def test_a_precaution_needs_a_reason_only(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist, WEAK_BONE)
    line = next(
        one for one in plan.lines.select_related("item") if one.content["limits"] and one.item.kind in ("exercise", "manual")
    )
    made = decide(plan, line.item.intervention, cast, clearance=None)
    assert (made.kind, made.clearance) == ("precaution", "")
    plan.refresh_from_db()
    assert plan.lines.get(item=line.item).content["overridden"]


def test_a_decision_does_not_reach_beyond_its_rows(cast: Cast) -> None:
    """A new contraindication takes the item out again, and the page can say so."""
    plan = proposed(cast.episode, cast.therapist, **OLD_FRACTURE)
    name = contraindicated(plan)
    decide(plan, name, cast)
    plan = signed(PlanOfCare.objects.get(pk=plan.pk), cast.therapist)
    findings.record(
        episode=cast.episode, values={"hx_vertebral_fragility_fx_weeks": 5}, knowledge=current.knowledge(), by=cast.therapist
    )
    again = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    assert name not in ids(again)
    assert again.content["dropped"] == [current.knowledge().interventions[name].name]


def test_a_wish_that_does_not_fit_any_more_is_dropped_and_named(cast: Cast) -> None:
    """High irritability, a missing answer, less time: a new version is proposed all the same, and says what it left out."""
    plan, known = proposed(cast.episode, cast.therapist), current.knowledge().interventions
    name = next(
        id_ for id_ in exercises(plan) if "high" not in getattr(known[id_], "dose", {}) or len(getattr(known[id_], "dose", {})) < 3
    )
    plan = tuned(plan, plan_changes.lock(known[name]), cast)
    high = {
        "nrs_worst_24h": 9, "night_rest_pain": "constant", "pain_vs_range": "before_end", "arom_vs_prom": "clearly_less",
        "time_to_settle_min": 240,
    }  # fmt: skip
    findings.record(episode=cast.episode, values=high, knowledge=current.knowledge(), by=cast.therapist)
    again = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    assert again.content["irritability"] == "high"
    assert name in ids(again) or again.content["dropped"] == [known[name].name]


# --- goals -----------------------------------------------------------------------------------------------------------------


def test_goals_are_added_changed_and_dropped_in_a_draft(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    own = goals.add(
        plan=plan, revision=0, text="Lifts her grandchild into the car seat", due_on=date(2027, 1, 10), by=cast.therapist
    )
    plan.refresh_from_db()
    assert plan.revision == 1
    goals.change(goal=own, revision=1, by=cast.therapist, due_on=date(2027, 2, 1))
    proposed_goal = plan.goals.exclude(pk=own.pk).first()
    assert proposed_goal
    goals.drop(goal=proposed_goal, revision=2, by=cast.therapist)
    again = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    assert again.goals.get(pk=proposed_goal.pk).state == "dropped"
    assert again.goals.get(pk=own.pk).due_on == date(2027, 2, 1)
    with pytest.raises(Overtaken):
        goals.drop(goal=own, revision=1, by=cast.colleague)


@pytest.mark.parametrize(("text", "due"), [("no", None), ("Sits an hour", date(2026, 11, 24)), ("Sits an hour", date(2029, 1, 1))])
def test_a_goal_needs_words_and_a_day_that_makes_sense(text: str, due: date | None, cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    with pytest.raises(Refused):
        goals.add(plan=plan, revision=0, text=text, due_on=due, by=cast.therapist)


# --- signing ---------------------------------------------------------------------------------------------------------------


def test_a_signature_makes_the_plan_active(cast: Cast) -> None:
    plan = signed(proposed(cast.episode, cast.therapist), cast.therapist)
    assert (plan.state, plan.signed_by_label, plan.signed_at, plan.agreed) == ("active", "Dara Okafor, PT, DPT", NOW, True)
    cast.episode.refresh_from_db()
    assert cast.episode.stage == "care"
    assert cast.episode.reevaluation_on == plan.reevaluation_on
    assert plan.reevaluation_on
    assert plan.reevaluation_on > NOW.date()
    assert not cast.episode.visits.exists()
    assert set(consents.standing(cast.episode)) == {"care", "manual", "thrust"}


def test_without_agreement_or_consent_nothing_is_signed(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    with pytest.raises(Refused, match="agreement"):
        plans.sign(plan=plan, revision=0, agreed=False, knowledge=current.knowledge(), by=cast.therapist)
    with pytest.raises(Refused, match="Consent is missing"):
        plans.sign(plan=plan, revision=0, agreed=True, knowledge=current.knowledge(), by=cast.therapist)
    consents.record(episode=cast.episode, kind="care", given=True, by=cast.therapist)
    consents.record(episode=cast.episode, kind="care", given=False, by=cast.therapist)
    with pytest.raises(Refused, match="evaluation and treatment"):
        plans.sign(plan=plan, revision=0, agreed=True, given=("manual",), knowledge=current.knowledge(), by=cast.therapist)
    plan.refresh_from_db()
    assert plan.state == "draft"
    assert consents.standing(cast.episode).keys() == {"care"}


def test_findings_that_came_later_are_looked_at_before_signing(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    findings.record(episode=cast.episode, values={"nrs_now": 1}, knowledge=current.knowledge(), by=cast.therapist)
    with pytest.raises(Overtaken, match="changed"):
        signed(plan, cast.therapist)
    again = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    assert again.assessment_id != plan.assessment_id
    assert signed(again, cast.therapist).state == "active"


def test_a_new_version_takes_over_and_supersedes(cast: Cast) -> None:
    first = proposed(cast.episode, cast.therapist)
    first = tuned(first, plan_changes.limit({"minutes": 12}, current.knowledge()), cast)
    own = goals.add(plan=first, revision=1, text="Paints for an hour", due_on=NOW.date() + timedelta(30), by=cast.therapist)
    first.refresh_from_db()
    signed(first, cast.therapist)
    second = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.colleague)
    assert (second.version, second.limits) == (2, {"minutes": 12})
    assert second.goals.get(template=own.template).text == own.text
    assert set(second.lines.values_list("item", flat=True)) == set(first.lines.values_list("item", flat=True))
    first.refresh_from_db()
    assert first.state == "active"
    signed(second, cast.colleague)
    first.refresh_from_db()
    assert first.state == "superseded"
    assert Goal.objects.filter(plan=first).count() == Goal.objects.filter(plan=second).count()


def test_a_draft_can_be_dropped_and_a_new_one_made(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    plans.drop(plan=plan, revision=0, by=cast.therapist)
    with pytest.raises(Overtaken):
        signed(plan, cast.therapist)
    again = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    assert again.version == 2


def test_an_assessment_is_kept_for_each_state_of_knowledge_not_for_each_click(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    for minutes in (10, 12, 14):
        plan = tuned(plan, plan_changes.limit({"minutes": minutes}, current.knowledge()), cast)
    assert Assessment.objects.filter(episode=cast.episode).count() == 1
