"""The evaluation: findings on the left, and on the right what the reasoning makes of them, renewed with every answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import trigger_client_event

from ....knowledge import Knowledge
from ....knowledge.model import Condition
from ....reasoning.assess import Assessment
from ...records import bridge, clock, current, signoff
from ...records.access import Request, access
from ...records.actions import Overtaken, Refused, concerns, findings
from ...records.models import Concern, Episode, Finding
from ..evaluation_page import Evaluation, evaluation_of, level_of, may_write
from ..evaluation_reasoning import spoken
from ..evaluation_rows import SKIPS, Conflict, Section, asked_when, shown
from ..evaluation_sent import Sent, sent_by
from ..evaluation_why import why_of
from ..fast_entry import Entry, parse_entry
from ..frame import bar_of

PARTS = ("more", "waiting")
"""What the reasoning column loads when it is opened."""
YES = {True: "Yes", False: "No"}


@access("see_clinical", of="episode")
def evaluation(request: Request, episode: Episode) -> HttpResponse:
    """The page, or one section of it when htmx asks."""
    found = evaluation_of(_with_person(episode))
    context = context_of(found, request, request.GET.get("section", ""))
    if not request.htmx:
        return render(request, "clinic/evaluation.html", context)
    part = request.GET.get("part", "")
    if part in PARTS:
        return render(request, f"clinic/parts/evaluation_{part}.html", context)
    if fold := _fold(context["chosen"], request):
        return render(request, "clinic/parts/evaluation_fold.html", context | fold)
    return render(request, "clinic/parts/evaluation_turn.html", context)


def _fold(section: Section, request: Request) -> dict[str, Any]:
    """The rows of one folded group: levels of a region, or what does not apply. Nothing when none is asked for."""
    for kind in ("fold", "aside"):
        place = request.GET.get(kind, "")
        if place.isdigit() and int(place) < len(section.groups):
            group = section.groups[int(place)]
            return {"group": group, "fold_rows": group.rows if kind == "fold" else group.aside}
    return {}


def context_of(found: Evaluation, request: Request, key: str) -> dict[str, Any]:
    episode = found.episode
    return {
        "episode": episode,
        "bar": bar_of(episode, request.user),
        "tab": "evaluation",
        "section": "people",
        "found": found,
        "column": found.column,
        "chosen": found.section(key),
        "tabs": found.tabs,
        "writes": may_write(request.user, episode),
        "signs": request.user.may("sign"),
        "may_review": request.user.may("review_rules"),
        "skips": SKIPS,
        "local": _local(found.knowledge),
        "page_url": reverse("evaluation", args=[episode.ref]),
        "record_url": reverse("evaluation_record", args=[episode.ref]),
        "rows_url": reverse("evaluation_row", args=[episode.ref, "-"])[:-1],
        "why_url": reverse("evaluation_why", args=[episode.ref, "-", "-"])[:-3],
        "spine": found.spine(),
    }


def _local(knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """The entries in the clinic's own wording, by kind: each says so wherever it acts."""
    return {kind: frozenset(id_ for of, id_ in knowledge.overridden if of == kind) for kind, _ in knowledge.overridden}


@access("record", "POST", of="episode")
def evaluation_record(request: Request, episode: Episode) -> HttpResponse:
    """Records answers, from rows, pictures and questions alike; one entry in one action."""
    knowledge = current.knowledge()
    episode = _with_person(episode)
    before = bridge.assess_episode(episode, knowledge, on=clock.today())
    try:
        _must_be_open(episode)
        sent = sent_by(request.POST, knowledge)
    except Refused as refused:
        return _refused(request, episode, refused, Sent())
    if request.htmx and not (sent.names or sent.confirms) and any(name.startswith("v.") for name in request.POST):
        return HttpResponse(status=204)
    return _answered(request, episode, sent, knowledge, before)


