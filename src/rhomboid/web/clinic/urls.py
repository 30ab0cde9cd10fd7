from __future__ import annotations

from django.urls import URLPattern, path

from .views import audit, break_glass, my_record, rules, settings

urlpatterns: list[URLPattern] = [
    # the house: settings, people, rules, audit, one's own record
    path("settings", settings.settings, name="settings"),
    path("settings/logo", settings.settings_logo, name="settings_logo"),
    path("settings/people", settings.settings_people, name="settings_people"),
    path("settings/people/<int:user_id>", settings.settings_user, name="settings_user"),
    path("settings/people/<int:user_id>/<str:what>", settings.settings_user_do, name="settings_user_do"),
    path("logo", settings.clinic_logo, name="clinic_logo"),
    path("people/<str:ref>/login", settings.person_invite, name="person_invite"),
    path("people/<str:ref>/break-glass", break_glass.break_glass, name="break_glass"),
    path("rules", rules.rules, name="rules"),
    path("rules/<str:kind>/<str:entry>", rules.rule, name="rule"),
    path("rules/<str:kind>/<str:entry>/text", rules.rule_edit, name="rule_edit"),
    path("audit", audit.audit, name="audit"),
    path("audit/verify", audit.audit_verify, name="audit_verify"),
    path("my", my_record.my_record, name="my_record"),
    path("my/documents/<str:ref>", my_record.my_document, name="my_document"),
]
