"""The contraindication matrix, row by row: what a row forbids is never offered, and what is not known is never taken for safe."""

from __future__ import annotations

from datetime import date

import pytest

from rhomboid import Assessment, Case, Knowledge, Limits, RhomboidError, assess, load_knowledge, plan
from rhomboid.knowledge.care import Thrust
from rhomboid.knowledge.model import (
    COLUMNS,
    HOLDING,
    CareCode,
    Condition,
    Contraindication,
    Exercise,
    Intervention,
    Manual,
    Modality,
)
from rhomboid.reasoning.proof import example_values
from rhomboid.reasoning.safety import Ruling
from rhomboid.vocabulary import Value
from rhomboid.vocabulary.case import Closed

ON = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
WELL = KNOWLEDGE.vocabulary.well
ROWS = KNOWLEDGE.of(Contraindication)
RULED = [one for one in KNOWLEDGE.interventions.values() if isinstance(one, Exercise | Manual | Modality)]

# The engine rules of the matrix (5.1), written out here once more.
WORSE = {"ok": 0, "P": 1, "C": 2}
WAITING = ("TM", "EST", "US", "HT")
MANUAL_AND_ELECTRICAL = ("TM", "M12", "M34", "RIB", "STM", "EST", "US")
OVF_ROWS = ("osteoporotic_vf_recent_lt_12wk", "osteoporotic_vf_healed")

ASKS_FOR_MUCH: dict[str, Value] = {
    "obs_thoracic_extension_limited": True, "obs_thoracic_rotation_limited": True, "obs_scapular_muscles_weak": True,
    "obs_trunk_weak": True, "mvpa_min_per_week": 30, "obs_pectorals_short": True, "pa_region_familiar_pain": True,
    "pa_region_mid": "hypo", "muscle_tender_focal": True, "sdt_r": "obvious", "mmt_lower_trap_l": 3, "mmt_lower_trap_r": 5,
    "rib_region_stiff": True,
    "preferred_treatments": frozenset({"electrical", "heat_cold", "tape", "manual"}),
}  # fmt: skip
"""A person for whom every kind of treatment has a reason, so that what is missing from the plan is missing for safety."""


def person(changed: dict[str, Value], *, unknown: tuple[str, ...] = ()) -> Assessment:
    """The well person with a reason for everything, some findings changed, and some not known."""
    known = {name: value for name, value in {**WELL, **ASKS_FOR_MUCH, **changed}.items() if name not in unknown}
    return assess(Case(findings=known), KNOWLEDGE, on=ON)


def met(row: Contraindication) -> Assessment:
    """The first person of a row's examples who meets it, with a reason for everything."""
    example = next(example for example in row.example if example.expect == "met")
    asks = {name: value for name, value in ASKS_FOR_MUCH.items() if name not in example.given}
    return assess(Case(findings=example_values(example, KNOWLEDGE) | asks), KNOWLEDGE, on=ON)


def of_column(column: str) -> list[Exercise | Manual | Modality]:
    return [one for one in RULED if column in one.columns]


def rule(assessment: Assessment, id_: str) -> Ruling:
    return assessment.safety.rule(KNOWLEDGE.interventions[id_])


every_row = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)


# --- the rows --------------------------------------------------------------------------------------------------------------


def fits(assessment: Assessment, id_: str) -> bool:
    """Whether safety lets an intervention into the plan: it is chosen, or only something better was."""
    found = plan(assessment)
    left = found.without(id_)
    return left is None or left.reason == "better_chosen"


def test_without_a_contraindication_every_kind_of_treatment_may_be_offered() -> None:
    """What the other tests miss is missing for safety, not for want of a reason."""
    assessment = person({})
    assert all(assessment.safety.rule(one).verdict == "ok" for one in RULED)
    for column in ("TM", "M34", "STM", "EXF", "EXE", "RES", "PRN", "AER", "HT", "EST", "TAP"):
        assert any(fits(assessment, one.id) for one in of_column(column)), column


@every_row
def test_no_planned_item_has_a_column_that_the_row_forbids(row: Contraindication) -> None:
    """An exercise marked fit for a vertebral fracture is the one exception, in the two fracture rows (5.1 rule 6)."""
    for item in plan(met(row)).items:
        intervention = KNOWLEDGE.interventions[item.id]
        forbidden = [column for column in getattr(intervention, "columns", ()) if row.cells[column] == "C"]
        assert not forbidden or (row.id in OVF_ROWS and getattr(intervention, "ovf_ok", False)), (item.id, forbidden)