@access("record", "POST", of="episode")
def evaluation_entry(request: Request, episode: Episode) -> HttpResponse:
    """Records what was typed into the fast entry."""
    knowledge = current.knowledge()
    episode = _with_person(episode)
    before = bridge.assess_episode(episode, knowledge, on=clock.today())
    entry = parse_entry(request.POST.get("entry", ""), knowledge, before.case.findings)
    if not entry.ready:
        return _reads(request, episode, entry, status=422)
    _must_be_open(episode)
    sent = Sent(values=entry.values, notes=entry.notes, skips=entry.skipped)
    return _answered(request, episode, sent, knowledge, before, entry)


@access("record", "POST", of="episode")
def evaluation_reads(request: Request, episode: Episode) -> HttpResponse:
    """The sentence that a typed text will record, while it is typed."""
    knowledge = current.knowledge()
    known = bridge.latest(bridge.standing_findings(episode))
    entry = parse_entry(request.POST.get("entry", ""), knowledge, {name: row.value for name, row in known.items()})
    return _reads(request, episode, entry)


def _reads(request: Request, episode: Episode, entry: Entry, status: int = 200) -> HttpResponse:
    if not request.htmx and status != 200:
        raise Refused(entry.problem or "Nothing to record yet", entry.fix)
    response = render(request, "clinic/parts/evaluation_reads.html", {"entry": entry, "oob": status != 200}, status=status)
    levels = sorted({level for name in entry.findings if (level := level_of(name))})
    return trigger_client_event(response, "reading", {"findings": list(entry.findings), "levels": levels})


@access("see_clinical", of="episode")
def evaluation_row(request: Request, episode: Episode, row: str) -> HttpResponse:
    """What stands behind a row: how to test, its history, and why it was not tested."""
    found = evaluation_of(_with_person(episode))
    place = found.row(row)
    if place is None:
        raise Http404
    if not request.htmx:
        return redirect(_section_url(found, place.cells[0].finding) + f"#row-{row}")
    if request.GET.get("keep"):
        return render(request, "clinic/parts/evaluation_answer.html", context_of(found, request, "") | {"rows": [place]})
    if request.GET.get("correct"):
        return render(request, "clinic/parts/evaluation_correct.html", context_of(found, request, "") | {"row": place})
    names = [cell.finding for cell in place.cells]
    history = Finding.objects.filter(episode=episode, finding__in=names).select_related("correction").order_by("-id")[:20]
    entry = found.knowledge.vocabulary.findings.get(names[0])
    context = context_of(found, request, "") | {
        "row": place,
        "entry": entry,
        "history": [_told(one, found) for one in history],
    }
    return render(request, "clinic/parts/evaluation_detail.html", context)


def _told(row: Finding, found: Evaluation) -> dict[str, Any]:
    entry = found.knowledge.vocabulary.findings.get(row.finding)
    words = shown(entry, row.value, found.knowledge.vocabulary) if entry else YES.get(cast("bool", row.value), "")
    return {
        "words": words or (f"Not tested: {row.note}" if row.note else "Taken back"),
        "row": row,
        "side": {"l": "left", "r": "right"}.get(row.finding[-1], "") if row.finding.endswith(("_l", "_r")) else "",
        "corrected": hasattr(row, "correction"),
    }


@access("see_clinical", of="episode")
def evaluation_why(request: Request, episode: Episode, kind: str, entry: str) -> HttpResponse:
    """The full explanation of a line of the reasoning, with its sources."""
    found = evaluation_of(_with_person(episode))
    why = why_of(kind, entry, found.assessment)
    if why is None:
        raise Http404
    template = "clinic/parts/evaluation_why.html" if request.htmx else "clinic/evaluation_why.html"
    context = {"why": why, "episode": found.episode, "bar": bar_of(found.episode, request.user), "tab": "evaluation"}
    key = why.kind, why.id
    context |= {"local_wording": key in found.knowledge.overridden}
    context |= {"signed_off": why.working and key not in signoff.unsigned_ids(found.knowledge)}
    return render(request, template, context)


@access("sign", "GET", "POST", of="concern")
def concern_lower(request: Request, concern: Concern) -> HttpResponse:
    """Lowers a raised concern, with a reason."""
    episode = _with_person(concern.episode)
    if request.method == "GET":
        return _lower_form(request, episode, concern)
    knowledge = current.knowledge()
    before = bridge.assess_episode(episode, knowledge, on=clock.today())
    try:
        concerns.lower(concern=concern, reason=request.POST.get("reason", ""), knowledge=knowledge, by=request.user)
    except Refused as refused:
        return _lower_form(request, episode, concern, refused)
    return _renewed(request, episode, (), before, f"Concern lowered: {knowledge_name(knowledge, concern)}.")


