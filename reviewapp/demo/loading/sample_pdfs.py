"""Full texts of the demo: small PDFs that say they are invented."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from textwrap import wrap

from pypdf import PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
)

from reviewapp.core.models import Member
from reviewapp.demo.source_variants import without_accents
from reviewapp.demo.work import MARK, Work
from screening.reports.models import Report
from screening.reports.services import files

# ISO A4 in points, and the number of letters in a line at this size.
_WIDTH, _HEIGHT, _LETTERS = 595, 842, 84
_NOTICE = (
    f"{MARK}. This page was made by a program to show where the full text of a "
    "report is read. There is no such study; never cite it."
)


def attach_pdfs(
    actor: Member, found: Sequence[tuple[Report, Work]], *, most: int, now: datetime
) -> None:
    """Upload a PDF for the first ``most`` invented reports."""
    for report, work in [pair for pair in found if pair[1].invented][:most]:
        files.attach_file(
            actor=actor,
            report_code=report.code,
            file=io.BytesIO(make_pdf(work)),
            file_name=f"{_family(work)}_{work.year}_invented.pdf",
            now=now,
        )


def _family(work: Work) -> str:
    return without_accents(work.authors[0].split(",")[0]).replace(" ", "_")


def make_pdf(work: Work) -> bytes:
    """Return one A4 page with title, authors and abstract of an invented work."""
    writer = PdfWriter()
    page = writer.add_blank_page(_WIDTH, _HEIGHT)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(_drawn(work))
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": work.title, "/Subject": MARK})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _drawn(work: Work) -> bytes:
    """Return the page's text operators (ISO 32000-1, 9.4), line by line."""
    parts = (
        (11, _NOTICE),
        (16, work.title),
        (11, "; ".join(work.authors)),
        (11, f"{work.journal or work.publisher}, {work.year}. {work.doi}"),
        (11, work.abstract),
    )
    lines = [b"BT", b"56 780 Td"]
    for size, text in parts:
        lines.append(b"/F1 %d Tf %d TL" % (size, size + 5))
        letters = _LETTERS * 11 // size
        lines += [b"(%s) Tj T*" % _escaped(line) for line in wrap(text, letters)]
        lines.append(b"T*")
    return b"\n".join([*lines, b"ET"])


def _escaped(text: str) -> bytes:
    for sign in "\\()":
        text = text.replace(sign, f"\\{sign}")
    return text.encode("cp1252", "replace")
