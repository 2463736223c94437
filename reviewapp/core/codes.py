"""Random public codes: what URLs and the API show instead of primary keys."""

from __future__ import annotations

import secrets

# No 0/O, 1/l/I: codes are read out on the phone.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
LENGTH = 14


def new_code() -> str:
    """Return a random code of 70 bits; says nothing of order or number of rows."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
