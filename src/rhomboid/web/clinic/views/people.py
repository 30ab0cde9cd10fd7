"""People: find, register, correct, and open an episode. Search words travel by POST and stand in no address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from ...accounts.models import User
from ...records import audit, clock, current, lists
from ...records.access import Request, access
from ...records.actions import Refused, episodes, people
from ...records.models import Episode, Person
from ..frame import rights

FIELDS = ("given_name", "family_name", "sex_at_birth", "phone", "email", "language")
US_DATE = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})$")


@access("see_people", "GET", "POST")
def people_page(request: Request) -> HttpResponse:
    """The search. A birthday may stand among the words: "vega 3/9/1972"."""
    words, born = split_words(request.POST.get("q", ""))
    born = born or date_of(request.POST.get("born", ""))
    asked = bool(words or born)
    found = lists.found_people(request.user, words, born) if asked else []
    if asked:
        audit.write(by=request.user, action="person.search", found=len(found))
    page = {
        "section": "people",
        "found": found,
        "hidden": lists.hidden_people(request.user, words, born) if asked else [],
        "asked": asked,
        "q": request.POST.get("q", ""),
        "born": request.POST.get("born", ""),
        "lately": [] if asked else lists.lately(request.user),
    }
    template = "clinic/parts/_people.html" if request.htmx else "clinic/people.html"
    return render(request, template, page | rights(request.user, "register", "see_clinical"))


@access("register", "GET", "POST")
def person_new(request: Request) -> HttpResponse:
    if request.method == "GET":
        return _new(request, {"language": "en"})
    born = date_of(request.POST.get("date_of_birth", ""))
    if born is None:
        return _new(request, request.POST, Refused("The date of birth cannot be read", "Write it as 3/9/1972 or 1972-03-09."))
    given = {name: request.POST.get(name, "").strip() for name in FIELDS}
    alike = people.look_alikes(given_name=given["given_name"], family_name=given["family_name"], date_of_birth=born)
    if alike and "sure" not in request.POST:
        return _new(request, request.POST, alike=alike)
    try:
        person = people.register(**given, date_of_birth=born, by=request.user)
    except Refused as refusal:
        return _new(request, request.POST, refusal)
    messages.success(request, f"{person} is registered.")
    return redirect("person", person.ref)


def _new(
    request: Request, kept: Mapping[str, Any], refused: Refused | None = None, alike: list[Person] | None = None
) -> HttpResponse:
    status = refused.status if refused else 409 if alike else 200
    page = {"section": "people", "kept": kept, "refused": refused, "alike": alike, "sexes": sexes()}
    return render(request, "clinic/person_new.html", page | {"languages": settings.LANGUAGES}, status=status)


@access("see_people", of="person")
def person_page(request: Request, person: Person) -> HttpResponse:
    return _person(request, person, {})


def _person(request: Request, person: Person, more: dict[str, Any], status: int = 200) -> HttpResponse:
    seen = person.episodes.visible_to(request.user)
    found = list(seen.order_by("-number").select_related("therapist").prefetch_related("assignments__user"))
    page = {
        "section": "people",
        "person": person,
        "age": person.age_on(clock.today()),
        "episodes": found,
        "open_episode": next((one for one in found if one.ended_on is None), None),
        "therapists": staff("therapist", "owner"),
        "assistants": staff("assistant"),
        "sexes": sexes(),
        "languages": settings.LANGUAGES,
        "kept": {name: getattr(person, name) for name in FIELDS} | {"date_of_birth": person.date_of_birth.isoformat()},
    }
    may = rights(request.user, "register", "see_clinical", "break_glass", "sign", "manage_people", "schedule")
    return render(request, "clinic/person.html", page | may | more, status=status)


@access("register", "POST", of="person")
def person_correct(request: Request, person: Person) -> HttpResponse:
    before = Person.objects.get(pk=person.pk)
    born = date_of(request.POST.get("date_of_birth", ""))
    given = {name: request.POST.get(name, "").strip() for name in FIELDS}
    try:
        if born is None:
            raise Refused("The date of birth cannot be read", "Write it as 3/9/1972 or 1972-03-09.")
        changes = {name: value for name, value in {**given, "date_of_birth": born}.items() if getattr(before, name) != value}
        if changes:
            people.correct_identity(person=person, by=request.user, knowledge=current.knowledge(), **changes)
    except Refused as refusal:
        return _person(request, before, {"refused": refusal, "kept": request.POST}, refusal.status)
    messages.success(request, "Corrected." if changes else "Nothing was changed.")
    return redirect("person", person.ref)


@access("register", "POST", of="person")
def episode_new(request: Request, person: Person) -> HttpResponse:
    """Opens an episode; the therapist may be chosen later."""
    title = request.POST.get("title", "").strip()[:120] or "Upper back"
    episode = episodes.open_episode(
        person=person, therapist=_staff(request.POST.get("therapist", "")), title=title, by=request.user
    )
    messages.success(request, "The episode is open.")
    return redirect("episode" if request.user.may("see_clinical") else "intake", episode.ref)


@access("see_people", "POST", of="episode")
def episode_team(request: Request, episode: Episode) -> HttpResponse:
    """Who is responsible, and which assistants work with the person. Therapists and the front desk decide that."""
    if not (request.user.may("schedule") or request.user.may("sign")):
        raise Refused("Who works with a person is decided by therapists and the front desk", "Ask one of them.")
    if therapist := _staff(request.POST.get("therapist", "")):
        episodes.take_over(episode=episode, therapist=therapist, by=request.user)
    if assistant := _staff(request.POST.get("assistant", ""), "assistant"):
        episodes.assign(episode=episode, user=assistant, by=request.user)
    if ended := _staff(request.POST.get("end", ""), "assistant"):
        episodes.end_assignment(episode=episode, user=ended, by=request.user)
    messages.success(request, "The team is changed.")
    return redirect("person", episode.person.ref)


def sexes() -> list[tuple[str, str]]:
    """The options of the vocabulary's own question."""
    return list(current.knowledge().vocabulary.findings["sex_at_birth"].options.items())


def staff(*roles: str) -> list[User]:
    """Who can be chosen; an owner only with a license."""
    found = User.objects.filter(role__in=roles, is_active=True)
    return [one for one in found if one.role != "owner" or one.licensed]


def _staff(key: str, *roles: str) -> User | None:
    if not key:
        return None
    chosen = next((one for one in staff(*(roles or ("therapist", "owner"))) if str(one.pk) == key), None)
    if chosen is None:
        raise Http404
    return chosen


# --- words and dates -----------------------------------------------------------------------------------------------------


def split_words(text: str) -> tuple[str, date | None]:
    """What was typed, as names and, if one of the words is a date, a birthday."""
    words, born = [], None
    for word in text.split()[:8]:
        found = date_of(word)
        born = born or found
        if found is None:
            words.append(word)
    return " ".join(words), born


def date_of(text: str) -> date | None:
    """A date as people type it: 1972-03-09, 3/9/1972, 3/9/72."""
    text = text.strip()
    try:
        if match := US_DATE.match(text):
            month, day, year = (int(part) for part in match.groups())
            return date(year if year > 99 else _century(year), month, day)
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _century(year: int) -> int:
    return 2000 + year if 2000 + year <= clock.today().year else 1900 + year