@every_row
def test_everything_with_a_forbidden_column_is_blocked_and_names_the_row(row: Contraindication) -> None:
    assessment = met(row)
    for column in (column for column in COLUMNS if row.cells[column] == "C"):
        assert row.id in assessment.safety.cells[column][1]
        for intervention in of_column(column):
            if row.id in OVF_ROWS and getattr(intervention, "ovf_ok", False):
                continue
            ruling = assessment.safety.rule(intervention)
            assert ruling.verdict == "blocked", (column, intervention.id)
            assert assessment.held or row.id in ruling.rows, (column, intervention.id)


@every_row
def test_the_worst_cell_of_all_rows_that_apply_counts(row: Contraindication) -> None:
    assessment = met(row)
    active = [one.row for one in assessment.safety.active]
    assert row.id in active
    for column in COLUMNS:
        worst = max((ROWS[id_].cells[column] for id_ in active), key=WORSE.__getitem__)
        assert WORSE[assessment.safety.cells[column][0]] >= WORSE[worst]


@every_row
def test_an_item_under_a_precaution_carries_the_words_of_the_row(row: Contraindication) -> None:
    assessment = met(row)
    for item in plan(assessment).items:
        intervention = KNOWLEDGE.interventions[item.id]
        careful = [column for column in getattr(intervention, "columns", ()) if assessment.safety.cells[column] == ("P", (row.id,))]
        assert not careful or row.note in item.limits, (item.id, careful)


@every_row
def test_the_findings_behind_an_active_row_are_known(row: Contraindication) -> None:
    assessment = met(row)
    (active,) = [one for one in assessment.safety.active if one.row == row.id]
    assert active.because
    assert all(assessment.facts.value(name) is not None for name in active.because)


def test_locking_never_overrides_a_contraindication() -> None:
    for row in ROWS.values():
        assessment = met(row)
        blocked = [one.id for one in RULED if assessment.safety.rule(one).verdict == "blocked"]
        if assessment.held or not blocked:
            continue
        with pytest.raises(RhomboidError) as refused:
            plan(assessment, Limits(lock=frozenset(blocked)))
        assert {problem.entry for problem in refused.value.problems} == set(blocked), row.id


# --- vertebral fracture ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weeks", [5, 11, 12, 104])
def test_after_a_vertebral_fracture_only_marked_exercises_of_a_forbidden_class_are_offered(weeks: int) -> None:
    assessment = person({"hx_vertebral_fragility_fx_weeks": weeks})
    for exercise in KNOWLEDGE.of(Exercise).values():
        ruling = assessment.safety.rule(exercise)
        if any(assessment.safety.cells[column][0] == "C" for column in exercise.columns):
            assert ruling.verdict == ("care" if exercise.ovf_ok else "blocked"), exercise.id
            assert ruling.limits or not exercise.ovf_ok


def test_the_mark_for_vertebral_fracture_counts_in_no_other_row() -> None:
    assessment = person({"hx_vertebral_fragility_fx_weeks": 5, "hx_tuberculosis_active": True})
    marked = [exercise for exercise in KNOWLEDGE.of(Exercise).values() if exercise.ovf_ok and exercise.columns]
    assert len(marked) >= 5
    assert {assessment.safety.rule(exercise).verdict for exercise in marked} == {"blocked"}


# --- what nobody may override ----------------------------------------------------------------------------------------------

FINAL = {
    "fracture_suspected_or_unstable": {"*"}, "cauda_equina_suspected": {"*"}, "spinal_infection_or_fever": {"*"},
    "tuberculosis_active": {"*"}, "myelopathy_or_cord_signs": {"*"}, "malignancy_spine_or_local": {"TM", "RIB"},
    "axial_spa_flare_or_ankylosed": {"TM"}, "dish_or_long_fusion": {"TM"}, "pacemaker_icd": {"EST"},
    "neurostimulator_or_pump": {"EST", "US"}, "pregnancy": {"US"}, "vertebrobasilar_or_neck_arterial_signs": {"TM"},
}  # fmt: skip


def test_the_rows_that_nobody_may_override_are_those_of_rule_3() -> None:
    assert {row.id: set(row.never_override) for row in ROWS.values() if row.never_override} == FINAL


@pytest.mark.parametrize("id_", FINAL)
def test_what_nobody_may_override_is_final(id_: str) -> None:
    row, assessment = ROWS[id_], met(ROWS[id_])
    for column in (column for column in COLUMNS if row.never(column) and row.cells[column] == "C"):
        for intervention in of_column(column):
            assert assessment.safety.rule(intervention).final, intervention.id
            left = plan(assessment).without(intervention.id)
            assert left is not None
            assert left.reason == ("open_concern" if assessment.held else "contraindicated")
            assert "therapist closes it" in left.change if assessment.held else left.change.startswith("nothing")


