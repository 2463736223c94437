"""Random public codes: what URLs and the API show instead of primary keys."""

from __future__ import annotations

import secrets

# No 0/O, 1/l/I: codes are read out on the phone.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
LENGTH = 14


def new_code() -> str:
    """Return a random code of 70 bits; says nothing of order or number of rows."""
    # One draw for all letters (32 of them, 5 bits each): imports make 10 000s.
    bits = secrets.randbits(5 * LENGTH)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(0, 5 * LENGTH, 5))


# 256 is a multiple of 32: each letter is as likely as any other.
_LETTER_OF_BYTE = bytes(ord(ALPHABET[byte & 31]) for byte in range(256))


def new_codes(number: int) -> list[str]:
    """Many codes from one draw: an import makes 100 000s."""
    drawn = secrets.token_bytes(LENGTH * number).translate(_LETTER_OF_BYTE).decode()
    return [drawn[at : at + LENGTH] for at in range(0, len(drawn), LENGTH)]
