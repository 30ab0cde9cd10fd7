"""Deciding against the contraindication matrix (5.1 rule 3): what it lets in, under which words, what stays out."""

from __future__ import annotations

from datetime import date

import pytest

from rhomboid import Assessment, Case, Limits, RhomboidError, assess, load_knowledge, plan
from rhomboid.knowledge.model import Condition, Contraindication, Exercise, Manual, Modality
from rhomboid.reasoning.as_data import item_data
from rhomboid.reasoning.planning import limits_from_table, limits_to_table
from rhomboid.reasoning.proof import example_values
from rhomboid.vocabulary import Value

ON = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
ROWS = KNOWLEDGE.of(Contraindication)
RULED = [one for one in KNOWLEDGE.interventions.values() if isinstance(one, Exercise | Manual | Modality)]
ROW = "osteoporosis_no_fracture"
STIFF: dict[str, Value] = {
    "obs_thoracic_extension_limited": True, "obs_thoracic_rotation_limited": True, "obs_scapular_muscles_weak": True,
    "sit_hours_workday": 9, "work_type": "desk", "obs_forward_head": True, "obs_pectorals_short": True,
    "pa_region_familiar_pain": True, "pa_region_mid": "hypo", "muscle_tender_focal": True,
}  # fmt: skip


def person(changed: dict[str, Value], *, unknown: tuple[str, ...] = ()) -> Assessment:
    known = {name: value for name, value in {**KNOWLEDGE.vocabulary.well, **changed}.items() if name not in unknown}
    return assess(Case(findings=known), KNOWLEDGE, on=ON)


def met(row: Contraindication) -> Assessment:
    """The well person, stiff and weak, to whom a row applies."""
    example = next(one for one in row.example if one.expect == "met")
    return person(STIFF | example_values(example, KNOWLEDGE))


def overridden(id_: str, *rows: str, **more: frozenset[str]) -> Limits:
    return Limits(overridden=frozenset((id_, row) for row in rows), **more)


def blocked_by(row: str) -> str:
    """An intervention that a row alone forbids to somebody."""
    safety = met(ROWS[row]).safety
    return next(one.id for one in RULED if safety.rule(one).verdict == "blocked" and safety.rule(one).against == (row,))


def test_what_is_overridden_may_be_wanted_and_carries_the_words_of_the_row() -> None:
    assessment, id_ = met(ROWS[ROW]), blocked_by(ROW)
    assert plan(assessment).without(id_).against == (ROW,)  # type: ignore[union-attr]
    with pytest.raises(RhomboidError, match="contraindicated"):
        plan(assessment, Limits(add=frozenset({id_})))
    limits = overridden(id_, ROW, add=frozenset({id_}))
    ruling = assessment.safety.rule(KNOWLEDGE.interventions[id_], limits.rows_overridden(id_))
    assert (ruling.against, ROWS[ROW].note in ruling.limits) == ((ROW,), True)
    assert ruling.verdict in ("care", "wait")


def test_an_item_given_against_a_row_is_marked_and_said() -> None:
    assessment = met(ROWS["gerd_or_hiatal_hernia"])
    given = plan(assessment).items[0]
    assert given.overridden == ()
    assessment = person(STIFF | {"hx_vertebral_fragility_fx_weeks": 104})
    found = plan(assessment)
    left = next(one for one in found.left_out if one.against and one.id.startswith("ex_mob"))
    limits = overridden(left.id, *left.against, add=frozenset({left.id}))
    item = plan(assessment, limits).item(left.id)
    assert item is not None
    assert set(item.overridden) == set(left.against)
    assert item.limits
    assert item_data(item, assessment)["overridden"] == list(item.overridden)
    assert plan(assessment, limits) == plan(assessment, limits)


def test_a_decision_holds_for_its_own_rows_only() -> None:
    """A row that comes later is a new reason: what was decided before does not cover it."""
    id_ = blocked_by(ROW)
    assessment = person(
        {"age_years": 68, "sex_at_birth": "female", "rf_osteoporosis": True}
        | {"rf_known_aortic_aneurysm": True, "hx_vertebral_fragility_fx_weeks": 104}
    )
    ruling = assessment.safety.rule(KNOWLEDGE.interventions[id_], frozenset({ROW}))
    assert ruling.verdict == "blocked"
    assert len(ruling.against) > 1


