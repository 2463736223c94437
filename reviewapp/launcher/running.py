"""The environment of a running `./dev up`, for commands in another terminal."""

from __future__ import annotations

import os

from reviewapp.launcher import Refusal, addresses, services
from reviewapp.launcher.state import Lock, default_data_directory, load_state


def adopt_environment() -> None:
    """Let `manage.py` use the servers of a running `./dev up`.

    It does nothing if the environment already names a database, or if no instance runs
    on the data directory (REVIEWAPP_DATA, or the default).
    """
    if "DATABASE_URL" in os.environ:
        return
    place = default_data_directory()
    if not Lock(place).is_taken():
        return
    try:
        state = load_state(place)
    except (Refusal, OSError):
        return
    if not state.has_own_database:
        return
    database_url = addresses.database_url(state.database_password, state.postgres_port)
    redis_url = addresses.redis_url(state.valkey_password, state.valkey_port)
    os.environ.update(
        services.service_environment(
            place,
            state,
            database_url=database_url,
            redis_url=os.environ.get("REDIS_URL", redis_url),
        )
    )
