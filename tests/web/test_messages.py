"""Messages: once however often they are sent, answered by whoever treats, and nobody else reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, lists
from rhomboid.web.records.actions import Refused, messages
from rhomboid.web.records.models import AuditEvent, Message

from .conftest import NOW, Cast

TEXT = "My upper back is sore after the wall slide."
Browser = Callable[[User], Client]


def sent(cast: Cast, text: str = TEXT, key: str = "k1") -> Message:
    return messages.send(episode=cast.episode, text=text, key=key, by=cast.patient)


def waiting(cast: Cast, user: User) -> list[Message]:
    return list(lists.messages_waiting(lists.Scope(user, "clinic", clock.today())))


def test_a_message_that_is_sent_twice_is_there_once(cast: Cast, phone: Client) -> None:
    """The reply to the first sending is lost, so the phone sends it again, with other line ends."""
    for text in ("One.\nTwo.", "One.\r\nTwo."):
        response = phone.post("/me/messages", {"text": text, "key": "a" * 24})
        assert (response.status_code, response["Location"]) == (302, "/me/messages")
    assert [one.text for one in Message.objects.all()] == ["One.\nTwo."]
    assert AuditEvent.objects.filter(action="message.send").count() == 1


def test_another_text_under_the_same_key_is_kept_and_not_sent(cast: Cast, phone: Client) -> None:
    phone.post("/me/messages", {"text": TEXT, "key": "a" * 24})
    response = phone.post("/me/messages", {"text": "Something else", "key": "a" * 24})
    assert response.status_code == 422
    assert response.context["kept"] == "Something else"
    assert response.context["key"] != "a" * 24
    assert Message.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * (messages.LONGEST + 1)])
def test_what_cannot_be_sent_is_kept_on_the_page(cast: Cast, phone: Client, text: str) -> None:
    response = phone.post("/me/messages", {"text": text, "key": "a" * 24})
    assert response.status_code == 422
    assert response.context["kept"] == text.strip()
    assert not Message.objects.exists()


def test_nobody_writes_in_the_name_of_a_patient(cast: Cast) -> None:
    for somebody in (cast.other_patient, cast.therapist, cast.front_desk):
        with pytest.raises(Refused):
            messages.send(episode=cast.episode, text=TEXT, key="k", by=somebody)


def test_an_answer_settles_what_was_written_and_the_person_reads_it(cast: Cast, phone: Client) -> None:
    sent(cast)
    sent(cast, "And one more thing.", "k2")
    assert [one.text for one in waiting(cast, cast.therapist)] == [TEXT]
    messages.answer(episode=cast.episode, text="Do half of it tomorrow.", key="k3", by=cast.therapist)
    assert waiting(cast, cast.therapist) == []
    mine = Message.objects.filter(from_patient=True)
    assert {one.settled_by_label for one in mine} == {cast.therapist.label}
    assert all(one.read_at == NOW for one in mine)
    page = phone.get("/me/messages").content.decode()
    assert "Do half of it tomorrow." in page
    assert "Not for emergencies." in page
    assert Message.objects.get(from_patient=False).read_at == NOW


def test_a_page_that_is_fetched_ahead_is_not_read(cast: Cast, phone: Client) -> None:
    messages.answer(episode=cast.episode, text="Hello", key="k3", by=cast.therapist)
    phone.get("/me/messages", headers={"sec-fetch-dest": "empty"})
    assert Message.objects.get().read_at is None
    phone.get("/me/messages", headers={"sec-fetch-dest": "document"})
    assert Message.objects.get().read_at == NOW


def test_a_later_message_waits_again(cast: Cast) -> None:
    sent(cast)
    messages.settle(episode=cast.episode, by=cast.therapist)
    assert waiting(cast, cast.therapist) == []
    with clock.fixed(NOW + timedelta(days=1)):
        sent(cast, "It is back.", "k2")
        assert [one.text for one in waiting(cast, cast.therapist)] == ["It is back."]


def test_therapists_see_it_on_today_and_on_the_story(cast: Cast, signed_in: Browser) -> None:
    sent(cast)
    client = signed_in(cast.therapist)
    today = client.get("/today/needs").content.decode()
    assert "Messages to answer 1" in today
    assert TEXT in today
    story = client.get(f"/episodes/{cast.episode.ref}").content.decode()
    assert TEXT in story
    assert "waits for an answer" in story
    assert Message.objects.get().read_by_label == cast.therapist.label


def test_the_front_desk_sees_that_there_is_one_and_not_what_it_says(cast: Cast, signed_in: Browser) -> None:
    sent(cast)
    client = signed_in(cast.front_desk)
    today = client.get("/today").content.decode()
    assert "Messages that wait for a therapist" in today
    assert "Marisol Vega" in today
    assert TEXT not in today
    for method, path in (("get", ""), ("post", "/answer"), ("post", "/settle")):
        response = getattr(client, method)(f"/episodes/{cast.episode.ref}/messages{path}", {"text": "x", "key": "k9"})
        assert response.status_code == 403
    assert Message.objects.count() == 1
    with pytest.raises(Refused):
        messages.answer(episode=cast.episode, text="x", key="k9", by=cast.front_desk)
    assert Message.objects.get().read_at is None


def test_the_thread_takes_an_answer_in_place_and_keeps_a_refused_one(cast: Cast, signed_in: Browser) -> None:
    sent(cast)
    client = signed_in(cast.therapist)
    path = f"/episodes/{cast.episode.ref}/messages/answer"
    part = client.post(path, {"text": "Thank you.", "key": "b" * 24}, headers={"hx-request": "true"})
    assert part.status_code == 200
    assert "Thank you." in part.content.decode()
    assert "waits for an answer" not in part.content.decode()
    again = client.post(path, {"text": "Something else", "key": "b" * 24})
    assert again.status_code == 409
    assert "Something else" in again.content.decode()
    assert Message.objects.filter(from_patient=False).count() == 1


def test_the_mail_says_that_there_is_one_and_nothing_of_it(
    cast: Cast, settings: object, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    settings.SENDS_MAIL = True  # type: ignore[attr-defined]
    cast.marisol.email, cast.marisol.language = "marisol@example.test", "es"
    cast.marisol.save()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        messages.answer(episode=cast.episode, text="Rest the shoulder.", key="k1", by=cast.therapist)
        messages.answer(episode=cast.episode, text="Rest the shoulder.", key="k1", by=cast.therapist)
    assert [one.to for one in mail.outbox] == [["marisol@example.test"]]
    assert mail.outbox[0].subject == "Hay un mensaje para usted"
    said = mail.outbox[0].subject + str(mail.outbox[0].body)
    assert "shoulder" not in said
    assert "Marisol" not in said
