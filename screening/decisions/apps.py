from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "screening.decisions"
    label = "decisions"

    def ready(self) -> None:
        """Take part in the moments of other apps."""
        from reviewapp.core import hooks
        from screening.decisions.services import moments

        hooks.on("review:created", moments.review_created)
        hooks.on("member:removed", moments.member_removed)
        hooks.on("records:changed", moments.records_changed)
        hooks.on("report:retrieved", moments.report_retrieved)
