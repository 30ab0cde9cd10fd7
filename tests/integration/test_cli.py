"""The commands as people use them: real files in, pages, data, files and exit codes out."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from rhomboid import load_knowledge
from rhomboid.cli import reading
from rhomboid.cli.answers import read_answer
from rhomboid.cli.case_file import write_case
from rhomboid.cli.cases import confusion, judged
from rhomboid.cli.explanations import explained, known_names
from rhomboid.cli.knowledge import entry_data, every_kind, show_entry
from rhomboid.cli.main import main
from rhomboid.cli.show import Page
from rhomboid.figures import Figures, load_figures
from rhomboid.knowledge import Knowledge
from rhomboid.knowledge.loader import CONTENT
from rhomboid.knowledge.model import Dose, SafetyNet
from rhomboid.reasoning.assess import assess
from rhomboid.reasoning.doses import dose_text
from rhomboid.reasoning.interview import Interview, answers_from
from rhomboid.reasoning.planning import Limits, plan
from rhomboid.vocabulary import Value
from rhomboid.vocabulary.case import Case, Closed, read_case
from rhomboid.vocabulary.values import ValueProblem

ON = date(2026, 11, 24)
ONSET = "2026-11-03"
Typed = Callable[..., tuple[int, str, str]]
Findings = Mapping[str, Value]

STIFF: Findings = {
    "obs_thoracic_extension_limited": True,
    "rom_thx_extension": 4.0,
    "sit_hours_workday": 9.0,
    "sit_bout_longest_min": 120,
    "break_interval_min": 120,
    "work_type": "desk",
    "sleep_quality": 3,
}
"""What a stiff desk worker adds to a well person."""
GO_ON = "Y"
HEART: Findings = {"rf_chest_pressure": True, "rf_angina_unstable": True, "rf_diaphoresis": True}


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge) -> Typed:
    """Runs a command line in this process: exit code, output, errors. The knowledge never changes, so it is read once."""
    monkeypatch.setattr(reading, "load_knowledge", lambda: knowledge)

    def run(*argv: object, typed: str = "", width: int = 80) -> tuple[int, str, str]:
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main([str(word) for word in argv])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def person(knowledge: Knowledge, *, without: tuple[str, ...] = (), **findings: Value) -> dict[str, Value]:
    """A well person with these findings in place of their own."""
    return {name: value for name, value in {**knowledge.vocabulary.well, **findings}.items() if name not in without}


@pytest.fixture
def stiff(knowledge: Knowledge, tmp_path: Path) -> Path:
    """Everything is known of this desk worker, and nothing is dangerous."""
    path = tmp_path / "stiff.toml"
    write_case(Case(person(knowledge, **STIFF), id="stiff", title="Desk worker, stiff between the shoulder blades", on=ON), path)
    return path


@pytest.fixture
def heart(tmp_path: Path) -> Path:
    path = tmp_path / "heart.toml"
    path.write_text("on = 2026-11-24\n[findings]\nage_years = 61\nrf_angina_unstable = true\nrf_diaphoresis = true\nhr_bpm = 104\n")
    return path


@pytest.fixture
def little(tmp_path: Path) -> Path:
    """A case of which next to nothing is known."""
    path = tmp_path / "little.toml"
    path.write_text("[findings]\nage_years = 44\n")
    return path


def data_of(answer: tuple[int, str, str]) -> dict[str, object]:
    code, out, _ = answer
    assert code == 0, out
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


# --- assess ----------------------------------------------------------------------------------------------------------


def test_assess_shows_the_whole_picture_from_headline_to_safety_net(run: Typed, stiff: Path) -> None:
    code, out, err = run("assess", stiff)
    assert (code, err) == (0, "")
    places = [
        out.index(words)
        for words in ("The screen is complete", "Contributing factors", "Plan of care", "Goals ─", "When to seek help ─")
    ]
    assert places == sorted(places)
    assert "●○○ Stiff thoracic extension" in out
    assert "proposed: the therapist activates it" in out


@pytest.mark.parametrize("width", [80, 120])
def test_pages_keep_to_the_width_and_leave_no_blanks_at_line_ends(run: Typed, stiff: Path, heart: Path, width: int) -> None:
    pages = [
        ("assess", stiff), ("assess", heart), ("plan", stiff, "--all"), ("explain", stiff, "acs"), ("knowledge", "list"),
        ("knowledge", "show", "acs"),
    ]  # fmt: skip
    for command in pages:
        _, out, _ = run(*command, width=width)
        assert max(map(len, out.splitlines())) <= width, command
        assert not re.search(r" $", out.replace(" TREAT \n", ""), re.MULTILINE), command


def test_a_wide_page_sets_reasons_beside_and_so_is_shorter(run: Typed, stiff: Path) -> None:
    narrow, wide = (run("assess", stiff, width=width)[1] for width in (80, 120))
    assert len(wide.splitlines()) < len(narrow.splitlines())


def test_a_held_case_shows_the_action_before_all_else_and_no_plan(run: Typed, heart: Path) -> None:
    _, out, _ = run("assess", heart)
    places = [out.index(words) for words in ("EMERGENCY NOW", "Now ─", "Call 911", "Must not be missed", "Letter ─")]
    assert places == sorted(places)
    assert "at home" not in out
    assert "Plan of care" not in out


def test_an_open_screen_is_never_dressed_as_a_clear_one(run: Typed, little: Path) -> None:
    _, out, _ = run("assess", little)
    assert "PROVISIONALLY" in out
    assert "The screen is not complete" in out
    assert "Still to ask" in out


def test_private_lines_of_the_safety_net_stay_off_the_page(run: Typed, stiff: Path, knowledge: Knowledge) -> None:
    private = [line.text for line in knowledge.of(SafetyNet).values() if line.private]
    assert private
    flat = " ".join(run("assess", stiff)[1].split())
    assert not [text for text in private if text[:30] in flat]


def test_text_of_a_case_is_printed_as_it_is_and_not_taken_for_markup(run: Typed, tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text('title = "[bold]Knocked[/] :smile:"\n[findings]\nage_years = 44\n')
    assert "[bold]Knocked[/] :smile:" in run("assess", path)[1]


def test_assess_prints_the_same_bytes_again(run: Typed, stiff: Path) -> None:
    assert run("assess", stiff, "--json") == run("assess", stiff, "--json")


def test_data_and_page_say_the_same(run: Typed, stiff: Path) -> None:
    data = data_of(run("assess", stiff, "--json"))
    _, page, _ = run("assess", stiff, width=120)
    assert data["disposition"] == "treat"
    assert data["screen_complete"] is True
    factors = data["factors"]
    assert isinstance(factors, list)
    assert {factor["id"] for factor in factors} >= {"hypomobile_thoracic_extension", "sedentary_exposure", "poor_sleep"}
    assert all(factor["name"] in page for factor in factors)


def test_the_day_stated_wins_over_the_day_of_the_case_and_that_over_today(run: Typed, stiff: Path, little: Path) -> None:
    assert data_of(run("assess", stiff, "--json", "--on", "2027-01-05"))["on"] == "2027-01-05"
    assert data_of(run("assess", stiff, "--json"))["on"] == "2026-11-24"
    assert date.fromisoformat(str(data_of(run("assess", little, "--json"))["on"])) >= date(2026, 1, 1)


def test_a_lowered_concern_names_who_lowered_it(run: Typed, tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "lowered.toml"
    closed = (Closed("acs", "M. Ruiz, PT", "seen in the emergency department, ECG and troponin normal", "2026-11-23"),)
    write_case(Case(person(knowledge, **HEART), closed=closed, on=ON), path)
    assert "lowered by M. Ruiz, PT on 2026-11-23" in run("assess", path)[1]


def test_reports_are_written_beside_the_page(run: Typed, stiff: Path, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    code, _, err = run("assess", stiff, "--html", tmp_path / "a.html", "--pdf", tmp_path / "a.pdf")
    assert (code, err) == (0, "")
    assert "<html" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


# --- plan ------------------------------------------------------------------------------------------------------------


def items_of(data: Mapping[str, object]) -> set[str]:
    found = data["plan"]
    assert isinstance(found, dict)
    return {item["id"] for item in found["items"]}


def minutes_of(data: Mapping[str, object]) -> list[float]:
    found = data["plan"]
    assert isinstance(found, dict)
    return [phase["minutes"] for phase in found["phases"]]


def test_plan_fits_the_minutes_stated(run: Typed, stiff: Path) -> None:
    free = minutes_of(data_of(run("plan", stiff, "--json")))
    short = minutes_of(data_of(run("plan", stiff, "--json", "--minutes", "6")))
    assert max(free) > 6 >= max(short) > 0


def test_options_stand_in_the_place_of_what_the_case_says(run: Typed, tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "limited.toml"
    write_case(Case(person(knowledge, **STIFF), limits={"minutes": 4, "without": ["band"]}, on=ON), path)
    assert max(minutes_of(data_of(run("plan", path, "--json")))) <= 4
    assert max(minutes_of(data_of(run("plan", path, "--json", "--minutes", "12")))) > 4
    assert "without band" in run("plan", path)[1]


def test_the_therapist_bans_locks_and_swaps(run: Typed, stiff: Path) -> None:
    before = items_of(data_of(run("plan", stiff, "--json")))
    exercise = min(name for name in before if name.startswith("ex_mob"))
    assert exercise not in items_of(data_of(run("plan", stiff, "--json", "--ban", exercise)))
    after = items_of(data_of(run("plan", stiff, "--json", "--swap", f"{exercise}:ex_bre_lateral_costal", "--lock", "ex_aer_walk")))
    assert exercise not in after
    assert {"ex_bre_lateral_costal", "ex_aer_walk"} <= after


def test_lists_may_be_written_with_commas_or_by_repeating_the_option(run: Typed, stiff: Path) -> None:
    commas = run("plan", stiff, "--json", "--without", "band,foam_roller")
    assert commas == run("plan", stiff, "--json", "--without", "band", "--without", "foam_roller")
    assert commas != run("plan", stiff, "--json", "--equipment", "none")


def test_a_precaution_is_written_out_once_and_then_only_named(run: Typed, tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "bone.toml"
    write_case(Case(person(knowledge, **STIFF, age_years=78), on=ON), path)
    flat = " ".join(run("assess", path, width=120)[1].split())
    assert flat.count("Strengthen; no loaded") == 1
    assert "! see precautions: osteoporosis" in flat


def test_left_out_items_are_counted_by_reason_and_listed_with_all(run: Typed, stiff: Path) -> None:
    short, long = run("plan", stiff)[1], run("plan", stiff, "--all", width=120)[1]
    assert re.search(r"\d+  Serves nothing that was found", short)
    assert "ex_aer_swim" not in short
    assert "ex_aer_swim" in long


def test_wishes_that_do_not_fit_name_the_limit_to_relax(run: Typed, stiff: Path) -> None:
    code, out, err = run("plan", stiff, "--minutes", "1", "--lock", "ex_aer_walk")
    assert (code, out) == (2, "")
    assert re.search(r"need [\d.]+ minutes, the limit is 1; allow", err)


# --- explain ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        ("hypomobile_thoracic_extension", "found"),
        ("weak_lower_trap", "not found"),
        ("acs", "cleared"),
        ("osteoporosis_no_fracture", "does not apply"),
        ("rom_thx_extension", "known"),
        ("ex_aer_swim", "left out"),
        ("edu_1_condition", "in the plan"),
        ("muscle_strain", "not supported"),
    ],
)
def test_explain_gives_the_verdict_of_each_kind_of_thing(run: Typed, stiff: Path, item: str, verdict: str) -> None:
    found = data_of(run("explain", stiff, item, "--json"))
    assert (found["id"], found["verdict"]) == (item, verdict)
    assert str(found["file"]).endswith(".toml")
    assert verdict.upper() in run("explain", stiff, item)[1]


def test_explain_says_what_would_decide_an_open_condition(run: Typed, little: Path, heart: Path) -> None:
    found = data_of(run("explain", little, "acs", "--json"))
    assert found["verdict"] == "undecided"
    questions = found["would_decide"]
    assert isinstance(questions, list)
    assert "rf_angina_unstable" in {one["finding"] for one in questions}
    raised = data_of(run("explain", heart, "acs", "--json"))
    assert raised["verdict"] == "raised"
    reasons = raised["because"]
    assert isinstance(reasons, list)
    assert "rf_angina_unstable" in [one["finding"] for one in reasons]


def test_everything_that_has_an_id_can_be_explained(knowledge: Knowledge) -> None:
    """Interventions aside, whose explanation solves the plan again: those are sampled."""
    care = plan(assess(Case(person(knowledge, **STIFF)), knowledge, on=ON), Limits())
    for number, (name, kind) in enumerate(known_names(knowledge).items()):
        if kind != "intervention" or number % 9 == 0:
            found = explained(name, kind, care)
            assert found.id == name
            assert found.verdict
            assert found.name


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["assess", "{folder}/none.toml"], "cannot be read"),
        (["assess", "{folder}"], "directory"),
        (["assess", "{folder}/latin.toml"], "utf-8"),
        (["assess", "{case}", "--html", "{folder}/none/a.html"], "cannot be written"),
        (["assess", "{case}", "--on", "24.11.2026"], "write it as 2026-01-31"),
        (["assess", "{case}", "--js"], "unrecognized arguments"),
        (["plan", "{case}", "--minutes", "nan"], "not a number from 1"),
        (["plan", "{case}", "--lock", "ex_aer_wlak"], 'did you mean "ex_aer_walk"?'),
        (["explain", "{case}", "acss"], 'did you mean "acs"?'),
        (["progress", "{case}", "{folder}/none.toml"], "cannot be read"),
        (["cases", "{folder}/none"], "is not a folder"),
        (["cases", "{folder}/untold"], "without [truth]"),
        (["knowledge", "list", "conditons"], 'did you mean "conditions"?'),
        (["knowledge", "show", "weak_lower_tarp"], 'did you mean "weak_lower_trap"?'),
        (["interview", "--save", "{folder}/none/a.toml"], "folder that does not exist"),
        (["interview", "--save", "{case}"], "--resume"),
        (["frobnicate"], "invalid choice"),
        ([], "COMMAND"),
    ],
)
def test_mistakes_end_in_one_clear_line_and_exit_code_2(
    run: Typed, stiff: Path, tmp_path: Path, command: list[str], words: str
) -> None:
    (tmp_path / "latin.toml").write_bytes(b'title = "d\xe9j\xe0"\n')
    (tmp_path / "untold").mkdir()
    (tmp_path / "untold" / "case.toml").write_text("[findings]\nage_years = 44\n")
    filled = [word.format(folder=tmp_path, case=stiff) for word in command]
    code, out, err = run(*filled)
    assert (code, out) == (2, "")
    assert words in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_every_problem_of_a_case_stands_on_its_own_line_and_in_the_data(run: Typed, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("[findings]\nage_yeras = 44\ntemp_c = 99.5\n")
    code, _, err = run("assess", path)
    assert code == 2
    assert [line.split(":")[2].strip() for line in err.splitlines()] == ["age_yeras", "temp_c"]
    code, out, err = run("assess", path, "--json")
    assert (code, err) == (2, "")
    problems = json.loads(out)["errors"]
    assert [(one["place"], one["entry"]) for one in problems] == [("wrong.toml", "age_yeras"), ("wrong.toml", "temp_c")]
    assert problems[0]["fix"] == 'did you mean "age_years"?'
    assert set(problems[0]) == {"place", "entry", "message", "fix"}


def test_a_mistake_on_the_command_line_is_data_too(run: Typed) -> None:
    code, out, _ = run("plan", "--json")
    assert code == 2
    assert "CASE" in json.loads(out)["errors"][0]["message"]


def test_a_reader_who_stops_reading_hears_no_complaint() -> None:
    command = [sys.executable, "-m", "rhomboid", "knowledge", "list", "findings"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_the_version_and_the_module_can_be_called() -> None:
    done = subprocess.run([sys.executable, "-m", "rhomboid", "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"rhomboid \d+\.\d+\.\d+\n", done.stdout)


def test_color_only_where_it_is_wanted(little: Path) -> None:
    def page(**settings: str) -> str:
        environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
        command = [sys.executable, "-m", "rhomboid", "assess", str(little)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment | settings)
        return done.stdout

    color = re.compile(r"\x1b\[[\d;]*\b[34][0-7]\b")
    assert color.search(page(FORCE_COLOR="1", TERM="xterm"))
    assert not color.search(page(FORCE_COLOR="1", TERM="xterm", NO_COLOR="1"))
    assert "\x1b" not in page()


# --- interview -------------------------------------------------------------------------------------------------------


def typed_by(known: Findings, knowledge: Knowledge) -> list[str]:
    """What somebody types of whom this is known, in the order of the questions; GO_ON where an emergency has come up."""
    vocabulary, state, told = knowledge.vocabulary, Interview(knowledge, ON), False
    ask, lines = answers_from(known, vocabulary), []
    while (question := state.next_question()) is not None:
        name = vocabulary.days_since.get(question, question)
        answer = known.get(name) if name != question else ask(question)
        lines.append("?" if answer is None else words_for(answer))
        state = state.answered(question if answer is None else name, answer)
        if not told and any(one.urgency == "emergency_now" for one in state.screening().raised):
            lines, told = [*lines, GO_ON], True
    return lines


def words_for(answer: Value) -> str:
    if isinstance(answer, bool):
        return "y" if answer else "n"
    return (",".join(sorted(answer)) or "0") if isinstance(answer, frozenset) else str(answer)


@pytest.fixture
def well(knowledge: Knowledge) -> list[str]:
    return typed_by(person(knowledge, onset_date=ONSET), knowledge)


def test_an_interview_of_a_well_person_completes_the_screen_with_a_fraction_of_the_questions(
    run: Typed, tmp_path: Path, well: list[str], knowledge: Knowledge
) -> None:
    path = tmp_path / "well.toml"
    code, out, err = run("interview", "--save", path, "--on", ON, typed="\n".join(well))
    assert (code, err) == (0, "")
    assert "The screen is complete" in out
    assert len(well) < 100 < len(knowledge.vocabulary.findings)
    assert data_of(run("assess", path, "--json"))["screen_complete"] is True
    assert [file.name for file in tmp_path.iterdir()] == ["well.toml"]


def test_examination_findings_are_marked_and_patients_hear_their_own_words(
    run: Typed, well: list[str], knowledge: Knowledge
) -> None:
    _, out, _ = run("interview", "--on", ON, typed="\n".join(well))
    assert re.search(r"^Babinski sign  examination$", out, re.MULTILINE)
    gate = knowledge.vocabulary.gates["gate_belly"]
    assert gate.question[:40] in out
    assert gate.label not in out


def test_end_of_input_and_q_save_what_is_known(run: Typed, tmp_path: Path, well: list[str], knowledge: Knowledge) -> None:
    for name, last in (("end.toml", []), ("left.toml", ["q"])):
        path = tmp_path / name
        code, out, _ = run("interview", "--save", path, "--on", ON, typed="\n".join([*well[:6], *last]))
        assert code == 0
        assert "Left before the end" in out
        assert len(read_case(path, knowledge.vocabulary).findings) == 6


def test_an_interview_without_an_answer_saves_nothing(run: Typed, tmp_path: Path) -> None:
    code, out, _ = run("interview", "--save", tmp_path / "none.toml", "--on", ON, typed="?\nq\n")
    assert code == 0
    assert "nothing is saved" in out
    assert list(tmp_path.iterdir()) == []


def test_b_takes_the_last_answer_back(run: Typed, tmp_path: Path, well: list[str], knowledge: Knowledge) -> None:
    path = tmp_path / "back.toml"
    run("interview", "--save", path, "--on", ON, typed="\n".join([*well[:4], "b", "b", "q"]))
    assert len(read_case(path, knowledge.vocabulary).findings) == 2


def test_a_wrong_answer_is_asked_again(run: Typed, well: list[str]) -> None:
    asked = well.index(ONSET)
    lines = [*well[:asked], "soon", "", ONSET, "q"]
    _, out, _ = run("interview", "--on", ON, typed="\n".join(lines))
    assert out.count("On what day did this pain begin?") == 1
    assert "'soon' is not a date" in out
    assert "nothing typed" in out


def test_a_date_in_the_future_does_not_pass(run: Typed, well: list[str], tmp_path: Path) -> None:
    lines = [*well[: well.index(ONSET)], "2027-01-01", "q"]
    _, out, _ = run("interview", "--save", tmp_path / "me.toml", "--on", ON, typed="\n".join(lines))
    assert "does not fit what was said before" in out
    assert "onset_date" not in (tmp_path / "me.toml").read_text(encoding="utf-8")


def test_an_emergency_is_said_at_once_and_the_letter_may_be_finished(run: Typed, tmp_path: Path, knowledge: Knowledge) -> None:
    known = person(knowledge, onset_date=ONSET, **HEART)
    lines = typed_by(known, knowledge)
    _, out, _ = run("interview", "--save", tmp_path / "heart.toml", "--on", ON, typed="\n".join(lines))
    first = out.index("EMERGENCY NOW")
    assert "Call 911 now" in out[first:]
    assert out.index("Go on with the questions, for the letter?") > first
    assert "Left before the end" not in out
    assert data_of(run("assess", tmp_path / "heart.toml", "--json"))["disposition"] == "emergency_now"


def test_an_emergency_may_end_the_interview_and_the_case_is_saved(run: Typed, tmp_path: Path, knowledge: Knowledge) -> None:
    lines = typed_by(person(knowledge, onset_date=ONSET, **HEART), knowledge)
    path = tmp_path / "heart.toml"
    _, out, _ = run("interview", "--save", path, "--on", ON, typed="\n".join([*lines[: lines.index(GO_ON)], "n"]))
    assert "Left before the end" in out
    assert data_of(run("assess", path, "--json"))["disposition"] == "emergency_now"


def test_resuming_keeps_everything_and_asks_only_what_is_open(
    run: Typed, tmp_path: Path, well: list[str], knowledge: Knowledge
) -> None:
    path = tmp_path / "resumed.toml"
    run("interview", "--save", path, "--on", ON, typed="\n".join(well[:20]))
    path.write_text(path.read_text().replace("[findings]", 'id = "a1"\ntitle = "Ann"\n[limits]\nminutes = 9\n\n[findings]', 1))
    _, out, _ = run("interview", "--resume", path, "--on", ON, typed="\n".join(well[20:]))
    assert "The screen is complete" in out
    case = read_case(path, knowledge.vocabulary)
    assert (case.id, case.title, case.limits) == ("a1", "Ann", {"minutes": 9})


# --- what is typed, and what is written ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("rf_dyspnea", "Y", True),
        ("gate_cancer", "no", False),
        ("temp_c", "37,8", 37.8),
        ("temp_c", "101 degF", pytest.approx(38.333333)),
        ("nrs_now", "7", 7),
        ("rf_pain_meal_related", "2", "worse"),
        ("rf_pain_meal_related", "worse", "worse"),
        ("aggravating", "0", frozenset()),
        ("onset_date", "2026-11-03", "2026-11-03"),
    ],
)
def test_answers_are_read_as_people_type_them(knowledge: Knowledge, name: str, typed: str, value: object) -> None:
    vocabulary = knowledge.vocabulary
    assert read_answer(vocabulary.gates.get(name) or vocabulary.findings[name], typed) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [("rf_dyspnea", "maybe"), ("nrs_now", "11"), ("nrs_now", "a lot"), ("rf_pain_meal_related", "9"), ("temp_c", "98")],
)
def test_answers_that_do_not_fit_are_refused(knowledge: Knowledge, name: str, typed: str) -> None:
    with pytest.raises(ValueProblem):
        read_answer(knowledge.vocabulary.findings[name], typed)


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_a_case_comes_back_as_it_was_written(tmp_path: Path, knowledge: Knowledge, suffix: str) -> None:
    source = tmp_path / "source.toml"
    source.write_text(
        'id = "c\\u00e9 \\"7\\""\ntext = "two\\nlines"\non = 2026-11-24\n'
        '[findings]\nage_years = 44\ntemp_c = { value = 99.5, unit = "degF", date = "2026-11-23", device = "ear" }\n'
        'pain_regions = ["interscapular_l", "interscapular_r"]\ngate_cancer = false\n'
        '[limits]\nminutes = 12.5\nwithout = ["band"]\n[truth]\nserious = false\nmust_flag = []\n'
        '[[closed]]\ncondition = "acs"\nby = "M. Ruiz"\nreason = "ECG normal"\non = "2026-11-23"\n'
    )
    case = read_case(source, knowledge.vocabulary)
    written = tmp_path / f"written.{suffix}"
    write_case(case, written)
    again = read_case(written, knowledge.vocabulary)
    assert again.findings == case.findings
    assert again.findings["temp_c"] == pytest.approx(37.5)
    assert again.details["temp_c"] == {"date": "2026-11-23", "device": "ear"}
    for part in ("id", "text", "on", "limits", "truth", "closed"):
        assert getattr(again, part) == getattr(case, part), part


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        (Dose(minutes=5, sets=2, reps=8, hold_s=3, per_day=3, per_week=7), "2 x 8, hold 3 s, 3 times a day"),
        (
            Dose(minutes=9, sets=3, duration_s=30, per_side=True, per_week=3, rpe_max=7),
            "3 x 30 s, each side, 3 days a week, effort up to 7/10",
        ),
        (Dose(minutes=20, sets=1, duration_min=20, per_day=1, per_week=5), "20 min, 5 days a week"),
        (Dose(minutes=6, bouts=3, seconds=45, grade="IV"), "3 x 45 s, grade IV"),
        (Dose(minutes=6, bouts=3, seconds=45, text="30-60 s x 3-5 per region"), "30-60 s x 3-5 per region"),
    ],
)
def test_doses_read_as_a_therapist_writes_them(dose: Dose, words: str) -> None:
    assert dose_text(dose) == words


# --- progress and cases ----------------------------------------------------------------------------------------------


def test_progress_puts_a_stop_above_everything(run: Typed, stiff: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.toml"
    log.write_text(
        '[[session]]\nexercise = "ex_scp_row_band"\non = 2026-11-22\nrest = 2\nduring = 8\n'
        '[[session]]\nexercise = "ex_mob_open_book"\non = 2026-11-22\nrest = 2\nduring = 2\nsymptoms = ["stop_chest"]\n'
    )
    _, out, _ = run("progress", stiff, log)
    assert "STOP" in out
    assert "step back" not in out, "a stop symptom in one exercise stops the other too"
    assert "Call 911 now" in out
    proposals = data_of(run("progress", stiff, log, "--json"))["proposals"]
    assert isinstance(proposals, list)
    assert {one["exercise"]: one["move"] for one in proposals} == dict.fromkeys(("ex_scp_row_band", "ex_mob_open_book"), "stop")


@pytest.fixture
def collection(knowledge: Knowledge, tmp_path: Path) -> Iterator[Path]:
    """A serious case that is raised, one that is missed, and a harmless one."""
    folder = tmp_path / "collection"
    folder.mkdir()
    serious = {"serious": True, "disposition": "emergency", "must_flag": ["acs"]}
    harmless = {"serious": False, "disposition": "treat", "expected_factors": ["poor_sleep", "smoking"]}
    for name, findings, truth in (
        ("raised", HEART, serious),
        ("missed", {}, serious),
        ("harmless", STIFF, harmless),
    ):
        write_case(Case(person(knowledge, **findings), id=name, truth=truth, on=ON), folder / f"{name}.toml")
    yield folder
    shutil.rmtree(folder)


def test_cases_report_what_is_missed_and_still_end_well(run: Typed, collection: Path) -> None:
    code, out, _ = run("cases", collection, width=120)
    assert code == 0
    assert re.search(r"✗  missed +emergency +(treat|care)", out)
    assert re.search(r"✓  raised +emergency +emergency", out)
    assert "50.0 %  (1 of 2 serious cases raised in time)" in out


def test_cases_as_data_hold_the_table_and_the_totals(run: Typed, collection: Path, knowledge: Knowledge) -> None:
    data = data_of(run("cases", collection, "--json"))
    totals, table, cases = data["totals"], data["confusion"], data["cases"]
    assert isinstance(totals, dict)
    assert isinstance(table, dict)
    assert isinstance(cases, list)
    assert (totals["sensitivity"], totals["serious"], totals["others"]) == (0.5, 2, 1)
    assert table["emergency_now"]["emergency_now"] == 1
    assert sum(confusion(judged(collection, knowledge, None)).values()) == 3
    assert next(one for one in cases if one["id"] == "harmless")["missed_factors"] == ["smoking"]


# --- knowledge -------------------------------------------------------------------------------------------------------


def test_the_knowledge_is_checked_and_counted(run: Typed, knowledge: Knowledge) -> None:
    found = data_of(run("knowledge", "check", "--json"))
    counts = found["counts"]
    assert isinstance(counts, dict)
    assert found["problems"] == []
    wanted = (
        "findings", "conditions", "patterns", "factors", "manual", "exercises", "posture", "modalities", "education", "instruments",
        "contraindications", "examples",
    )  # fmt: skip
    assert all(counts[kind] > 0 for kind in wanted)
    assert set(counts["sources"]) == {"checked", "recalled"}
    assert counts["findings"] == len(knowledge.vocabulary.findings)
    assert data_of(run("knowledge", "list", "--counts", "--json"))["counts"] == counts


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "Poor sleep"', 'nmae = "Poor sleep"', 'did you mean "name"?'),
        ('found = "sleep_poor"', 'found = "sleep_pooor"', 'did you mean "sleep_poor"?'),
        ('found = "sleep_poor"', 'found = "NOT sleep_poor"', "expects"),
    ],
)
def test_the_check_names_file_entry_word_and_fix(
    run: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, words: str
) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    file = content / "factors" / "load_work_lifestyle.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(reading, "load_knowledge", partial(load_knowledge, content))
    code, out, err = run("knowledge", "check")
    assert (code, out) == (2, "")
    assert "factors/load_work_lifestyle.toml: poor_sleep: " in err
    assert words in err


def test_the_check_names_an_exercise_without_a_figure_and_a_figure_without_an_exercise(
    run: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = dict(load_figures().figures)
    drawn["ex_cat_camel"] = drawn.pop("ex_mob_cat_camel")
    monkeypatch.setattr("rhomboid.cli.knowledge.load_figures", lambda: Figures(drawn, {}))
    code, _, err = run("knowledge", "check")
    assert code == 2
    assert "interventions/exercises_mobility.toml: ex_mob_cat_camel: has no figure" in err
    assert "figures: ex_cat_camel: belongs to no exercise" in err


def test_figures_are_written_as_files_and_on_one_sheet(run: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = {name: load_figures().figures[name] for name in ("ex_mob_cat_camel", "ex_cor_bridge")}
    monkeypatch.setattr("rhomboid.cli.figures.load_figures", lambda: Figures(two, {}))
    assert run("figures", "--out", str(tmp_path))[0] == 0
    assert {path.name for path in tmp_path.iterdir()} == {*(f"{name}.svg" for name in two), "index.html", "sheet.png"}
    assert "Cat-camel" in (tmp_path / "index.html").read_text(encoding="utf-8")
    picture = (tmp_path / "sheet.png").read_bytes()
    wide, high = struct.unpack(">II", picture[16:24])
    assert picture.startswith(b"\x89PNG")
    assert wide > 4 * high, "one row"
    assert "say --out DIR" in run("figures")[2]


def test_lists_name_every_entry_of_a_kind_given_as_one_or_many(run: Typed, knowledge: Knowledge) -> None:
    _, out, _ = run("knowledge", "list", "factor", "--json")
    assert out == run("knowledge", "list", "factors", "--json")[1]
    rows = json.loads(out)
    assert len(rows) == len(every_kind(knowledge)["factors"])
    assert all(row["file"].endswith(".toml") for row in rows)


def test_every_entry_of_every_kind_can_be_shown_as_page_and_data(knowledge: Knowledge, capsys: pytest.CaptureFixture[str]) -> None:
    page = Page()
    for kind, entries in every_kind(knowledge).items():
        for entry in list(entries.values())[:6]:
            data = json.loads(json.dumps(entry_data(kind, entry, knowledge)))
            assert data["file"].endswith(".toml"), (kind, entry.id)
            show_entry(page, kind, entry, knowledge)
            assert entry.id in capsys.readouterr().out


def test_an_entry_is_shown_with_what_its_examples_come_to(run: Typed) -> None:
    found = data_of(run("knowledge", "show", "weak_lower_trap", "--json"))
    examples = found["examples"]
    assert isinstance(examples, list)
    assert {one["got"] for one in examples} == {one["expect"] for one in examples} == {"met", "not_met", "unknown"}
    assert "→ not_met" in run("knowledge", "show", "weak_lower_trap")[1]
