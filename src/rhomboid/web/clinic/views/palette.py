"""The command palette: people, places, actions and findings in one list of at most eight. What is typed travels by POST."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from ....reasoning.letter import private_conditions
from ...accounts.context import PLACES
from ...accounts.models import User
from ...records import clock, current, lists
from ...records.access import Request, access, declared, visible
from ...records.models import Concern, Episode, Referral
from ...records.models.names import name_key
from ..evaluation_layout import layout_of
from ..frame import TABS
from ..needs import name_of
from .papers import NAMES, offered
from .people import split_words

MOST = 8
SHARE = {"People": 4, "Go to": 5, "Actions": 5, "Findings": 6}
Entry = dict[str, Any]


@access("see_people", "POST", "GET")
def palette(request: Request) -> HttpResponse:
    if request.method == "GET":
        return redirect("people")
    words = request.POST.get("q", "").strip()[:80]
    episode = _episode(request.POST.get("from", ""), request.user)
    found = [
        *_people(words, request.user),
        *_matching(words, _places(request.user, episode)),
        *_matching(words, _actions(request.user, episode)),
    ]
    if words and episode and request.user.may("record"):
        found += _findings(words, episode)
    return JsonResponse({"results": _shared(found)})


def _shared(found: Iterable[Entry]) -> list[Entry]:
    """At most eight, and of no group so many that the others have no room."""
    left = dict(SHARE)
    shown = []
    for entry in found:
        left[entry["group"]] -= 1
        if left[entry["group"]] >= 0:
            shown.append(entry)
    return shown[:MOST]


def _episode(path: str, user: User) -> Episode | None:
    """The episode of the page the palette was opened on, if this user may see it."""
    with suppress(Resolver404, Http404):
        match = resolve(path)
        rule = declared(match.func)
        if rule and rule.of and rule.of != "person" and "ref" in match.kwargs:
            record = visible(rule.of, match.kwargs["ref"], user)
            return record if isinstance(record, Episode) else record.episode
    return None


def _people(words: str, user: User) -> Iterator[Entry]:
    names, born = split_words(words)
    if len(name_key(names)) < 2 and not born:
        return
    for person in lists.found_people(user, names, born, most=SHARE["People"]):
        born_on = f"{person.date_of_birth:%b %-d, %Y}"
        hint = f"{person.age_on(clock.today())}, born {born_on}"
        yield _entry("People", str(person), "person", person.ref, hint=hint)


def _places(user: User, episode: Episode | None) -> Iterator[Entry]:
    if episode and user.may("see_clinical"):
        for _, label, view in TABS:
            yield _entry("Go to", label, view, episode.ref, hint=str(episode.person))
        yield _entry("Go to", "Person", "person", episode.person.ref, hint=str(episode.person))
    for permission, label, view in PLACES:
        if user.may(permission):
            yield _entry("Go to", label, view)


def _actions(user: User, episode: Episode | None) -> Iterator[Entry]:
    if episode and user.may("refer"):
        yield from _letters(episode)
    if episode and user.may("see_clinical"):
        for paper in offered(episode):
            if not paper["missing"]:
                yield _entry("Actions", f"Print {NAMES[paper['kind']][0].lower()}", "paper", episode.ref, paper["kind"])
        yield _entry("Actions", "Add a file", "documents", episode.ref)
    if user.may("register"):
        yield _entry("Actions", "New person", "person_new")


def _letters(episode: Episode) -> Iterator[Entry]:
    knowledge = current.knowledge()
    private = private_conditions(knowledge)
    written = Referral.objects.filter(episode=episode).exclude(state="dropped").values("concern")
    rows = Concern.objects.filter(episode=episode, state="open").exclude(urgency="monitor").exclude(pk__in=written)
    for concern in rows:
        if concern.condition in private:
            continue
        name = name_of(concern.condition, knowledge)
        what = {"method": "post", "confirm": f"Write a letter about {name.lower()}?"}
        yield _entry("Actions", f"Write the letter: {name}", "letter_new", concern.ref) | what


def _findings(words: str, episode: Episode) -> Iterator[Entry]:
    """Findings by their label; they open the evaluation at their row."""
    knowledge = current.knowledge()
    layout = layout_of(knowledge)
    for name, row in layout.row_of.items():
        finding = knowledge.vocabulary.findings.get(name)
        entry = _entry("Findings", finding.label, "evaluation", episode.ref, hint=layout.place_of[name].name) if finding else None
        if entry and _fits(words, entry):
            yield entry | {"url": f"{entry['url']}?section={layout.place_of[name].key}#row-{row.key}"}


def _matching(words: str, entries: Iterable[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if _fits(words, entry))


def _fits(words: str, entry: Entry) -> bool:
    """Whether every typed word begins some word of the label, and the place is there."""
    label = name_key(entry["label"]).split()
    return bool(entry["url"]) and all(any(part.startswith(word) for part in label) for word in name_key(words).split())


def _entry(group: str, label: str, view: str, *args: str, hint: str = "") -> Entry:
    try:
        url = reverse(view, args=args)
    except NoReverseMatch:
        url = ""
    return {"group": group, "label": label, "hint": hint, "url": url}
