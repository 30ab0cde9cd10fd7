from __future__ import annotations

from django.urls import URLPattern, path

from .views import consent, door, link, messages, phone_api, progress, session, settings, today, worker

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
    path("me/today", today.today, name="me_today"),
    path("me/session", session.session, name="me_session"),
    path("me/api/csrf", phone_api.csrf, name="me_api_csrf"),
    path("me/api/reports", phone_api.reports, name="me_api_reports"),
    path("me/offline", worker.offline, name="me_offline"),
    path("sw.js", worker.worker, name="worker"),
    path("manifest.webmanifest", worker.manifest, name="manifest"),
    # understanding, progress, messages, documents
    path("me/progress", progress.page, name="me_progress"),
    path("me/messages", messages.messages, name="me_messages"),
    path("me/documents/<str:ref>", progress.document, name="me_document"),
    # staying well
]
