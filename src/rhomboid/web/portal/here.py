"""Whose phone this is: the person, their episode, the link it was opened by, and the language it speaks."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.http import Http404, HttpRequest

from ...knowledge import Knowledge
from ...knowledge.languages import Language, load_language
from ..accounts.models import User
from ..records import current
from ..records.actions import consents, links
from ..records.models import Episode, Person, PersonalLink, PlanOfCare

KEPT = "_here"


class Here:
    """What every page of the portal starts from. What costs a query is asked once, when a page first needs it."""

    def __init__(self, person: Person, episode: Episode, link: PersonalLink | None) -> None:
        self.person, self.episode, self.link = person, episode, link

    @property
    def code(self) -> str:
        """The language of the person, where the site speaks it, else English."""
        return self.person.language if self.person.language in dict(settings.LANGUAGES) else "en"

    @cached_property
    def knowledge(self) -> Knowledge:
        return current.knowledge()

    @cached_property
    def language(self) -> Language:
        """The texts of the knowledge in the person's language; English where there is none."""
        return load_language(self.code, self.knowledge)

    @cached_property
    def agreed(self) -> bool:
        """Whether the person has agreed to care and to keeping a record. Before that, nothing is asked and nothing offered."""
        standing = consents.standing(self.episode)
        return all(kind in standing and standing[kind].given for kind in consents.BY_ONESELF)

    @cached_property
    def plan(self) -> PlanOfCare | None:
        """The plan in force."""
        return PlanOfCare.objects.filter(episode=self.episode, state="active").first()


def here(request: HttpRequest) -> Here:
    """Where this request stands. Raises Http404 when whoever is signed in has no episode of their own."""
    found = found_here(request)
    if found is None:
        raise Http404
    return found


def found_here(request: HttpRequest) -> Here | None:
    """The same, or None. One query for somebody with a login, none for a phone that was opened by a link."""
    if not hasattr(request, KEPT):
        setattr(request, KEPT, _of_link(request) or _of_login(request))
    found: Here | None = getattr(request, KEPT)
    return found


def _of_link(request: HttpRequest) -> Here | None:
    link: PersonalLink | None = getattr(request, "personal_link", None)
    return Here(link.episode.person, link.episode, link) if link else None


def _of_login(request: HttpRequest) -> Here | None:
    """The newest episode of somebody who signed in with a passkey, a code or a password, as long as their link would open."""
    user = request.user
    if not isinstance(user, User) or user.role != "patient":
        return None
    episode = Episode.objects.visible_to(user).select_related("person").order_by("-number").first()
    return Here(episode.person, episode, None) if episode and not links.closed(episode) else None
