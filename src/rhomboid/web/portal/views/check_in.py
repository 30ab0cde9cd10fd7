"""A check-in after discharge: one question a screen, then what to do. Whatever was answered is kept when the person leaves.

Its safety questions are the re-screen of "When to worry"; a danger sign ends it, with the same page of advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from ...records import after, clock, interviewing, staying_well
from ...records.access import Request, access
from ...records.actions import Overtaken, Refused, check_ins
from ...records.models import CheckIn, Clinic
from ...records.staying_well import DAYS, HOW_LONG, LONGER, SAFETY, Standing
from ..here import Here, here
from .interview import Place, ask
from .well import discharge_of

UNSURE = "unsure"
MONTH = 30.4
"""Days of a month, on average."""


@dataclass(frozen=True, slots=True)
class Question:
    """One screen. `kind`: "scale" (a number), "long" (how long it has been worse), "safety" (what comes next)."""

    name: str
    kind: str
    text: str
    place: int
    of: int
    before: str = ""
    numbers: range = range(11)
    ends: tuple[str, str] = ("", "")
    then: str = ""
    value: Any = None
    unsure: bool = False
    options: tuple[tuple[str, str], ...] = ()

    @property
    def heading(self) -> str:
        """The question without what follows it: the ends of the scale say that once more."""
        asked, mark, _ = self.text.partition("?")
        return f"{asked}{mark}" if self.ends[0] else self.text

    @property
    def done_pct(self) -> int:
        return round(100 * self.place / (self.of + 1))


@access("see_own", "GET", "POST", of="check_in")
def check_in(request: Request, check_in: CheckIn) -> HttpResponse:
    at = here(request)
    if check_in.episode_id != at.episode.pk:
        return redirect("me")
    if check_in.answered_at:
        return _result(request, at, check_in)
    if not at.agreed:
        return redirect("me_consent")
    waiting = staying_well.open_check_in(at.episode, clock.today())
    if waiting is None or waiting.pk != check_in.pk:
        return redirect("me_well")
    return _answered(request, at, waiting) if request.method == "POST" else _page(request, at, waiting)


@access("see_own", "GET", "POST")
def safety(request: Request) -> HttpResponse:
    """The safety questions of the check-in that waits. With the last answer the check-in is closed."""
    at = here(request)
    waiting = staying_well.open_check_in(at.episode, clock.today())
    if waiting is None or not at.agreed:
        return redirect("me")
    if waiting.interview is None or waiting.interview.finished_at:
        return redirect("me_check_in", waiting.ref)
    response = ask(request, Place(at, waiting.interview, "me_check_in_safety", reverse("me_check_in", args=[waiting.ref])))
    if request.method == "POST":
        _close(request, at, waiting)
    return response


def _close(request: Request, at: Here, waiting: CheckIn) -> None:
    """Closes the check-in when its safety questions are over."""
    found = CheckIn.objects.select_related("interview").get(pk=waiting.pk)
    if found.interview and found.interview.finished_at and not found.answered_at:
        check_ins.finish(check_in=found, knowledge=at.knowledge, by=request.user)


# --- asking ------------------------------------------------------------------------------------------------------------------


def _page(request: Request, at: Here, found: CheckIn, wrong: str = "") -> HttpResponse:
    question = _question(Standing(found, at.knowledge, clock.today()), at, request.GET.get("q", ""))
    page = {"at": at, "check_in": found, "question": question, "since": _since(found), "wrong": wrong}
    return render(request, "portal/check_in.html", page, status=422 if wrong else 200)


def _question(standing: Standing, at: Here, wanted: str) -> Question:
    """The question of this screen: the one that is wanted, when it was answered before, else the next one."""
    asked = [name for name in standing.steps if name in standing.answers]
    name = wanted if wanted in asked else standing.next() or SAFETY
    place = asked.index(name) if name in asked else len(asked)
    common: dict[str, Any] = {
        "name": name,
        "place": place + 1,
        "of": len(standing.steps),
        "before": asked[place - 1] if place else "",
        "unsure": name in standing.answers and standing.answers[name] is None,
    }
    if name == SAFETY:
        return Question(kind="safety", text=gettext("A few questions about your safety"), **common)
    if name == HOW_LONG:
        return _how_long(standing, common)
    return _scale(standing, at, common)


def _how_long(standing: Standing, common: dict[str, Any]) -> Question:
    entry = staying_well.flare_of(standing.knowledge)
    days = entry.days if entry else 0
    words = ngettext("Up to %(days)s day", "Up to %(days)s days", days) % {"days": days}
    options = ((DAYS, words), (LONGER, gettext("Longer than that")), (UNSURE, gettext("I am not sure")))
    value = standing.answers[HOW_LONG] or UNSURE if HOW_LONG in standing.answers else ""
    return Question(kind="long", text=gettext("How long has your back been worse?"), options=options, value=value, **common)


def _scale(standing: Standing, at: Here, common: dict[str, Any]) -> Question:
    entry = at.knowledge.vocabulary.findings[common["name"]]
    low, high = (0, 10) if entry.type == "scale" else (int(entry.min or 0), int(entry.max or 10))
    then = standing.baseline.get(entry.id)
    return Question(
        kind="scale",
        text=at.language.say("finding", entry.id, "question"),
        numbers=range(low, high + 1),
        ends=_ends(entry.id, standing),
        then=gettext("It was %(then)s when you left us") % {"then": at.language.words.number(then)} if then is not None else "",
        value=standing.answers.get(entry.id),
        **common,
    )


def _ends(name: str, standing: Standing) -> tuple[str, str]:
    """What the ends of a scale of pain or of function mean; a count needs no words."""
    if staying_well.change_that_matters(name, standing.knowledge) is None:
        return "", ""
    if staying_well.higher_is_better(name, standing.knowledge):
        return gettext("Not at all"), gettext("As well as before")
    return gettext("No pain"), gettext("Worst you can imagine")


def _since(found: CheckIn) -> str:
    """How long after discharge, as people say it."""
    ended = found.episode.ended_on
    weeks = max(1, (found.due_on - ended).days // 7) if ended else 1
    if weeks < 12:
        return ngettext("%(n)s week later", "%(n)s weeks later", weeks) % {"n": weeks}
    months = round(weeks * 7 / MONTH)
    return ngettext("%(n)s month later", "%(n)s months later", months) % {"n": months}


# --- answering ---------------------------------------------------------------------------------------------------------------


def _answered(request: Request, at: Here, found: CheckIn) -> HttpResponse:
    name, value = request.POST.get("question", ""), request.POST.get("value", "")
    if name == SAFETY:
        return _to_safety(request, at, found)
    if not value:
        return _page(request, at, found, wrong=gettext("Choose an answer first."))
    given = None if value == UNSURE else value if name == HOW_LONG else _number(value)
    try:
        found = check_ins.answer(check_in=found, question=name, value=given, knowledge=at.knowledge, by=request.user)
    except Overtaken:  # asked on an older page, or answered on another phone: go on with what is asked now
        return redirect("me_check_in", found.ref)
    except Refused:
        return _page(request, at, found, wrong=gettext("This answer cannot be right. Please check it."))
    if Standing(found, at.knowledge, clock.today()).next() == SAFETY:
        return _to_safety(request, at, found)
    return redirect("me_check_in", found.ref)


def _to_safety(request: Request, at: Here, found: CheckIn) -> HttpResponse:
    """On to the safety questions; where these are over already, as "When to worry" may have asked them, the check-in is closed."""
    if not (found.interview and found.interview.finished_at):
        check_ins.begin_safety(check_in=found, knowledge=at.knowledge, by=request.user)
        return redirect("me_check_in_safety")
    _close(request, at, found)
    return redirect("me_check_in", found.ref)


def _number(typed: str) -> int | str:
    return int(typed) if typed.isdecimal() and len(typed) < 4 else typed


# --- what to do --------------------------------------------------------------------------------------------------------------


def _result(request: Request, at: Here, found: CheckIn) -> HttpResponse:
    if found.result == "danger":
        return redirect("me_worry_answer")
    told = interviewing.told_in(found.interview).values() if found.interview else ()
    page = {
        "at": at,
        "check_in": found,
        "since": _since(found),
        "next": staying_well.next_check_in(at.episode, clock.today()),
        "flare": after.flare_plan(discharge_of(at), at.language),
        "unsure": any(value is None for value in told),
        "clinic": Clinic.current(),
    }
    return render(request, "portal/check_in_result.html", page)
