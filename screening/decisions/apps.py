from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "screening.decisions"
    label = "decisions"

    def ready(self) -> None:
        """Register providers of hooks."""
        from reviewapp.accounts.hooks import account_data
        from reviewapp.core import hooks
        from screening.decisions import event_labels, navigation, tasks
        from screening.decisions.queries import (
            decisions,
            import_dependencies,
            integrity,
            late,
            privacy,
            todos,
        )
        from screening.decisions.services import hook_handlers
        from screening.imports import hooks as import_hooks
        from screening.records import hooks as record_hooks
        from screening.reports.hooks import report_retrieved

        hooks.navigation_entries.register(navigation.entries)
        hooks.navigation_entries.register(todos.entries)
        hooks.todos.register(todos.todos)
        hooks.panels.register(todos.panels)
        hooks.event_labels.register(event_labels.labels)
        hooks.job_handlers.register(tasks.handlers)
        hooks.integrity_check.register(integrity.integrity)
        hooks.review_created.register(hook_handlers.review_created)
        hooks.member_removed.register(hook_handlers.member_removed)
        account_data.register(privacy.export_votes)
        record_hooks.records_changed.register(hook_handlers.records_changed)
        record_hooks.record_history.register(decisions.record_history)
        record_hooks.record_status.register(late.decided_statuses)
        record_hooks.decided_records.register(late.decided_ranks)
        import_hooks.import_dependencies.register(
            import_dependencies.screening_dependencies
        )
        report_retrieved.register(hook_handlers.report_retrieved)
