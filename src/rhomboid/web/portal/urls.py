from __future__ import annotations

from django.urls import URLPattern, path

from .views import (
    check_in,
    consent,
    desk,
    door,
    intake,
    link,
    logins,
    messages,
    phone_api,
    progress,
    session,
    settings,
    today,
    understand,
    well,
    worker,
    worry,
)

urlpatterns: list[URLPattern] = [
    # the link, the door, consent, settings
    path("p/<str:token>", link.link, name="link"),
    path("p", link.ended, name="link_ended"),
    path("me", door.me, name="me"),
    path("me/consent", consent.consent, name="me_consent"),
    path("me/settings", settings.settings, name="me_settings"),
    path("me/settings/login", logins.login_ways, name="me_login"),
    path("me/leave", settings.leave, name="me_leave"),
    # intake and when to worry
    path("me/intake", intake.intake, name="me_intake"),
    path("me/intake/done", intake.done, name="me_intake_done"),
    path("me/intake/stopped", intake.stopped, name="me_intake_stopped"),
    path("me/worry", worry.worry, name="me_worry"),
    path("me/worry/questions", worry.questions, name="me_worry_questions"),
    path("me/worry/answer", worry.answer, name="me_worry_answer"),
    path("me/worry/card", worry.card, name="me_worry_card"),
    # today, the player, what the phone sends
    path("me/today", today.today, name="me_today"),
    path("me/session", session.session, name="me_session"),
    path("me/api/csrf", phone_api.csrf, name="me_api_csrf"),
    path("me/api/reports", phone_api.reports, name="me_api_reports"),
    path("me/offline", worker.offline, name="me_offline"),
    path("sw.js", worker.worker, name="worker"),
    path("manifest.webmanifest", worker.manifest, name="manifest"),
    # understanding, progress, messages, documents
    path("me/understand", understand.understand, name="me_understand"),
    path("me/understand/<str:card>", understand.lesson, name="me_lesson"),
    path("me/desk", desk.desk, name="me_desk"),
    path("me/desk/<str:place>", desk.place, name="me_desk_place"),
    path("me/desk/<str:place>/look", desk.look, name="me_desk_look"),
    path("me/progress", progress.page, name="me_progress"),
    path("me/messages", messages.messages, name="me_messages"),
    path("me/documents/<str:ref>", progress.document, name="me_document"),
    # staying well
    path("me/well", well.well, name="me_well"),
    path("me/flare", well.flare, name="me_flare"),
    path("me/again", well.again, name="me_again"),
    path("me/check-ins/safety", check_in.safety, name="me_check_in_safety"),
    path("me/check-ins/<str:ref>", check_in.check_in, name="me_check_in"),
]
