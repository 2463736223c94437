from __future__ import annotations

from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "screening.flow"
    label = "flow"

    def ready(self) -> None:
        """Register providers of hooks."""
        from reviewapp.core import hooks
        from screening.flow import navigation
        from screening.flow.queries import todos

        hooks.navigation_entries.register(navigation.entries)
        hooks.todos.register(todos.todos)
