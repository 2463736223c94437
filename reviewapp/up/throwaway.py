"""`python -m reviewapp.up.throwaway PLAN`: servers for one test run, gone with it.

The test process writes a plan, holds our standard input open, and waits for the file
`ready` (or `failed`) in the plan's directory. When it ends in whatever way, the input
ends too: the servers are stopped and the directory is removed.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex

from reviewapp.up import Refusal, binaries, postgres, valkey
from reviewapp.up.children import Child, free_port, stop


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
    def database_url(self) -> str:
        return _cluster(self, programs=Path()).url

    @property
    def redis_url(self) -> str:
        return _broker(self, program=Path()).url


def plan(*, needs_postgres: bool, needs_valkey: bool) -> Plan:
    """Choose a temporary directory, ports and a password."""
    home = Path(tempfile.mkdtemp(prefix="reviewapp-test-"))
    home.chmod(0o711)
    made = Plan(
        home=str(home),
        postgres_port=free_port(),
        valkey_port=free_port(),
        password=token_hex(16),
        needs_postgres=needs_postgres,
        needs_valkey=needs_valkey,
    )
    (home / "plan.json").write_text(json.dumps(asdict(made)))
    (home / "plan.json").chmod(0o600)
    return made


def _cluster(plan: Plan, *, programs: Path) -> postgres.Cluster:
    home = Path(plan.home)
    return postgres.Cluster(
        programs=programs,
        home=home,
        log=home / "postgres.log",
        user=binaries.postgres_user(),
        port=plan.postgres_port,
        admin_password=plan.password,
        password=plan.password,
        options=postgres.THROWAWAY_OPTIONS,
    )


def _broker(plan: Plan, *, program: Path) -> valkey.Broker:
    home = Path(plan.home)
    return valkey.Broker(
        program=program,
        data=home / "valkey",
        log=home / "valkey.log",
        port=plan.valkey_port,
        password=plan.password,
        is_kept=False,
    )


def _start_postgres(plan: Plan, stack: ExitStack) -> None:
    programs = binaries.postgres_programs(
        binaries.postgres_user(), Path(plan.home) / "programs"
    )
    cluster = _cluster(plan, programs=programs)
    postgres.prepare(cluster)
    child = Child(cluster.recipe)
    stack.callback(stop, [child])
    postgres.wait_until_ready(cluster, child)
    postgres.make_database(cluster, may_create=True)


def _start_valkey(plan: Plan, stack: ExitStack) -> None:
    broker = _broker(plan, program=binaries.valkey_program())
    valkey.prepare(broker)
    child = Child(broker.recipe)
    stack.callback(stop, [child])
    valkey.wait_until_ready(broker, child)


def serve(plan: Plan) -> None:
    """Start what the plan asks for, say so, and hold it until our input ends."""
    home = Path(plan.home)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        try:
            if plan.needs_valkey:
                _start_valkey(plan, stack)
            if plan.needs_postgres:
                _start_postgres(plan, stack)
        except (Refusal, OSError) as error:
            (home / "failed.half").write_text(str(error))
            (home / "failed.half").rename(home / "failed")
        else:
            (home / "ready").touch()
        sys.stdin.buffer.read()


def main() -> None:
    # Ctrl-C in the terminal is for the tests, which end our input when they are done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(Plan(**json.loads(Path(sys.argv[1]).read_text())))


if __name__ == "__main__":
    main()
