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
        from screening.flow.queries.flow import flow_integrity

        hooks.navigation_entries.register(navigation.entries)
        hooks.todos.register(todos.todos)
        hooks.integrity_check.register(flow_integrity)
