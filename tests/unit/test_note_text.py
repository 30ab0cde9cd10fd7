"""The note writes itself in short clinical sentences, and makes nothing up."""

from __future__ import annotations

from datetime import UTC, date, datetime

from rhomboid.reasoning.note import AtHome, BeforeAfter, Delivered, VisitFacts, draft_note

ON = date(2026, 12, 14)


def test_what_was_not_recorded_is_not_written() -> None:
    draft = draft_note(VisitFacts(on=ON))
    assert (draft.subjective, draft.objective, draft.assessment, draft.plan, draft.summary) == ("", "", "", "", "")


def test_not_asked_is_said_and_is_no_all_clear() -> None:
    draft = draft_note(VisitFacts(on=ON, asked=5, questions=8))
    assert draft.subjective == "Safety questions: 5 of 8 asked, 3 not asked."
    assert draft_note(VisitFacts(on=ON, asked=8, questions=8)).subjective.endswith("all 8 asked, nothing new.")
    new = draft_note(VisitFacts(on=ON, asked=8, questions=8, something=("Anticoagulant",)))
    assert new.subjective == "Safety questions: all 8 asked.\nNew: Anticoagulant."


def test_a_whole_visit_in_four_sections() -> None:
    test = BeforeAfter(name="Rotation left", before="28°", after="36°", moved="better", verdict="real", error="error 6.3°")
    hands = Delivered(
        name="Mobilization", hands_on=True, segment="T5 to T7", side="both", grade="III", dose="3 x 60 s", minutes=6, test=test
    )
    row = AtHome(
        name="Low row", days=5, during=3, morning=2, effort=6, move="advance", to="Band row", because="two sessions at the top"
    )
    draft = draft_note(
        VisitFacts(
            on=ON, pain_before=4, pain_after=2, pain_last=3, since=date(2026, 12, 7), home=(row,), delivered=(hands,),
            standing="Treat, with precautions", phase="Restore", next_visit=datetime(2026, 12, 21, 9, 30, tzinfo=UTC),
            reevaluation=date(2027, 1, 4),
        )
    )  # fmt: skip
    assert draft.subjective.split("\n") == [
        "Pain 4/10 on arrival; after the last visit 3/10.",
        "Home program since Dec 7:",
        "Low row: 5 days, pain up to 3/10, next morning 2/10, effort 6/10.",
    ]
    assert draft.objective.split("\n") == [
        "Mobilization, T5 to T7, both sides, grade III, 3 x 60 s, 6 min.",
        "Rotation left: 28° before, 36° after.",
        "In all 6 min.",
        "Pain 2/10 at the end.",
    ]
    assert "Rotation left 28° to 36°: real." in draft.assessment
    assert draft.plan.split("\n") == [
        "Low row: advance to Band row.",
        "Next visit Dec 21, 9:30 AM.",
        "Re-evaluation by Jan 4, 2027.",
    ]
    assert draft.summary == "Advanced: Band row; Mobilization, T5 to T7"


def test_a_change_within_error_names_the_error() -> None:
    test = BeforeAfter(name="Rotation left", before="28°", after="30°", moved="better", verdict="within_error", error="error 6.3°")
    draft = draft_note(VisitFacts(on=ON, delivered=(Delivered(name="Mobilization", minutes=6, test=test),)))
    assert draft.assessment == "Rotation left 28° to 30°: within error (error 6.3°)."
