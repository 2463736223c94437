"""The command ``migrate`` refuses databases that it can't update."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from reviewapp.core.management.commands.migrate import unknown_migrations

pytestmark = pytest.mark.django_db


def test_a_database_of_this_version_is_updated() -> None:
    assert unknown_migrations("default") == []
    call_command("migrate", verbosity=0)


def test_a_database_of_a_development_version_is_refused_in_one_sentence() -> None:
    MigrationRecorder(connection).record_applied("core", "0002_chained_events")
    with pytest.raises(CommandError, match=r"can't be updated .*core\.0002") as refusal:
        call_command("migrate", verbosity=0)
    assert "Nothing was changed" in str(refusal.value)


def test_unknown_migrations_of_other_packages_are_left_to_django() -> None:
    MigrationRecorder(connection).record_applied("sessions", "0099_from_elsewhere")
    assert unknown_migrations("default") == []
