"""The review of the working rules: read one, sign it off for this clinic, or put the clinic's own wording in its place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ....knowledge import source_text
from ...records import current, signoff
from ...records.access import Request, access
from ...records.actions import Refused
from ...records.actions import rules as actions
from ...records.models import LocalRule
from ..rule_page import KIND_NAMES, RulePage, spaced, title

FILTERS = {
    "waiting": "Not signed off",
    "changed": "Changed since",
    "signed": "Signed off",
    "local": "Local",
    "all": "All",
}


@access("review_rules")
def rules(request: Request) -> HttpResponse:
    """All working rules by kind, with what waits."""
    review = signoff.review(current.knowledge())
    wanted = request.GET.get("show", "waiting")
    shown = {key: entry for key, entry in review.rules.items() if _fits(wanted, key, review)}
    kinds = list(dict.fromkeys(kind for kind, _ in shown))
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else (kinds[0] if kinds else "")
    context = {
        "section": "rules",
        "filters": [(name, words, _count(name, review)) for name, words in FILTERS.items()],
        "wanted": wanted,
        "kinds": [(name, _kind_name(name), sum(1 for k, _ in shown if k == name)) for name in kinds],
        "kind": kind,
        "kind_name": _kind_name(kind),
        "entries": [_line(key, entry, review) for key, entry in shown.items() if key[0] == kind],
        "total": len(review.rules),
        "signed": len(review.given),
        "problems": current.refused_rules(),
    }
    return render(request, "clinic/rules.html", context)


@access("review_rules", "GET", "POST")
def rule(request: Request, kind: str, entry: str) -> HttpResponse:
    """One rule as a reviewer reads it. POST signs it off, or takes the sign-off back."""
    knowledge = current.knowledge()
    found = knowledge.tables.get(kind, {}).get(entry)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _rule_page(request, kind, found)
    try:
        if request.POST.get("do") == "withdraw":
            actions.withdraw(kind=kind, entry=entry, by=request.user)
            return redirect("rule", kind, entry)
        digest, note = request.POST.get("digest", ""), request.POST.get("note", "")
        actions.sign_off(kind=kind, entry=entry, digest=digest, note=note, knowledge=knowledge, by=request.user)
    except Refused as refused:
        return _rule_page(request, kind, found, refused)
    messages.success(request, f"Signed off: {title(found)}.")
    return redirect(_next(kind, entry) or reverse("rules"))


@access("review_rules", "GET", "POST")
def rule_edit(request: Request, kind: str, entry: str) -> HttpResponse:
    """The clinic's own text of a rule: written, checked, put in force, or ended."""
    knowledge = current.knowledge()
    found = knowledge.tables.get(kind, {}).get(entry)
    if found is None:
        raise Http404
    local = LocalRule.objects.filter(kind=kind, entry=entry, in_force=True).first()
    typed = {"toml": source_text(knowledge, kind, entry), "reason": "", "seen": local.ref if local else ""}
    if request.method != "POST":
        return _edit_page(request, kind, found, typed, local)
    typed = {name: request.POST.get(name, "") for name in typed}
    try:
        if request.POST.get("do") == "end":
            actions.end_override(kind=kind, entry=entry, seen=typed["seen"], by=request.user)
            messages.success(request, "The shipped text is in force again.")
        else:
            actions.override(kind=kind, entry=entry, by=request.user, **typed)
            messages.success(request, "In force for the whole clinic now. It waits for a sign-off as it stands.")
    except Refused as refused:
        return _edit_page(request, kind, found, typed, local, refused)
    return redirect("rule", kind, entry)


def _fits(wanted: str, key: tuple[str, str], review: signoff.Review) -> bool:
    state = review.state(key)
    match wanted:
        case "waiting":
            return state != "signed"
        case "local":
            return key in review.knowledge.overridden
        case "changed" | "signed":
            return state == wanted
    return True


def _count(wanted: str, review: signoff.Review) -> int:
    return sum(1 for key in review.rules if _fits(wanted, key, review))


def _kind_name(kind: str) -> str:
    return KIND_NAMES.get(kind, spaced(kind).capitalize())


def _line(key: tuple[str, str], entry: Any, review: signoff.Review) -> dict[str, Any]:
    given = review.given.get(key) or review.lapsed.get(key)
    return {
        "url": reverse("rule", args=key),
        "title": title(entry),
        "id": key[1],
        "state": review.state(key),
        "local": key in review.knowledge.overridden,
        "given": given,
    }


def _next(kind: str, entry: str) -> str:
    """The next rule of the kind that waits, after this one; then from the top."""
    review = signoff.review(current.knowledge())
    keys = [key for key in review.rules if key[0] == kind]
    at = keys.index((kind, entry)) + 1 if (kind, entry) in keys else 0
    waiting = [key for key in keys[at:] + keys[:at] if review.state(key) != "signed"]
    return reverse("rule", args=waiting[0]) if waiting else ""


def _rule_page(request: Request, kind: str, found: Any, refused: Refused | None = None) -> HttpResponse:
    knowledge = current.knowledge()
    review = signoff.review(knowledge)
    key = kind, found.id
    keys = [one for one in review.rules if one[0] == kind]
    at = keys.index(key) if key in keys else -1
    context = {
        "section": "rules",
        "page": RulePage(knowledge, kind, found),
        "kind": kind,
        "state": review.state(key) if key in review.rules else "cited",
        "given": review.given.get(key),
        "lapsed": review.lapsed.get(key),
        "digest": signoff.digests(knowledge).get(key, ""),
        "local": LocalRule.objects.filter(kind=kind, entry=found.id, in_force=True).first(),
        "source": source_text(knowledge, kind, found.id),
        "place": f"{at + 1} of {len(keys)}" if at >= 0 else "",
        "before": reverse("rule", args=keys[at - 1]) if at > 0 else "",
        "after": reverse("rule", args=keys[at + 1]) if 0 <= at < len(keys) - 1 else "",
        "refused": refused,
        "note": request.POST.get("note", ""),
    }
    return render(request, "clinic/rule.html", context, status=refused.status if refused else 200)


def _edit_page(
    request: Request, kind: str, found: Any, typed: dict[str, str], local: LocalRule | None, refused: Refused | None = None
) -> HttpResponse:
    knowledge = current.knowledge()
    context = {
        "section": "rules",
        "page": RulePage(knowledge, kind, found),
        "kind": kind,
        "typed": typed,
        "local": local,
        "shipped": source_text(knowledge, kind, found.id, shipped=True),
        "versions": LocalRule.objects.filter(kind=kind, entry=found.id).order_by("-version")[:20],
        "refused": refused,
        "problems": getattr(refused, "problems", ()),
    }
    return render(request, "clinic/rule_edit.html", context, status=refused.status if refused else 200)
