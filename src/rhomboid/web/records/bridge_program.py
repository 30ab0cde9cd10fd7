"""The home program on paper: the exercises as they hold now, in the person's language, with the way to their own pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from django.conf.locale import LANG_INFO
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from ... import papers
from ...knowledge import Knowledge
from ...knowledge.care import StopSymptom
from ...knowledge.languages import ENGLISH, Language, load_language
from ...reasoning.assess import Assessment
from ...reasoning.doses import patient_dose
from .actions import links
from .home_program import HomeProgram, Line
from .models import Clinic, Episode, HomeChange, PlanOfCare
from .pain_words import limits_of

HELP = {"911": "emergency_now", "clinic_today": "same_day"}


def home_paper(episode: Episode, program: HomeProgram, knowledge: Knowledge, *, on: date, link: str = "") -> papers.HomePaper:
    """What is printed for the person. `link` is the address of their own pages; without one there is no code on the page."""
    row, whom = program.plan, episode.person
    assert row
    language = load_language(whom.language, knowledge)
    until = row.reevaluation_on if row.reevaluation_on and row.reevaluation_on > on else None
    with translation.override(whom.language):
        return papers.HomePaper(
            person=papers.Person(name=str(whom), born=whom.date_of_birth, episode=episode.title, record=whom.ref),
            made=on,
            knowledge=row.knowledge_version,
            exercises=tuple(_exercise(line, language) for line in program.offered),
            good_until=until,
            version=row.version,
            zones=tuple(_zones(program.assessment, language)),
            zones_note=gettext("Worse the next morning? Do less. Still worse after 2 days? Call us."),
            help=tuple(_help(language)),
            link=link,
            link_note=gettext("Scan this with your phone for moving pictures. It asks for your date of birth.") if link else "",
            words=_words(str(whom), row, on, until, language.code),
        )


def tongue(episode: Episode) -> str:
    """The language of a paper that is not in English."""
    code = episode.person.language
    return "" if code == ENGLISH else str(LANG_INFO[code]["name"])


def since(row: PlanOfCare, today: date) -> datetime:
    """From when on a printed program is still right: from this morning, the last change of it, or the link that is on it."""
    link = links.live(row.episode)
    last = HomeChange.objects.filter(episode=row.episode).order_by("-made_at").first()
    morning = timezone.make_aware(datetime.combine(today, time.min))
    return max([morning, *([link.made_at] if link else []), *([last.made_at] if last else [])])


def _exercise(line: Line, language: Language) -> papers.HomeExercise:
    id_, (much, often) = line.exercise.id, patient_dose(line.dose, language.words)
    known = dict(zip((one.text for one in line.exercise.care), language.say("exercise", id_, "care"), strict=True))
    return papers.HomeExercise(
        name=language.say("exercise", id_, "name"),
        dose=much,
        often=often,
        how=language.say("exercise", id_, "how"),
        stop=language.say("exercise", id_, "stop"),
        need=", ".join(language.equipment(item) for item in line.exercise.equipment if item != "none"),
        care=tuple(known.get(text, text) for text in line.care),
        figure=id_,
    )


def _zones(assessment: Assessment | None, language: Language) -> Iterator[papers.PainZone]:
    """The agreed limits with no pain at rest, which are the strictest: paper does not know how the day is."""
    for one in limits_of(assessment, 0, language) if assessment else ():
        yield papers.PainZone(range=one.range, text=one.text)


def _help(language: Language) -> Iterator[papers.Help]:
    symptoms = language.knowledge.of(StopSymptom)
    number = Clinic.current().emergency_number
    titles = {"911": gettext("Call %(number)s now") % {"number": number}, "clinic_today": gettext("Stop, and call us today")}
    for call, title in titles.items():
        lines = [language.say("stop_symptom", id_, "plain") for id_, one in symptoms.items() if one.call == call]
        yield papers.Help(title=title, lines=tuple(f"{line.rstrip('.')}." for line in lines), urgency=HELP[call])


def _words(name: str, row: PlanOfCare, on: date, until: date | None, code: str) -> papers.HomeWords:
    under = [f"{name}."]
    if row.signed_by:
        under.append(gettext("From %(therapist)s.") % {"therapist": row.signed_by.label})
    if until:
        under.append(gettext("Good until %(day)s.") % {"day": date_format(until, "DATE_FORMAT")})
    signed = date_format(timezone.localtime(row.signed_at), "DATE_FORMAT") if row.signed_at else ""
    return papers.HomeWords(
        language=code,
        kind=gettext("Home program"),
        heading=gettext("Your home program"),
        again=gettext("page"),
        none=gettext("There are no exercises for you at the moment."),
        start=pgettext("of a movement", "Start"),
        end=pgettext("of a movement", "End"),
        need=gettext("You need:"),
        care=gettext("For you:"),
        stop=gettext("Stop if"),
        zones=gettext("How much pain is fine?"),
        page=(gettext("Page"), gettext("of")),
        made=date_format(on, "DATE_FORMAT"),
        under=" ".join(under),
        foot=gettext("Plan %(version)s, signed on %(day)s") % {"version": row.version, "day": signed},
    )
