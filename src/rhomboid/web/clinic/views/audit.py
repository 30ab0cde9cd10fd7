"""The audit trail, newest first. It holds refs, ids and counts, no health data."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from ...accounts.models import User
from ...records import audit as trail
from ...records.access import Request, access
from ...records.actions import break_glass
from ...records.models import AuditEvent, AuditHead, Person

PAGE = 50
ASKED = ("person", "actor", "action", "day")
BREAKS_SHOWN, LISTED = 20, 4
PLAIN = (
    "page", "show", "people", "fields", "role", "mailed", "size", "version", "revision", "until", "events", "breaks", "asked",
    "user", "sections", "digest", "removed", "how", "document", "days", "number",
)  # fmt: skip
"""Details that say nothing clinical. Everything else is kept in the trail and not shown."""


@access("see_audit")
def audit(request: Request) -> HttpResponse:
    """One page of events. The next page starts below the last event shown, however long the trail is."""
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    before = request.GET.get("before", "")
    events, wrong = _events(asked)
    if before.isdigit():
        events = events.filter(id__lt=int(before))
    rows = list(events.order_by("-id")[: PAGE + 1])
    trail.write(by=request.user, action="audit.read", asked=sorted(name for name, value in asked.items() if value))
    context = _context(request, asked, rows[:PAGE]) | {"wrong": wrong}
    if len(rows) > PAGE:
        context["older"] = urlencode({k: v for k, v in asked.items() if v} | {"before": str(rows[PAGE - 1].id)})
    return render(request, "clinic/audit.html", context)


@access("see_audit", "POST")
def audit_verify(request: Request) -> HttpResponse:
    """Recomputes the whole chain and says where it breaks."""
    breaks = list(trail.verify())
    count = AuditHead.objects.filter(id=1).values_list("last", flat=True).first() or 0
    trail.write(by=request.user, action="audit.verify", events=count, breaks=len(breaks))
    asked = dict.fromkeys(ASKED, "")
    rows = list(AuditEvent.objects.order_by("-id")[:PAGE])
    found = {"verified": True, "count": count, "breaks": breaks[:BREAKS_SHOWN], "more_breaks": max(0, len(breaks) - BREAKS_SHOWN)}
    return render(request, "clinic/audit.html", _context(request, asked, rows) | found)


def _events(asked: dict[str, str]) -> tuple[QuerySet[AuditEvent], str]:
    """The events that were asked for, and what could not be understood."""
    found, wrong = AuditEvent.objects.all(), ""
    if asked["person"]:
        found = found.filter(person_ref=asked["person"].lower())
    if asked["actor"]:
        found = found.filter(actor_ref__in=_actors(asked["actor"]))
    if asked["action"]:
        found = found.filter(action=asked["action"])
    if asked["day"]:
        try:
            start = timezone.make_aware(datetime.combine(date.fromisoformat(asked["day"]), time.min))
            found = found.filter(at__gte=start, at__lt=start + timedelta(days=1))
        except ValueError:
            wrong = "A day is written like 2026-11-24."
    return found, wrong


def _actors(words: str) -> list[str]:
    """The accounts whose name holds the words."""
    return [f"user {pk}" for pk in User.objects.filter(name__icontains=words).values_list("pk", flat=True)[:50]]


def _context(request: Request, asked: dict[str, str], rows: list[AuditEvent]) -> dict[str, Any]:
    sees = request.user.may("see_people")
    refs = {row.person_ref for row in rows if row.person_ref}
    names = {person.ref: str(person) for person in Person.objects.filter(ref__in=refs)} if sees else {}
    return {
        "section": "audit",
        "asked": asked,
        "rows": [{"event": row, "name": names.get(row.person_ref, ""), "said": _said(row)} for row in rows],
        "actions": ACTIONS,
        "emergencies": break_glass.shown_to(request.user)[:20] if request.user.may("manage_people") else [],
        "newest": rows[0].id if rows else 0,
    }


def _said(row: AuditEvent) -> str:
    """The details in a line. What names something clinical is shown as a number, if at all."""
    return "; ".join(words for name, value in sorted(row.detail.items()) if (words := _detail(name, value)))


def _detail(name: str, value: Any) -> str:
    label = name.replace("_", " ")
    if isinstance(value, list):
        listed = ", ".join(map(str, value)) if name in PLAIN and len(value) <= LISTED else str(len(value))
        return f"{label}: {listed or 'none'}"
    if name not in PLAIN or value in ("", None):
        return ""
    return f"{label}: {value}"


ACTIONS = (
    "person.read", "person.register", "person.correct", "person.break_glass", "episode.read", "episode.open", "episode.assign",
    "finding.record", "concern.lower", "plan.sign", "note.sign", "visit.read", "document.read", "user.invite", "user.change",
    "user.close", "user.link", "clinic.change", "rule.sign_off", "rule.withdraw", "rule.override", "audit.read", "audit.verify",
)  # fmt: skip
"""Suggestions for the filter; any other word may be typed."""
