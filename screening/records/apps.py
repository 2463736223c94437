from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "screening.records"
    label = "records"

    def ready(self) -> None:
        from reviewapp.core import events, jobs, nav
        from screening.records import tasks
        from screening.records.event_labels import DETAIL_LABELS, EVENT_LABELS
        from screening.records.queries.todos import panels
        from screening.records.services.titles import TITLES_JOB

        events.add_labels(EVENT_LABELS, DETAIL_LABELS)
        jobs.register(TITLES_JOB, tasks.index_titles)
        nav.add_entry(
            nav.Entry(
                _("Sources"),
                "records:sources",
                "sources",
                _("Identify"),
                20,
                also=(
                    "records:source*",
                    "imports:*",
                    "decisions:prior",
                ),
            )
        )
        nav.add_entry(
            nav.Entry(
                _("Records"),
                "records:list",
                "records",
                _("Identify"),
                21,
                also=("records:record",),
            )
        )
        nav.add_panels(panels)
