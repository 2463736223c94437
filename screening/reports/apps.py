from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "screening.reports"
    label = "reports"

    def ready(self) -> None:
        """Register providers of hooks."""
        from reviewapp.core import hooks
        from screening.imports.hooks import import_dependencies
        from screening.reports import event_labels, navigation
        from screening.reports.queries import import_dependencies as dependencies
        from screening.reports.queries import todos

        hooks.navigation_entries.register(navigation.entries)
        hooks.todos.register(todos.todos)
        hooks.panels.register(todos.panels)
        hooks.event_labels.register(event_labels.labels)
        import_dependencies.register(dependencies.report_dependencies)
