"""Personal links: made and taken back by the clinic, opened by a phone that knows the person's date of birth.

What goes out is a signature over the link's ref, made with the site's key: nothing that is kept would open a record by itself, and
sending a link again gives the same address. A wrong date is counted for the link and for the network address it came from; after
that, also the right date waits. Whatever the reason for a refusal, the answer to the phone is one and the same.
"""

from __future__ import annotations

import hmac
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import salted_hmac

from ...accounts.models import User
from .. import audit, clock
from ..models import Discharge, Episode, Person, PersonalLink
from . import Refused, logins

SALT = "rhomboid.personal-link"
SESSION_DAYS = 90
WAITS = {5: timedelta(minutes=15), 10: timedelta(hours=1)}
"""After so many wrong dates of birth, how long nothing is heard."""
LOCKED_AT = 15
ADDRESS_TRIES, ADDRESS_WINDOW = 20, 15 * 60
"""Wrong tries from one network address in so many seconds, whatever the links."""
AFTER_DISCHARGE = {"0": 0, "3": 3, "12": 12}
MONTHS_AFTER = 12
"""For how many months a link may go on opening after discharge, and for how many it does when nobody chose (prod)."""
NOBODY = "A phone"
Why = Literal["", "unknown", "revoked", "expired", "closed", "locked", "waits", "date", "address"]


@dataclass(frozen=True, slots=True)
class Opening:
    """What became of a try: the link, when it opened, else why not. The reason is for the trail, never for the phone."""

    link: PersonalLink | None = None
    why: Why = ""


def token_of(link: PersonalLink) -> str:
    """What stands in the address. The same for the same link, as long as the site keeps its key."""
    return signing.Signer(salt=SALT, sep=".").sign(link.ref)


def ref_in(token: str) -> str:
    """The ref that a token was made for; empty for one that was not made here."""
    try:
        return signing.Signer(salt=SALT, sep=".").unsign(token)
    except signing.BadSignature:
        return ""


def live(episode: Episode) -> PersonalLink | None:
    """The link of an episode that nobody has taken back; it may be over or locked."""
    return PersonalLink.objects.filter(episode=episode, revoked_at=None).first()


# --- the clinic --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue(*, episode: Episode, by: User) -> PersonalLink:
    """The link of an episode: the one there is, else a new one."""
    _may(by)
    episode = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=episode.pk)
    return live(episode) or _made(episode, by)


@transaction.atomic
def renew(*, link: PersonalLink, by: User) -> PersonalLink:
    """Takes a link back and makes a new one with an address of its own: for a locked link, or one that others may know."""
    _may(by)
    revoke(link=link, by=by)
    return issue(episode=link.episode, by=by)


@transaction.atomic
def revoke(*, link: PersonalLink, by: User) -> PersonalLink:
    """Ends a link, the ways in that were added since it was made, and at their next request every phone it has opened."""
    _may(by)
    link = PersonalLink.objects.select_for_update(of=("self",)).select_related("episode__person").get(pk=link.pk)
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by_label = clock.now(), by.label
        link.save(update_fields=["revoked_at", "revoked_by_label"])
        logins.end_added(person=link.episode.person, since=link.made_at, by=by)
        audit.write(by=by, action="link.revoke", person=link.episode.person, subject=link.ref)
    return link


@transaction.atomic
def given(*, link: PersonalLink, how: Literal["mail", "paper"], by: User) -> None:
    """Keeps on record that a link went out."""
    _may(by)
    if how == "mail":
        link.sent_at = clock.now()
        link.save(update_fields=["sent_at"])
    audit.write(by=by, action="link.give", person=link.episode.person, subject=link.ref, how=how)


def until_after_discharge(months: int) -> date:
    """The last day on which a link opens after a discharge today: the therapist's choice. 0 ends it with today."""
    if months not in AFTER_DISCHARGE.values():
        raise Refused("Choose how long the phone stays open", "Not at all, 3 months or 12 months.")
    return _months_after(clock.today(), months)


def end_after(row: Discharge, *, by: User) -> None:
    """The link of an episode ends as its discharge says. Part of the discharge."""
    link = live(row.episode)
    if link:
        link.expires_on = row.phone_until
        link.save(update_fields=["expires_on"])
        audit.write(by=by, action="link.end", person=row.episode.person, subject=link.ref, on=str(row.phone_until))


def move(*, to: Episode, by: User) -> None:
    """A person who comes back goes on with the link they have: it opens the new episode. Part of the action that opens it."""
    link = PersonalLink.objects.filter(episode__person=to.person_id).live(clock.today()).order_by("-made_at").first()
    if link:
        link.episode, link.expires_on = to, None
        link.save(update_fields=["episode", "expires_on"])
        audit.write(by=by, action="link.move", person=to.person, subject=link.ref, to=to.ref)


def _made(episode: Episode, by: User) -> PersonalLink:
    ends = _ends(episode)
    if closed(episode):
        raise Refused("This person's phone was closed with the discharge", "If care goes on, open a new episode.")
    _patient_of(episode.person)
    link = PersonalLink.objects.create(
        episode=episode, made_by=by, made_by_label=by.label, made_at=clock.now(), created_at=clock.now(), expires_on=ends
    )
    audit.write(by=by, action="link.issue", person=episode.person, subject=link.ref)
    return link


