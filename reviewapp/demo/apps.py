from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo reviews, in the top layer: it may call every app's services."""

    name = "reviewapp.demo"
    label = "demo"
    verbose_name = "Demonstration review"

    def ready(self) -> None:
        """Register providers of hooks."""
        from reviewapp.core import hooks
        from reviewapp.demo import event_labels

        hooks.event_labels.register(event_labels.labels)
