"""`python -m reviewapp.launcher.temporary_servers PLAN`: run the servers of one test run.

The test process writes a plan, keeps our standard input open and waits for the file
`ready` (or `failed`) in the plan's directory. When the test process ends, for any
reason, our input ends. Then the servers stop and the directory is removed.
"""

from __future__ import annotations

import shutil
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from reviewapp.launcher import (
    Refusal,
    binaries,
    postgres,
    temporary_servers_plan,
    valkey,
)
from reviewapp.launcher.children import Child, stop_children


def _start_postgres(plan: temporary_servers_plan.ServerPlan, stack: ExitStack) -> None:
    home = Path(plan.home)
    user = binaries.postgres_user()
    cluster = postgres.Cluster(
        programs=binaries.postgres_programs(user, home / "programs"),
        home=home,
        log=home / "postgres.log",
        user=user,
        port=plan.postgres_port,
        admin_password=plan.password,
        password=plan.password,
        options=postgres.THROWAWAY_OPTIONS,
    )
    postgres.prepare_postgres(cluster)
    child = Child(cluster.recipe)
    stack.callback(stop_children, [child])
    postgres.wait_for_postgres(cluster, child)
    postgres.create_database(cluster, may_create=True)


def _start_valkey(plan: temporary_servers_plan.ServerPlan, stack: ExitStack) -> None:
    broker = valkey.Broker(
        program=binaries.valkey_program(),
        data=Path(plan.home) / "valkey",
        log=Path(plan.home) / "valkey.log",
        port=plan.valkey_port,
        password=plan.password,
        is_kept=False,
    )
    valkey.prepare_valkey(broker)
    child = Child(broker.recipe)
    stack.callback(stop_children, [child])
    valkey.wait_for_valkey(broker, child)


def run_servers(plan: temporary_servers_plan.ServerPlan) -> None:
    """Start the servers of the plan, report it, and keep them until our input ends."""
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
        # Everything is stopping now, and a late signal must not interrupt it.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


def main() -> None:
    # Ctrl-C in the terminal is for the tests, which close our input when they end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    run_servers(temporary_servers_plan.read_plan(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
