from __future__ import annotations

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    name = "screening.duplicates"
    label = "duplicates"

    def ready(self) -> None:
        """Register providers of hooks."""
        from reviewapp.core import hooks
        from screening.duplicates import event_labels, navigation, tasks
        from screening.duplicates.queries.related import find_related
        from screening.duplicates.queries.todos import duplicate_todos
        from screening.records.hooks import related_records

        hooks.navigation_entries.register(navigation.entries)
        hooks.todos.register(duplicate_todos)
        hooks.event_labels.register(event_labels.labels)
        hooks.job_handlers.register(tasks.handlers)
        related_records.register(find_related)
