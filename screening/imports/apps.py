from __future__ import annotations

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "screening.imports"
    label = "imports"

    def ready(self) -> None:
        """Register providers of hooks, and the translation of the library's messages."""
        from django.utils.translation import gettext, ngettext

        from reviewapp.core import hooks
        from screening.citations import translation
        from screening.imports import event_labels, tasks
        from screening.imports.queries.todos import import_todos

        translation.use_translations(gettext, ngettext)
        hooks.todos.register(import_todos)
        hooks.event_labels.register(event_labels.labels)
        hooks.job_handlers.register(tasks.handlers)
