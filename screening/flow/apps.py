from __future__ import annotations

from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "screening.flow"
    label = "flow"

    def ready(self) -> None:
        from reviewapp.core import nav

        nav.add_entry(
            nav.Entry("Flow", "flow:flow", "flow", "Report", 80, also=("flow:box",))
        )
        nav.add_entry(
            nav.Entry(
                "Export",
                "flow:export",
                "export",
                "Report",
                90,
                also=("flow:export_list",),
            )
        )
