"""The Celery app: carries the ids of jobs, whose truth is a row (DESIGN.md §6)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

import billiard
from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")

app = Celery("reviewapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Each sent task is noted at once: the age of the schedule tells that the clock runs.
app.conf.beat_sync_every = 1
# The app that created itself is current in this thread only; web requests run in
# others and would send their tasks to a broker nobody configured.
app.set_default()

PR_SET_PDEATHSIG = 1


@worker_process_init.connect
def _die_with_master(**_: Any) -> None:
    """A pool process whose master was killed must not go on with a lost task."""
    is_pool_process = billiard.current_process().name != "MainProcess"
    if is_pool_process and sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
