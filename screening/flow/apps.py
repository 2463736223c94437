from __future__ import annotations

from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "screening.flow"
    label = "flow"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from reviewapp.core import nav

        nav.add_entry(
            nav.Entry(
                _("PRISMA flow"),
                "flow:flow",
                "flow",
                _("Report"),
                80,
                also=("flow:box",),
            )
        )
        nav.add_entry(
            nav.Entry(
                _("Export"),
                "flow:export",
                "export",
                _("Report"),
                90,
                also=("flow:export_list",),
            )
        )
