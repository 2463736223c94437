"""`python -m reviewapp.up`: PostgreSQL, Valkey, web, worker and beat under one roof.

The servers come out of wheels; nothing has to be installed beforehand. Linux and
macOS. `DATABASE_URL` and `REDIS_URL` in the environment take the place of the
embedded servers.
"""

from __future__ import annotations


class Refusal(Exception):
    """One clear sentence for the person at the terminal; exit status 1."""
