from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "screening.records"
    label = "records"

    def ready(self) -> None:
        from django.utils.translation import gettext, ngettext
        from django.utils.translation import gettext_lazy as _

        from reviewapp.core import events, jobs, nav
        from screening.records import tasks
        from screening.records.event_labels import DETAIL_LABELS, EVENT_LABELS
        from screening.records.formats import translation
        from screening.records.queries.runs import FIND_JOB
        from screening.records.queries.todos import panels, todos
        from screening.records.services.imports import IMPORT_JOB, READ_JOB
        from screening.records.services.titles import TITLES_JOB

        events.add_labels(EVENT_LABELS, DETAIL_LABELS)
        translation.use(gettext, ngettext)
        jobs.register(READ_JOB, tasks.read_file)
        jobs.register(IMPORT_JOB, tasks.import_file)
        jobs.register(TITLES_JOB, tasks.index_titles)
        jobs.register(FIND_JOB, tasks.find_duplicates)
        for entry in (
            nav.Entry(
                _("Sources"),
                "records:sources",
                "sources",
                _("Identify"),
                20,
                also=(
                    "records:source*",
                    "records:import*",
                    "records:enter",
                    "records:piece*",
                    "records:template*",
                    "decisions:prior",
                ),
            ),
            nav.Entry(
                _("Records"),
                "records:list",
                "records",
                _("Identify"),
                21,
                also=("records:record",),
            ),
            nav.Entry(
                _("Duplicates"),
                "records:duplicates",
                "duplicates",
                _("Identify"),
                22,
                also=(
                    "records:pair*",
                    "records:merges",
                    "records:undo",
                    "records:run*",
                    "records:kind*",
                    "records:customs",
                    "decisions:late",
                    "records:answers",
                ),
            ),
        ):
            nav.add_entry(entry)
        nav.add_todos(todos)
        nav.add_panels(panels)
