"""Emergency access to somebody who is not assigned. The reason stays on record; a refusal keeps what was typed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ...records.access import Request, access
from ...records.actions import Refused
from ...records.actions import break_glass as actions
from ...records.models import Person


@access("break_glass", "POST")
def break_glass(request: Request, ref: str) -> HttpResponse:
    person = get_object_or_404(Person, ref=ref)
    reason = request.POST.get("reason", "")
    try:
        made = actions.open_record(person=person, reason=reason, by=request.user)
    except Refused as refused:
        context = {"section": "people", "ref": ref, "reason": reason, "refused": refused, "hours": actions.HOURS}
        return render(request, "clinic/break_glass.html", context, status=refused.status)
    messages.warning(request, f"Open for {actions.HOURS} hours. The owner and the responsible therapist are shown it.")
    return redirect("person", made.person.ref)
