"""The plan of care: proposed, tuned while one watches, signed. One view, two renderings: the page, and its parts for htmx."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget, trigger_client_event

from ...records import current
from ...records.access import Request, access
from ...records.actions import Refused, goals, plans
from ...records.actions.overrides import override
from ...records.models import CONSENTS, Episode, PlanLine, PlanOfCare
from .. import plan_beside as beside
from .. import plan_forms as forms
from .. import plan_item as items
from .. import plan_page as pages
from ..frame import bar_of


@access("see_clinical", of="episode")
def plan(request: Request, episode: Episode) -> HttpResponse:
    """The draft where there is one, else the plan in force, else how to get to one."""
    return _page(request, episode, _current(episode, "draft") or _current(episode, "active"))


@access("see_clinical", of="plan")
def plan_version(request: Request, plan: PlanOfCare) -> HttpResponse:
    return _page(request, plan.episode, plan, chosen=True)


@access("plan", "POST", of="episode")
def plan_propose(request: Request, episode: Episode) -> HttpResponse:
    """Proposes a first plan, a new version, or the draft again with what is known by now."""
    try:
        plans.propose(episode=episode, knowledge=current.knowledge(), by=request.user)
    except Refused as refusal:
        return _page(request, episode, _current(episode, "active"), refused=refusal)
    return redirect("plan", episode.ref)


@access("plan", "POST", of="plan")
def plan_change(request: Request, plan: PlanOfCare) -> HttpResponse:
    """One step of tuning, solved again in place; `do=undo` takes the last one back."""
    knowledge, before, began = current.knowledge(), _doses(plan), perf_counter()
    try:
        revision = forms.revision_of(request.POST)
        if request.POST.get("do") == "undo":
            done = plans.undo(plan=plan, revision=revision, knowledge=knowledge, by=request.user)
        else:
            change = forms.change_of(request.POST, plan, knowledge)
            done = plans.change(plan=plan, revision=revision, change=change, knowledge=knowledge, by=request.user)
    except Refused as refusal:
        return _refused(request, plan, refusal)
    return _solved(request, done, before, began)


@access("plan", "POST", of="plan")
def plan_drop(request: Request, plan: PlanOfCare) -> HttpResponse:
    try:
        plans.drop(plan=plan, revision=forms.revision_of(request.POST), by=request.user)
    except Refused as refusal:
        return _refused(request, plan, refusal)
    messages.success(request, f"Draft {plan.version} is dropped. It stays on record.")
    return _to_plan(request, plan.episode)


@access("plan", "POST", of="plan")
def plan_sign(request: Request, plan: PlanOfCare) -> HttpResponse:
    """The signature, under what the therapist has seen."""
    try:
        done = plans.sign(
            plan=plan,
            revision=forms.revision_of(request.POST),
            agreed=request.POST.get("agreed") == "yes",
            given=[kind for kind in request.POST.getlist("consent") if kind in CONSENTS],
            knowledge=current.knowledge(),
            by=request.user,
        )
    except Refused as refusal:
        return _refused(request, plan, refusal, at="signature")
    messages.success(request, f"Plan {done.version} is in force, signed by {done.signed_by_label}.")
    return _to_plan(request, plan.episode)


# --- one intervention ------------------------------------------------------------------------------------------------------


@access("see_clinical", of="plan")
def plan_item(request: Request, plan: PlanOfCare, number: int) -> HttpResponse:
    return _detail(request, plan, number)


@access("sign", "POST", of="plan")
def plan_override(request: Request, plan: PlanOfCare, number: int) -> HttpResponse:
    """A decision against a precaution or a contraindication; what was typed is kept when it is refused."""
    knowledge, before, began = current.knowledge(), _doses(plan), perf_counter()
    names = list(knowledge.interventions)
    if number >= len(names):
        raise Http404
    try:
        override(
            plan=plan,
            revision=forms.revision_of(request.POST),
            intervention=names[number],
            reason=request.POST.get("reason", ""),
            clearance=forms.clearance_of(request.POST),
            knowledge=knowledge,
            by=request.user,
        )
    except Refused as refusal:
        response = _detail(request, plan, number, refused=refusal)
        return retarget(reswap(response, "innerHTML"), f"#detail-{number}") if request.htmx else response
    return _solved(request, PlanOfCare.objects.select_related("assessment", "episode__person").get(pk=plan.pk), before, began)


@access("plan", of="plan")
def plan_add(request: Request, plan: PlanOfCare) -> HttpResponse:
    """Everything that is not in the plan, to look through and add."""
    words = request.GET.get("find", "")[:60]
    found = items.addable(plan, current.knowledge(), words)
    context = {"plan": plan, "episode": plan.episode, "words": words, "kinds": _by_kind(found), "count": len(found)}
    if request.htmx:
        name = "_plan_add_list" if request.htmx.target == "plan-add-list" else "_plan_add"
        return render(request, f"clinic/parts/{name}.html", context)
    return render(request, "clinic/plan_add.html", context | _frame(request, plan.episode))


KINDS = (("exercise", "Exercises"), ("manual", "Hands-on"), ("modality", "Modalities"), ("posture", "Posture and day"),
         ("education", "Know-how"), ("coordination", "With others"))  # fmt: skip


def _by_kind(found: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups = [(words, [row for row in found if row["kind"] == kind]) for kind, words in KINDS]
    return [(words, rows) for words, rows in groups if rows]


# --- goals -----------------------------------------------------------------------------------------------------------------


@access("plan", "POST", of="plan")
def plan_goals(request: Request, plan: PlanOfCare) -> HttpResponse:
    """Adds a goal in the therapist's words, changes one, leaves one out or takes it back in."""
    try:
        _goal_step(request, plan)
    except Refused as refusal:
        return _refused(request, plan, refusal, at="goals")
    plan.refresh_from_db()
    return _shown(request, plan) if request.htmx else redirect("plan", plan.episode.ref)


def _goal_step(request: Request, plan: PlanOfCare) -> None:
    posted, revision = request.POST, forms.revision_of(request.POST)
    word, _, ref = posted.get("do", "").partition(" ")
    if word == "add":
        numbers = {name: forms.number_of(posted, name) for name in ("baseline", "target")}
        unit, due_on = posted.get("unit", "").strip()[:20], forms.day_of(posted, "due_on")
        goals.add(
            plan=plan, revision=revision, text=posted.get("text", ""), name=posted.get("name", ""), due_on=due_on, unit=unit,
            by=request.user, **numbers,
        )  # fmt: skip
        return
    goal = plan.goals.filter(ref=ref).first()
    if goal is None:
        raise Refused("This goal is not there any more", "Open the plan again.")
    if word == "change":
        goals.change(
            goal=goal, revision=revision, text=posted.get("text", ""), target=forms.number_of(posted, "target"),
            due_on=forms.day_of(posted, "due_on"), by=request.user,
        )  # fmt: skip
    else:
        goals.drop(goal=goal, revision=revision, back=word == "back", by=request.user)


# --- rendering -------------------------------------------------------------------------------------------------------------


def _current(episode: Episode, state: str) -> PlanOfCare | None:
    return episode.plans.filter(state=state).select_related("assessment", "signed_by", "made_by").first()


def _doses(plan: PlanOfCare) -> dict[str, Any]:
    return {row.item.intervention: row.doses for row in PlanLine.objects.filter(plan=plan).select_related("item")}


def _frame(request: Request, episode: Episode) -> dict[str, Any]:
    return {"episode": episode, "tab": "plan", "bar": bar_of(episode, request.user), **beside.shown_to(request.user)}


def _page(
    request: Request,
    episode: Episode,
    plan: PlanOfCare | None,
    *,
    chosen: bool = False,
    refused: Refused | None = None,
    at: str = "",
) -> HttpResponse:
    context = _context(request, episode, plan, chosen=chosen) | _frame(request, episode) | {"refused": refused, "at": at}
    return render(request, "clinic/plan.html", context, status=refused.status if refused else 200)


def _context(
    request: Request, episode: Episode, plan: PlanOfCare | None, *, chosen: bool = False, fresh: Any = ()
) -> dict[str, Any]:
    """Everything the columns show. The number of queries does not depend on how long the episode's history is."""
    knowledge = current.knowledge()
    context: dict[str, Any] = {
        "episode": episode,
        "plan": plan,
        "versions": beside.versions_of(episode, knowledge),
        **beside.shown_to(request.user),
    }
    if episode.held:
        context["holding"] = beside.holding(episode, knowledge)
    if plan is None:
        return context | {"planned_from": episode.findings.exists()}
    page = pages.page_of(plan, knowledge, fresh)
    tuning = plan.state == "draft" and request.user.may("plan") and not episode.held and not episode.ended_on
    context |= {"page": page, "tuning": tuning, "chosen": chosen, "goals": beside.goals_of(plan)}
    if plan.state == "draft":
        context |= {"stale": beside.stale(plan, episode, knowledge), "checks": beside.checklist(page, episode)}
        context["in_force"] = next((one["plan"] for one in context["versions"] if one["plan"].state == "active"), None)
    else:
        context["draft"] = next((one["plan"] for one in context["versions"] if one["plan"].state == "draft"), None)
        context["checks"] = beside.checklist(page, episode)
    return context


def _solved(request: Request, plan: PlanOfCare, before: dict[str, Any], began: float) -> HttpResponse:
    """The plan after a change: what is new is marked, and said aloud."""
    if not request.htmx:
        return redirect("plan", plan.episode.ref)
    took = round((perf_counter() - began) * 1000)
    now = _doses(plan)
    fresh = [id_ for id_, doses in now.items() if before.get(id_) != doses]
    known = current.knowledge().interventions
    gone = [known[id_].name for id_ in before if id_ not in now and id_ in known]
    came = [known[id_].name for id_ in fresh if id_ not in before]
    response = _shown(request, plan, fresh=fresh, took=took, gone=gone)
    words = [f"In: {', '.join(came)}" if came else "", f"Out: {', '.join(gone)}" if gone else ""]
    return trigger_client_event(response, "announce", {"value": "Plan solved. " + ". ".join(filter(None, words))})


def _shown(request: Request, plan: PlanOfCare, *, fresh: Any = (), status: int = 200, **more: Any) -> HttpResponse:
    context = _context(request, plan.episode, plan, fresh=fresh) | more
    return render(request, "clinic/parts/_plan_swap.html", context, status=status)


def _refused(request: Request, plan: PlanOfCare, refusal: Refused, at: str = "") -> HttpResponse:
    """Says in place what was refused; the plan stands as it is now, and what was typed is still in the form."""
    now = PlanOfCare.objects.select_related("assessment", "episode__person", "signed_by").get(pk=plan.pk)
    typed, at = (request.POST if at else None), (at if now.state == "draft" else "")
    if request.htmx:
        return _shown(request, now, refused=refusal, at=at, typed=typed, status=refusal.status)
    context = _context(request, now.episode, now) | _frame(request, now.episode) | {"refused": refusal, "at": at, "typed": typed}
    context["ticked"] = request.POST.getlist("consent")
    return render(request, "clinic/plan.html", context, status=refusal.status)


def _detail(request: Request, plan: PlanOfCare, number: int, refused: Refused | None = None) -> HttpResponse:
    detail = items.detail_of(plan, plan.episode, current.knowledge(), number)
    if detail is None:
        raise Http404
    tuning = plan.state == "draft" and request.user.may("plan")
    context = {
        "plan": plan,
        "detail": detail,
        "tuning": tuning,
        "refused": refused,
        "typed": request.POST,
        **_frame(request, plan.episode),
    }
    name = "parts/_plan_detail" if request.htmx else "plan_item"
    return render(request, f"clinic/{name}.html", context, status=refused.status if refused else 200)


def _to_plan(request: Request, episode: Episode) -> HttpResponse:
    where = reverse("plan", args=[episode.ref])
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
