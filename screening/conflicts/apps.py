from __future__ import annotations

from django.apps import AppConfig


class ConflictsConfig(AppConfig):
    name = "screening.conflicts"
    label = "conflicts"

    def ready(self) -> None:
        """Register providers of hooks."""
        from reviewapp.accounts.hooks import account_data
        from reviewapp.core import hooks
        from screening.conflicts import event_labels, navigation
        from screening.conflicts.queries import conflict_pages, privacy

        hooks.navigation_entries.register(navigation.entries)
        hooks.todos.register(conflict_pages.todos)
        hooks.event_labels.register(event_labels.labels)
        account_data.register(privacy.export_conflict_work)