def test_what_may_be_overridden_says_by_whom_and_on_what() -> None:
    assessment = met(ROWS["osteoporosis_no_fracture"])
    assert not rule(assessment, "mt_thrust_supine_mid").final
    left = plan(assessment).without("mt_thrust_supine_mid")
    assert left is not None
    assert "licensed therapist" in left.change
    assert left.because


# --- open concerns ---------------------------------------------------------------------------------------------------------


def raised_examples() -> list[Assessment]:
    """Every example of a condition in which a concern is raised."""
    examples = [example for condition in KNOWLEDGE.of(Condition).values() for example in condition.example]
    return [
        assess(Case(findings=example_values(example, KNOWLEDGE)), KNOWLEDGE, on=ON)
        for example in examples
        if example.expect not in ("none", "undecided")
    ]


def test_a_concern_that_holds_leaves_nothing_in_the_plan() -> None:
    """High and emergency concerns, and every urgency that holds, except where care may go on as the person wishes."""
    held = 0
    for assessment in raised_examples():
        holding = [one for one in assessment.screening.raised if KNOWLEDGE.of(Condition)[one.condition].holds]
        if not any(one.concern in ("high", "emergency") or one.urgency in HOLDING for one in holding):
            continue
        held += 1
        found = plan(assessment)
        assert (found.status, found.items, found.phases) == ("withheld", (), ()), holding
        assert len(found.left_out) == len(KNOWLEDGE.interventions)
        assert all(assessment.safety.rule(one).final for one in RULED)
    assert held >= len(KNOWLEDGE.of(Condition))


def test_care_may_go_on_after_violence_was_told() -> None:
    (condition,) = [one for one in KNOWLEDGE.of(Condition).values() if not one.holds]
    assert condition.id == "abuse_violence"
    example = next(one for one in condition.example if one.expect == "high")
    found = plan(assess(Case(findings=example_values(example, KNOWLEDGE)), KNOWLEDGE, on=ON))
    assert found.status != "withheld"
    assert found.items


def test_a_moderate_concern_forbids_thrust_and_asks_care_of_firm_mobilization() -> None:
    seen = 0
    for assessment in raised_examples():
        standing = [one for one in assessment.screening.raised if one.concern == "moderate"]
        if assessment.held or not standing:
            continue
        seen += 1
        cells = assessment.safety.cells
        assert cells["TM"][0] == "C"
        assert {cells["M34"][0], cells["RIB"][0]} <= {"P", "C"}
        assert f"concern.{standing[0].condition}" in cells["TM"][1]
        assert {assessment.safety.rule(one).verdict for one in of_column("TM")} == {"blocked"}
    assert seen >= 8


def test_a_concern_closed_by_a_therapist_lets_the_matrix_go() -> None:
    findings = {**WELL, **ASKS_FOR_MUCH, "rf_leg_heaviness_bilateral": True}
    closed = Closed("myelopathy_thoracic", "A. Therapist", "MRI of neck and back clear", "2026-11-20")
    assert assess(Case(findings=findings), KNOWLEDGE, on=ON).held
    released = assess(Case(findings=findings, closed=(closed,)), KNOWLEDGE, on=ON)
    assert not released.held
    assert not [one for one in released.safety.cells["M34"][1] if one.startswith("concern.")]


# --- what is not known -----------------------------------------------------------------------------------------------------

BLOCKING = [row for row in ROWS.values() if row.unknown_blocks]


def without_answer(row: Contraindication) -> Assessment:
    """Nothing is known of what the row asks; for a woman of 35, so that a pregnancy is possible."""
    return person({"age_years": 35, "sex_at_birth": "female"}, unknown=tuple(KNOWLEDGE.findings_read([row.when])))


def test_every_status_of_rule_2_blocks_while_it_is_unknown() -> None:
    asked = set(KNOWLEDGE.findings_read(row.when for row in BLOCKING))
    assert {
        "rf_pregnant_weeks", "rf_pregnancy_possible", "implants", "rf_hx_cancer", "rf_osteoporosis", "rf_steroid_prolonged",
        "rf_prior_fragility_fx", "rf_bone_fragility_other", "rf_denosumab_stopped", "rf_anticoagulant", "rf_bleeding_disorder",
        "rf_aortic_disease", "rf_aaa_known", "rf_connective_tissue_disorder", "sensation_impaired",
    } <= asked  # fmt: skip


