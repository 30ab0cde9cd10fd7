"""The printed report: what stands on it, what never does, and that the file appears complete or not at all."""

from __future__ import annotations

import logging
import re
import stat
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from rhomboid import Assessment, Case, Knowledge, Limits, PlanOfCare, RhomboidError, assess, plan
from rhomboid.cli.report import write_pdf
from rhomboid.knowledge.model import Condition, Dose, Exercise, SafetyNet
from rhomboid.papers import EvaluationPaper, evaluation_html
from rhomboid.papers.report import Report, without_private
from rhomboid.papers.templating import blanks, steps
from rhomboid.reasoning.doses import patient_dose
from rhomboid.reasoning.letter import letter_for, private_conditions
from rhomboid.vocabulary import Value
from rhomboid.vocabulary.case import Closed

OUTSIDE = re.compile(r"""<script|<link|<img|<iframe|@import|\bsrc=|\bhref=|url\((?!#)""", re.IGNORECASE)
BACK_PAIN = {"pain_regions": frozenset({"midline_t5_t8", "interscapular_l"})}
CORD = {"rf_leg_weakness_new": True, "rf_bladder_retention": True}


def well(knowledge: Knowledge, **given: Value) -> Case:
    """The ordinary well person, so that the screen is complete, with what the test is about."""
    known = {name: value for name, value in knowledge.vocabulary.well.items() if name in knowledge.vocabulary.givable}
    return Case({**known, **given}, id="invented")


def html_report(assessment: Assessment, made: PlanOfCare) -> str:
    return evaluation_html(EvaluationPaper(assessment=assessment, plan=made))


def printed(case: Case, knowledge: Knowledge, on: date, limits: Limits | None = None) -> str:
    assessment = assess(case, knowledge, on=on)
    return html_report(assessment, plan(assessment, limits))


