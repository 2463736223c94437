"""Samples of a workbook and of archives.

They are stored without compression, since libraries compress to different bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from xml.sax.saxutils import escape

from reviewapp.demo.source_variants import family_and_given
from tests.sample_data import ris_databases
from tests.sample_data.works import (
    Entry,
    Sample,
    articles,
    columns,
    wanted,
)

WHEN = (2021, 1, 1, 0, 0, 0)


def samples() -> Iterator[Sample]:
    yield lens()
    yield two_exports()
    yield gzipped_export()


def packed(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip archive of the members, dated to one day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, WHEN), content)
    return out.getvalue()


def two_exports() -> Sample:
    scopus, cochrane = ris_databases.scopus(), ris_databases.cochrane()
    inside = {"search/scopus.ris": scopus, "search/cochrane-central.ris": cochrane}
    members = [(path, sample.content) for path, sample in inside.items()]
    members += [
        ("__MACOSX/search/._scopus.ris", b"\x00\x05\x16\x07Mac OS X"),
        ("search/.DS_Store", b"\x00\x00\x00\x01Bud1"),
    ]
    return Sample(
        "two-exports.zip",
        packed(members),
        "zip",
        encoding=None,
        warnings=("archive-member-ignored",),
        members={path: len(sample.records) for path, sample in inside.items()},
        records=[one for sample in inside.values() for one in sample.records],
        difficulties="two exports zipped on a Mac; files that macOS adds are ignored",
    )


def gzipped_export() -> Sample:
    scopus = ris_databases.scopus()
    return replace(
        scopus,
        name="scopus.ris.gz",
        content=gzipped(scopus.content),
        format="gzip",
        platform="",
        encoding=None,
        members={scopus.name: len(scopus.records)},
        difficulties="one export, packed by gzip",
    )


def gzipped(content: bytes) -> bytes:
    """Return a gzip file that holds the content as it is, in one stored block."""
    size = len(content)
    head = b"\x1f\x8b\x08\0" + bytes(4) + b"\0\xff"
    block = struct.pack("<BHH", 1, size, size ^ 0xFFFF) + content
    return head + block + struct.pack("<II", zlib.crc32(content), size)


LENS = columns(
    "Lens ID,Title,Date Published,Publication Year,Publication Type,Source Title,ISSNs,"
    "Publisher,Source Country,Author/s,Abstract,Volume,Issue Number,Start Page,"
    "End Page,Fields of Study,Keywords,MeSH Terms,Chemicals,Funding,Source URLs,"
    "External URL,PMID,DOI,Microsoft Academic ID,PMCID,Citing Patents Count,"
    "References,Citing Works Count"
)


def lens() -> Sample:
    rows: list[Sequence[object]] = [("baseline",), LENS]
    records: list[Entry] = []
    for rank, work in enumerate(articles(30, 45)):
        names = [" ".join(reversed(family_and_given(name))) for name in work.authors]
        if rank == 4:
            names[0] = f"null {family_and_given(work.authors[0])[0]}"
        number = f"099-{rank:03d}-{work.number % 1000:03d}-101"
        cells: dict[str, object] = {
            "Lens ID": number,
            "Title": work.title,
            "Date Published": f"{work.year}-07-03",
            "Publication Year": work.year,
            "Publication Type": "journal article",
            "Source Title": work.journal,
            "ISSNs": f"{work.issn.replace('-', '')}; 00000027",
            "Publisher": work.publisher,
            "Source Country": "Norway",
            "Author/s": "; ".join(names),
            "Abstract": work.abstract if rank != 6 else "",
            "Volume": work.volume,
            "Issue Number": work.issue,
            "Start Page": work.first_page,
            "End Page": work.last_page,
            "Fields of Study": "Psychology; Medicine",
            "Keywords": "; ".join(work.keywords),
            "MeSH Terms": "Humans; Peer Group",
            "External URL": f"http://dx.doi.org/{work.doi}",
            "PMID": int(work.pmid) if rank % 2 else "",
            "DOI": work.doi,
            "Citing Patents Count": 0,
            "Citing Works Count": 3,
        }
        rows.append([cells.get(name, "") for name in LENS])
        records.append(
            wanted(
                work,
                authors=names,
                pmid=work.pmid if rank % 2 else None,
                abstract_prefix=work.abstract[:80] if rank != 6 else None,
                accession=number,
            )
        )
    return Sample(
        "lens.xlsx",
        workbook(rows),
        "xlsx",
        records,
        "Lens.org",
        None,
        difficulties='a title above the header; authors given name first; "null" where '
        "a given name is not known; numbers as numbers",
    )


# ── The parts of a workbook ──────────────────────────────────────────────────
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet, texts in a table of their own."""
    texts: dict[str, int] = {}
    sheet = "".join(_row(n, row, texts) for n, row in enumerate(rows, start=1))
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
        "_rels/.rels": _related(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns:r="{_RELATIONS}" xmlns="{_MAIN}"><sheets>'
        '<sheet name="Sheet 1 - baseline" sheetId="1" r:id="rId3"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _related(
            ("rId1", "sharedStrings", "sharedStrings.xml"),
            ("rId2", "styles", "styles.xml"),
            ("rId3", "worksheet", "worksheets/sheet1.xml"),
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns:r="{_RELATIONS}" '
        f'xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst uniqueCount="{len(texts)}" xmlns="{_MAIN}">'
        f"{strings}</sst>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font>'
        '<sz val="10"/></font></fonts><fills count="1"><fill>'
        '<patternFill patternType="none"/></fill></fills><borders count="1"><border/>'
        '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1">'
        "<xf/></cellXfs></styleSheet>",
    }
    return packed((name, (_HEAD + part).encode()) for name, part in parts.items())


def _related(*targets: tuple[str, str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for name, kind, target in targets
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _row(number: int, row: Sequence[object], texts: dict[str, int]) -> str:
    cells = ""
    for place, value in enumerate(row):
        name = f"{_letters(place)}{number}"
        if isinstance(value, int):
            cells += f'<c r="{name}" s="0"><v>{value}</v></c>'
        elif value:
            at = texts.setdefault(str(value), len(texts))
            cells += f'<c r="{name}" t="s" s="0"><v>{at}</v></c>'
        else:
            cells += f'<c r="{name}" s="0"/>'
    return f'<row r="{number}">{cells}</row>'


def _letters(place: int) -> str:
    return chr(65 + place) if place < 26 else "A" + chr(65 + place - 26)
