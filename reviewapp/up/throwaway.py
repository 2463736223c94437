"""Servers for one test run: the plan that the run makes, before they exist.

Imports nothing but the standard library, so that tests which need no server do not
pay for one. The servers themselves: reviewapp/up/keeper.py.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex

from reviewapp.up.addresses import database_url, free_port, redis_url


@dataclass(frozen=True)
class Plan:
    """Where the servers will be; known before they run, so nobody has to wait."""

    home: str
    postgres_port: int
    valkey_port: int
    password: str
    needs_postgres: bool
    needs_valkey: bool

    @property
    def file(self) -> Path:
        return Path(self.home) / "plan.json"

    @property
    def database_url(self) -> str:
        return database_url(self.password, self.postgres_port)

    @property
    def redis_url(self) -> str:
        return redis_url(self.password, self.valkey_port)


def plan(*, needs_postgres: bool, needs_valkey: bool) -> Plan:
    """Choose a temporary directory, ports and a password, and write them down."""
    home = Path(tempfile.mkdtemp(prefix="reviewapp-test-"))
    # PostgreSQL runs as another user when we are root, and must get to its place.
    home.chmod(0o711)
    made = Plan(
        home=str(home),
        postgres_port=free_port(),
        valkey_port=free_port(),
        password=token_hex(16),
        needs_postgres=needs_postgres,
        needs_valkey=needs_valkey,
    )
    made.file.touch(mode=0o600)
    made.file.write_text(json.dumps(asdict(made)))
    return made


def read(file: Path) -> Plan:
    """The plan that another process has written."""
    return Plan(**json.loads(file.read_text()))