@pytest.mark.parametrize("row", BLOCKING, ids=[row.id for row in BLOCKING])
def test_thrust_current_ultrasound_and_heat_wait_while_a_status_is_unknown(row: Contraindication) -> None:
    assessment = without_answer(row)
    assert row.id in assessment.safety.waiting
    asked = set(assessment.safety.waiting_for)
    assert asked & set(KNOWLEDGE.findings_read([row.when]))
    found = plan(assessment)
    for intervention in (one for column in WAITING for one in of_column(column)):
        ruling = assessment.safety.rule(intervention)
        assert ruling.verdict in ("wait", "blocked"), intervention.id
        assert ruling.ask or ruling.verdict == "blocked", intervention.id
        item = found.item(intervention.id)
        assert item is None or (intervention.columns == ("HT",) and item.ask), intervention.id


@pytest.mark.parametrize("row", BLOCKING, ids=[row.id for row in BLOCKING])
def test_hands_on_care_is_a_precaution_while_a_status_is_unknown(row: Contraindication) -> None:
    assessment = without_answer(row)
    for column in MANUAL_AND_ELECTRICAL:
        assert assessment.safety.cells[column][0] in ("P", "C"), column
    soft = assessment.safety.rule(KNOWLEDGE.interventions["stm_general"])
    assert soft.verdict == "care"
    assert soft.limits


def test_an_intervention_that_waits_says_what_to_find_out() -> None:
    left = plan(without_answer(ROWS["impaired_sensation"])).without("mod_tens_high")
    assert left is not None
    assert left.reason == "unanswered"
    assert left.change.startswith("find out: ")
    assert "sensation_impaired" in left.because


def test_heat_is_offered_with_its_test_to_be_done_first() -> None:
    heat = Limits(lock=frozenset({"mod_heat_pack"}))
    item = plan(person({}, unknown=("sensation_impaired",)), heat).item("mod_heat_pack")
    assert item is not None
    assert "sensation_impaired" in item.ask
    tested = plan(person({}), heat).item("mod_heat_pack")
    assert tested is not None
    assert tested.ask == ()
    assert not fits(person({"sensation_impaired": True}), "mod_heat_pack")


def test_a_pregnancy_is_asked_only_where_it_is_possible() -> None:
    unknown = ("rf_pregnant_weeks", "rf_pregnancy_possible", "rf_postpartum_weeks")
    for sex, age, waits in (("female", 35, True), ("female", 60, False), ("male", 35, False)):
        assessment = person({"sex_at_birth": sex, "age_years": age}, unknown=unknown)
        assert ("pregnancy" in assessment.safety.waiting) is waits, (sex, age)


# --- before any thrust (1.7) -----------------------------------------------------------------------------------------------

NEEDED = KNOWLEDGE.of(Thrust)["thrust"].known
WOMAN_AFTER_A_FALL: dict[str, Value] = {"age_years": 52, "sex_at_birth": "female", "rf_trauma_minor": True, "rf_trauma_days": 200}
"""Somebody whom all questions of 1.7 concern."""


def test_thrust_is_offered_once_all_is_known_and_nothing_speaks_against_it() -> None:
    found = person(WOMAN_AFTER_A_FALL)
    assert found.safety.thrust_missing == ()
    assert rule(found, "mt_thrust_supine_mid").verdict == "ok"
    assert fits(found, "mt_thrust_supine_mid")


def unanswered(name: str) -> tuple[str, ...]:
    """A finding and the entries that would fill it (left and right)."""
    filled = KNOWLEDGE.vocabulary.findings[name].filled
    return (name, *(below for below in WELL if any(below in part.when for part in filled)))


@pytest.mark.parametrize("name", NEEDED)
def test_thrust_waits_until_each_finding_of_the_minimum_is_known(name: str) -> None:
    assessment = person(WOMAN_AFTER_A_FALL, unknown=unanswered(name))
    assert name in assessment.safety.thrust_unknown
    for intervention in of_column("TM"):
        ruling = assessment.safety.rule(intervention)
        assert ruling.verdict in ("wait", "blocked"), intervention.id
        assert name in ruling.ask or ruling.verdict == "blocked"
    assert not [item for item in plan(assessment).items if item.id.startswith("mt_thrust")]


def test_thrust_waits_while_the_screen_is_open() -> None:
    assessment = person(WOMAN_AFTER_A_FALL, unknown=("rf_saddle_numbness",))
    assert not assessment.screening.complete
    assert "rf_saddle_numbness" in assessment.safety.thrust_missing
    assert not [item for item in plan(assessment).items if item.id.startswith("mt_thrust")]


