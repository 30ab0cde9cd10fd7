from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "rhomboid.web.portal"
    label = "portal"
