from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DuplicatesConfig(AppConfig):
    name = "screening.duplicates"
    label = "duplicates"

    def ready(self) -> None:
        from reviewapp.core import jobs, nav
        from screening.duplicates import tasks
        from screening.duplicates.queries.related import find_related
        from screening.duplicates.queries.runs import FIND_JOB
        from screening.duplicates.queries.todos import duplicate_todos
        from screening.records.queries import related

        jobs.register(FIND_JOB, tasks.find_duplicates)
        related.add_provider(find_related)
        nav.add_entry(
            nav.Entry(
                _("Duplicates"),
                "duplicates:overview",
                "duplicates",
                _("Identify"),
                22,
                also=("duplicates:*", "decisions:late"),
            )
        )
        nav.add_todos(duplicate_todos)
