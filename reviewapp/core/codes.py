"""Random public codes that URLs and the API show instead of primary keys."""

from __future__ import annotations

import secrets

# No 0/O and 1/l/I, because people read codes out on the phone.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
LENGTH = 14


def new_code() -> str:
    """Return a random code of 70 bits, which reveals no order and no number of rows."""
    # One random number for all letters (5 bits each), because imports make many codes.
    bits = secrets.randbits(5 * LENGTH)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(0, 5 * LENGTH, 5))


# 256 is a multiple of 32, so each letter is equally likely.
_LETTER_OF_BYTE = bytes(ord(ALPHABET[byte & 31]) for byte in range(256))


def new_codes(number: int) -> list[str]:
    """Return ``number`` codes from one random draw; an import needs 100,000s."""
    drawn = secrets.token_bytes(LENGTH * number).translate(_LETTER_OF_BYTE).decode()
    return [drawn[at : at + LENGTH] for at in range(0, len(drawn), LENGTH)]


def new_key() -> str:
    """Return a random key of 128 bits, in hexadecimal digits."""
    return secrets.token_bytes(16).hex()
