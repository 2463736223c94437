from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "screening.reports"
    label = "reports"

    def ready(self) -> None:
        from reviewapp.core import events, nav
        from screening.imports.queries import import_dependencies as import_holds
        from screening.reports.event_labels import DETAIL_LABELS, EVENT_LABELS
        from screening.reports.queries import import_dependencies
        from screening.reports.queries.todos import panels, todos

        events.add_labels(EVENT_LABELS, DETAIL_LABELS)
        nav.add_entry(
            nav.Entry(
                _("Other methods"),
                "reports:other",
                "other",
                _("Identify"),
                24,
                also=("reports:not_sought",),
            )
        )
        nav.add_entry(
            nav.Entry(
                _("Full-text retrieval"),
                "reports:reports",
                "reports",
                _("Screen"),
                45,
                also=("reports:report", "reports:remove_file"),
            )
        )
        nav.add_entry(
            nav.Entry(
                _("Studies"),
                "reports:studies",
                "studies",
                _("Screen"),
                47,
                also=("reports:study",),
            )
        )
        nav.add_todos(todos)
        nav.add_panels(panels)
        import_holds.add(import_dependencies.of_import)