def knowledge_name(knowledge: Knowledge, concern: Concern) -> str:
    entry = knowledge.of(Condition).get(concern.condition)
    return entry.name if entry else concern.condition


def _lower_form(request: Request, episode: Episode, concern: Concern, refused: Refused | None = None) -> HttpResponse:
    context = {
        "episode": episode,
        "bar": bar_of(episode, request.user),
        "tab": "evaluation",
        "concern": concern,
        "name": knowledge_name(current.knowledge(), concern),
        "refused": refused,
        "reason": request.POST.get("reason", ""),
    }
    template = "clinic/parts/evaluation_lower.html" if request.htmx else "clinic/evaluation_lower.html"
    return render(request, template, context, status=refused.status if refused else 200)


# --- recording -------------------------------------------------------------------------------------------------------------


def _answered(
    request: Request, episode: Episode, sent: Sent, knowledge: Knowledge, before: Assessment, entry: Entry | None = None
) -> HttpResponse:
    try:
        names = _write(episode, sent, knowledge, request)
    except Overtaken as overtaken:
        return _overtaken(request, episode, sent, overtaken)
    except Refused as refused:
        return _refused(request, episode, refused, sent)
    reads = entry.reads if entry else _said(names, knowledge)
    return _renewed(request, episode, names, before, reads, entry=entry)


def _must_be_open(episode: Episode) -> None:
    if episode.ended_on is not None:
        raise Refused("This episode is closed", "Open a new one for a new problem.")


@transaction.atomic
def _write(episode: Episode, sent: Sent, knowledge: Knowledge, request: Request) -> tuple[str, ...]:
    """One entry, whole or not at all. Returns the findings it touched."""
    touched: list[str] = []
    if sent.confirms:
        touched += _confirm(episode, sent.confirms, knowledge, request)
    if sent.values:
        seen = _seen_by_others(episode, sent, request)
        findings.record(episode=episode, values=sent.values, knowledge=knowledge, by=request.user, seen=seen, notes=sent.notes)
        touched += sent.values
    for name, reason in sent.skips.items():
        findings.not_tested(episode=episode, finding=name, reason=reason, knowledge=knowledge, by=request.user)
        touched.append(name)
    if not touched:
        raise Refused("Nothing was changed", "Choose or type an answer.")
    return tuple(touched)


def _seen_by_others(episode: Episode, sent: Sent, request: Request) -> dict[str, str]:
    """What the page had shown, without what this therapist has recorded since: nobody is overtaken by themselves."""
    own = Finding.objects.filter(episode=episode, finding__in=sent.seen, recorded_by=request.user, source="therapist").standing()
    mine = {row.finding for row in own}
    return {name: ref for name, ref in sent.seen.items() if name not in mine}


def _confirm(episode: Episode, refs: Iterable[str], knowledge: Knowledge, request: Request) -> list[str]:
    """Confirms the patient's answers, those of one day in one action."""
    rows = list(Finding.objects.filter(episode=episode, ref__in=list(refs)).standing())
    if len(rows) < len(set(refs)):
        raise Overtaken("One of these answers has been corrected in the meantime")
    for on in sorted({row.observed_on for row in rows}):
        of_day = {row.finding: row for row in rows if row.observed_on == on}
        findings.record(
            episode=episode,
            values={name: row.value for name, row in of_day.items()},
            seen={name: row.ref for name, row in of_day.items()},
            knowledge=knowledge,
            by=request.user,
            on=on,
        )
    return [row.finding for row in rows]


def _said(names: Iterable[str], knowledge: Knowledge) -> str:
    gates = knowledge.vocabulary.gates
    labels = [gates[name].label if name in gates else knowledge.vocabulary.label(name) for name in names]
    return f"Recorded: {labels[0]}{f' and {len(labels) - 1} more' if len(labels) > 1 else ''}."


