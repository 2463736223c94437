from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConflictsConfig(AppConfig):
    name = "screening.conflicts"
    label = "conflicts"

    def ready(self) -> None:
        """Register navigation, to-dos, labels and the export of account data."""
        from reviewapp.accounts import privacy
        from reviewapp.core import events, nav
        from reviewapp.core.permissions import Action
        from screening.conflicts.event_labels import DETAIL_LABELS, EVENT_LABELS
        from screening.conflicts.queries import conflict_pages
        from screening.conflicts.queries.privacy import desk as own_words

        events.add_labels(EVENT_LABELS, DETAIL_LABELS)
        privacy.add_export(own_words)
        nav.add_entry(
            nav.Entry(
                _("Conflicts"),
                "conflicts:conflicts",
                "conflicts",
                _("Screen"),
                49,
                action=Action.ADJUDICATE,
                also=("conflicts:*",),
            )
        )
        nav.add_todos(conflict_pages.todos)
