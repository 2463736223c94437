"""The web server's worker: it does not wait for ever for the rest of a request."""

from __future__ import annotations

import socket
import struct
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Seconds between two pieces of one request. Without a limit, as many half requests as
# there are threads keep everybody else out; a phone on a train sends something sooner.
PATIENCE = 15


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, with a limit on how long a sender may say nothing."""

    def handle(self, conn: Any) -> Any:
        """As the base, with the limit set by the system: gunicorn sets and clears
        Python's own while it reads."""
        limit = struct.pack("ll", PATIENCE, 0)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        return super().handle(conn)
