from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    name = "screening.decisions"
    label = "decisions"

    def ready(self) -> None:
        """Register hooks, jobs, navigation, to-dos and labels."""
        from reviewapp.accounts.privacy import add_export
        from reviewapp.core import events, hooks, jobs, nav
        from screening.decisions import tasks
        from screening.decisions.event_labels import DETAIL_LABELS, EVENT_LABELS
        from screening.decisions.queries import (
            decisions,
            import_dependencies,
            late,
            prior,
            privacy,
            todos,
        )
        from screening.decisions.services import hook_handlers
        from screening.imports.queries import import_dependencies as import_holds
        from screening.records.queries import records, status_providers

        events.add_labels(EVENT_LABELS, DETAIL_LABELS)
        add_export(privacy.votes)
        jobs.register(prior.JOB, tasks.take_over)
        hooks.on("review:created", hook_handlers.review_created)
        hooks.on("member:removed", hook_handlers.member_removed)
        hooks.on("records:changed", hook_handlers.records_changed)
        hooks.on("report:retrieved", hook_handlers.report_retrieved)
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
                    "decisions:decisions",
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
        records.add_history(decisions.history)
        import_holds.add(import_dependencies.of_import)
        status_providers.add(late.fates)
