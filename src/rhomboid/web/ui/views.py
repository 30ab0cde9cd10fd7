"""The gallery: every component in every state, with invented people."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import examples, icons


def gallery(request: HttpRequest) -> HttpResponse:
    shown = {
        "section": "gallery",
        "urgencies": list(icons.URGENCY_ICONS),
        "icon_names": list(icons.shapes()),
        "cards": examples.cards(),
        "undecided": examples.undecided(),
        "findings_rows": examples.finding_rows(),
        "spine_states": examples.spine_states(),
        "regions": examples.regions(),
        "regions_chosen": ["interscapular_r", "upper_trap_r", "anterior_chest_l", "lateral_rib_l", "digits_4_5_l"],
        "qualities": {"upper_trap_r": "burning", "anterior_chest_l": "sharp", "digits_4_5_l": "tingling"},
        "plan_items": examples.plan_items(),
        "plan_lines": examples.plan_lines(),
        "goals": examples.goals(),
        "curves": examples.curve_examples(),
        "changes": examples.changes(),
        "episode": examples.episode(),
        "person": examples.PERSON,
        "person_tabs": [
            (name.lower(), name, f"#{name.lower()}") for name in ("Story", "Evaluation", "Plan", "Visits", "Documents")
        ],
        "people": examples.people(),
        "patterns": examples.patterns(),
        "factors": examples.factors(),
        "none": None,
        "places": [("chair", "Chair", ""), ("wall", "Wall", ""), ("roller", "Roller", ""), ("floor", "Face down", "reflux")],
        "moods": [("better", "Better"), ("same", "Same"), ("worse", "Worse")],
        "today": date(2026, 11, 23),
    }
    return render(request, "ui/gallery.html", shown)
