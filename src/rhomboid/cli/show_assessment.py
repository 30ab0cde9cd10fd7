"""An assessment as a page: what it comes to, what must not be missed, what is still open, and what contributes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from ..knowledge.care import UrgencyRoute
from ..knowledge.model import HOLDING, Condition, Contraindication, Factor, Pattern
from ..reasoning.as_data import question_text
from ..reasoning.assess import Assessment
from ..reasoning.letter import Letter, Line, letter_for
from ..reasoning.patterns import SUPPORTED, PatternFound
from ..reasoning.screening import Raised
from ..reasoning.words import TREATING, matrix_words, stated, steps_at
from .show import MARK_STYLE, QUIET, STRONG, Page, count, dots, listed, sentence

ASKED = 5
"""How many of the next questions a page shows; --json has all."""


def show_headline(page: Page, assessment: Assessment) -> None:
    """Who, when, and what it comes to in one line."""
    case, screening = assessment.case, assessment.screening
    name = case.title or case.id or "This person"
    page.title(name, f"{assessment.on} · knowledge {assessment.knowledge.version}")
    page.blank()
    route = assessment.knowledge.of(UrgencyRoute).get(assessment.disposition)
    if route:
        page.badge(route.name, assessment.disposition, f"{route.route} · {route.within}")
        if not assessment.held:
            page.line(route.therapist, indent=1)
    else:
        complete = screening.complete
        words = TREATING[assessment.disposition] + ("" if complete else ", provisionally")
        page.badge(words, assessment.disposition if complete else "monitor")
    if assessment.held:
        return
    if screening.complete:
        page.line(f"The screen is complete: {count(len(screening.cleared), 'condition')} cleared.", QUIET, indent=1)
        return
    urgent = sum(one.urgency in HOLDING for one in screening.undecided)
    words = f"The screen is not complete: {count(len(screening.undecided), 'condition')} undecided"
    page.line(f"{words}, {urgent} of them urgent if they came true. Nothing here is final before that.", "yellow", indent=1)


def show_concerns(page: Page, assessment: Assessment) -> None:
    """What must not be missed: each raised concern, because of what, and what to do."""
    if not assessment.screening.raised:
        return
    page.heading("Must not be missed", count(len(assessment.screening.raised), "concern"))
    for raised in assessment.screening.raised:
        _concern(page, assessment, raised)


def _concern(page: Page, assessment: Assessment, raised: Raised) -> None:
    condition = assessment.knowledge.of(Condition)[raised.condition]
    style = QUIET if raised.closed_by else MARK_STYLE[raised.urgency]
    urgency = raised.urgency.replace("_", " ")
    strength = "" if raised.concern == "emergency" else f"{raised.concern} concern"
    aside = " · ".join(filter(None, (strength, urgency, raised.within)))
    page.hang("▌", Text.assemble((condition.name, STRONG), ("  " + aside, style)), mark_style=style)
    page.pairs([("because", reasons(raised.because, assessment)), ("do", steps_at(condition.therapist, raised.concern))], indent=4)
    for closed in assessment.case.closed:
        if closed.condition == raised.condition:
            page.line(f"lowered by {closed.by} on {closed.on}: {closed.reason}", QUIET, indent=4)


def show_action(page: Page, assessment: Assessment) -> None:
    """What takes the place of a plan while a concern holds treatment."""
    raised = assessment.screening.holding[0]
    route = assessment.knowledge.of(UrgencyRoute)[raised.urgency]
    page.heading("Now", "in place of a plan")
    page.pairs(
        [
            ("you", route.therapist),
            ("the person hears", f"{route.patient} {assessment.knowledge.of(Condition)[raised.condition].patient}"),
        ]
    )


def show_letter(page: Page, assessment: Assessment, *, short: bool = False) -> None:
    """The referral letter in short; with `short` only what it asks for."""
    letter = letter_for(assessment)
    if letter is None:
        return
    page.heading("Letter", "in short")
    page.pairs([("asks for", letter.condition.letter)] if short else _letter(letter))


def _letter(letter: Letter) -> list[tuple[str, str]]:
    return [
        ("asks for", letter.condition.letter),
        ("also raised", "; ".join(letter.also)),
        ("found", _lines(letter.positives)),
        ("not found", ", ".join(line.label[0].lower() + line.label[1:] for line in letter.negatives)),
        ("vital signs", _lines(letter.vitals)),
        ("nervous system", _lines(letter.neuro)),
        ("course", _lines(letter.course)),
        ("medicines", _lines(letter.medicines)),
        ("not known", "; ".join(letter.not_known)),
    ]


def _lines(lines: Iterable[Line]) -> str:
    return "; ".join(line.label if line.value == "yes" else f"{line.label}: {line.value}" for line in lines)


def show_questions(page: Page, assessment: Assessment) -> None:
    """What to ask next, and how much is still open."""
    screening = assessment.screening
    if screening.complete:
        return
    page.heading("Still to ask", f"{len(screening.undecided)} undecided, {len(screening.cleared)} cleared")
    if assessment.disposition == "emergency_now":
        page.line("Nothing now: no answer is worth waiting for.")
        return
    conditions = assessment.knowledge.of(Condition)
    for number, question in enumerate(assessment.next_questions[:ASKED], start=1):
        for_ = listed((conditions[name].name for name in question.for_), 3)
        page.entry(Text(f"{number}.", QUIET), question_text(question.finding, assessment), [f"for {for_}"])


def show_patterns(page: Page, assessment: Assessment) -> None:
    """The pictures that fit, best first; what could still come to fit stands in one line."""
    found = [one for one in assessment.patterns if one.status == "supported"]
    possible = [one for one in assessment.patterns if one.status == "possible"]
    if not found and not possible:
        return
    names = assessment.knowledge.of(Pattern)
    page.heading("Patterns", f"hypotheses, not diagnoses · supported from {SUPPORTED:g} points")
    for one in found:
        page.entry(Text("●", "cyan"), names[one.pattern].name, _for_and_against(one), _points(one))
    if possible:
        page.hang("○", "possible: " + listed((f"{names[one.pattern].name} ({_points(one)})" for one in possible), 4), QUIET, QUIET)


def _points(one: PatternFound) -> str:
    known = f"{one.points:g} {'point' if one.points == 1 else 'points'}"
    return known if one.low == one.high else f"{known}, {one.low:g} to {one.high:g} possible"


def _for_and_against(one: PatternFound) -> list[str]:
    against = [f"against: {'; '.join(one.oppose)}"] if one.oppose else []
    return ["; ".join(one.support), *against]


def show_factors(page: Page, assessment: Assessment) -> None:
    """What contributes and can be changed, the most severe first."""
    if not assessment.factors:
        return
    page.heading("Contributing factors", "severity 1-3")
    factors = assessment.knowledge.of(Factor)
    for found in assessment.factors:
        page.entry(dots(found.severity), factors[found.factor].name, [reasons(found.because, assessment)])


def show_precautions(page: Page, assessment: Assessment) -> None:
    """The rows of the contraindication matrix that apply, and what waits for an answer."""
    safety = assessment.safety
    if not safety.active and not safety.waiting:
        return
    rows = assessment.knowledge.of(Contraindication)
    page.heading("Precautions")
    for active in safety.active:
        row = rows[active.row]
        page.entry(
            Text("!", "yellow"),
            row.name,
            [row.note, _columns(row), f"because {reasons(active.because, assessment)}"],
        )
    if safety.waiting:
        labels = listed((assessment.knowledge.vocabulary.label(name) for name in safety.waiting_for), 4)
        page.hang("?", f"Thrust, heat, ultrasound and electrical stimulation wait for answers: {labels}.", mark_style="yellow")


def _columns(row: Contraindication) -> str:
    """What a row of the matrix rules out, and what it asks care for."""
    out, care = matrix_words(row, "C"), matrix_words(row, "P")
    return ". ".join(filter(None, (f"Not: {out}" if out else "", f"With care: {care}" if care else "")))


def show_safety_net(page: Page, assessment: Assessment) -> None:
    """When to seek help, shortened to the first sentence of each line. Private lines are for a quiet room, not for a page."""
    groups: dict[str, list[str]] = {}
    for line in assessment.safety_net:
        if not line.private and "{" not in line.text:
            groups.setdefault(line.group, []).append(sentence(line.text))
    page.heading("When to seek help", "for the person, in short")
    for group, lines in groups.items():
        page.line(Text.assemble((f"{group}: ", STRONG), (" ".join(lines), QUIET)))


def reasons(names: Sequence[str], assessment: Assessment) -> str:
    """Findings as reasons, in one line."""
    return "; ".join(stated(name, assessment.facts) for name in names)
