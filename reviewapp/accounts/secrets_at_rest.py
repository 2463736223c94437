"""Encryption of two-factor secrets, so that a stolen database alone is not enough."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

MARK = "enc:"


def _cipher() -> MultiFernet:
    """Return the encryption keys derived from SECRET_KEY and its fallbacks."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factors:" + key.encode()) for key in keys)
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(digest.digest())) for digest in digests]
    )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """An adapter that encrypts the seeds of authenticator apps and recovery codes.

    Unencrypted seeds from before are read unchanged.
    """

    def encrypt(self, text: str) -> str:
        """Return the encrypted ``text`` for the database."""
        return MARK + _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the seed, or a seed that no code matches if no key can decrypt it."""
        if not encrypted_text.startswith(MARK):
            return encrypted_text
        try:
            return (
                _cipher().decrypt(encrypted_text.removeprefix(MARK).encode()).decode()
            )
        except InvalidToken:
            return base64.b32encode(
                hashlib.sha256(encrypted_text.encode()).digest()[:20]
            ).decode()
