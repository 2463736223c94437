"""Stored notices of an import."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

from screening.records.models import Import


def all_notices(batch: Import) -> Iterator[dict[str, Any]]:
    """Yield all warnings, skipped entries and texts outside records, in file order.

    Each is ``{"what": "warning" | "skipped" | "outside", "line": …, …}``. Without a
    file of notices, those listed in the report are yielded.
    """
    if batch.notices:
        with batch.notices.open("rb") as stored, gzip.open(stored) as lines:
            for line in lines:
                yield json.loads(line)
        return
    for what, name in (
        ("warning", "warnings"),
        ("skipped", "skipped"),
        ("outside", "outside"),
    ):
        for entry in batch.report.get(name, ()):
            yield {"what": what, "member": "", **entry}
