"""`python -m reviewapp.launcher`: start PostgreSQL, Valkey, web, worker and beat.

The servers come from Python packages, so nothing else has to be installed. It runs on
Linux and macOS. `DATABASE_URL` and `REDIS_URL` in the environment replace the embedded
servers.
"""

from __future__ import annotations


class Refusal(Exception):
    """The program can't start; the message tells the user why (exit status 1)."""
