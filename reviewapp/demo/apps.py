from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo reviews, in the top layer: it may call every app's services."""

    name = "reviewapp.demo"
    label = "demo"
    verbose_name = "Demonstration review"

    def ready(self) -> None:
        from reviewapp.core import events
        from reviewapp.demo.event_labels import EVENT_LABELS

        events.add_labels(EVENT_LABELS)