@pytest.mark.parametrize("row", [row.id for row in ROWS.values() if row.never_override])
def test_what_nobody_may_override_stays_out(row: str) -> None:
    assessment = met(ROWS[row])
    for one in RULED:
        ruling = assessment.safety.rule(one)
        if not ruling.final:
            continue
        again = assessment.safety.rule(one, ruling.against)
        assert (again.verdict, again.final) == ("blocked", True)
        left = plan(assessment, overridden(one.id, *ruling.against)).without(one.id)
        assert left is not None
        assert left.against == ()


@pytest.mark.parametrize("row", [row.id for row in ROWS.values() if "*" in row.never_override])
def test_beside_an_absolute_danger_nothing_is_overridden(row: str) -> None:
    assessment = met(ROWS[row])
    blocked = [one for one in RULED if assessment.safety.rule(one).verdict == "blocked"]
    assert blocked
    assert all(assessment.safety.rule(one, assessment.safety.rule(one).against).verdict == "blocked" for one in blocked)


def test_a_holding_concern_is_lowered_never_overridden() -> None:
    assessment = person({"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0})
    assert assessment.held
    one = RULED[0]
    assert assessment.safety.rule(one, frozenset({"open_concern"})).verdict == "blocked"
    limits = overridden(one.id, "open_concern", add=frozenset({one.id}))
    assert plan(assessment, limits).status == "withheld"


def test_an_open_concern_of_moderate_strength_is_lowered_never_overridden() -> None:
    examples = [example for condition in KNOWLEDGE.of(Condition).values() for example in condition.example]
    for example in examples:
        assessment = assess(Case(findings=example_values(example, KNOWLEDGE)), KNOWLEDGE, on=ON)
        thrust = [one for one in RULED if "TM" in one.columns and not assessment.held]
        for one in thrust:
            ruling = assessment.safety.rule(one)
            concerns = [row for row in ruling.against if row.startswith("concern.")]
            if concerns:
                assert ruling.final
                assert assessment.safety.rule(one, ruling.against).verdict == "blocked"
                return
    pytest.fail("no example raises a concern of moderate strength")


def test_what_waits_for_an_answer_is_not_overridden() -> None:
    """An answer that is missing is asked for; there is nothing to decide against."""
    assessment = person(STIFF, unknown=("rf_anticoagulant",))
    waiting = [one for one in RULED if assessment.safety.rule(one).verdict == "wait"]
    assert waiting
    for one in waiting:
        ruling = assessment.safety.rule(one)
        assert assessment.safety.rule(one, ruling.rows).verdict == "wait"
        left = plan(assessment).without(one.id)
        assert left is None or left.against == ()


def test_a_precaution_decided_against_is_marked() -> None:
    assessment = met(ROWS["gerd_or_hiatal_hernia"])
    under_care = [one for one in RULED if assessment.safety.rule(one).verdict == "care"]
    found = plan(assessment)
    passed_over = {left.id for left in found.left_out if left.reason == "better_chosen"}
    wanted = next(one for one in under_care if found.item(one.id) or one.id in passed_over)
    limits = overridden(wanted.id, "gerd_or_hiatal_hernia", add=frozenset({wanted.id}))
    item = plan(assessment, limits).item(wanted.id)
    assert item is not None
    assert item.overridden == ("gerd_or_hiatal_hernia",)
    assert item.limits


def test_limits_are_written_as_they_are_read() -> None:
    limits = Limits(
        minutes=15.0, without=frozenset({"chair"}), lock=frozenset({"ex_mob_open_book"}),
        swap=(("ex_cor_bird_dog", "ex_cor_dead_bug"),), overridden=frozenset({("ex_mob_open_book", ROW)}),
    )  # fmt: skip
    assert limits_from_table(limits_to_table(limits), KNOWLEDGE) == limits
    assert limits_to_table(Limits()) == {}


def test_who_overrides_a_row_still_waits_for_what_is_not_known() -> None:
    """Weak bone may be decided against; that the screen is open, or a medicine not known, may not."""
    safe = met(ROWS[ROW])
    thrust = KNOWLEDGE.interventions["mt_thrust_supine_mid"]
    blocked = safe.safety.rule(thrust)
    assert blocked.verdict == "blocked"
    open_ = person(STIFF | example_values(ROWS[ROW].example[0], KNOWLEDGE), unknown=("rf_anticoagulant",))
    ruling = open_.safety.rule(thrust)
    assert ruling.verdict == "blocked"
    again = open_.safety.rule(thrust, ruling.against)
    assert again.verdict == "wait"
    assert again.ask
    left = plan(open_, overridden(thrust.id, *ruling.against)).without(thrust.id)
    assert left is not None
    assert (left.reason, left.against) == ("unanswered", ())
    before = plan(open_).without(thrust.id)
    assert before is not None
    assert before.against == ()
