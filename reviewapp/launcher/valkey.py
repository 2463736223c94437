"""The embedded Valkey: a broker on its own port, written to disk once a second."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from reviewapp.launcher import Refusal
from reviewapp.launcher.addresses import redis_url
from reviewapp.launcher.children import Child, Recipe

START_SECONDS = 20.0
# One database per parallel test process, in addition to the first.
DATABASES = 64
# No command with its values gets into a log. docker-compose.yml has the same settings.
NO_VALUES_IN_THE_LOG = (
    "loglevel notice",
    "slowlog-log-slower-than -1",
    "hide-user-data-from-log yes",
)


@dataclass(frozen=True)
class Broker:
    """A Valkey server and its directory; `password` is URL-safe text."""

    program: Path
    data: Path
    log: Path
    port: int
    password: str
    is_kept: bool = True

    @property
    def url(self) -> str:
        """Return the URL of the broker."""
        return redis_url(self.password, self.port)

    @property
    def recipe(self) -> Recipe:
        """Return the recipe of the server process."""
        return Recipe(
            name="valkey",
            argv=[str(self.program), "valkey.conf"],
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
            cwd=self.data,
            log=self.log,
            stop_steps=((signal.SIGTERM, 1.5),),
        )


def prepare_valkey(broker: Broker) -> None:
    """Write its configuration, readable only by us because it has the password."""
    broker.data.mkdir(mode=0o700, exist_ok=True)
    lines = [
        "bind 127.0.0.1",
        f"port {broker.port}",
        f"requirepass {broker.password}",
        f"databases {DATABASES}",
        f"appendonly {'yes' if broker.is_kept else 'no'}",
        "appendfsync everysec",
        'save ""',
        # Without this, the broker would drop messages when memory is low.
        "maxmemory-policy noeviction",
        "daemonize no",
        *NO_VALUES_IN_THE_LOG,
    ]
    path = broker.data / "valkey.conf"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


def wait_for_valkey(broker: Broker, child: Child) -> None:
    """Wait until it answers PING. Raises Refusal if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(broker.url, socket_timeout=2) as client:
        while time.monotonic() < deadline:
            if not child.is_running:
                raise Refusal(f"Valkey did not start:\n{child.last_words()}")
            try:
                client.ping()
            except redis.RedisError:
                time.sleep(0.05)
            else:
                return
    raise Refusal(f"Valkey did not answer within {START_SECONDS:.0f} seconds.")
