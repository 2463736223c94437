"""`manage.py migrate`, which refuses a database of an earlier development version."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connections
from django.db.migrations.loader import MigrationLoader

OUR_PACKAGES = ("reviewapp.", "screening.", "charting")


def unknown_migrations(database: str) -> list[str]:
    """Return the applied migrations of our apps that this version does not have.

    Only databases of development versions before 0.1.0 have any: their migrations were
    rewritten as one initial migration for each app.
    """
    loader = MigrationLoader(connections[database])
    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith(OUR_PACKAGES)
    }
    known = set(loader.disk_migrations) | set(loader.replacements)
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in known
    )


class Command(MigrateCommand):
    """The command of Django, after a check of the database."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Update the database. Raises CommandError if a development version made it."""
        unknown = unknown_migrations(options["database"])
        if unknown:
            raise CommandError(
                "This database was made by a development version before 0.1.0 and "
                f"can't be updated (it has {unknown[0]}). Nothing was changed. Start "
                "with an empty data directory: ./dev up --data DIR, or an empty "
                "database."
            )
        super().handle(*args, **options)
