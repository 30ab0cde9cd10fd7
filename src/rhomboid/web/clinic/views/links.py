"""The link to a person's own phone: made, sent, printed, renewed and taken back, by therapists and the front desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ...records import handing_over
from ...records.access import Request, access
from ...records.actions import Refused, links
from ...records.models import Episode, PersonalLink

DOES = ("make", "send", "renew", "revoke")


@access("schedule", "POST", of="episode")
def link_do(request: Request, episode: Episode, what: str) -> HttpResponse:
    if what not in DOES:
        raise Http404
    if what == "make":
        links.issue(episode=episode, by=request.user)
    elif what == "renew":
        links.renew(link=_live(episode), by=request.user)
        messages.success(
            request, "There is a new link. The old one opens nothing any more, nor does a login that was added since it was made."
        )
    elif what == "revoke":
        links.revoke(link=_live(episode), by=request.user)
        messages.success(
            request,
            "The link is taken back. Phones it had opened are signed out, and logins that were added since it was made are ended.",
        )
    else:
        _send(request, episode)
    at = (
        reverse("episode", args=[episode.ref])
        if request.GET.get("to") == "episode"
        else reverse("person", args=[episode.person.ref])
    )
    return redirect(f"{at}#phone")


@access("schedule", of="episode")
def link_slip(request: Request, episode: Episode) -> HttpResponse:
    """The slip with the QR code, to print."""
    link = _live(episode)
    content = handing_over.slip(link, address(request, link))
    links.given(link=link, how="paper", by=request.user)
    headers = {"Content-Disposition": f'inline; filename="link-{episode.ref}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def address(request: Request, link: PersonalLink) -> str:
    return request.build_absolute_uri(reverse("link", args=[links.token_of(link)]))


def _send(request: Request, episode: Episode) -> None:
    link = links.issue(episode=episode, by=request.user)
    if not handing_over.mail(link, address(request, link)):
        raise Refused("The link was not mailed", "Print it or copy it, and check the person's e-mail and the mail server.")
    links.given(link=link, how="mail", by=request.user)
    messages.success(request, f"The link is on its way to {episode.person.email}.")


def _live(episode: Episode) -> PersonalLink:
    link = links.live(episode)
    if link is None:
        raise Refused("There is no link", "Make one first.", status=409)
    return link
