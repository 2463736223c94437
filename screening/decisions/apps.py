from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    name = "screening.decisions"
    label = "decisions"

    def ready(self) -> None:
        """Register hooks, jobs, navigation, to-dos and labels."""
        from reviewapp.core import events, hooks, jobs, nav
        from reviewapp.core.privacy import add_export
        from screening.decisions import tasks
        from screening.decisions.event_labels import DETAIL_LABELS, EVENT_LABELS
        from screening.decisions.queries import (
            holds,
            late,
            outcomes,
            prior,
            privacy,
            todos,
        )
        from screening.decisions.services import moments
        from screening.records.queries import fates, records
        from screening.records.queries import holds as import_holds

        events.add_labels(EVENT_LABELS, DETAIL_LABELS)
        add_export(privacy.votes)
        jobs.register(prior.JOB, tasks.take_over)
        hooks.on("review:created", moments.review_created)
        hooks.on("member:removed", moments.member_removed)
        hooks.on("records:changed", moments.records_changed)
        hooks.on("report:retrieved", moments.report_retrieved)
        nav.add_entry(
            nav.Entry(
                _("Stages"),
                "decisions:stages",
                "policy",
                _("Set up"),
                12,
                also=(
                    "decisions:stage",
                    "decisions:stage_add",
                    "decisions:policy",
                    "decisions:reasons",
                    "decisions:start",
                    "decisions:close",
                    "decisions:outcomes",
                    "decisions:sample",
                    "decisions:unblind",
                    "decisions:unblind_stage",
                    "decisions:unblind_review",
                ),
            )
        )
        nav.add_entry_provider(todos.entries)
        nav.add_todos(todos.todos)
        nav.add_panels(todos.panels)
        records.add_history(outcomes.history)
        import_holds.add(holds.of_import)
        fates.add(late.fates)
