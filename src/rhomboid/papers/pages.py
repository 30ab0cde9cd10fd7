"""The functions that print each paper. What stands on a page is in the templates; here is what they need worked out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..knowledge import Knowledge
from ..knowledge.care import LetterField
from ..knowledge.model import Condition
from ..reasoning.letter import Letter, Line, private_conditions
from ..reasoning.words import CONCERNS
from ..vocabulary import Problem, RhomboidError
from .curves import Drawing
from .documents import A_PAGE, DischargePaper, HomePaper, NotePaper, Paper, PlanPaper, ProgressPaper, ReferralPaper, SlipPaper
from .letterhead import Letterhead, Signature
from .qr import code_of
from .report import evaluation_html
from .templating import day, environment, knowledge_words

__all__ = [
    "discharge_html", "evaluation_html", "home_html", "note_html", "plan_html", "progress_html", "referral_html", "slip_html",
]  # fmt: skip


SLIP_MM = 52.0
"""The code of a slip: large enough for an old camera at arm's length."""


def plan_html(data: PlanPaper, letterhead: Letterhead) -> str:
    return _page("plan", f"Plan of care, version {data.version}", data, letterhead, signed=data.signature)


def home_html(data: HomePaper, letterhead: Letterhead) -> str:
    """For the person: at most four exercises a page, and with them when to stop and whom to call."""
    code = code_of(data.link) if data.link else None
    numbered = list(enumerate(data.exercises, 1))
    sheets = [numbered[start : start + A_PAGE] for start in range(0, len(numbered), A_PAGE)] or [[]]
    words = data.words
    foot = f"{data.person.name}. {words.foot}" if words.foot else ""
    more: dict[str, Any] = {"code": code, "sheets": sheets, "lang": words.language, "dated": words.made or data.made}
    return _page("home", words.kind, data, letterhead, draft=False, foot=foot, **more)


def note_html(data: NotePaper, letterhead: Letterhead) -> str:
    return _page("note", data.title, data, letterhead, signed=data.signature)


def progress_html(data: ProgressPaper, letterhead: Letterhead) -> str:
    return _page("progress", data.title, data, letterhead, signed=data.signature, drawings=_drawings(data))


def discharge_html(data: DischargePaper, letterhead: Letterhead) -> str:
    """For the record and the physician, and from a new page what the person takes home."""
    return _page("discharge", data.title, data, letterhead, signed=data.signature, drawings=_drawings(data))


def referral_html(data: ReferralPaper, letterhead: Letterhead) -> str:
    """The letter. Raises RhomboidError for a private concern, which goes into no letter."""
    letter = without_private(data.letter, data.rules)
    fields = data.rules.of(LetterField)
    return _page(
        "referral", "Referral letter", data, letterhead, signed=data.signature, letter=letter, fields=fields, strength=CONCERNS
    )


def slip_html(data: SlipPaper, letterhead: Letterhead) -> str:
    """One page with a link as a QR code and how to open it. Raises RhomboidError for what is no web address."""
    code = code_of(data.link)
    template = environment().get_template("documents/slip.html.j2")
    size = max(SLIP_MM, code.millimeters)
    return template.render(data=data, letterhead=letterhead, paper=letterhead.paper, lang=data.language, code=code, size=size)


def without_private(letter: Letter, knowledge: Knowledge) -> Letter:
    """The letter without what is private, whoever wrote it and however."""
    private = private_conditions(knowledge)
    if letter.condition.id in private:
        raise RhomboidError([Problem("print", "letter", "a private concern goes into no letter", "talk to the person alone")])
    conditions = knowledge.of(Condition)
    names = {conditions[one].name for one in private}
    findings = _private_findings(knowledge, private)

    def open_(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(line for line in lines if line.finding not in findings)

    return replace(
        letter,
        also=tuple(name for name in letter.also if name not in names),
        positives=open_(letter.positives),
        negatives=open_(letter.negatives),
        course=open_(letter.course),
        not_known=tuple(text for text in letter.not_known if text not in {knowledge.vocabulary.label(one) for one in findings}),
    )


def _private_findings(knowledge: Knowledge, private: frozenset[str]) -> frozenset[str]:
    """What only private conditions rest on."""
    read: dict[bool, set[str]] = {True: set(), False: set()}
    for condition in knowledge.of(Condition).values():
        read[condition.id in private] |= set(knowledge.findings_read(level.when for level in condition.level))
    return frozenset(read[True] - read[False])


def _drawings(data: ProgressPaper) -> list[Drawing]:
    return [Drawing(curve) for curve in data.curves if curve.points and curve.high > curve.low]


def _page(
    template: str,
    name: str,
    data: Paper,
    letterhead: Letterhead,
    *,
    signed: Signature | None = None,
    draft: bool | None = None,
    foot: str = "",
    **more: object,
) -> str:
    """One paper: its template with the data, the foot of every page, and whether it is still a draft."""
    is_draft = signed is None if draft is None else draft
    made = [data.person.foot, f"{name}, made {day(data.made)}", knowledge_words(data.knowledge) if data.knowledge else ""]
    return (
        environment()
        .get_template(f"documents/{template}.html.j2")
        .render(
            data=data,
            letterhead=letterhead,
            paper=letterhead.paper,
            name=name,
            foot=foot or ". ".join(filter(None, made)),
            draft=is_draft,
            **{"dated": data.visit_on if isinstance(data, NotePaper) else data.made} | more,
        )
    )
