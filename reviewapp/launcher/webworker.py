"""The worker class of the web server: closes silent connections, names no server."""

from __future__ import annotations

import logging
import socket
import struct
from typing import Any

from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker

from reviewapp.core.log_filters import SecretPaths

# Seconds of silence allowed within the headers and the body of a request. Without a
# limit, as many unfinished requests as there are threads would block all users. Headers
# are sent at once; a phone on a train may pause during an upload.
HEAD, BODY = 5, 15


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A gunicorn thread worker with a limit on the silence of a client."""

    def handle(self, conn: Any) -> Any:
        """Handle a connection with the limit for headers."""
        _wait(conn.sock, HEAD)
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Handle a request with the limit for its body."""
        _wait(conn.sock, BODY)
        return super().handle_request(req, conn)


_default_headers = wsgi.Response.default_headers


def _headers_without_server(self: Any) -> list[str]:
    """Return gunicorn's headers without its name."""
    found = _default_headers(self)
    return [line for line in found if not line.lower().startswith("server:")]


wsgi.Response.default_headers = _headers_without_server
# gunicorn has a handler of its own, which logs the path of a request that failed.
logging.getLogger("gunicorn.error").addFilter(SecretPaths())


def _wait(sock: socket.socket, seconds: int) -> None:
    # This sets the system's limit, because gunicorn changes Python's own while it
    # reads.
    limit = struct.pack("ll", seconds, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
