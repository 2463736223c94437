from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "screening.records"
    label = "records"

    def ready(self) -> None:
        """Register providers of hooks."""
        from reviewapp.core import hooks
        from screening.records import event_labels, navigation, tasks
        from screening.records.queries import stored_counts
        from screening.records.queries.todos import record_panels

        hooks.navigation_entries.register(navigation.entries)
        hooks.panels.register(record_panels)
        hooks.event_labels.register(event_labels.labels)
        hooks.job_handlers.register(tasks.handlers)
        hooks.integrity_check.register(stored_counts.integrity)
