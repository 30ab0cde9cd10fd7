"""Referral letters: from a raised concern to a finished letter, sent and tracked until it is answered."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ...records import bridge_papers, clock, current
from ...records.access import Request, access
from ...records.actions import Refused, consents, referrals
from ...records.models import Clinic, Concern, Referral
from ..frame import bar_of, rights
from ..needs import ANSWER_WITHIN, is_overdue
from .documents import as_file

FIELDS = ("to", "to_address", "to_email", "message")


@access("refer", "POST", of="concern")
def letter_new(request: Request, concern: Concern) -> HttpResponse:
    made = referrals.write(concern=concern, knowledge=current.knowledge(), by=request.user)
    return redirect("referral", made.ref)


@access("see_clinical", of="referral")
def referral(request: Request, referral: Referral) -> HttpResponse:
    return _page(request, referral)


@access("refer", "POST", of="referral")
def referral_save(request: Request, referral: Referral) -> HttpResponse:
    """Saves the draft; with `how` it goes out in the same step."""
    try:
        saved = referrals.save(referral=referral, revision=_revision(request), by=request.user, **_given(request))
        if how := request.POST.get("how", ""):
            agreed = "agreed" in request.POST
            referrals.send(
                referral=saved, revision=saved.revision, how=how, printed=bridge_papers.letter_pdf, by=request.user, agreed=agreed
            )
            messages.success(request, "The letter is on record as sent.")
        else:
            messages.success(request, "Saved.")
    except Refused as refusal:
        return _page(request, Referral.objects.get(pk=referral.pk), refusal)
    return redirect("referral", referral.ref)


@access("refer", "POST", of="referral")
def referral_drop(request: Request, referral: Referral) -> HttpResponse:
    referrals.drop(referral=referral, revision=_revision(request), by=request.user)
    messages.success(request, "The draft is dropped.")
    return redirect("episode", referral.episode.ref)


@access("refer", "POST", of="referral")
def referral_answer(request: Request, referral: Referral) -> HttpResponse:
    try:
        file = request.FILES.get("file")
        referrals.answer(
            referral=referral, text=request.POST.get("answer", ""), by=request.user, content=file.read() if file else b""
        )
    except Refused as refusal:
        return _page(request, Referral.objects.get(pk=referral.pk), refusal)
    messages.success(request, "The answer is on record.")
    return redirect("referral", referral.ref)


@access("see_clinical", of="referral")
def referral_paper(request: Request, referral: Referral) -> HttpResponse:
    """The letter as PDF: as it went out, or as it would go out now."""
    if referral.document:
        return as_file(bytes(referral.document.content), referral.document.mime, f"letter-{referral.ref}.pdf", shown=True)
    return as_file(bridge_papers.letter_pdf(referral), "application/pdf", f"letter-{referral.ref}.pdf", shown=True)


def _given(request: Request) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in FIELDS}


def _revision(request: Request) -> int:
    raw = request.POST.get("revision", "")
    return int(raw) if raw.isdecimal() and len(raw) < 9 else -1


def _page(request: Request, referral: Referral, refused: Refused | None = None) -> HttpResponse:
    episode = referral.episode
    typed = refused and referral.state == "draft"
    page = {
        "episode": episode,
        "section": "people",
        "tab": "documents",
        "bar": bar_of(episode, request.user),
        "referral": referral,
        "kept": _given(request) if typed else {name: getattr(referral, name) for name in FIELDS},
        "letter": referral.letter,
        "seen_on": date.fromisoformat(referral.letter["seen_on"]),
        "parts": bridge_papers.letter_parts(referral),
        "clinic": Clinic.current(),
        "sender": referral.made_by,
        "today": clock.today(),
        "sent_how": referrals.HOWS.get(referral.sent_how, ""),
        "hows": list(referrals.HOWS.items()),
        "can_mail": referrals.can_mail(),
        "overdue": is_overdue(referral),
        "due_days": ANSWER_WITHIN.get(referral.urgency, 42),
        "agreed": consents.standing(episode).get("share"),
        "refused": refused,
    }
    return render(
        request, "clinic/referral.html", page | rights(request.user, "refer", "sign"), status=refused.status if refused else 200
    )
