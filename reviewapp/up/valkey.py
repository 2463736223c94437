"""The embedded Valkey: a broker on a port of its own, kept on disk once a second."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from reviewapp.up import Refusal
from reviewapp.up.addresses import redis_url
from reviewapp.up.children import Child, Recipe

START_SECONDS = 20.0
# One database per parallel test process, besides the first.
DATABASES = 64


@dataclass(frozen=True)
class Broker:
    """One Valkey and its directory; `password` is URL-safe text."""

    program: Path
    data: Path
    log: Path
    port: int
    password: str
    is_kept: bool = True

    @property
    def url(self) -> str:
        return redis_url(self.password, self.port)

    @property
    def recipe(self) -> Recipe:
        return Recipe(
            name="valkey",
            argv=[str(self.program), "valkey.conf"],
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
            cwd=self.data,
            log=self.log,
            stop_steps=((signal.SIGTERM, 1.5),),
        )


def prepare(broker: Broker) -> None:
    """Write its configuration, readable by us alone for the password in it."""
    broker.data.mkdir(mode=0o700, exist_ok=True)
    lines = [
        "bind 127.0.0.1",
        f"port {broker.port}",
        f"requirepass {broker.password}",
        f"databases {DATABASES}",
        f"appendonly {'yes' if broker.is_kept else 'no'}",
        "appendfsync everysec",
        'save ""',
        # A broker that throws messages away under pressure would lose work.
        "maxmemory-policy noeviction",
        "daemonize no",
    ]
    path = broker.data / "valkey.conf"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


def wait_until_ready(broker: Broker, child: Child) -> None:
    """Wait until it answers PING. Raises Refusal when it ended or took too long."""
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
