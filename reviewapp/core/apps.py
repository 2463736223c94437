from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "reviewapp.core"
    label = "core"
    verbose_name = "Kernel"

    def ready(self) -> None:
        import reviewapp.celery  # noqa: F401  (tasks are sent through this app)
        from reviewapp.core import (  # noqa: F401  (registers the system checks)
            checks,
            events,
            nav,
            permissions,
            reminders,
            security_log,
        )
        from reviewapp.core.event_labels import DETAIL_LABELS, EVENT_LABELS

        events.add_labels(EVENT_LABELS, DETAIL_LABELS)
        security_log.connect()
        nav.add_todos(reminders.todos)

        for entry in (
            nav.Entry(_("Overview"), "review:overview", "home", "", 0),
            nav.Entry(
                _("Protocol"),
                "review:protocol",
                "protocol",
                _("Set up"),
                10,
                also=("review:edit_protocol", "review:protocol_version"),
            ),
            nav.Entry(
                _("Team"),
                "review:team",
                "team",
                _("Set up"),
                11,
                also=("review:invite", "review:change_role", "review:remove_member"),
            ),
            nav.Entry(
                _("Settings"),
                "review:configure",
                "settings",
                _("Set up"),
                13,
                action=permissions.Action.CONFIGURE,
                also=("review:rename", "review:delete"),
            ),
            nav.Entry(_("Audit log"), "review:audit_log", "history", _("Report"), 99),
        ):
            nav.add_entry(entry)
