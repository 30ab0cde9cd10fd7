"""What stands in the lists of the day: visits, the caseload in the order of need, and what waits for somebody.

Everything here reads columns and indexes; the reasoning is not asked. A list costs the same number of queries for ten people
and for fifty thousand: tiers are cut by an index, counts stop at MOST, and what a row shows is loaded for the whole page at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, TypeVar

from django.db.models import Case, Count, Exists, IntegerField, Model, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from ..accounts.models import User
from . import clock
from .models import DISPOSITIONS, Alert, Concern, Document, Episode, Message, Note, Person, PlanOfCare, Referral, Visit

R = TypeVar("R", bound=Model)
Whose = Literal["mine", "clinic"]
Filter = Literal["attention", "concern", "off_track", "signature", "reevaluation", "after"]

PAGE = 20
MOST = 1000
"""Counts stop here and say so: nobody acts on the difference between 1,000 and 1,400."""
RAISED = DISPOSITIONS.index("routine_referral")
AFTER_DAYS = 180
"""How long after discharge somebody stays in the list of check-ins."""
DAY_MOST, NEXT_MOST = 20, 12
"""A longer day than the first shows only the next visits, as many as the second."""
FOR_THE_PERSON = ("plan", "home_program", "progress", "discharge")
TO_ACT = DISPOSITIONS[: RAISED + 1]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of episodes, and whether there is another one."""

    episodes: list[Episode]
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose people: the therapist's own, or everybody this user may see."""

    user: User
    whose: Whose
    today: date

    @property
    def open(self) -> QuerySet[Episode]:
        found = Episode.objects.visible_to(self.user).filter(ended_on=None)
        return found.filter(therapist=self.user) if self.mine else found

    @property
    def mine(self) -> bool:
        return self.whose == "mine" and not self.user.role_of.assigned_only

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows that hang on an episode, cut down to these people."""
        found = rows.filter(episode__therapist=self.user) if self.mine else rows
        return found.visible_to(self.user) if self.user.role_of.assigned_only else found  # type: ignore[attr-defined]


def whose_by_default(user: User) -> Whose:
    """Who treats begins with their own people, everybody else with the clinic."""
    return "mine" if user.may("sign") or user.may("deliver") else "clinic"


# --- caseload ------------------------------------------------------------------------------------------------------------


def concern(scope: Scope) -> QuerySet[Episode]:
    return scope.open.filter(rank__lte=RAISED).order_by("rank", "started_on", "pk")


def off_track(scope: Scope) -> QuerySet[Episode]:
    return scope.open.filter(off_track_on__lte=scope.today, rank__gt=RAISED).order_by("off_track_on", "pk")


def others(scope: Scope) -> QuerySet[Episode]:
    calm = Q(off_track_on=None) | Q(off_track_on__gt=scope.today)
    return scope.open.filter(calm, rank__gt=RAISED).order_by("-started_on", "-pk")


def signature_due(scope: Scope) -> QuerySet[Episode]:
    """Episodes with something to sign: a draft of a plan, of a note, of a letter."""
    unsigned = (
        PlanOfCare.objects.filter(state="draft"),
        Note.objects.filter(signed_at=None),
        Referral.objects.filter(state="draft"),
    )
    parts = (scope.of(rows).order_by().values_list("episode", flat=True) for rows in unsigned)
    # Of one therapist a planner then comes by the few open episodes, not by everybody's drafts.
    first, *rest = (rows.filter(episode__ended_on=None) for rows in parts) if scope.mine else parts
    return scope.open.filter(pk__in=first.union(*rest)).order_by("started_on", "pk")


def reevaluation_due(scope: Scope) -> QuerySet[Episode]:
    return scope.open.filter(reevaluation_on__lte=scope.today).order_by("reevaluation_on", "pk")


def to_confirm(scope: Scope) -> QuerySet[Episode]:
    """Episodes whose home sessions propose something that nobody has decided yet."""
    return scope.open.filter(to_confirm__gt="").order_by("pk")


def after_discharge(scope: Scope) -> QuerySet[Episode]:
    since = scope.today - timedelta(days=AFTER_DAYS)
    found = Episode.objects.visible_to(scope.user).filter(stage="discharged", ended_on__gte=since).order_by("-ended_on", "-pk")
    return found.filter(therapist=scope.user) if scope.mine else found


TIERS: dict[Filter, tuple[Callable[[Scope], QuerySet[Episode]], ...]] = {
    "attention": (concern, off_track, others),
    "concern": (concern,),
    "off_track": (off_track,),
    "signature": (signature_due,),
    "reevaluation": (reevaluation_due,),
    "after": (after_discharge,),
}


def caseload(scope: Scope, chosen: Filter = "attention", number: int = 1) -> Page:
    """A page of the caseload. The tiers follow each other; of each only as much is counted as lies before the page.

    The page is found by keys alone, and only its rows are then joined with people.
    """
    start, wanted, keys = (number - 1) * PAGE, PAGE + 1, list[int]()
    for tier in TIERS[chosen]:
        rows = tier(scope)
        keys += rows.values_list("pk", flat=True)[start : start + wanted - len(keys)]
        if len(keys) == wanted:
            break
        start = 0 if keys else start - count(rows, start)
    found = Episode.objects.select_related("person").in_bulk(keys[:PAGE])
    return Page([found[key] for key in keys[:PAGE]], number, len(keys) > PAGE)


def first_of(rows: QuerySet[R], most: int) -> list[R]:
    """The first rows, found by keys alone before anything is joined: of thousands a planner would else join all, then cut."""
    return of_keys(rows, list(rows.values_list("pk", flat=True)[:most]))


def of_keys(rows: QuerySet[R], keys: list[int]) -> list[R]:
    """The rows of these keys, in their order."""
    found = {row.pk: row for row in rows.order_by().filter(pk__in=keys)} if keys else {}
    return [found[key] for key in keys if key in found]


def counts(scope: Scope) -> dict[str, int]:
    """How many open episodes there are, and under each filter that is a column; MOST stands for that many or more."""
    calm = Q(rank__gt=RAISED)
    told = scope.open.order_by().aggregate(
        all=Count("pk"),
        concern=Count("pk", filter=Q(rank__lte=RAISED)),
        off_track=Count("pk", filter=calm & Q(off_track_on__lte=scope.today)),
        reevaluation=Count("pk", filter=Q(reevaluation_on__lte=scope.today)),
        to_confirm=Count("pk", filter=Q(to_confirm__gt="")),
    )
    return {name: min(number, MOST) for name, number in told.items()}


def filter_counts(scope: Scope) -> dict[str, int]:
    """Those, and how many there are under the other filters of the caseload."""
    return counts(scope) | {"signature": count(signature_due(scope)), "after": count(after_discharge(scope))}


def count(rows: QuerySet[Any], most: int = MOST) -> int:
    return rows.order_by()[:most].values("pk").count() if most else 0


def next_visit(episode: Episode) -> Visit | None:
    """The next visit of an episode that is still to come."""
    coming = episode.visits.filter(state="planned", planned_at__gte=clock.now())
    return coming.select_related("therapist").order_by("planned_at").first()


def next_visits(episodes: list[Episode], today: date) -> dict[int, datetime]:
    """When each comes next."""
    rows = Visit.objects.filter(episode__in=[one.pk for one in episodes], state="planned", planned_at__gte=_start(today))
    found: dict[int, datetime] = {}
    for episode, at in rows.order_by("planned_at").values_list("episode", "planned_at"):
        found.setdefault(episode, at)
    return found


# --- the day -------------------------------------------------------------------------------------------------------------


def visits_of_day(scope: Scope) -> QuerySet[Visit]:
    """The visits of the day in the order of the clock."""
    start = _start(scope.today)
    rows = Visit.objects.filter(planned_at__gte=start, planned_at__lt=_start(scope.today + timedelta(days=1)))
    rows = rows.filter(therapist=scope.user) if scope.mine else rows.visible_to(scope.user)
    return rows.exclude(state="cancelled").select_related("episode__person")


def ahead(visits: QuerySet[Visit], whole: int = DAY_MOST, most: int = NEXT_MOST) -> tuple[list[Visit], int]:
    """The visits of a day of up to `whole`; of a longer one those that are still to come, at most `most`. And how many it has."""
    keys = list(visits.values_list("pk", flat=True)[: whole + 1])
    if len(keys) <= whole:
        return of_keys(visits, keys), len(keys)
    return first_of(visits.filter(state__in=("planned", "started")), most), count(visits)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# --- what needs somebody -------------------------------------------------------------------------------------------------

FASTEST = Case(
    *(When(urgency=urgency, then=Value(place)) for place, urgency in enumerate(DISPOSITIONS)),
    default=Value(9),
    output_field=IntegerField(),
)


def to_act(scope: Scope, private: frozenset[str]) -> QuerySet[Concern]:
    """Open concerns that somebody else must hear of and nobody has yet, the fastest first.

    A letter that went out after a concern was raised names it, whichever it is about; a private one is in no letter, and stays
    until a therapist lowers it.
    """
    out = Referral.objects.filter(
        episode=OuterRef("episode"), state__in=("sent", "answered"), created_at__gte=OuterRef("raised_at")
    )
    rows = Concern.objects.filter(state="open", urgency__in=TO_ACT)
    rows = rows.exclude(~Q(condition__in=private) & Exists(out))
    shown = ("ref", "condition", "urgency", "because", "raised_at")
    return _named(scope.of(rows), *shown, "episode__person__phone").order_by(FASTEST, "raised_at", "pk")


def unanswered(scope: Scope) -> QuerySet[Referral]:
    """Letters that are out and not answered, the oldest first."""
    return _named(scope.of(Referral.objects.filter(state="sent")), "ref", "to", "urgency", "sent_at").order_by("sent_at", "pk")


def alerts(scope: Scope) -> QuerySet[Alert]:
    """What people told their phones and nobody has seen, the most urgent first.

    One of somebody whom nobody is responsible for, and an emergency, stand on every therapist's list.
    """
    rows = Alert.objects.filter(seen_at=None)
    if scope.mine:  # asked alert by alert, of which few are unseen: by a join SQLite would begin with all episodes
        theirs = Episode.objects.filter(Q(therapist=scope.user) | Q(therapist=None), pk=OuterRef("episode"))
        rows = rows.filter(Q(urgency=DISPOSITIONS[0]) | Exists(theirs))
    elif scope.user.role_of.assigned_only:
        rows = rows.visible_to(scope.user)
    shown = (
        "ref",
        "kind",
        "urgency",
        "text",
        "at",
        "seen_at",
        "seen_by_label",
        "episode__person__phone",
        "episode__therapist__name",
    )
    return _named(rows, *shown).order_by(FASTEST, "at", "pk")


def messages_waiting(scope: Scope) -> QuerySet[Message]:
    """The first message of each person that nobody has answered yet, the oldest first."""
    waiting = Message.objects.filter(from_patient=True, settled_at=None)
    earlier = waiting.order_by().filter(episode=OuterRef("episode"), pk__lt=OuterRef("pk"))
    return _named(scope.of(waiting.exclude(Exists(earlier))), "text", "at").order_by("at", "pk")


def plan_drafts(scope: Scope) -> QuerySet[PlanOfCare]:
    return _named(scope.of(PlanOfCare.objects.filter(state="draft")), "version", "created_at").order_by("created_at", "pk")


def note_drafts(scope: Scope) -> QuerySet[Note]:
    rows = scope.of(Note.objects.filter(signed_at=None))
    return _named(rows, "ref", "visit__number", "visit__planned_at").order_by("created_at", "pk")


def letter_drafts(scope: Scope) -> QuerySet[Referral]:
    return _named(scope.of(Referral.objects.filter(state="draft")), "ref", "to", "created_at").order_by("created_at", "pk")


def _named(rows: QuerySet[Any], *shown: str) -> QuerySet[Any]:
    """With the columns a line shows and whose it is: whole rows of two or three tables cost as much again."""
    joined = {path.rpartition("__")[0] for path in shown} - {""}
    person = ("episode__ref", "episode__person__ref", "episode__person__given_name", "episode__person__family_name")
    return rows.select_related("episode__person", *joined).only(*person, *shown)


# --- people --------------------------------------------------------------------------------------------------------------


def found_people(user: User, words: str, born: date | None = None, most: int = 20) -> list[Person]:
    """People by the beginnings of their names, by birthday, or by both."""
    rows = Person.objects.visible_to(user)
    if words.strip():
        rows = rows.named(words)
    if born:
        rows = rows.filter(date_of_birth=born)
    if not words.strip() and not born:
        return []
    return list(rows.order_by("family_key", "given_key", "pk")[:most])


def hidden_people(user: User, words: str, born: date | None) -> list[Person]:
    """Whom an emergency access could open: found only by name and birthday together, so that nobody can browse."""
    if not (user.role_of.assigned_only and user.may("break_glass") and words.strip() and born):
        return []
    seen = Person.objects.visible_to(user).values("pk")
    return list(Person.objects.named(words).filter(date_of_birth=born).exclude(pk__in=seen)[:3])


def lately(user: User, most: int = 12) -> list[Episode]:
    """The episodes that were opened last: where a search begins before anything is typed."""
    rows = Episode.objects.visible_to(user).filter(ended_on=None).select_related("person", "therapist")
    return list(rows.order_by("-started_on", "-pk")[:most])


def papers_for(episode: Episode) -> QuerySet[Document]:
    """The papers of an episode that are made for the person. Notes and letters between clinicians are asked for at the clinic."""
    return documents_of(episode).filter(kind__in=FOR_THE_PERSON)


def documents_of(episode: Episode) -> QuerySet[Document]:
    """The documents of an episode without their content."""
    return Document.objects.filter(episode=episode).defer("content")
