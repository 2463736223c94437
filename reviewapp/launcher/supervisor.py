"""Starts all processes in order, restarts failed ones, and stops all in order."""

from __future__ import annotations

import contextlib
import http
import http.client
import os
import time
from dataclasses import dataclass

from reviewapp.launcher import Refusal, binaries, postgres, services, valkey
from reviewapp.launcher.addresses import free_port, is_port_free
from reviewapp.launcher.children import Child, Recipe, stop_children
from reviewapp.launcher.state import (
    DataDirectory,
    InstanceState,
    Lock,
    end_survivors,
    load_state,
    open_data_directory,
    remember_children,
    save_state,
)

DEFAULT_PORT = 8000
READY_SECONDS = 90.0
LOOK_SECONDS = 0.2
# A child that has run for this long counts as healthy again.
WELL_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 30.0
# Groups that stop together, in this order: first what creates work, last the servers.
STOP_ORDER = (("beat", "worker", "web"), ("valkey",), ("postgres",))


@dataclass(frozen=True)
class StartOptions:
    """The options of the command line; no port means 8000 or the next free one."""

    place: DataDirectory
    port: int | None = None
    with_demo: bool = False


@dataclass
class WatchedChild:
    """A child that is restarted when it fails, after increasing pauses."""

    child: Child
    falls: int = 0
    again_at: float | None = None

    def pause(self) -> float:
        return float(min(0.25 * 2**self.falls, LONGEST_PAUSE_SECONDS))


