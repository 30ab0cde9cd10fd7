from __future__ import annotations

from django.urls import URLPattern, path

from .views import consent, door, link, settings

urlpatterns: list[URLPattern] = [
    # the link, the door, consent, settings
    path("p/<str:token>", link.link, name="link"),
    path("p", link.ended, name="link_ended"),
    path("me", door.me, name="me"),
    path("me/consent", consent.consent, name="me_consent"),
    path("me/settings", settings.settings, name="me_settings"),
    path("me/leave", settings.leave, name="me_leave"),
    # intake and when to worry
    # today, the player, what the phone sends
    # understanding, progress, messages, documents
    # staying well
]
