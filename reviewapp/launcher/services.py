"""Recipes of the web server, the worker, beat and management commands."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from reviewapp.launcher.children import Recipe
from reviewapp.launcher.state import DataDirectory, InstanceState

PROJECT = Path(__file__).resolve().parent.parent.parent
WEB_WORKERS = 2
WEB_THREADS = 4
WORKER_PROCESSES = 2
CELERY = (sys.executable, "-m", "celery", "-A", "reviewapp")


def service_environment(
    place: DataDirectory, state: InstanceState, *, database_url: str, redis_url: str
) -> dict[str, str]:
    """Return the variables for the settings (docs/commands.md); existing values win."""
    hosts = [os.environ.get("ALLOWED_HOSTS", ""), "127.0.0.1", "localhost"]
    ours = {
        "SECRET_KEY": state.secret_key,
        "SITE_URL": f"http://127.0.0.1:{state.web_port}",
        "STATIC_FROM_SOURCE": "1",
        "DJANGO_SETTINGS_MODULE": "reviewapp.settings",
    }
    return {
        **ours,
        **os.environ,
        "ALLOWED_HOSTS": ",".join(filter(None, hosts)),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "REVIEWAPP_DATA": str(place.path),
        "PYTHONUNBUFFERED": "1",
    }


def web_argv(bind: str, workers: int = WEB_WORKERS) -> list[str]:
    """Return the command line of gunicorn, with threads for slow clients."""
    scratch = ["--worker-tmp-dir=/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108
    return [
        *(sys.executable, "-m", "gunicorn", "reviewapp.wsgi"),
        f"--bind={bind}",
        "--worker-class=reviewapp.launcher.webworker.PatientWorker",
        # Load once, then fork: this halves the time and needs less memory.
        "--preload",
        f"--workers={workers}",
        f"--threads={WEB_THREADS}",
        "--timeout=120",
        "--graceful-timeout=3",
        # Without this, gunicorn makes a socket that all instances would share.
        "--no-control-socket",
        *scratch,
    ]


def worker_argv(processes: int = WORKER_PROCESSES) -> list[str]:
    """Return the command line of the Celery worker with a pool of processes."""
    return [
        *CELERY,
        "worker",
        f"--concurrency={processes}",
        "--loglevel=INFO",
        "--without-gossip",
        "--without-mingle",
    ]


def beat_argv(schedule: Path) -> list[str]:
    """Return the command line of Celery beat, which runs once per installation."""
    return [
        *CELERY,
        "beat",
        "--loglevel=INFO",
        "--pidfile=",
        f"--schedule={schedule}",
    ]


def web_recipe(place: DataDirectory, env: Mapping[str, str], port: int) -> Recipe:
    return Recipe(
        name="web",
        argv=web_argv(f"127.0.0.1:{port}"),
        env=env,
        cwd=PROJECT,
        log=place.log("web"),
        stop_steps=((signal.SIGTERM, 4.0),),
    )


def worker_recipe(place: DataDirectory, env: Mapping[str, str]) -> Recipe:
    """Return the recipe of the worker; it finishes a short task before it stops."""
    return Recipe(
        name="worker",
        argv=worker_argv(),
        env=env,
        cwd=PROJECT,
        log=place.log("worker"),
        stop_steps=((signal.SIGTERM, 2.5), (signal.SIGQUIT, 1.5)),
        # Tasks are acknowledged late, so killing the worker loses nothing.
        death_signal=signal.SIGKILL,
    )


def beat_recipe(place: DataDirectory, env: Mapping[str, str]) -> Recipe:
    return Recipe(
        name="beat",
        argv=beat_argv(place.beat / "schedule"),
        env=env,
        cwd=PROJECT,
        log=place.log("beat"),
        stop_steps=((signal.SIGTERM, 2.0),),
    )


def command_recipe(
    place: DataDirectory, env: Mapping[str, str], *args: str, is_shown: bool = False
) -> Recipe:
    """Return the recipe of a management command that runs to its end."""
    return Recipe(
        name=args[0],
        argv=[sys.executable, str(PROJECT / "manage.py"), *args],
        env=env,
        cwd=PROJECT,
        log=None if is_shown else place.log(args[0]),
        stop_steps=((signal.SIGINT, 2.0), (signal.SIGTERM, 1.0)),
    )
