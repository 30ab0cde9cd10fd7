from __future__ import annotations

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "rhomboid.web.keeping"
    label = "keeping"
