"""The attacked server: `./dev up` in a temporary directory with two reviews."""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from reviewapp.launcher.addresses import database_url, redis_url
from tests.attack.caller import Answer, Caller
from tests.core.up_instance import Instance, clean_environment, open_directory

if TYPE_CHECKING:
    from tests.blinding.world import World

# Small, so that the test of "too large" is fast.
UPLOAD_LIMIT = 20_000_000
WAIT_SECONDS = 60.0
PEOPLE = ("ada", "ben", "cleo", "dora", "lena", "olaf", "rex")


@dataclass
class Site:
    """The running server, its two reviews, and the logged-in users."""

    instance: Instance
    ours: World
    theirs: World
    people: dict[str, Caller] = field(default_factory=dict)
    _addresses: int = 10

    @property
    def port(self) -> int:
        return self.instance.port

    @property
    def stranger(self) -> Caller:
        """Return the lead of the other review."""
        return self.people["stranger"]

    def here(self, path: str = "") -> str:
        """Return a path in our review."""
        return f"/r/{self.ours.cast.review.code}/{path}"

    def somebody(self, name: str = "anonymous") -> Caller:
        """Return a caller from a network address that has not been used yet."""
        self._addresses += 1
        return Caller(self.port, name, f"127.0.0.{self._addresses}")

    def mails(self, to: str) -> list[str]:
        """Return the texts of emails to the address, oldest first."""
        found: list[str] = []
        folder = self.instance.data / "mail"
        for path in sorted(folder.glob("*"), key=lambda p: p.stat().st_mtime_ns):
            for raw in re.split(rb"\n-{60,}\n", path.read_bytes()):
                mail = message_from_bytes(raw.strip(), policy=policy.default)
                if str(mail["To"]) == to:
                    found.append(mail.get_content())
        return found

    def imported(self, caller: Caller, answer: Answer) -> str:
        """Return the state that an upload reaches."""
        from screening.records.models import Import

        code = answer.location.rstrip("/").rpartition("/")[2]
        deadline = time.monotonic() + WAIT_SECONDS
        busy = {Import.State.UPLOADED.value, Import.State.COMMITTING.value}
        state = ""
        while time.monotonic() < deadline:
            found = Import.objects.filter(code=code).first()
            if found is None:
                return "no import"
            state = found.state
            if state not in busy:
                return state
            time.sleep(0.1)
        return f"{state}, still after {WAIT_SECONDS:.0f} s"


@contextlib.contextmanager
def running() -> Iterator[Site]:
    """Start the server, make two full reviews, log everyone in; stop it at the end."""
    environment = clean_environment(
        EMAIL_VERIFICATION="mandatory", UPLOAD_MAX_BYTES=str(UPLOAD_LIMIT)
    )
    with open_directory() as directory:
        instance = Instance(directory / "data", env=environment)
        try:
            instance.wait_until_ready()
            _connect(instance)
            site = _reviews(instance)
            _log_in(site)
            yield site
        finally:
            _disconnect()
            instance.end()
            instance.output.unlink(missing_ok=True)


def _connect(instance: Instance) -> None:
    """Connect this process to the server's database and counters.

    It reads after an attack and creates what no page can create.
    """
    state = json.loads((instance.data / "state.json").read_text())
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "reviewapp.settings",
        "DATABASE_URL": database_url(
            state["database_password"], state["postgres_port"]
        ),
        "REDIS_URL": redis_url(state["valkey_password"], state["valkey_port"]),
        "REVIEWAPP_DATA": str(instance.data),
        "SECRET_KEY": state["secret_key"],
        "SITE_URL": instance.url,
        "STATIC_FROM_SOURCE": "1",
    }
    import django
    from django.conf import settings

    django.setup()
    assert Path(str(settings.DATA_DIR)) == instance.data, "another server's settings"


def _disconnect() -> None:
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        connections.close_all()


def _reviews(instance: Instance) -> Site:
    from django.contrib.auth.hashers import make_password
    from django.db import transaction

    from reviewapp.core.models import User
    from tests.blinding.world import build, make_cast
    from tests.factories import PASSWORD

    hashed = make_password(PASSWORD)

    def set_password(user: User, _: str) -> None:
        user.password = hashed

    # This process builds the reviews, not the worker. All users have the same password,
    # so it is hashed once.
    with (
        mock.patch("reviewapp.core.jobs._send_to_celery", return_value=None),
        mock.patch.object(User, "set_password", set_password),
        transaction.atomic(),
    ):
        ours = build(make_cast())
        theirs = build(make_cast("Another topic", tag="2"))
    return Site(instance, ours, theirs)


def _log_in(site: Site) -> None:
    from allauth.account.models import EmailAddress

    from reviewapp.core.models import User
    from tests.factories import PASSWORD

    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True)
        for user in User.objects.all()
    )
    everybody = {name: getattr(site.ours.cast, name) for name in PEOPLE}
    for name, member in {**everybody, "stranger": site.theirs.cast.dora}.items():
        caller = site.somebody(name)
        answer = caller.log_in(member.user.email, PASSWORD)
        assert answer.status == 302, f"{name} cannot log in: {answer}"
        site.people[name] = caller