def _renewed(
    request: Request, episode: Episode, names: tuple[str, ...], before: Assessment, reads: str, entry: Entry | None = None
) -> HttpResponse:
    """What the page needs after an entry: the rows, the reasoning, the counts, the person bar."""
    if not request.htmx:
        return redirect(_section_url(evaluation_of(episode), names[0] if names else ""))
    found = evaluation_of(_with_person(episode), before=before, now=names)
    key = request.POST.get("section", "")
    context = context_of(found, request, key) | {"recorded": entry, "swap_bar": True}
    home = [found.layout.place_of[name].key for name in names if name in found.layout.place_of]
    context |= {"rows": found.rows_of(names), "whole": _whole(found, before, names, key, home, entry is not None)}
    if context["whole"] and entry is not None and home:
        context["chosen"] = found.section(home[0] if key not in home else key)
    context["levels"] = [level for name in names if (level := level_of(name))]
    response = render(request, "clinic/parts/evaluation_answer.html", context)
    trigger_client_event(response, "announce", {"value": spoken(found.column, reads)})
    return trigger_client_event(response, "recorded", {"fast": entry is not None})


def _whole(found: Evaluation, before: Assessment, names: Iterable[str], key: str, home: list[str], typed: bool) -> bool:
    """Whether the section on the page is drawn anew: it is another one, or rows came or went with the answer."""
    if typed and key not in home:
        return True
    place = found.layout.places.get(key)
    if place is None:
        return False
    if place.side == "said" and key in home:
        return True
    entries = (found.knowledge.vocabulary.findings.get(name) for name in place.findings)
    rules = {entry.ask_when for entry in entries if entry and entry.ask_when}
    return any((found.standing.asked_when(rule) is False) is not _was_false(rule, before) for rule in rules)


def _was_false(rule: str, before: Assessment) -> bool:
    return asked_when(rule, before.knowledge, before.facts) is False


def _overtaken(request: Request, episode: Episode, sent: Sent, overtaken: Overtaken) -> HttpResponse:
    """Somebody else was faster: both values stand side by side, and the therapist chooses."""
    if not request.htmx:
        raise overtaken
    found = evaluation_of(episode)
    names = [name for name in sent.values if (found.standing.known.get(name) and _ref(found, name) != sent.seen.get(name))]
    found = evaluation_of(episode, conflicts={name: _conflict(found, name, sent) for name in names})
    context = context_of(found, request, request.POST.get("section", "")) | {"rows": found.rows_of(names), "refused": overtaken}
    response = render(request, "clinic/parts/evaluation_answer.html", context, status=409)
    return trigger_client_event(response, "announce", {"value": f"{overtaken.message}. {overtaken.fix}"})


def _ref(found: Evaluation, name: str) -> str:
    return found.standing.known[name].ref


def _conflict(found: Evaluation, name: str, sent: Sent) -> Conflict:
    entry, there = found.knowledge.vocabulary.findings.get(name), found.standing.known[name]
    vocabulary = found.knowledge.vocabulary
    theirs = shown(entry, there.value, vocabulary) if entry else YES.get(cast("bool", there.value), "")
    yours = shown(entry, sent.values[name], vocabulary) if entry else YES.get(sent.values[name], "")
    return Conflict(name, there.rater or "Somebody", theirs, yours or "taken back", there.ref, sent.typed.get(name, ""))


def _refused(request: Request, episode: Episode, refused: Refused, sent: Sent) -> HttpResponse:
    if not request.htmx:
        raise refused
    context = {"refused": refused, "episode": episode}
    response = render(request, "clinic/parts/evaluation_refused.html", context, status=refused.status)
    return trigger_client_event(response, "announce", {"value": f"Not recorded. {refused.message}. {refused.fix}"})


def _section_url(found: Evaluation, name: str) -> str:
    place = found.layout.place_of.get(name)
    section = f"?section={place.key}" if place else ""
    return reverse("evaluation", args=[found.episode.ref]) + section


def _with_person(episode: Episode) -> Episode:
    return Episode.objects.select_related("person", "therapist").get(pk=episode.pk)
