from __future__ import annotations

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "screening.imports"
    label = "imports"

    def ready(self) -> None:
        from django.utils.translation import gettext, ngettext

        from reviewapp.core import jobs, nav
        from screening.citations import translation
        from screening.imports import tasks
        from screening.imports.queries.todos import import_todos
        from screening.imports.services.imports import IMPORT_JOB, READ_JOB

        translation.use(gettext, ngettext)
        jobs.register(READ_JOB, tasks.read_file)
        jobs.register(IMPORT_JOB, tasks.import_file)
        nav.add_todos(import_todos)
