"""The page that a person takes home from a discharge: what goes on, the flare plan, when to call, all in their language."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from ... import papers
from ...knowledge.languages import Language
from . import after
from .models import Clinic, Discharge


def take_home(row: Discharge, language: Language) -> dict[str, Any]:
    """The parts of a discharge summary that are written to the person."""
    with translation.override(language.code):
        exercises = ((one.name, ", ".join(filter(None, (one.dose, one.often)))) for one in after.kept_exercises(row, language))
        calls = after.help_of(row, language)
        title = gettext("Call %(number)s now") % {"number": Clinic.current().emergency_number}
        return {
            "staying_well": (*exercises, *after.lines_of(row, language)),
            "flare": after.flare_plan(row, language).steps,
            "come_back": calls.clinic,
            "help": (papers.Help(title=title, lines=calls.emergency, urgency="emergency_now"),),
            "words": papers.TakeHomeWords(
                language=language.code,
                kind=gettext("Staying well"),
                keep=gettext("Keep this page."),
                go_on=gettext("Go on with this"),
                flare=gettext("If the pain flares up"),
                come_back=gettext("Call us today, or come back to us"),
                made=date_format(timezone.localtime(row.signed_at), "DATE_FORMAT"),
            ),
        }