def closed(episode: Episode) -> bool:
    """Whether the time after discharge is over for which the therapist has left the phone open, by link or by login."""
    ends = _ends(episode)
    return ends is not None and ends < clock.today()


def _ends(episode: Episode) -> date | None:
    if episode.ended_on is None:
        return None
    row = Discharge.objects.filter(episode=episode).first()
    return row.phone_until if row and row.phone_until else _months_after(episode.ended_on, MONTHS_AFTER)


def _patient_of(person: Person) -> User:
    """The account that a link signs in; one that nobody can sign in to otherwise is made where there is none.

    Its address cannot receive mail: what the front desk has written down for a person may be the address of somebody else, and
    an address with an account opens the record. The person adds their own on the phone, with a code sent to it.
    """
    if person.user is None:
        person.user = User.objects.create_user(User.no_mail(person.ref), None, name=str(person), role="patient")
        person.save(update_fields=["user"])
    return person.user


def _months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _may(by: User) -> None:
    if not by.may("schedule"):
        raise Refused("Your role does not give links to patients", "Ask the front desk or the therapist.")


# --- the phone ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def accept(*, token: str, born: date | None, address: str) -> Opening:
    """One try to open a link on a new phone. `address` is the network address it came from; it is kept as a keyed digest.

    Every try does the same work and every refusal is written down, but for an address that is shut out already.
    """
    if _tries_of(address) >= ADDRESS_TRIES:
        return Opening(why="address")
    ref = ref_in(token)
    link = PersonalLink.objects.select_for_update(of=("self",)).select_related("episode__person__user").filter(ref=ref).first()
    why = _refusal(link, born)
    if why or link is None:
        _refused(link, why)
        _count_address(address)
        return Opening(why=why)
    link.failed, link.locked_until, link.last_seen_at = 0, None, clock.now()
    link.save(update_fields=["failed", "locked_until", "last_seen_at"])
    assert link.episode.person.user
    audit.write(by=link.episode.person.user, action="link.open", person=link.episode.person, subject=link.ref)
    return Opening(link)


@transaction.atomic
def still_me(*, person: Person, link: PersonalLink | None, born: date | None, address: str) -> bool:
    """Whether a phone that is open already knows the date of birth, asked before it gets another way in. Counted like a try."""
    if _tries_of(address) >= ADDRESS_TRIES:
        return False
    link = (
        PersonalLink.objects.select_for_update(of=("self",)).select_related("episode__person__user").get(pk=link.pk)
        if link
        else None
    )
    why: Why = _refusal(link, born) if link else "" if is_born_on(person, born) else "date"
    if why:
        _refused(link, why, person)
        _count_address(address)
    return not why


def is_born_on(person: Person, born: date | None) -> bool:
    """Compared without telling by the time it takes."""
    return hmac.compare_digest(person.date_of_birth.isoformat(), born.isoformat() if born else "----------")


def seen(*, link: PersonalLink) -> None:
    """The phone was used on this day. It is no event of its own: what the phone does with the record has its events."""
    PersonalLink.objects.filter(pk=link.pk).update(last_seen_at=clock.now())


def _refusal(link: PersonalLink | None, born: date | None) -> Why:
    """Why a try is refused; empty when it is not. The date is compared in any case."""
    right = is_born_on(link.episode.person if link else Person(date_of_birth=date(1900, 1, 1)), born)
    if link is None:
        return "unknown"
    user = link.episode.person.user
    reasons: dict[Why, bool] = {
        "revoked": link.revoked_at is not None,
        "expired": not link.opens(clock.today()),
        "closed": user is None or not user.is_active,
        "locked": link.locked,
        "waits": link.locked_until is not None and link.locked_until > clock.now(),
        "date": not right,
    }
    return next((why for why, holds in reasons.items() if holds), "")


def _refused(link: PersonalLink | None, why: Why, person: Person | None = None) -> None:
    """Counts a wrong date for its link, and writes the refusal down: what was refused, nothing of what was typed."""
    if link and why == "date":
        link.failed += 1
        link.locked = link.failed >= LOCKED_AT
        link.locked_until = clock.now() + WAITS[link.failed] if link.failed in WAITS else link.locked_until
    PersonalLink.objects.filter(pk=link.pk if link else 0).update(
        failed=link.failed if link else 0, locked=link.locked if link else False, locked_until=link.locked_until if link else None
    )
    person = link.episode.person if link else person
    audit.write(by=NOBODY, action="link.refuse", person=person, subject=link.ref if link else "", why=why)


def _address_key(address: str) -> str:
    window = int(clock.now().timestamp()) // ADDRESS_WINDOW
    return f"link-tries:{salted_hmac(SALT, address).hexdigest()[:24]}:{window}"


def _tries_of(address: str) -> int:
    return int(cache.get(_address_key(address), 0))


def _count_address(address: str) -> None:
    """Counts one more. The refusal is written down before: that locks the end of the trail, so that two at once both count."""
    tries = _tries_of(address) + 1
    cache.set(_address_key(address), tries, ADDRESS_WINDOW * 2)
    if tries == ADDRESS_TRIES:
        audit.write(by=NOBODY, action="link.address_shut", tries=ADDRESS_TRIES)