def text_of(html: str) -> str:
    """What a reader sees, in one line."""
    body = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    for sign, plain in (("&#39;", "'"), ("&#34;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        body = body.replace(sign, plain)
    return " ".join(body.split())


@pytest.fixture
def held(knowledge: Knowledge, on: date) -> Assessment:
    assessment = assess(Case({"age_years": 60, "rf_onset_days": 10, **CORD}), knowledge, on=on)
    assert assessment.held
    return assessment


# --- every case ---------------------------------------------------------------------------------------------------------


def test_every_published_case_prints_as_one_page_that_needs_nothing_else(
    published: list[Case], knowledge: Knowledge, on: date
) -> None:
    private = [line.text for line in knowledge.of(SafetyNet).values() if line.private]
    assert published
    assert private
    for case in published:
        html = printed(case, knowledge, case.on or on)
        assert not OUTSIDE.search(html), case.id
        assert "<title>Evaluation and plan of care</title>" in html
        assert knowledge.version in html
        assert not any(line in text_of(html) for line in private), case.id


def test_a_report_is_an_action_sheet_or_a_plan_never_both(published: list[Case], knowledge: Knowledge, on: date) -> None:
    seen = set()
    for case in published:
        assessment = assess(case, knowledge, on=case.on or on)
        text = text_of(html_report(assessment, plan(assessment)))
        seen.add(assessment.held)
        assert ("Action sheet" in text) is assessment.held
        assert ("Plan of care" in text) is not assessment.held
    assert seen == {True, False}


# --- while treatment is held --------------------------------------------------------------------------------------------


def test_an_action_sheet_says_what_to_do_and_why_and_carries_the_letter(held: Assessment, knowledge: Knowledge) -> None:
    text = text_of(html_report(held, plan(held)))
    condition = knowledge.of(Condition)[held.screening.holding[0].condition]
    for step in steps(condition.therapist):
        assert step in text
    assert condition.patient in text
    assert condition.letter in text
    assert "because New trouble passing urine; New leg weakness" in text
    for blank in ("Receiving clinician", "Time of the phone call", "Call back", "Acknowledged", "Date of birth"):
        assert blank in text


def test_an_action_sheet_offers_no_exercise(held: Assessment, knowledge: Knowledge) -> None:
    text = text_of(html_report(held, plan(held)))
    assert "home program" not in text.lower()
    assert not any(exercise.how in text for exercise in knowledge.of(Exercise).values())


def test_a_missing_document_does_not_read_as_a_test_without_result(knowledge: Knowledge, on: date) -> None:
    case = Case({"age_years": 50, "rf_hx_cancer_site": frozenset({"breast"}), "pe_midline_percussion_pain": True})
    report = Report(assess(case, knowledge, on=on), plan(assess(case, knowledge, on=on)))
    findings = knowledge.vocabulary.findings
    assert report.letter is not None
    assert not [line.finding for line in report.letter.negatives if findings[line.finding].recorded]


# --- the plan -----------------------------------------------------------------------------------------------------------


def test_a_plan_prints_how_each_home_exercise_is_done_and_when_to_stop(knowledge: Knowledge, on: date) -> None:
    assessment = assess(well(knowledge, obs_thoracic_extension_limited=True, nrs_average_7d=5), knowledge, on=on)
    made = plan(assessment)
    text = text_of(html_report(assessment, made))
    exercises = [knowledge.of(Exercise)[item.id] for item in made.items if item.kind == "exercise"]
    assert exercises
    for exercise in exercises:
        assert exercise.how in text
        assert "; ".join(exercise.stop) in text


def test_a_plan_prints_goals_visits_and_the_day_of_re_evaluation(knowledge: Knowledge, on: date) -> None:
    text = text_of(printed(well(knowledge, nrs_average_7d=5), knowledge, on))
    assert "Average pain over a week falls from 5/10 to 3/10 or less in 6 weeks 5 3 5 January 2027" in text
    assert on + timedelta(days=28) == date(2026, 12, 22)
    assert "by 22 December 2026" in text


def test_an_exercise_that_goes_on_is_explained_once(knowledge: Knowledge, on: date) -> None:
    assessment = assess(well(knowledge, obs_pectorals_short=True), knowledge, on=on)
    made = plan(assessment)
    again = [id_ for id_ in made.phases[0].doses if id_ in made.phases[1].doses]
    assert again
    text = text_of(html_report(assessment, made))
    for id_ in again:
        assert text.count(knowledge.of(Exercise)[id_].how) == 1
    assert "As before, now:" in text


def test_sources_that_were_only_recalled_are_marked(knowledge: Knowledge, on: date) -> None:
    text = text_of(printed(well(knowledge), knowledge, on))
    assert re.search(r"R\d+ [^·]*? recalled, not checked", text)
    assert re.search(r"V\d+ [^·]*? claim checked", text)


def test_a_letter_is_appended_for_a_routine_referral_only(published: list[Case], knowledge: Knowledge, on: date) -> None:
    spondylitis = next(case for case in published if case.id == "S47_27m_morning")
    text = text_of(printed(spondylitis, knowledge, on))
    assert text.index("Your home program") < text.index("Dear colleague")
    assert "Dear colleague" not in text_of(printed(well(knowledge), knowledge, on))


def test_almost_nothing_known_prints_what_to_ask_and_clears_nothing(knowledge: Knowledge, on: date) -> None:
    case = Case({"age_years": 30})
    assessment = assess(case, knowledge, on=on)
    report = Report(without_private(assessment), plan(assessment))
    text = text_of(html_report(assessment, plan(assessment)))
    assert report.standing == "undecided"
    assert "Provisional until the screen is complete" in text
    assert f"{len(report.assessment.screening.undecided)} conditions are not ruled out yet" in text
    assert "conditions are cleared" not in text


def test_a_lowered_concern_names_who_lowered_it(published: list[Case], knowledge: Knowledge, on: date) -> None:
    spondylitis = next(case for case in published if case.id == "S47_27m_morning")
    lowered = replace(spondylitis, closed=(Closed("axial_spa", "D. Okafor, PT", "seen by rheumatology", "2026-11-20"),))
    text = text_of(printed(lowered, knowledge, on))
    assert "lowered by D. Okafor, PT on 2026-11-20: seen by rheumatology" in text
    assert "Dear colleague" not in text


# --- what never stands on paper -----------------------------------------------------------------------------------------


def test_an_answer_kept_private_changes_nothing_on_paper(knowledge: Knowledge, on: date) -> None:
    yes = assess(well(knowledge, rf_unsafe_at_home=True), knowledge, on=on)
    no = assess(well(knowledge, rf_unsafe_at_home=False), knowledge, on=on)
    assert [raised.condition for raised in yes.screening.raised] == ["abuse_violence"]
    assert html_report(yes, plan(yes)) == html_report(no, plan(no))
    assert letter_for(yes) is None


def test_a_private_concern_beside_another_stays_out_of_its_letter(held: Assessment, knowledge: Knowledge, on: date) -> None:
    both = assess(replace(held.case, findings={**held.case.findings, "rf_unsafe_at_home": True}), knowledge, on=on)
    assert private_conditions(knowledge) == {"abuse_violence"}
    assert len(without_private(both).screening.raised) == len(both.screening.raised) - 1
    assert letter_for(both) == letter_for(held)
    text = text_of(html_report(both, plan(both))).lower()
    assert "abuse" not in text
    assert knowledge.vocabulary.label("rf_unsafe_at_home").lower() not in text


def test_words_of_a_case_are_text_and_nothing_else(knowledge: Knowledge, on: date) -> None:
    html = printed(replace(well(knowledge), id="</title><script>alert(1)</script>{{ 7 * 7 }}"), knowledge, on)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in html


# --- words and drawing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "much", "often"),
    [
        (
            Dose(minutes=2, sets=2, reps=8, hold_s=3, per_day=3, per_week=7),
            "2 sets of 8, hold 3 seconds",
            "3 times a day, every day",
        ),
        (Dose(minutes=2, sets=1, reps=8, hold_s=1, per_day=2), "8 times, hold 1 second", "twice a day, every day"),
        (Dose(minutes=2, sets=3, duration_s=20, per_side=True, per_week=4), "3 times 20 seconds, on each side", "4 days a week"),
        (
            Dose(minutes=15, sets=1, duration_min=15, per_week=3, rpe_max=5, load="easy pace"),
            "15 minutes",
            "3 days a week; easy pace; effort up to 5 of 10",
        ),
    ],
)
def test_a_dose_is_said_in_whole_words(dose: Dose, much: str, often: str) -> None:
    assert patient_dose(dose) == (much, often)


def test_every_exercise_has_a_dose_a_person_can_follow(knowledge: Knowledge) -> None:
    unclear = [
        (exercise.id, level)
        for exercise in knowledge.of(Exercise).values()
        for level, dose in exercise.dose.items()
        if not re.search(r"\d", patient_dose(dose)[0])
    ]
    assert unclear == []


def test_fields_of_a_text_become_lines_to_write_on() -> None:
    assert blanks("{clinic_phone} & more") == '<span class="blank">clinic phone</span> &amp; more'


def test_marked_regions_are_drawn_on_their_own_side(knowledge: Knowledge, on: date) -> None:
    assessment = assess(Case({"age_years": 30, **BACK_PAIN}), knowledge, on=on)
    report = Report(assessment, plan(assessment))
    assert [(zone.x, zone.mirrored) for zone in report.zones] == [(0, False), (4.3, True)]
    assert [level.text for level in report.levels] == ["T5 to T8"]
    assert report.regions == ["Between spine and shoulder blade, left", "On the spine, middle (T5-T8)"]


def test_a_region_that_cannot_be_seen_from_behind_is_named_in_words(knowledge: Knowledge, on: date) -> None:
    text = text_of(printed(Case({"age_years": 30, "pain_regions": frozenset({"sternum"})}), knowledge, on))
    assert "Breastbone" in text
    assert "None of the marked regions shows from behind." in text


# --- the file -----------------------------------------------------------------------------------------------------------


def test_a_report_prints_to_pdf_and_replaces_an_older_one(held: Assessment, tmp_path: Path) -> None:
    html, path = html_report(held, plan(held)), tmp_path / "report.pdf"
    path.write_text("older")
    write_pdf(html, path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert content.rstrip().endswith(b"%%EOF")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_report_of_a_full_plan_prints_to_pdf(knowledge: Knowledge, on: date, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    write_pdf(printed(well(knowledge, obs_thoracic_extension_limited=True), knowledge, on), path)
    assert path.read_bytes().rstrip().endswith(b"%%EOF")


def test_printing_reads_no_file_and_no_network(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        write_pdf(f'<img src="{secret.as_uri()}"><img src="https://example.org/a.png">', tmp_path / "report.pdf")
    assert len([record for record in caplog.records if "disallowed protocol" in record.getMessage()]) == 2


def test_without_weasyprint_the_fix_is_named_and_no_file_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.pdf"
    path.write_text("older")
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # what an import meets where a package is missing
    with pytest.raises(RhomboidError, match="WeasyPrint is not installed") as error:
        write_pdf("<p>page</p>", path)
    assert "rhomboid[print]" in error.value.problems[0].fix
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").mkdir()
    with pytest.raises(OSError, match=r"report\.pdf"):
        write_pdf("<p>page</p>", tmp_path / "report.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]
