"""Records of the demo's exports as references for the matcher."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reviewapp.demo.exports import DemoExport
from screening.citations.deduplication.reference import Reference
from screening.citations.reading import file_reading


def read_all(files: Sequence[DemoExport]) -> list[tuple[int, Reference]]:
    """Return (number of the work, reference) of every record, with consecutive ids."""
    rows: list[tuple[int, Reference]] = []
    for file in files:
        found = file_reading.read_file(io.BytesIO(file.content), name=file.filename)
        for work, citation in zip(file.works, found, strict=True):
            rows.append(
                (
                    work,
                    Reference(
                        id=len(rows),
                        title=citation.title,
                        authors=citation.authors,
                        year=citation.year,
                        journal=citation.journal,
                        volume=citation.volume,
                        issue=citation.issue,
                        pages=citation.pages,
                        doi=citation.doi,
                        abstract=citation.abstract,
                        pmid=citation.pmid,
                    ),
                )
            )
    return rows
