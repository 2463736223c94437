"""What the tests of translation type into forms and upload."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.translation.pages import Form

WORDS = "Zzyzx"
FILE = b"TY  - JOUR\nTI  - Zzyzx\nAU  - Zzyzx, Z\nPY  - 2001\nER  - \n"


def empty(form: Form) -> dict[str, Any]:
    """Return what is sent if a person fills in nothing."""
    return {name: value for name, kind, value, _ in form.fields if kind == "hidden"}


def as_shown(form: Form) -> dict[str, Any]:
    """Return what is sent if a person changes nothing."""
    return {
        name: value or (choices[0] if choices else "")
        for name, kind, value, choices in form.fields
        if kind != "file"
    }


def filled(form: Form, confirmation: str) -> dict[str, Any]:
    """Return what is sent if a person fills in everything."""
    sent: dict[str, Any] = {}
    for name, kind, value, choices in form.fields:
        if kind == "hidden" or value:
            sent.setdefault(name, value)
        elif kind == "select":
            sent[name] = next((choice for choice in choices if choice), "")
        elif kind == "file":
            sent[name] = io.BytesIO(FILE)
            sent[name].name = "zzyzx.ris"
        else:
            sent[name] = {
                "number": "3",
                "date": "2026-01-01",
                "email": "zzyzx@example.org",
                "url": "https://example.org/zzyzx",
                "password": "zzyzx zzyzx zzyzx",
            }.get(kind) or (confirmation if "typed" in name else WORDS)
    return sent
