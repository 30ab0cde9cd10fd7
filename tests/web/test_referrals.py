"""A raised concern becomes a finished letter in two clicks, goes out once, and is tracked until it is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rhomboid.reasoning.letter import private_conditions
from rhomboid.web.accounts.models import User
from rhomboid.web.clinic.needs import overdue
from rhomboid.web.records import bridge_letter, clock, current, lists
from rhomboid.web.records.actions import Overtaken, Refused, consents, findings, referrals
from rhomboid.web.records.models import AuditEvent, Concern, Consent, Document, Referral

from . import some_files
from .conftest import NOW, Cast

SignedIn = Callable[[User], Client]
TEARING = {"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0}
GIVEN = {"to": "Emergency department", "to_address": "Union Square\nFax (212) 555-0199", "to_email": "", "message": "He is pale."}


def raised(cast: Cast, **more: Any) -> Concern:
    findings.record(episode=cast.episode, values=TEARING | more, knowledge=current.knowledge(), by=cast.therapist)
    found = Concern.objects.filter(condition="aortic_dissection").first()
    assert found
    return found


def draft(cast: Cast) -> Referral:
    return referrals.write(concern=raised(cast), knowledge=current.knowledge(), by=cast.therapist)


def printed(row: Referral) -> bytes:
    return some_files.pdf(b"<<%s>>" % row.ref.encode())


def sent(cast: Cast, how: str = "fax", **given: str) -> Referral:
    letter = referrals.save(referral=draft(cast), revision=0, by=cast.therapist, **GIVEN | given)
    return referrals.send(referral=letter, revision=1, how=how, printed=printed, by=cast.therapist)


def test_two_clicks_from_the_concern_to_the_letter(cast: Cast, signed_in: SignedIn) -> None:
    client, concern = signed_in(cast.therapist), raised(cast)
    answer = client.post(reverse("letter_new", args=[concern.ref]))
    letter = Referral.objects.get()
    assert answer["Location"] == reverse("referral", args=[letter.ref])
    page = client.get(answer["Location"]).content.decode()
    for words in ("Acute aortic syndrome", "Emergency now", "Ripping or tearing pain", "Marisol Vega", "it is not a diagnosis"):
        assert words in page
    answer = client.post(reverse("referral_save", args=[letter.ref]), GIVEN | {"revision": "0", "how": "phone", "agreed": "1"})
    assert answer.status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.sent_how, letter.sent_by_label) == ("sent", "phone", cast.therapist.label)
    assert letter.document
    assert bytes(letter.document.content).startswith(b"%PDF")
    assert Consent.objects.get(kind="share").given


def test_the_letter_is_frozen_as_it_was_written(cast: Cast) -> None:
    letter = draft(cast)
    findings.record(episode=cast.episode, values={"nrs_worst_24h": 10}, knowledge=current.knowledge(), by=cast.therapist)
    letter.refresh_from_db()
    assert "10/10" not in str(letter.letter)
    thawed = bridge_letter.thawed(letter.letter, current.knowledge())
    assert bridge_letter.frozen(thawed, current.knowledge(), seen_on=clock.today(), held=True) == letter.letter


def test_a_concern_has_one_letter(cast: Cast) -> None:
    first = draft(cast)
    again = referrals.write(concern=Concern.objects.get(pk=first.concern_id), knowledge=current.knowledge(), by=cast.colleague)
    assert again == first
    referrals.drop(referral=first, revision=0, by=cast.therapist)
    other = referrals.write(concern=Concern.objects.get(pk=first.concern_id), knowledge=current.knowledge(), by=cast.colleague)
    assert other != first


def private_concern(cast: Cast) -> Concern:
    condition = min(private_conditions(current.knowledge()))
    return Concern.objects.create(
        episode=cast.episode, condition=condition, level="moderate", urgency="routine_referral", knowledge_version="x"
    )


def test_a_private_concern_goes_into_no_letter(cast: Cast, signed_in: SignedIn) -> None:
    concern = private_concern(cast)
    with pytest.raises(Refused, match="private"):
        referrals.write(concern=concern, knowledge=current.knowledge(), by=cast.therapist)
    for address in ("/today", reverse("episode", args=[cast.episode.ref])):
        assert reverse("letter_new", args=[concern.ref]) not in signed_in(cast.therapist).get(address).content.decode()


def test_a_private_concern_stays_to_act_on_when_another_letter_is_out(cast: Cast) -> None:
    sent(cast)
    concern = private_concern(cast)
    scope = lists.Scope(cast.therapist, "clinic", clock.today())
    assert list(lists.to_act(scope, private_conditions(current.knowledge()))) == [concern]


def test_nobody_overwrites_a_letter_they_have_not_seen(cast: Cast, signed_in: SignedIn) -> None:
    letter = draft(cast)
    referrals.save(referral=letter, revision=0, by=cast.colleague, **GIVEN)
    answer = signed_in(cast.therapist).post(
        reverse("referral_save", args=[letter.ref]), GIVEN | {"message": "My own words", "revision": "0"}
    )
    assert answer.status_code == 409
    assert "My own words" in answer.content.decode()
    letter.refresh_from_db()
    assert letter.message == GIVEN["message"]


def test_a_letter_goes_out_once(cast: Cast) -> None:
    letter = sent(cast)
    with pytest.raises(Overtaken):
        referrals.send(referral=letter, revision=letter.revision, how="fax", printed=printed, by=cast.colleague)
    assert Document.objects.filter(kind="referral").count() == 1


@pytest.mark.parametrize(("how", "given"), [("pigeon", {}), ("fax", {"to": " "}), ("email", {"to_email": "x@example.test"})])
def test_what_is_missing_is_said_and_nothing_goes_out(how: str, given: dict[str, str], cast: Cast, settings: Any) -> None:
    settings.EMAIL_HOST = "localhost"
    with pytest.raises(Refused) as refusal:
        sent(cast, how, **given)
    assert refusal.value.fix
    assert Referral.objects.get().state == "draft"
    assert not mail.outbox


def test_a_mail_says_nothing_about_anybody(cast: Cast, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.test"
    sent(cast, "email", to_email="ed@example.test")
    [message] = mail.outbox
    text = f"{message.subject} {message.body}"
    for word in ("Marisol", "Vega", "aort", "emergency", "back"):
        assert word.lower() not in text.lower()
    [(name, content, mime)] = message.attachments
    assert (mime, content[:4]) == ("application/pdf", b"%PDF")
    assert "Vega" not in name


def test_when_the_mail_server_refuses_nothing_is_recorded(cast: Cast, settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 2
    with pytest.raises(Refused, match="did not take"):
        sent(cast, "email", to_email="ed@example.test")
    assert Referral.objects.get().state == "draft"
    assert not Document.objects.exists()


def test_who_declined_letters_is_asked_again_but_for_an_emergency(cast: Cast) -> None:
    consents.record(episode=cast.episode, kind="share", given=False, by=cast.therapist)
    letter = referrals.save(referral=draft(cast), revision=0, by=cast.therapist, **GIVEN)
    Referral.objects.update(urgency="urgent_days")
    with pytest.raises(Refused, match="declined"):
        referrals.send(referral=letter, revision=1, how="fax", printed=printed, by=cast.therapist)
    Referral.objects.update(urgency="emergency_now")
    assert referrals.send(referral=letter, revision=1, how="fax", printed=printed, by=cast.therapist).state == "sent"


def test_the_answer_is_recorded_once_with_its_file(cast: Cast, signed_in: SignedIn) -> None:
    letter, client = sent(cast), signed_in(cast.therapist)
    file = SimpleUploadedFile("answer.png", some_files.picture(), content_type="image/png")
    client.post(reverse("referral_answer", args=[letter.ref]), {"answer": "CT normal.", "file": file})
    letter.refresh_from_db()
    assert (letter.state, letter.answer) == ("answered", "CT normal.")
    assert letter.answer_document
    assert letter.answer_document.mime == "image/png"
    assert client.post(reverse("referral_answer", args=[letter.ref]), {"answer": "Again"}).status_code == 409


def test_the_answer_leads_to_lowering_the_concern(cast: Cast, signed_in: SignedIn) -> None:
    letter = sent(cast)
    referrals.answer(referral=letter, text="CT normal.", by=cast.therapist)
    assert letter.concern
    lower = reverse("concern_lower", args=[letter.concern.ref])
    client = signed_in(cast.therapist)
    assert lower in client.get(reverse("referral", args=[letter.ref])).content.decode()
    client.post(lower, {"reason": "CT of today was normal, by the letter"})
    assert lower not in client.get(reverse("referral", args=[letter.ref])).content.decode()


def test_a_wrong_file_takes_the_answer_back(cast: Cast, signed_in: SignedIn) -> None:
    letter = sent(cast)
    file = SimpleUploadedFile("answer.pdf", b"not a pdf")
    answer = signed_in(cast.therapist).post(reverse("referral_answer", args=[letter.ref]), {"answer": "CT normal.", "file": file})
    assert answer.status_code == 422
    letter.refresh_from_db()
    assert letter.state == "sent"


@pytest.mark.parametrize(
    ("urgency", "days", "late"),
    [
        ("emergency_now", 2, True),
        ("emergency_now", 0, False),
        ("urgent_days", 6, False),
        ("urgent_days", 8, True),
        ("routine_referral", 30, False),
    ],
)
def test_an_answer_is_overdue_by_its_urgency(urgency: str, days: int, late: bool, cast: Cast, signed_in: SignedIn) -> None:
    letter = sent(cast)
    Referral.objects.update(urgency=urgency, sent_at=NOW - timedelta(days=days))
    assert overdue(Referral.objects.filter(state="sent"), clock.today()).exists() is late
    assert ("Answer overdue" in signed_in(cast.therapist).get("/today/needs").content.decode()) is late
    assert ("Answer overdue" in signed_in(cast.therapist).get(reverse("referral", args=[letter.ref])).content.decode()) is late


def test_a_letter_that_holds_treatment_waits_on_today_until_it_is_answered(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.therapist)
    letter = sent(cast)
    assert "Waiting for an answer 1" in client.get("/today/needs").content.decode()
    Referral.objects.update(urgency="routine_referral")
    assert "Waiting for an answer" not in client.get("/today/needs").content.decode()
    Referral.objects.update(urgency="emergency_now")
    referrals.answer(referral=letter, text="CT normal.", by=cast.therapist)
    assert "Waiting for an answer" not in client.get("/today/needs").content.decode()


def test_the_front_desk_and_assistants_write_no_letters(cast: Cast, signed_in: SignedIn) -> None:
    concern = raised(cast)
    for somebody in (cast.front_desk, cast.assistant):
        assert signed_in(somebody).post(reverse("letter_new", args=[concern.ref])).status_code == 403


def test_the_trail_holds_no_words_of_the_letter(cast: Cast) -> None:
    sent(cast)
    events = str(list(AuditEvent.objects.filter(action__startswith="referral").values_list("detail", flat=True)))
    assert "pale" not in events
    assert "Emergency department" not in events
