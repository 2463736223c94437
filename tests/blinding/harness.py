"""Makes two worlds comparable: a stopped clock, seeded codes, savepoints.

Codes are random in the program (reviewapp/core/codes.py). In the tests they come from
two seeded streams: one for public rows, one for hidden actions. So a hidden vote takes
no code from a public row, and both worlds use the same codes. Primary keys are *not*
made equal: sequences continue after a rollback, so a key that gets into a page differs
between two worlds and is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from random import Random
from typing import Any
from unittest import mock

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.test.utils import override_settings

from reviewapp.core.models import User
from tests.factories import NOW

# The pages are fetched one hour after the last action.
READING = NOW + timedelta(hours=1)


class Codes:
    """A replacement for ``secrets`` in reviewapp/core/codes.py."""

    def __init__(self) -> None:
        self._public = Random(1)
        self._hidden = Random(2)
        self._stream = self._public
        self._mark = self._public.getstate()

    def randbits(self, n: int) -> int:
        return self._stream.getrandbits(n)

    def token_bytes(self, n: int) -> bytes:
        return self._stream.randbytes(n)

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Draw codes inside from the other stream."""
        before, self._stream = self._stream, self._hidden
        try:
            yield
        finally:
            self._stream = before

    def mark(self) -> None:
        """Store the position of the stream where worlds fork."""
        self._mark = self._public.getstate()

    def back_to_mark(self) -> None:
        self._public.setstate(self._mark)

    def position(self) -> Any:
        """Return the position of the stream, for ``back_to``."""
        return self._public.getstate()

    def back_to(self, position: Any) -> None:
        self._public.setstate(position)


@contextmanager
def stopped() -> Iterator[Codes]:
    """Stop the clock, seed the codes, limit no rates and send no job to a worker."""
    codes = Codes()
    with ExitStack() as stack:
        # Thousands of requests in an hour would reach a limit in one world only, and a
        # page that answers 429 in both worlds is not compared.
        stack.enter_context(override_settings(RATE_LIMITS={}))
        for name, stand_in in (
            ("reviewapp.core.codes.secrets", codes),
            ("django.utils.timezone.now", lambda: READING),
            ("reviewapp.core.jobs._send_to_celery", lambda pk: None),
        ):
            stack.enter_context(mock.patch(name, stand_in))
        yield codes


class Browser(RequestFactory):
    """Django's test client without its recording of templates and contexts.

    The recording costs more time than the pages. Errors become pages (500), not
    exceptions.
    """

    def __init__(self, session: str = "") -> None:
        super().__init__()
        self._handler = ClientHandler(enforce_csrf_checks=False)
        if session:
            self.cookies["sessionid"] = session

    def get(self, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        return super().get(*args, **kwargs)  # type: ignore[return-value]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        return super().post(*args, **kwargs)  # type: ignore[return-value]

    def request(self, **request: Any) -> HttpResponseBase:  # type: ignore[override]
        return self._handler(self._base_environ(**request))


def log_in(user: User) -> str:
    """Return the key of a new session of the user."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


class _Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """Roll back everything that is written inside."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass
