"""All notices of an import in a gzip file, one line of JSON each.

``Import.report`` keeps the first of each kind for the page; the file keeps all. So the
report of a file with a million errors is complete and memory use stays flat.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, Any

from django.core.files import File

from screening.citations.reading.reading_report import (
    OutsideText,
    ReadingWarning,
    SkippedText,
)
from screening.records.models import Import

WHAT = {ReadingWarning: "warning", SkippedText: "skipped", OutsideText: "outside"}


def storable(value: Any) -> Any:
    """Return JSON values without characters that the database cannot store."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {storable(name): storable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [storable(each) for each in value]
    return value


class NoticesWriter:
    """A sink for ``formats.report.Report`` that writes while the file is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.n = 0
        self._stream = stream
        # Without name and time in its header, the same notices give the same bytes.
        self._zip = gzip.GzipFile("", "wb", 5, stream, mtime=0)

    def __call__(self, entry: ReadingWarning | SkippedText | OutsideText) -> None:
        line = storable({"what": WHAT[type(entry)], **asdict(entry)})
        self._zip.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self.n += 1

    def keep(self, batch: Import) -> None:
        """Store the file with ``batch`` (not saved); an empty one is not stored."""
        self._zip.close()
        self._stream.seek(0)
        name = batch.notices.field.generate_filename(batch, "notices")
        # A job that runs again replaces the file instead of adding another one.
        batch.notices.storage.delete(name)
        if self.n:
            batch.notices.save("notices", File(self._stream), save=False)
        else:
            batch.notices = ""


@contextmanager
def notices_writer() -> Iterator[NoticesWriter]:
    """Yield a writer into a temporary file, which is deleted unless it is kept."""
    with tempfile.TemporaryFile() as stream:
        yield NoticesWriter(stream)
