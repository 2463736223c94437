"""Filters of log records."""

from __future__ import annotations

import logging
import re

# Paths with a secret that is valid until it is used: an invitation, the key of a
# password reset or of an email address. tests/core/test_security.py compares them with
# the URLs.
SECRET = re.compile(
    r"(/invitations/|/accounts/password/reset/key/|/accounts/confirm-email/)"
    r"[^/\s?#\"']+"
)


class SecretPaths(logging.Filter):
    """A filter that keeps every record and masks secrets in paths."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the message by one without secrets; always return True."""
        text = record.getMessage()
        masked = SECRET.sub(r"\1…", text)
        if masked != text:
            record.msg, record.args = masked, None
        return True