def print_line(line: str) -> None:
    """Print a line to the terminal, which may be closed (SIGHUP)."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


class Supervisor:
    """A running installation; `run` returns when it was asked to stop."""

    def __init__(self, wishes: StartOptions) -> None:
        self.wishes = wishes
        self.place = wishes.place
        self.lock = Lock(wishes.place)
        self.watched: dict[str, WatchedChild] = {}
        self.passing: Child | None = None
        self.url = ""

    # ── Run ──────────────────────────────────────────────────────────────────
    def run(self) -> None:
        """Start everything, then watch until interrupted. Raises Refusal."""
        open_data_directory(self.place)
        # No other user may read the files that are created from here on.
        os.umask(0o077)
        self.lock.take()
        try:
            self._start()
            while True:
                self._look_after()
                time.sleep(LOOK_SECONDS)
        finally:
            self.stop()
            self.lock.release()

    def stop(self) -> None:
        """Stop all children in order; safe to call at any time."""
        if self.passing is not None:
            stop_children([self.passing])
        for group in STOP_ORDER:
            stop_children(
                [self.watched[name].child for name in group if name in self.watched]
            )
        self.watched.clear()

    # ── Starting ─────────────────────────────────────────────────────────────
    def _start(self) -> None:
        began = time.monotonic()
        port = self._choose_port()
        self.url = f"http://127.0.0.1:{port}"
        self.lock.tell(f"{self.url}, process {os.getpid()}")
        for name in end_survivors(self.place):
            print_line(f"Stopped {name}, which was left running by an earlier crash.")
        state = load_state(self.place)
        state.web_port = port
        state.has_own_database = not os.environ.get("DATABASE_URL")
        save_state(self.place, state)
        env = services.service_environment(
            self.place,
            state,
            database_url=os.environ.get("DATABASE_URL") or self._postgres(state),
            redis_url=os.environ.get("REDIS_URL") or self._valkey(state),
        )
        print_line("Updating the database …")
        self._run_to_end(
            services.command_recipe(self.place, env, "migrate", "--noinput")
        )
        print_line("Starting web, worker and beat …")
        self._keep(Child(services.web_recipe(self.place, env, port)))
        # The web server first, because three Python starts at once slow each other
        # down.
        self._wait_until_ready(port)
        self._keep(Child(services.worker_recipe(self.place, env)))
        self._keep(Child(services.beat_recipe(self.place, env)))
        if self.wishes.with_demo:
            print_line("Loading the demo review …")
            self._run_to_end(
                services.command_recipe(self.place, env, "load_demo", is_shown=True)
            )
        print_line(f"Ready after {time.monotonic() - began:.0f} s.")
        print_line(f"\n  reviewapp  {self.url}\n  data       {self.place.path}")
        print_line(f"  logs       {self.place.logs}\n  stop       Ctrl-C\n")

    def _choose_port(self) -> int:
        wished = self.wishes.port
        first = DEFAULT_PORT if wished is None else wished
        if is_port_free(first):
            return first
        following = range(first + 1, min(first + 100, 65536))
        other = next((port for port in following if is_port_free(port)), free_port())
        if wished is not None:
            raise Refusal(
                f"Another program uses port {wished}. Stop that program, or start "
                f"with --port {other}, which is free."
            )
        print_line(f"Another program uses port {first}. Using port {other} instead.")
        return other

    def _postgres(self, state: InstanceState) -> str:
        """Start the embedded PostgreSQL; return its URL."""
        if not is_port_free(state.postgres_port):
            state.postgres_port = free_port()
            save_state(self.place, state)
        user = binaries.postgres_user()
        cluster = postgres.Cluster(
            programs=binaries.postgres_programs(user, self.place.path / "programs"),
            home=self.place.path,
            log=self.place.log("postgres"),
            user=user,
            port=state.postgres_port,
            admin_password=state.admin_password,
            password=state.database_password,
        )
        if postgres.prepare_postgres(cluster):
            print_line(f"Created a new database in {cluster.data}.")
        postgres.wait_for_postgres(cluster, self._keep(Child(cluster.recipe)))
        postgres.create_database(cluster)
        return cluster.url

    def _valkey(self, state: InstanceState) -> str:
        """Start the embedded Valkey; return its URL."""
        if not is_port_free(state.valkey_port):
            state.valkey_port = free_port()
            save_state(self.place, state)
        broker = valkey.Broker(
            program=binaries.valkey_program(),
            data=self.place.path / "valkey",
            log=self.place.log("valkey"),
            port=state.valkey_port,
            password=state.valkey_password,
        )
        valkey.prepare_valkey(broker)
        valkey.wait_for_valkey(broker, self._keep(Child(broker.recipe)))
        return broker.url

    def _keep(self, child: Child) -> Child:
        self.watched[child.recipe.name] = WatchedChild(child)
        remember_children(self.place, self._children())
        return child

    def _children(self) -> list[Child]:
        return [each.child for each in self.watched.values()]

    def _run_to_end(self, recipe: Recipe) -> None:
        """Run a command and keep the servers running. Raises Refusal if it fails."""
        self.passing = child = Child(recipe)
        while child.is_running:
            self._look_after()
            time.sleep(LOOK_SECONDS / 4)
        self.passing = None
        if child.process.returncode:
            raise Refusal(f"{recipe.name} failed:\n{child.last_words(20)}".strip())

    def _wait_until_ready(self, port: int) -> None:
        web = self.watched["web"].child
        deadline = time.monotonic() + READY_SECONDS
        while not _is_ready(port):
            if not web.is_running or time.monotonic() > deadline:
                raise Refusal(f"The web server did not start:\n{web.last_words(20)}")
            time.sleep(LOOK_SECONDS / 2)

    # ── Watching ─────────────────────────────────────────────────────────────
    def _look_after(self) -> None:
        """Detect children that failed, and restart them after their pause."""
        now = time.monotonic()
        for name, each in self.watched.items():
            if each.child.is_running:
                if each.falls and now - each.child.started > WELL_SECONDS:
                    each.falls = 0
            elif each.again_at is None:
                # Remaining processes of its group would keep the port, with old code.
                each.child.kill_group()
                each.again_at = now + each.pause()
                each.falls += 1
                print_line(
                    f"{name} stopped ({_how(each.child.process.returncode)}). "
                    f"Restarting it. Log: {each.child.recipe.log}"
                )
            elif now >= each.again_at:
                each.child = Child(each.child.recipe)
                each.again_at = None
                remember_children(self.place, self._children())


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def _is_ready(port: int) -> bool:
    """Return True if /readyz answers 200 or redirects to TLS; uses no proxy."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asking.request("GET", "/readyz")
        return asking.getresponse().status < http.HTTPStatus.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()
