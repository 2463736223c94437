"""Work in a second database session, which commits while a test is under way."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def in_another_session(work: Callable[[], object]) -> None:
    """Do it in a thread, with a database connection of its own that commits."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert errors == []
