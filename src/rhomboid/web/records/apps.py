from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "rhomboid.web.records"
    label = "records"

    def ready(self) -> None:
        from django.db.models.signals import pre_save

        from .fitting import fits

        pre_save.connect(fits)
