"""The Celery app: it carries ids of jobs; the state of a job is a row."""

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
# Write the schedule after every sent task, so that its age shows that beat runs.
app.conf.beat_sync_every = 1
# An app is current only in the thread that created it. Web requests run in other
# threads and would send their tasks to a broker that is not configured.
app.set_default()

PR_SET_PDEATHSIG = 1


@worker_process_init.connect
def _die_with_master(**_: Any) -> None:
    """End a pool process after its master was killed, before it runs a lost task."""
    is_pool_process = billiard.current_process().name != "MainProcess"
    if is_pool_process and sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
