from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rhomboid.web.accounts"
    label = "accounts"
