from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "reviewapp.core"
    label = "core"
    verbose_name = "Kernel"

    def ready(self) -> None:
        from reviewapp.core import checks  # noqa: F401  (registers the system checks)
