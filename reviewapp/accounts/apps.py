from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "reviewapp.accounts"
    label = "accounts"

    def ready(self) -> None:
        from reviewapp.accounts import adapter

        adapter.connect_session_handlers()