# --- care codes ------------------------------------------------------------------------------------------------------------

CARE: dict[str, dict[str, Value]] = {
    "OP": {"hx_low_bone_mass": True},
    "OVF": {"hx_vertebral_fragility_fx_weeks": 52},
    "SH": {"shoulder_painful": True},
    "CX": {"hx_radiculopathy_known": True},
    "PR": {"sex_at_birth": "female", "age_years": 31, "rf_pregnant_weeks": 22},
    "BP": {"hx_glaucoma_uncontrolled": True},
    "HY": {"hx_hypermobility_or_eds": True},
    "FU": {"hx_spinal_fusion": True},
    "RF": {"hx_gerd": True},
    "KN": {"kneeling_not_tolerated": True},
    "WR": {"wrist_load_not_tolerated": True},
    "BAL": {"falls_past_year": 1},
    "RIB": {"hx_rib_fracture_weeks": 3},
}


def test_every_care_code_that_an_exercise_names_is_tried_here() -> None:
    used = {code for e in KNOWLEDGE.of(Exercise).values() for code in (*e.avoid, *(care.code for care in e.care))}
    assert used == set(CARE)
    assert used <= set(KNOWLEDGE.of(CareCode))


@pytest.mark.parametrize("code", CARE)
def test_under_a_care_code_avoid_is_never_offered_and_care_adds_its_words(code: str) -> None:
    assessment = person(CARE[code])
    assert assessment.safety.codes[code] is True
    offered = {item.id: item for item in plan(assessment).items}
    for exercise in KNOWLEDGE.of(Exercise).values():
        ruling = assessment.safety.rule(exercise)
        if code in exercise.avoid:
            assert ruling.verdict == "blocked", exercise.id
            assert f"care_code.{code}" in ruling.rows
            assert exercise.id not in offered
        elif words := [care.text for care in exercise.care if care.code == code]:
            assert ruling.verdict in ("care", "blocked", "wait"), exercise.id
            assert set(words) <= set(ruling.limits)
            assert exercise.id not in offered or set(words) <= set(offered[exercise.id].limits)


def test_an_exercise_waits_while_its_reason_to_avoid_is_unknown() -> None:
    avoiding = [e for e in KNOWLEDGE.of(Exercise).values() if "OVF" in e.avoid and "OP" not in e.avoid]
    assert avoiding
    assessment = person({}, unknown=("hx_vertebral_fragility_fx_weeks",))
    for exercise in avoiding:
        assert assessment.safety.rule(exercise).verdict in ("wait", "blocked"), exercise.id


def test_at_high_irritability_an_exercise_without_a_dose_for_it_is_left_out_of_the_calm_phase() -> None:
    irritable = person({
        "nrs_worst_24h": 8, "night_rest_pain": "constant", "pain_vs_range": "before_end", "arom_vs_prom": "clearly_less",
        "time_to_settle_min": 180,
    })  # fmt: skip
    assert irritable.safety.codes["IRR"] is True
    calm = plan(irritable).phases[0]
    undosed = {e.id for e in KNOWLEDGE.of(Exercise).values() if "high" not in e.dose}
    assert undosed
    assert not undosed & set(calm.items)


# --- the matrix itself -----------------------------------------------------------------------------------------------------


def test_the_matrix_is_complete(knowledge: Knowledge) -> None:
    assert len(ROWS) == 56
    for row in ROWS.values():
        assert set(row.cells) == set(COLUMNS), row.id
        assert set(row.cells.values()) <= {"ok", "P", "C"}
        assert row.note, row.id
    assert knowledge.version == KNOWLEDGE.version


@pytest.mark.parametrize("intervention", RULED, ids=[one.id for one in RULED])
def test_what_a_technique_is_decides_the_columns_it_inherits(intervention: Intervention) -> None:
    """5.1 rule 6, as far as a rule can tell: prone work, strength, aerobic work and hands-on classes."""
    columns = set(intervention.columns)
    assert columns <= set(COLUMNS)
    if isinstance(intervention, Manual):
        classes = {
            "thrust": "TM", "rib_mobilization": "RIB", "soft_tissue": "STM",
        }  # fmt: skip
        assert classes.get(intervention.technique, next(iter(columns))) in columns
    if isinstance(intervention, Exercise):
        assert intervention.position != "prone" or "PRN" in columns
        assert intervention.type != "aerobic" or "AER" in columns
        assert intervention.type != "strength" or "RES" in columns
