"""Ports and URLs of the servers on this machine."""

from __future__ import annotations

import socket

ROLE = DATABASE = "reviewapp"


def database_url(password: str, port: int) -> str:
    """Return the URL for the database's owner; the password must be URL-safe."""
    return f"postgresql://{ROLE}:{password}@127.0.0.1:{port}/{DATABASE}"


def redis_url(password: str, port: int) -> str:
    """Return the URL of the broker; kombu knows only the scheme redis."""
    return f"redis://:{password}@127.0.0.1:{port}/0"


def free_port() -> int:
    """Return a TCP port on 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_port_free(port: int) -> bool:
    """Return True if a server could listen on 127.0.0.1:port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
