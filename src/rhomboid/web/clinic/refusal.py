"""A refusal in place: it stands in the row that asked, and the row stays as it was typed."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from ..records.access import Request
from ..records.actions import Refused

PLACE = re.compile(r"p-[\w-]{1,120}")


def problem(request: Request, refused: Refused) -> HttpResponse:
    """Answers with the refusal alone, for the place that the form names in its field `problem`."""
    response = render(request, "clinic/parts/_refusal.html", {"refused": refused}, status=refused.status)
    place = request.POST.get("problem", "")
    return reswap(retarget(response, f"#{place}"), "innerHTML") if PLACE.fullmatch(place) else response
