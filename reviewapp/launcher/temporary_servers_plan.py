"""The plan of the temporary servers of a test run, made before they start.

It imports only the standard library, so that tests without a server start fast. The
servers themselves are in reviewapp/launcher/temporary_servers.py.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex

from reviewapp.launcher.addresses import database_url, free_port, redis_url


@dataclass(frozen=True)
class ServerPlan:
    """Ports and directory of the servers, known before the servers run."""

    home: str
    postgres_port: int
    valkey_port: int
    password: str
    needs_postgres: bool
    needs_valkey: bool

    @property
    def file(self) -> Path:
        """Return the path of the plan's file."""
        return Path(self.home) / "plan.json"

    @property
    def database_url(self) -> str:
        """Return the URL of the database server."""
        return database_url(self.password, self.postgres_port)

    @property
    def redis_url(self) -> str:
        """Return the URL of the broker."""
        return redis_url(self.password, self.valkey_port)


def make_plan(*, needs_postgres: bool, needs_valkey: bool) -> ServerPlan:
    """Choose a temporary directory, ports and a password; return the stored plan."""
    home = Path(tempfile.mkdtemp(prefix="reviewapp-test-"))
    # If we are root, PostgreSQL runs as another user, who must be able to enter.
    home.chmod(0o711)
    made = ServerPlan(
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


def read_plan(file: Path) -> ServerPlan:
    """Return the plan that another process has written."""
    return ServerPlan(**json.loads(file.read_text()))
