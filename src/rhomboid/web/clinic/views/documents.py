"""Documents of an episode: what was printed here and what came from elsewhere."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ...records import lists, uploads
from ...records.access import Request, access
from ...records.actions import Refused, documents
from ...records.models import Document, Episode
from ..frame import bar_of, rights
from .papers import offered

KINDS = (("received", "Received from somebody else"), ("other", "Other"))
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@access("see_clinical", "GET", "POST", of="episode")
def documents_page(request: Request, episode: Episode) -> HttpResponse:
    if request.method == "GET":
        return _page(request, episode)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refused("Choose a file", "A PDF, PNG or JPEG of at most 10 MB.")
        if (file.size or 0) > uploads.LARGEST:
            raise Refused(f"The file has {(file.size or 0) / 2**20:.1f} MB", uploads.FIX)
        made = documents.upload(
            episode=episode,
            content=file.read(),
            title=request.POST.get("title", "").strip(),
            kind=request.POST.get("kind", "received"),
            by=request.user,
        )
    except Refused as refusal:
        return _page(request, episode, refusal)
    messages.success(request, f"{made.title} is kept.")
    return redirect("documents", episode.ref)


def _page(request: Request, episode: Episode, refused: Refused | None = None) -> HttpResponse:
    page = {
        "episode": episode,
        "section": "people",
        "tab": "documents",
        "bar": bar_of(episode, request.user),
        "documents": lists.documents_of(episode),
        "letters": episode.referrals.exclude(state="dropped").select_related("concern"),
        "papers": offered(episode),
        "kinds": KINDS,
        "refused": refused,
        "kept": request.POST,
    }
    return render(
        request, "clinic/documents.html", page | rights(request.user, "record"), status=refused.status if refused else 200
    )


@access("see_clinical", of="document")
def document(request: Request, document: Document) -> HttpResponse:
    """The file itself, as a download; its name says nothing about anybody."""
    return as_file(bytes(document.content), document.mime, f"{document.kind}-{document.ref}.{ENDINGS[document.mime]}")


def as_file(content: bytes, mime: str, name: str, shown: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = str(len(content))
    return response
