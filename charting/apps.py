from __future__ import annotations

from django.apps import AppConfig


class ChartingConfig(AppConfig):
    name = "charting"
    label = "charting"

    def ready(self) -> None:
        """Register providers of hooks."""
        from charting import event_labels, navigation
        from charting.queries import privacy, report, studies, todos
        from charting.services import rounds, unblinding
        from reviewapp.accounts.hooks import account_data
        from reviewapp.core import hooks
        from screening.decisions.hooks import review_unblinded
        from screening.flow.hooks import report_sections
        from screening.records.hooks import decided_records
        from screening.reports.hooks import studies_changed

        hooks.navigation_entries.register(navigation.entries)
        hooks.todos.register(todos.todos)
        hooks.panels.register(todos.panels)
        hooks.event_labels.register(event_labels.labels)
        hooks.member_removed.register(rounds.remove_assignments)
        report_sections.register(report.report_sections)
        account_data.register(privacy.export_own_charts)
        decided_records.register(studies.charted_ranks)
        studies_changed.register(rounds.assign_new_studies)
        review_unblinded.register(unblinding.unblind_open_forms)
