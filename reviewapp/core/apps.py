from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "reviewapp.core"
    label = "core"
    verbose_name = "Kernel"

    def ready(self) -> None:
        """Register system checks, security log and providers of hooks."""
        import reviewapp.celery  # noqa: F401  (tasks are sent through this app)
        from reviewapp.core import (
            checks,  # noqa: F401  (registers the system checks)
            event_labels,
            hooks,
            navigation,
            reminders,
            security_log,
        )

        security_log.connect_security_log()
        hooks.navigation_entries.register(navigation.entries)
        hooks.todos.register(reminders.reminder_todos)
        hooks.todos.register(reminders.setup_todos)
        hooks.event_labels.register(event_labels.labels)
