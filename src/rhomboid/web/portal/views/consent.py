"""Consent first, in plain words: to care, and to keeping a record. Both may be declined, and both answers can be changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from ...records.access import Request, access
from ...records.actions import consents
from ...records.models import Consent
from ..here import here


@dataclass(frozen=True, slots=True)
class Asked:
    """One consent: its kind in the record, what it is about, what is explained, what it means to decline. Texts in US English."""

    kind: str
    name: str
    lines: tuple[str, ...]
    declined: str

    def said(self) -> Asked:
        """The same in the language of the page."""
        return Asked(self.kind, gettext(self.name), tuple(gettext(line) for line in self.lines), gettext(self.declined))


ASKED = (
    Asked(
        "care",
        _("Being looked at and treated"),
        (
            _("We ask about your back and your health. At the clinic we look at how you move."),
            _("Then we agree on a plan with you: exercises, advice, and hands-on care if you want it."),
            _("Exercises can make you sore for a day or two. If something feels wrong, you can stop at any time."),
            _("You may say no to any part, now or later. No one will mind."),
        ),
        _("Without this we cannot ask you about your back or give you exercises."),
    ),
    Asked(
        "data",
        _("Keeping your answers"),
        (
            _("Your answers go into your record at this clinic. The people who care for you can read it."),
            _("No one else gets it unless you agree or the law asks for it."),
            _("You may ask for a copy. You may ask us to fix what is wrong."),
        ),
        _("Without this we cannot save what you tell us on this phone. You can still talk with us in person."),
    ),
)


@access("see_own", "GET", "POST")
def consent(request: Request) -> HttpResponse:
    at = here(request)
    if request.method == "POST":
        answers = {one.kind: request.POST.get(one.kind, "") for one in ASKED}
        if not set(answers.values()) <= {"yes", "no"}:
            return _page(request, missing=True)
        for one in (asked.said() for asked in ASKED):
            text = "\n".join((one.name, *one.lines))
            consents.answer(episode=at.episode, kind=one.kind, given=answers[one.kind] == "yes", text=text, by=request.user)
        return redirect("me_consent" if "no" in answers.values() else "me")
    return _page(request)


def _page(request: Request, missing: bool = False) -> HttpResponse:
    standing = consents.standing(here(request).episode)
    rows = [(one.said(), _answer(standing.get(one.kind))) for one in ASKED]
    context = {"rows": rows, "missing": missing, "declined": [one for one, answer in rows if answer == "no"]}
    return render(request, "portal/consent.html", context, status=422 if missing else 200)


def _answer(found: Consent | None) -> str:
    return "" if found is None else "yes" if found.given else "no"
