"""The web server's worker: it does not wait for ever for the rest of a request."""

from __future__ import annotations

import socket
import struct
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Seconds that a sender may say nothing in the middle of a head, and of a body. Without
# a limit, as many half requests as there are threads keep everybody else out. A head is
# sent at once; a phone on a train may pause within an upload.
HEAD, BODY = 5, 15


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, with a limit on how long a sender may say nothing."""

    def handle(self, conn: Any) -> Any:
        """As the base, for the head."""
        _wait(conn.sock, HEAD)
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """As the base, for the body."""
        _wait(conn.sock, BODY)
        return super().handle_request(req, conn)


def _wait(sock: socket.socket, seconds: int) -> None:
    # The system's limit: gunicorn sets and clears Python's own while it reads.
    limit = struct.pack("ll", seconds, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
