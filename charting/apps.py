from __future__ import annotations

from django.apps import AppConfig


class ChartingConfig(AppConfig):
    name = "charting"
    label = "charting"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from charting.event_labels import DETAIL_LABELS, EVENT_LABELS
        from charting.queries.privacy import charts
        from charting.queries.todos import panels, todos
        from charting.services import rounds, unblinding
        from reviewapp.accounts import privacy
        from reviewapp.core import events, hooks, nav

        events.add_labels(EVENT_LABELS, DETAIL_LABELS)
        privacy.add_export(charts)
        nav.add_entry(
            nav.Entry(
                _("Charting"),
                "charting:forms",
                "chart",
                _("Chart"),
                60,
                also=(
                    "charting:new",
                    "charting:form",
                    "charting:included",
                    "charting:preview",
                    "charting:edit",
                    "charting:discard",
                    "charting:publish",
                    "charting:add_field",
                    "charting:field",
                    "charting:remove_field",
                    "charting:assign",
                    "charting:start",
                    "charting:close",
                    "charting:unblind",
                    "charting:mine",
                    "charting:chart",
                    "charting:discrepancies",
                    "charting:differences",
                ),
            )
        )
        nav.add_entry(
            nav.Entry(
                _("Results"),
                "charting:results_list",
                "figures",
                _("Chart"),
                65,
                also=(
                    "charting:results",
                    "charting:cross",
                    "charting:studies",
                    "charting:final_chart",
                ),
            )
        )
        nav.add_todos(todos)
        nav.add_panels(panels)
        hooks.on("studies:changed", rounds.top_up)
        hooks.on("member:removed", rounds.vacate)
        hooks.on("review:unblinded", unblinding.with_review)
