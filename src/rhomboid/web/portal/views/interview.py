"""What the intake and "When to worry" have in common: one question on the page, its answer saved, back and forth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from ....knowledge.care import IntakePart
from ...records import clock, interviewing
from ...records.access import Request
from ...records.actions import Overtaken, Refused, interviews
from ...records.interviewing import State
from ...records.models import Finding, PatientInterview
from ...ui import body
from ..here import Here
from ..questions import Question, Unanswered, question_of, sent_by, typed

REGIONS = "portal/intake_regions.html"
ONE = "portal/intake_question.html"
GROUPS = (
    gettext_noop("Neck and shoulder"), gettext_noop("Shoulder blade"), gettext_noop("Spine"),
    gettext_noop("Ribs, chest and belly"), gettext_noop("Arm and hand"), gettext_noop("Low back and legs"),
)  # fmt: skip
"""The groups of the body chart (ui/art/body_regions.toml), named here so that they are translated."""


@dataclass(frozen=True, slots=True)
class Place:
    """An interview that is under way: where its pages are, and where it goes from its last question."""

    at: Here
    interview: PatientInterview
    name: str
    done: str

    @property
    def url(self) -> str:
        return reverse(self.name)


def ask(request: Request, place: Place) -> HttpResponse:
    """The next question, or the one that was asked as the `n`th; a POST answers it. No address says what is asked."""
    at = place.at
    state = interviewing.state_of(place.interview, at.knowledge, clock.today())
    wanted = request.POST.get("q") or _nth(list(state.told), request.GET.get("n", ""))
    name = wanted if wanted in state.told else state.next()
    if name is None:
        return redirect(place.done)
    row = _standing(place.interview, name)
    question = question_of(name, state, at.language, row.ref if row else "", row.note if row else "")
    if request.method != "POST":
        return _page(request, place, state, question)
    return _answered(request, place, state, question) if request.POST.get("q") == name else redirect(place.url)


def _answered(request: Request, place: Place, state: State, question: Question) -> HttpResponse:
    try:
        sent = sent_by(request.POST, question, clock.today())
        found = interviews.answer(
            interview=place.interview,
            question=question.name,
            value=sent.value,
            knowledge=place.at.knowledge,
            by=request.user,
            note=sent.note,
            seen=request.POST.get("seen", ""),
        )
    except Unanswered as problem:
        return _again(request, place, state, question, str(problem))
    except Overtaken:
        return _again(
            request, place, state, question, gettext("The clinic has changed this answer. Please talk with them about it.")
        )
    except Refused as refused:
        return _again(request, place, state, question, _unfit(refused, place.at))
    return redirect(place.done if found.outcome else place.url)


def _unfit(refused: Refused, at: Here) -> str:
    """Why an answer cannot stand beside the others, in plain words."""
    if refused.about in at.knowledge.tables["contradiction"]:
        said = at.language.say("contradiction", refused.about, "text")
        return gettext("This does not fit what you said before: %(what)s. Please check this answer, or go back.") % {"what": said}
    return gettext("This answer cannot be right. Please check it.")


def _again(request: Request, place: Place, state: State, question: Question, problem: str) -> HttpResponse:
    return _page(request, place, state, replace(typed(request.POST, question), error=problem), status=422)


def _standing(interview: PatientInterview, name: str) -> Finding | None:
    return Finding.objects.filter(episode=interview.episode_id, finding=name, value__isnull=False).standing().last()


def _page(request: Request, place: Place, state: State, question: Question, status: int = 200) -> HttpResponse:
    asked = list(state.told)
    number = asked.index(question.name) if question.name in state.told else len(asked)
    left = max(1, len(place.interview.answers.get("path", ())))
    context: dict[str, Any] = {
        "at": place.at,
        "place": place,
        "q": question,
        "seen": question.ref if question.given else "",
        "back": _back(place, number),
        "left": left_words(left),
        "part": part_of(question.name, state, place.at),
        "percent": round(100 * number / max(1, len(asked) + left)),
        "more": more_words(place.interview.answers.get("more", 0)) if question.name not in state.told else "",
        "numbers": range(11),
    }
    if question.kind == "regions":
        options = {one.value: one.words for one in question.options}
        context["chart"] = chart = body.chart(options, question.chosen)
        context["regions"] = [(gettext(name), listed) for name, listed in chart.groups]
    return render(request, REGIONS if question.kind == "regions" else ONE, context, status=status)


def _back(place: Place, number: int) -> str:
    """The question before; from the first one, out."""
    return f"{place.url}?n={number - 1}" if number else reverse("me")


def _nth(asked: list[str], number: str) -> str:
    return asked[int(number)] if number.isdecimal() and len(number) < 4 and int(number) < len(asked) else ""


def left_words(left: int) -> str:
    return ngettext("About %(n)s question left", "About %(n)s questions left", left) % {"n": left}


def more_words(more: int) -> str:
    """What is said when an answer has made it longer."""
    if more < 2:
        return ""
    return ngettext("Your answer brought %(n)s more question.", "Your answer brought %(n)s more questions.", more) % {"n": more}


def part_of(name: str, state: State, at: Here) -> str:
    """The heading of the part that a question belongs to."""
    if state.kind == "rescreen":
        return ""
    parts = at.knowledge.of(IntakePart)
    own = next((one.id for one in parts.values() if name in interviewing.listed(one, at.knowledge)), None)
    found = own or next((one.id for one in parts.values() if one.screening), None)
    return str(at.language.say("intake_part", found, "name")) if found else ""
