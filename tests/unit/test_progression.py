"""Progression: every number of care/progression.toml at its edge, and what was not recorded never counts as good."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from rhomboid import Assessment, Case, CaseError, assess, load_knowledge
from rhomboid.knowledge.care import MorningRule, PainRule, ProgressionRule, RegressionRule, ResponseCode, StopSymptom
from rhomboid.knowledge.model import Contraindication, Exercise
from rhomboid.reasoning.progression import Proposal, propose
from rhomboid.reasoning.proof import example_values
from rhomboid.reasoning.session_log import Session, log_from_table, read_log
from rhomboid.vocabulary import Value

ON = date(2026, 11, 24)
LOGS = Path(__file__).parents[1] / "logs"
KNOWLEDGE = load_knowledge()

IRRITABILITY: dict[str, dict[str, Value]] = {
    "low": {},
    "moderate": {
        "nrs_worst_24h": 5, "night_rest_pain": "intermittent", "pain_vs_range": "at_end", "arom_vs_prom": "about_equal",
        "time_to_settle_min": 60,
    },
    "high": {
        "nrs_worst_24h": 8, "night_rest_pain": "constant", "pain_vs_range": "before_end", "arom_vs_prom": "clearly_less",
        "time_to_settle_min": 180,
    },
    "healing": {"hx_rib_fracture_weeks": 5},
}  # fmt: skip
"""Four ways to be sore: the three levels of irritability, and low irritability with a rib that is healing."""


def person(changed: dict[str, Value]) -> Assessment:
    return assess(Case(findings={**KNOWLEDGE.vocabulary.well, **changed}), KNOWLEDGE, on=ON)


PEOPLE = {name: person(changed) for name, changed in IRRITABILITY.items()}
LOW = PEOPLE["low"]

ROW = "ex_scp_row_band"  # strength
GOOD = Session(
    exercise=ROW, on=ON - timedelta(days=1), rest=2, during=3, morning=2, settled_min=20, effort=6, response=1, extra_reps=2
)  # fmt: skip
"""A session after which a strength exercise goes up, if the one before was as good."""


def changed(session: Session, **values: object) -> Session:
    return msgspec.structs.replace(session, **values)


def judged(*sessions: Session, by: Assessment = LOW, on: date = ON) -> Proposal:
    (proposal,) = propose(sessions, by, on=on)
    return proposal


def after(by: Assessment = LOW, **values: object) -> Proposal:
    """What is proposed when the latest of two good sessions differs in some values."""
    return judged(changed(GOOD, on=ON - timedelta(days=2)), changed(GOOD, **values), by=by)


def test_two_good_sessions_advance() -> None:
    proposal = after()
    assert proposal.move == "advance"
    assert proposal.rules == ("prog_strength",)
    assert proposal.next_exercise == "ex_scp_lat_pulldown"
    assert proposal.dose_pct == (100, 100)


# --- pain in the set -------------------------------------------------------------------------------------------------------

GREEN, AMBER, RED = ("advance", "prog_strength"), ("hold", "pain_"), ("step_back", "reg_pain_in_set")


@pytest.mark.parametrize(
    ("who", "rest", "during", "color"),
    [
        # resting pain 0-3: the number and the rise, the stricter wins
        ("low", 0, 3, GREEN), ("low", 0, 4, RED), ("low", 2, 3, GREEN), ("low", 2, 4, AMBER), ("low", 2, 5, AMBER),
        ("low", 3, 3, GREEN), ("low", 3, 4, AMBER), ("low", 3, 5, AMBER), ("low", 3, 6, RED), ("low", 2, 6, RED),
        ("moderate", 1, 3, GREEN), ("moderate", 1, 4, RED), ("moderate", 2, 4, AMBER), ("moderate", 3, 5, AMBER),
        ("moderate", 3, 6, RED),
        ("high", 2, 3, GREEN), ("high", 2, 4, RED), ("high", 3, 4, AMBER), ("high", 3, 5, RED), ("high", 1, 3, RED),
        ("healing", 2, 3, GREEN), ("healing", 1, 3, RED), ("healing", 3, 3, GREEN), ("healing", 3, 4, RED),
        # resting pain 4-6: only the rise
        ("low", 4, 5, GREEN), ("low", 4, 6, AMBER), ("low", 4, 7, RED), ("low", 6, 7, GREEN), ("low", 6, 8, AMBER),
        ("low", 6, 9, RED),
        ("moderate", 5, 6, GREEN), ("moderate", 5, 7, AMBER), ("moderate", 5, 8, RED),
        ("high", 4, 5, GREEN), ("high", 4, 6, RED), ("healing", 4, 5, GREEN), ("healing", 4, 6, RED),
        # less pain in the set than at rest
        ("low", 3, 0, GREEN), ("low", 6, 2, GREEN),
    ],
)  # fmt: skip
def test_pain_in_the_set_is_green_amber_or_red(who: str, rest: int, during: int, color: tuple[str, str]) -> None:
    proposal = after(PEOPLE[who], rest=rest, during=during, morning=rest)
    move, rule = color
    assert proposal.move == move, proposal.reason
    assert all(id_.startswith(rule) for id_ in proposal.rules)


def test_amber_keeps_the_exercise_and_says_what_to_do() -> None:
    proposal = after(during=4)
    assert proposal.action == "Smaller range or less load."
    assert (proposal.dose_pct, proposal.next_exercise) == ((100, 100), None)


def test_red_goes_to_the_easier_exercise() -> None:
    proposal = after(during=6)
    assert proposal.next_exercise == "ex_scp_low_row"
    assert proposal.dose_pct == (50, 75)
    assert "6/10" in proposal.reason


@pytest.mark.parametrize("during", [7, 8])
def test_with_resting_pain_of_7_no_loaded_exercise_goes_on_without_the_therapist(during: int) -> None:
    """The band is marked loaded = false: breathing and gentle movement only (7.1)."""
    band = KNOWLEDGE.of(PainRule)["pain_rest_7_10"]
    assert band.loaded is False
    proposal = after(rest=7, during=during, morning=7)
    assert proposal.move != "advance"
    assert "pain_rest_7_10" in proposal.rules


def test_with_resting_pain_of_7_a_rise_of_2_is_red_for_gentle_exercise_too() -> None:
    breathing = Session(exercise="ex_bre_diaphragm", on=ON - timedelta(days=1), rest=7, during=9, morning=7, response=1)
    assert judged(breathing).move == "step_back"


@pytest.mark.parametrize(
    ("who", "minutes", "move"),
    [
        ("low", 60, "advance"), ("low", 61, "step_back"), ("moderate", 60, "advance"), ("moderate", 61, "step_back"),
        ("high", 30, "advance"), ("high", 31, "step_back"), ("healing", 30, "advance"), ("healing", 31, "step_back"),
    ],
)  # fmt: skip
def test_pain_that_settles_too_slowly_halves_the_dose(who: str, minutes: int, move: str) -> None:
    proposal = after(PEOPLE[who], during=3, settled_min=minutes)
    assert proposal.move == move
    assert proposal.dose_pct == ((100, 100) if move == "advance" else (50, 50))


# --- the next morning ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("morning", "move", "rule", "dose"),
    [
        (0, "advance", "prog_strength", (100, 100)),
        (2, "advance", "prog_strength", (100, 100)),
        (3, "hold", "morning_repeat", (100, 100)),
        (4, "step_back", "morning_reduce", (50, 75)),
        (5, "hold", "morning_call", (0, 0)),
        (10, "hold", "morning_call", (0, 0)),
    ],
)
def test_the_next_morning_decides_about_the_dose(morning: int, move: str, rule: str, dose: tuple[int, int]) -> None:
    """Resting pain was 2: one above repeats, two reduces, three or more pauses and calls."""
    proposal = after(morning=morning)
    assert (proposal.move, proposal.rules, proposal.dose_pct) == (move, (rule,), dose)


def test_three_points_above_usual_asks_for_a_new_screen() -> None:
    proposal = after(morning=5)
    assert proposal.rescreen
    assert proposal.action == "Pause your exercises and call us today."
    assert "3 points" in proposal.reason


@pytest.mark.parametrize(
    ("morning", "rule"), [(2, "morning_reduce"), (None, "morning_reduce"), (3, "morning_reduce"), (5, "morning_call")]
)
def test_a_bad_night_counts_as_two_points(morning: int | None, rule: str) -> None:
    assert after(morning=morning, bad_night=True).rules == (rule,)


def test_the_call_comes_before_everything_that_only_reduces() -> None:
    assert after(morning=5, ill=True, response=3, during=6).rules == ("morning_call",)


def test_the_mornings_leave_no_gap() -> None:
    rises = sorted(rule.rise for rule in KNOWLEDGE.of(MorningRule).values())
    assert rises[0][0] == -10
    assert rises[-1][1] == 10
    assert all(high + 1 == low for (_, high), (low, _) in pairwise(rises))


# --- the 24-hour response --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "move", "rules"),
    [
        (0, "advance", ("prog_strength",)), (1, "advance", ("prog_strength",)), (2, "advance", ("prog_strength",)),
        (3, "step_back", ("reg_response",)), (4, "step_back", ("reg_response",)), (5, "stop", ("resp_5",)),
    ],
)  # fmt: skip
def test_the_response_of_the_day_after_decides(response: int, move: str, rules: tuple[str, ...]) -> None:
    proposal = after(response=response)
    assert (proposal.move, proposal.rules) == (move, rules)
    assert KNOWLEDGE.of(ResponseCode)[f"resp_{response}"].progress is (move == "advance")


def test_a_raised_response_reduces_the_dose_and_a_second_one_changes_the_exercise() -> None:
    once = after(response=3)
    assert (once.dose_pct, once.next_exercise) == ((50, 75), None)
    twice = judged(changed(GOOD, on=ON - timedelta(days=2), response=3), changed(GOOD, response=3))
    assert twice.next_exercise == "ex_scp_low_row"


def test_a_flare_of_48_hours_halves_the_dose_and_asks_for_a_new_screen() -> None:
    """Code 4: half dose, flare plan, contact, re-screen the short set (7.2)."""
    proposal = after(response=4)
    assert proposal.dose_pct == (50, 50)
    assert proposal.rescreen


def test_a_new_symptom_stops_everything() -> None:
    proposal = after(response=5)
    assert proposal.dose_pct == (0, 0)
    assert "safety questions" in proposal.action


# --- what else asks for less -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "move"), [(13, "advance"), (14, "step_back"), (60, "step_back")])
def test_two_weeks_without_a_session_start_again_lower(days: int, move: str) -> None:
    last = changed(GOOD, on=ON - timedelta(days=days))
    proposal = judged(changed(last, on=last.on - timedelta(days=1)), last)
    assert proposal.move == move
    assert proposal.dose_pct == ((60, 70) if move == "step_back" else (100, 100))


def test_illness_restarts_lower() -> None:
    proposal = after(ill=True)
    assert (proposal.move, proposal.rules, proposal.dose_pct) == ("step_back", ("reg_illness",), (60, 70))


@pytest.mark.parametrize(("form", "move"), [(True, "advance"), (None, "advance"), (False, "step_back")])
def test_broken_form_goes_to_the_easier_exercise(form: bool | None, move: str) -> None:
    proposal = after(form_ok=form)
    assert proposal.move == move
    assert proposal.next_exercise == ("ex_scp_low_row" if form is False else "ex_scp_lat_pulldown")


def test_every_way_back_is_tried_here_in_the_order_of_its_weight() -> None:
    assert {rule.trigger for rule in KNOWLEDGE.of(RegressionRule).values()} == {
        "response", "pain_in_set", "form", "illness", "missed_days", "rising_weeks",
    }  # fmt: skip
    everything = {"ill": True, "response": 3, "during": 6, "form_ok": False}
    for name, rule in (
        ("ill", "reg_illness"),
        ("response", "reg_response"),
        ("during", "reg_pain_in_set"),
        ("form_ok", "reg_form"),
    ):
        assert after(**everything).rules == (rule,)
        everything.pop(name)


# --- stop ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("symptom", KNOWLEDGE.of(StopSymptom).values(), ids=KNOWLEDGE.of(StopSymptom))
def test_a_stop_symptom_overrides_a_good_session(symptom: StopSymptom) -> None:
    proposal = after(symptoms=(symptom.id,))
    assert (proposal.move, proposal.dose_pct) == ("stop", (0, 0))
    assert ("911" in proposal.action) is (symptom.call == "911")
    assert set(symptom.findings) <= set(proposal.rescreen)
    assert symptom.id in proposal.rules


def test_the_gravest_of_several_stop_symptoms_says_whom_to_call() -> None:
    proposal = after(symptoms=("stop_numbness", "stop_chest"), morning=9, ill=True)
    assert proposal.move == "stop"
    assert "911" in proposal.action
    assert "rf_saddle_numbness" in proposal.rescreen
    assert "rf_chest_pressure" in proposal.rescreen


def test_a_stop_symptom_in_one_exercise_stops_them_all() -> None:
    """The action says 'stop all exercises': no other exercise of the log may go up on the same day."""
    breathing = [changed(session, exercise="ex_bre_diaphragm", correct_of_10=9) for session in two("breathing")]
    proposals = propose([*breathing, changed(GOOD, symptoms=("stop_chest",))], LOW, on=ON)
    assert {proposal.move for proposal in proposals} == {"stop"}


# --- going up: each type, at its edge --------------------------------------------------------------------------------------

EXERCISE_OF = {
    "strength": ROW, "endurance": "ex_end_wall_stand", "mobility": "ex_mob_seat_ext_chair", "stretch": "ex_str_doorway_pec",
    "control": "ex_nmc_mirror_scap", "breathing": "ex_bre_diaphragm", "aerobic": "ex_aer_walk", "nerve": "ex_nrv_intercostal_side",
}  # fmt: skip
ENOUGH: dict[str, dict[str, object]] = {
    "strength": {"extra_reps": 2, "effort": 6}, "endurance": {"extra_hold_s": 10}, "mobility": {"gain_mdc": 1.0},
    "stretch": {"gain_mdc": 1.0}, "control": {"correct_of_10": 8}, "breathing": {"correct_of_10": 8}, "aerobic": {"effort": 4},
    "nerve": {},
}  # fmt: skip
SHORT: list[tuple[str, dict[str, object], str]] = [
    ("strength", {"extra_reps": 1}, "extra repetitions below 2"), ("strength", {"effort": 7}, "effort above 6"),
    ("endurance", {"extra_hold_s": 9}, "seconds beyond the target below 10"),
    ("mobility", {"gain_mdc": 0.9}, "gain in MDC below 1"),
    ("stretch", {"gain_mdc": 0.9}, "gain in MDC below 1"), ("control", {"correct_of_10": 7}, "correct repetitions of 10 below 8"),
    ("breathing", {"correct_of_10": 7}, "correct repetitions of 10 below 8"), ("aerobic", {"effort": 5}, "effort above 4"),
    ("nerve", {"response": 2}, "24-hour response above 1"),
]  # fmt: skip


def two(kind: str, *, days: int = 14, **latest: object) -> tuple[Session, Session]:
    """Two sessions of an exercise of a type, good enough but for what is said of the latest."""
    base = Session(exercise=EXERCISE_OF[kind], on=ON - timedelta(days=1), rest=2, during=2, morning=2, response=1)
    base = changed(base, **ENOUGH[kind])
    return changed(base, on=base.on - timedelta(days=days)), changed(base, **latest)


def test_each_type_of_exercise_has_one_rule() -> None:
    types = {exercise.type for exercise in KNOWLEDGE.of(Exercise).values()}
    assert types == set(EXERCISE_OF)
    for kind, id_ in EXERCISE_OF.items():
        assert KNOWLEDGE.of(Exercise)[id_].type == kind
        assert sum(kind in rule.types for rule in KNOWLEDGE.of(ProgressionRule).values()) == 1


@pytest.mark.parametrize("kind", EXERCISE_OF)
def test_an_exercise_goes_up_when_its_criteria_are_just_met(kind: str) -> None:
    proposal = judged(*two(kind))
    assert proposal.move == "advance", proposal.reason
    assert proposal.next_exercise == KNOWLEDGE.harder(EXERCISE_OF[kind])


@pytest.mark.parametrize(("kind", "latest", "reason"), SHORT)
def test_an_exercise_holds_when_one_criterion_is_just_missed(kind: str, latest: dict[str, object], reason: str) -> None:
    proposal = judged(*two(kind, **latest))
    assert proposal.move == "hold"
    assert reason in proposal.reason
    assert proposal.dose_pct == (100, 100)


@pytest.mark.parametrize("kind", EXERCISE_OF)
def test_one_session_is_not_enough(kind: str) -> None:
    _, latest = two(kind)
    proposal = judged(latest)
    assert proposal.move == "hold"
    assert "1 of 2 sessions" in proposal.reason


@pytest.mark.parametrize("kind", EXERCISE_OF)
@pytest.mark.parametrize("field", ["rest", "during", "response"])
def test_what_was_not_recorded_holds(kind: str, field: str) -> None:
    """Unknown is never taken for good."""
    proposal = judged(*two(kind, **{field: None}))
    assert proposal.move == "hold", proposal.reason
    assert "not recorded" in proposal.reason


@pytest.mark.parametrize("kind", EXERCISE_OF)
def test_a_criterion_that_was_not_recorded_holds(kind: str) -> None:
    for field in ENOUGH[kind]:
        proposal = judged(*two(kind, **{field: None}))
        assert proposal.move == "hold", field
        assert "not recorded" in proposal.reason


def test_the_next_morning_has_to_be_known_before_anything_goes_up() -> None:
    """7.1: the next morning not above usual. A morning that was not recorded is not a good morning."""
    assert after(morning=None).move == "hold"


@pytest.mark.parametrize(("days", "move"), [(13, "hold"), (14, "advance")])
def test_aerobic_work_stays_two_weeks_at_a_dose(days: int, move: str) -> None:
    assert judged(*two("aerobic", days=days)).move == move


def test_a_session_that_was_not_completed_holds() -> None:
    proposal = after(completed=False)
    assert proposal.move == "hold"
    assert "not completed" in proposal.reason


def test_the_earlier_of_the_two_sessions_counts_too() -> None:
    earlier = changed(GOOD, on=ON - timedelta(days=2), extra_reps=0)
    assert judged(earlier, GOOD).move == "hold"
    assert judged(earlier, changed(GOOD, on=ON - timedelta(days=2)), GOOD).move == "advance"


# --- the ladder ------------------------------------------------------------------------------------------------------------


def test_the_top_of_a_ladder_advances_within_the_exercise() -> None:
    top = KNOWLEDGE.ladder_of[ROW].steps[-1]
    first, latest = (changed(session, exercise=top) for session in (changed(GOOD, on=ON - timedelta(days=2)), GOOD))
    proposal = judged(first, latest)
    assert (proposal.move, proposal.next_exercise) == ("advance", None)


def test_the_foot_of_a_ladder_steps_back_within_the_exercise() -> None:
    foot = KNOWLEDGE.ladder_of[ROW].steps[0]
    proposal = judged(changed(GOOD, exercise=foot, form_ok=False))
    assert (proposal.move, proposal.next_exercise) == ("step_back", None)


def test_the_harder_neighbor_is_the_next_one_that_is_allowed() -> None:
    """With cancer of the spine the breath with extension is forbidden, the step above it is not."""
    row = KNOWLEDGE.of(Contraindication)["malignancy_spine_or_local"]
    example = next(example for example in row.example if example.expect == "met")
    ill = assess(Case(findings=example_values(example, KNOWLEDGE)), KNOWLEDGE, on=ON)
    assert KNOWLEDGE.harder("ex_bre_lateral_costal") == "ex_bre_breath_with_extension"
    sessions = [changed(session, exercise="ex_bre_lateral_costal") for session in two("breathing")]
    assert judged(*sessions).next_exercise == "ex_bre_breath_with_extension"
    assert judged(*sessions, by=ill).next_exercise == "ex_bre_90_90"


def test_no_neighbor_is_offered_when_all_harder_ones_are_forbidden() -> None:
    pregnant = person({"sex_at_birth": "female", "age_years": 31, "rf_pregnant_weeks": 24})
    sessions = [changed(session, exercise="ex_scp_sidelying_er") for session in (changed(GOOD, on=ON - timedelta(days=2)), GOOD)]
    assert judged(*sessions).next_exercise == "ex_scp_prone_w"
    assert judged(*sessions, by=pregnant).next_exercise is None


# --- logs ------------------------------------------------------------------------------------------------------------------


def test_a_steady_log_moves_everything_up() -> None:
    proposals = propose(read_log(LOGS / "steady.toml", KNOWLEDGE, ON), LOW, on=ON)
    assert {proposal.exercise: proposal.move for proposal in proposals} == dict.fromkeys(EXERCISE_OF.values(), "advance")


def test_a_log_with_setbacks_says_for_each_exercise_what_was_wrong() -> None:
    proposals = propose(read_log(LOGS / "setbacks.toml", KNOWLEDGE, ON), LOW, on=ON)
    assert {proposal.exercise: (proposal.move, proposal.rules) for proposal in proposals} == {
        "ex_scp_row_band": ("step_back", ("reg_pain_in_set",)),
        "ex_mob_seat_ext_chair": ("step_back", ("reg_response",)),
        "ex_nmc_mirror_scap": ("step_back", ("reg_form",)),
        "ex_bre_diaphragm": ("hold", ("morning_call",)),
        "ex_str_doorway_pec": ("step_back", ("morning_reduce",)),
        "ex_aer_walk": ("step_back", ("reg_missed",)),
        "ex_end_wall_stand": ("step_back", ("reg_illness",)),
    }


def test_a_log_with_a_stop_symptom_stops_every_exercise_in_it() -> None:
    proposals = propose(read_log(LOGS / "stop.toml", KNOWLEDGE, ON), LOW, on=ON)
    assert {proposal.exercise: (proposal.move, proposal.rules) for proposal in proposals} == {
        "ex_nrv_intercostal_side": ("stop", ("stop_weakness",)),
        "ex_scp_row_band": ("stop", ("stop_weakness",)),
    }


def test_a_proposal_is_the_same_each_time() -> None:
    log = read_log(LOGS / "setbacks.toml", KNOWLEDGE, ON)
    assert propose(log, LOW, on=ON) == propose(log, LOW, on=ON)


def test_a_log_is_read_oldest_first() -> None:
    days = [session.on for session in read_log(LOGS / "steady.toml", KNOWLEDGE, ON)]
    assert days == sorted(days)


def test_json_and_toml_say_the_same(tmp_path: Path) -> None:
    log = read_log(LOGS / "steady.toml", KNOWLEDGE, ON)
    path = tmp_path / "steady.json"
    path.write_text(json.dumps({"session": msgspec.to_builtins(log)}))
    assert read_log(path, KNOWLEDGE, ON) == log


def test_every_problem_of_a_broken_log_is_named_at_once() -> None:
    with pytest.raises(CaseError) as wrong:
        read_log(LOGS / "broken.toml", KNOWLEDGE, ON)
    problems = [str(problem) for problem in wrong.value.problems]
    expected = [
        'did you mean "ex_scp_row_band"?', "2026-12-24 is after 2026-11-24", 'no stop symptom "stop_numb"', "during", "pain",
        "exercise", "on",
    ]  # fmt: skip
    assert len(problems) == len(expected)
    for number, (problem, words) in enumerate(zip(problems, expected, strict=True), start=1):
        assert f"broken.toml: session {number}: " in problem
        assert words in problem


def test_several_problems_of_one_session_are_all_named() -> None:
    table = {"session": [{"exercise": "ex_nothing", "on": date(2027, 1, 1), "symptoms": ["itch", "stop_spot"]}]}
    with pytest.raises(CaseError) as wrong:
        log_from_table(table, KNOWLEDGE, ON)
    assert len(wrong.value.problems) == 3


@pytest.mark.parametrize("table", [{}, {"session": []}, {"session": "none"}, {"session": {"exercise": ROW}}])
def test_a_log_without_sessions_says_how_to_write_one(table: dict) -> None:
    with pytest.raises(CaseError, match=r"has no sessions; write \[\[session\]\]"):
        log_from_table(table, KNOWLEDGE, ON)


@pytest.mark.parametrize(
    ("name", "text"), [("log.toml", "[[session]\n"), ("log.json", "{"), ("log.json", "[1]"), ("log.toml", "\x00")]
)
def test_a_file_that_is_no_log_is_named(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(CaseError, match=f"^{name}: "):
        read_log(path, KNOWLEDGE, ON)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="cannot be read"):
        read_log(tmp_path / "nowhere.toml", KNOWLEDGE, ON)


def test_a_session_keeps_what_was_not_recorded_unknown() -> None:
    (session,) = log_from_table({"session": [{"exercise": ROW, "on": "2026-11-20"}]}, KNOWLEDGE, ON)
    assert (session.rest, session.during, session.morning, session.response, session.form_ok) == (None,) * 5
    assert judged(session).move == "hold"


# --- the week and the stiff morning ----------------------------------------------------------------------------------------


def weeks(*rest: int | None) -> list[Session]:
    """Two good sessions a week, the latest week last, with the resting pain of each week."""
    days = [(7 * (len(rest) - 1 - week) + day, pain) for week, pain in enumerate(rest) for day in (4, 1)]
    return [changed(GOOD, on=ON - timedelta(days=ago), rest=pain, during=pain, morning=pain) for ago, pain in days]


def test_resting_pain_that_rises_for_two_weeks_asks_for_another_look() -> None:
    proposal = judged(*weeks(1, 2, 3))
    assert (proposal.move, proposal.rules) == ("hold", ("reg_rising",))
    assert proposal.reason == "resting pain has risen for 2 weeks: 1.0, 2.0, 3.0"
    assert proposal.rescreen == ("short re-screen set",)


@pytest.mark.parametrize("rest", [(2, 3), (3, 2, 3), (1, 2, 2), (3, 2, 1), (1, None, 3)])
def test_a_week_that_does_not_rise_or_was_not_recorded_asks_for_none(rest: tuple[int | None, ...]) -> None:
    assert "reg_rising" not in judged(*weeks(*rest)).rules


def test_a_rise_of_less_than_a_point_is_none() -> None:
    """Weekly means of 2, 2.5 and 2.5 + 0.25: rising, and nothing that anybody feels."""
    pains = {17: 2, 15: 2, 10: 2, 8: 3, 6: 3, 4: 3, 2: 2, 1: 3}
    sessions = [changed(GOOD, on=ON - timedelta(days=ago), rest=pain) for ago, pain in pains.items()]
    assert "reg_rising" not in judged(*sessions).rules
    more = [changed(session, rest=(session.rest or 0) + (1 if session.on > ON - timedelta(days=7) else 0)) for session in sessions]
    assert judged(*more).rules == ("reg_rising",)


def test_a_stiff_morning_repeats_the_dose() -> None:
    earlier = changed(GOOD, on=ON - timedelta(days=3))
    assert judged(earlier, GOOD).move == "advance"
    proposal = judged(earlier, changed(GOOD, stiff_morning=True))
    assert (proposal.move, proposal.rules) == ("hold", ("morning_repeat",))
    assert proposal.reason == "stiff for more than 30 minutes in the morning"
    worse = judged(earlier, changed(GOOD, stiff_morning=True, morning=4))
    assert worse.rules == ("morning_reduce",)
