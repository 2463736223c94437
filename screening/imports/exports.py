"""Import reports as files: every warning, skipped entry and text outside records.

Both formats stream from the file of all notices, so a report of a million lines needs
little memory. Skipped entries are listed with their status.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from reviewapp.core.lib.cells import BYTE_ORDER_MARK, safe_cell
from screening.imports.queries.imports import ImportView
from screening.imports.queries.skipped_entries import EntryStatus

HEADER = ("what", "kind", "line", "message", "text", "file in the archive", "became")
# Each call yields all notices of the import from the start.
Notices = Callable[[], Iterable[dict[str, Any]]]


def report_csv(
    view: ImportView, notices: Notices, fates: dict[int, EntryStatus]
) -> Iterator[str]:
    """Yield the import's details, then one CSV row for each notice.

    The first bytes are a UTF-8 byte order mark.
    """
    yield BYTE_ORDER_MARK + _row(HEADER)
    for name, value in import_details(view).items():
        text = value if isinstance(value, str) else json.dumps(value)
        yield _row(("about", name, "", text, "", "", ""))
    skipped = 0
    for notice in notices():
        fate = ""
        if notice["what"] == "skipped":
            fate = fates[skipped].words if skipped in fates else ""
            skipped += 1
        yield _row((*_cells(notice), notice.get("member", ""), fate))


def _cells(notice: dict[str, Any]) -> tuple[object, ...]:
    line = notice["line"]
    if notice["what"] == "skipped":
        return ("skipped", "", line, notice["reason"], notice["raw"])
    if notice["what"] == "warning":
        return ("warning", notice["kind"], line, _message(notice), "")
    words = _("Text outside records.")
    return ("outside", "text-outside-record", line, words, notice["text"])


def report_json(
    view: ImportView, notices: Notices, fates: dict[int, EntryStatus]
) -> Iterator[str]:
    """Yield one JSON object: the import's details, then its notices by type."""
    head = json.dumps(import_details(view), ensure_ascii=False, indent=2)
    yield head.removesuffix("\n}")
    for name, what in (
        ("warnings", "warning"),
        ("skipped_pieces", "skipped"),
        ("outside", "outside"),
    ):
        yield f',\n  "{name}": ['
        yield from _items(notices, what, fates if what == "skipped" else {})
        yield "]"
    yield "\n}\n"


def _message(notice: dict[str, Any]) -> str:
    """Return the message of a warning, with the number of its entry if it has one."""
    number = notice.get("entry")
    message: str = notice["message"]
    if not number:
        return message
    return _("{message} (Entry {number:,} of the file.)").format(
        message=message, number=number
    )


def _items(notices: Notices, what: str, fates: dict[int, EntryStatus]) -> Iterator[str]:
    chosen = (notice for notice in notices() if notice["what"] == what)
    for number, notice in enumerate(chosen):
        item = {name: value for name, value in notice.items() if name != "what"}
        if number in fates:
            item["became"] = fates[number].as_json()
        comma = "," if number else ""
        yield f"{comma}\n    " + json.dumps(item, ensure_ascii=False)


def import_details(view: ImportView) -> dict[str, Any]:
    """Return the import's details: counts, settings, and who did what when."""
    line = view.line
    return {
        "file": line.file_name,
        "sha256": view.sha256,
        "size": line.size,
        "source": line.source_name,
        "state": line.state,
        "uploaded_by": line.created_by,
        "uploaded_at": line.created_at.isoformat(),
        "imported_at": line.committed_at.isoformat() if line.committed_at else None,
        "undone_by": view.undone_by,
        "undone_at": view.undone_at.isoformat() if view.undone_at else None,
        "format": line.format,
        "platform": line.platform,
        "encoding": view.encoding,
        "options": view.options,
        "found": line.found,
        "kept": line.kept,
        "skipped": line.skipped,
        "hits_reported": view.hits_reported,
        "records_in_source": view.in_source,
        "warning_counts": view.report.get("warning_counts", {}),
        "refusal": view.refusal,
    }


def _row(cells: tuple[object, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(
        [safe_cell(c) if isinstance(c, str) else c for c in cells]
    )
    return buffer.getvalue()
