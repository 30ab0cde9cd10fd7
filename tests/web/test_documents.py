"""Files are what their content is; a wrong one is refused with the fix, a right one is kept for good."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rhomboid.web.accounts.models import User
from rhomboid.web.records import uploads
from rhomboid.web.records.actions import Refused, documents
from rhomboid.web.records.models import AuditEvent, Document

from . import some_files
from .conftest import Cast

SignedIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (some_files.pdf(), "application/pdf"),
        (some_files.pdf() + b"\n", "application/pdf"),
        (some_files.picture("PNG"), "image/png"),
        (some_files.picture("JPEG"), "image/jpeg"),
    ],
)
def test_the_content_decides(content: bytes, mime: str) -> None:
    assert uploads.checked(content) == mime


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 a program",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(50),
        b"%PDF-1.4\nonly a header",
        some_files.pdf()[:-20],
        some_files.pdf().replace(b"startxref\n", b"startxref\n9"),
        some_files.pdf(b"<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"),
        some_files.pdf(b"<</S/Launch>>"),
        some_files.picture("PNG")[:-30],
        some_files.picture("PNG")[:60] + bytes(200),
        some_files.picture("PNG")[:16] + b"\x00\x01\x86\xa0\x00\x01\x86\xa0" + some_files.picture("PNG")[24:],
        some_files.picture("JPEG", (400, 300))[:700],
        b"\xff\xd8\xff\xe0" + bytes(300),
    ],
)
def test_what_is_not_whole_or_something_else_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        uploads.checked(content)
    assert refusal.value.fix


def test_too_large_is_refused() -> None:
    with pytest.raises(Refused, match="MB"):
        uploads.checked(some_files.pdf() + bytes(uploads.LARGEST))


def sent(client: Client, cast: Cast, content: bytes, **given: str) -> object:
    file = SimpleUploadedFile("../../etc/passwd.exe", content, content_type="text/html")
    return client.post(
        reverse("documents", args=[cast.episode.ref]), {"title": "MRI report", "kind": "received", "file": file} | given
    )


def test_a_file_is_kept_and_comes_back_as_a_download(cast: Cast, signed_in: SignedIn) -> None:
    client, content = signed_in(cast.therapist), some_files.pdf()
    assert sent(client, cast, content).status_code == 302  # type: ignore[attr-defined]
    kept = Document.objects.get()
    assert (kept.mime, kept.size, kept.sha256) == ("application/pdf", len(content), hashlib.sha256(content).hexdigest())
    answer = client.get(reverse("document", args=[kept.ref]))
    assert answer.content == content
    assert answer["Content-Disposition"] == f'attachment; filename="received-{kept.ref}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    page = client.get(reverse("documents", args=[cast.episode.ref])).content.decode()
    assert kept.sha256[:16] in page
    assert "passwd" not in page


def test_a_refused_file_keeps_what_was_typed(cast: Cast, signed_in: SignedIn) -> None:
    answer = sent(signed_in(cast.therapist), cast, b"MZ not a picture")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert 'value="MRI report"' in page
    assert "Send a PDF, PNG or JPEG" in page
    assert not Document.objects.exists()


@pytest.mark.parametrize("given", [{"title": " "}, {"kind": "note"}, {"kind": "referral"}, {"kind": "x"}])
def test_nobody_passes_a_file_off_as_a_signed_paper(given: dict[str, str], cast: Cast, signed_in: SignedIn) -> None:
    assert sent(signed_in(cast.therapist), cast, some_files.pdf(), **given).status_code == 422  # type: ignore[attr-defined]
    assert not Document.objects.exists()


def test_the_same_bytes_are_kept_once(cast: Cast) -> None:
    first = documents.upload(episode=cast.episode, content=some_files.pdf(), title="A", by=cast.therapist)
    again = documents.upload(episode=cast.episode, content=some_files.pdf(), title="B", by=cast.colleague)
    assert first == again
    other = documents.upload(episode=cast.other, content=some_files.pdf(), title="B", by=cast.colleague)
    assert other != first


def test_the_trail_names_no_title(cast: Cast) -> None:
    documents.upload(episode=cast.episode, content=some_files.pdf(), title="HIV test, positive", by=cast.therapist)
    event = AuditEvent.objects.get(action="document.keep")
    assert "HIV" not in str(event.detail)


def test_a_list_of_documents_reads_no_content(cast: Cast, signed_in: SignedIn) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(12):
        documents.upload(episode=cast.episode, content=some_files.pdf(b"<<%d>>" % number), title=f"D{number}", by=cast.therapist)
    client = signed_in(cast.therapist)
    client.get(reverse("documents", args=[cast.episode.ref]))
    with CaptureQueriesContext(connection) as found:
        client.get(reverse("documents", args=[cast.episode.ref]))
    assert len(found) <= 24
    assert not [one for one in found if '"records_document"."content"' in one["sql"]]
