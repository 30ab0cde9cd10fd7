"""What one of the invented people does on their phone beside the exercises: lessons, their own desk, messages to the therapist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from ....knowledge import Knowledge
from ...accounts.models import User
from ...records import clock, own_places, understanding
from ...records.actions import messages, own_pages, users
from ...records.models import Episode, Person

AT_FIRST: dict[str, Any] = {
    "monitor_height": "below_eye", "monitor_offset": "side", "chair_support": True, "arm_support": False, "break_interval_min": 90,
    "phone_hours": 4, "carry_bag": "one_shoulder", "sleep_position": "side", "sleep_setup_provokes": False,
}  # fmt: skip
LATER: dict[str, Any] = AT_FIRST | {"monitor_height": "at_eye", "monitor_offset": "front", "break_interval_min": 45}
ASKED = "The wall slide pulls a little on the right side. It is gone after an hour. Shall I go on with it?"
ANSWERED = "Yes. Stay below 4 of 10 and do one set less for three days. We look at it together at your next visit."
AGAIN = "It is better now. I can sit for an hour at work. Can I start to swim again?"


def phone_story(now: datetime, email: str, password: str, knowledge: Knowledge) -> Iterator[datetime]:
    """Somebody under care gets a login, and uses it over two weeks; their last message waits for an answer."""
    yield _at(now, 13, 18)
    person = Person.objects.filter(episodes__stage="care", episodes__visits__planned_at__gt=now).order_by("id").first()
    if person is None:
        return
    login = _login(person, email, password)
    episode = Episode.objects.select_related("person", "therapist").filter(person=person).order_by("-number")[0]
    _look(episode, login, AT_FIRST, "first", knowledge)
    own_pages.changed(episode=episode, advice="ws_screen_top", knowledge=knowledge, by=login)
    _read(episode, login, 1, knowledge)
    yield _at(now, 11, 19)
    messages.send(episode=episode, text=ASKED, key="sample-1", by=login)
    yield _at(now, 10, 12)
    if episode.therapist:
        messages.read(episode=episode, by=episode.therapist)
        messages.answer(episode=episode, text=ANSWERED, key="sample-2", by=episode.therapist)
    yield _at(now, 10, 20)
    messages.read(episode=episode, by=login)
    yield _at(now, 4, 18)
    _look(episode, login, LATER, "later", knowledge)
    _read(episode, login, 2, knowledge)
    yield _at(now, 1, 19)
    messages.send(episode=episode, text=AGAIN, key="sample-3", by=login)


def _at(now: datetime, days: int, hour: int) -> datetime:
    """Some days ago, at that hour."""
    return timezone.make_aware(datetime.combine(now.date() - timedelta(days=days), time(hour, 40)))


def _login(person: Person, email: str, password: str) -> User:
    """An account that the front desk has made, with a password, for whoever tries the sample clinic."""
    login = users.invite_person(person=person, email=email, by=User.objects.filter(role="front_desk").get())
    login.set_password(password)
    login.save(update_fields=["password"])
    return login


def _look(episode: Episode, login: User, answers: dict[str, Any], key: str, knowledge: Knowledge) -> None:
    for place in own_places.places(episode, knowledge, clock.today()):
        given = {entry.id: answers[entry.id] for entry in place.asks if entry.id in answers}
        own_pages.look(episode=episode, place=place.id, values=given, key=f"sample-{key}-{place.id}", knowledge=knowledge, by=login)


def _read(episode: Episode, login: User, most: int, knowledge: Knowledge) -> None:
    plan = understanding.plan_signed(episode)
    for lesson in understanding.lessons(episode, plan, knowledge, clock.today())[:most]:
        own_pages.read_card(episode=episode, card=lesson.id, knowledge=knowledge, by=login)
