"""Second factors are stored encrypted: a stolen database alone is no second factor."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

MARK = "enc:"


def _box() -> MultiFernet:
    """Keys made from SECRET_KEY, and from the earlier ones that may still open."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factors:" + key.encode()) for key in keys)
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(digest.digest())) for digest in digests]
    )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts the seeds of authenticator apps and of recovery codes.

    What was stored before is read as it stands.
    """

    def encrypt(self, text: str) -> str:
        """``text`` for the database."""
        return MARK + _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The seed; one that no key opens gives a seed that no code fits."""
        if not encrypted_text.startswith(MARK):
            return encrypted_text
        try:
            return _box().decrypt(encrypted_text.removeprefix(MARK).encode()).decode()
        except InvalidToken:
            return base64.b32encode(
                hashlib.sha256(encrypted_text.encode()).digest()[:20]
            ).decode()
