"""The report of an import as files: what was skipped or warned of, line by line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from reviewapp.core.lib.cells import safe_cell
from screening.records.queries.imports import ImportView

HEADER = ("what", "kind", "line", "message", "text")


def report_csv(view: ImportView) -> Iterator[str]:
    """One row for each warning and skipped piece; begins with a UTF-8 mark."""
    yield "\ufeff" + _row(HEADER)
    for piece in view.skipped:
        yield _row(("skipped", "", piece["line"], piece["reason"], piece["raw"]))
    for notice in view.warnings:
        words = (notice["kind"], notice["line"], notice["message"])
        yield _row(("warning", *words, ""))
    for piece in view.outside:
        words = ("text-outside-record", piece["line"], "Text between the records.")
        yield _row(("outside", *words, piece["text"]))


def report_json(view: ImportView) -> str:
    """The whole report: counts, warnings, skipped pieces, text between the records."""
    line = view.line
    return json.dumps(
        {
            "file": line.file_name,
            "sha256": view.sha256,
            "size": line.size,
            "source": line.source_name,
            "state": line.state,
            "format": line.format,
            "platform": line.platform,
            "encoding": view.encoding,
            "found": line.found,
            "kept": line.kept,
            "skipped": line.skipped,
            "refusal": view.refusal,
            "warnings": view.warnings,
            "skipped_pieces": view.skipped,
            "outside": view.outside,
        },
        ensure_ascii=False,
        indent=2,
    )


def _row(cells: tuple[object, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(
        [safe_cell(c) if isinstance(c, str) else c for c in cells]
    )
    return buffer.getvalue()
