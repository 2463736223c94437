"""Reading every notice of an import back, one at a time."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

from screening.records.models import Import


def every(batch: Import) -> Iterator[dict[str, Any]]:
    """All warnings, skipped pieces and texts outside, in file order.

    Each is ``{"what": "warning" | "skipped" | "outside", "line": …, …}``. Imports
    from before the file was kept give what their report lists.
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
        for piece in batch.report.get(name, ()):
            yield {"what": what, "member": "", **piece}
