"""Samples of RIS of reference managers."""

from __future__ import annotations

from collections.abc import Iterator

from reviewapp.demo.source_variants import family_and_given
from reviewapp.demo.work import Work
from tests.sample_data.works import (
    Sample,
    articles,
    dotted,
    erratum,
    lines,
    pages,
    wanted,
    without_doi,
)


def samples() -> Iterator[Sample]:
    yield zotero()
    yield utf16()
    yield endnote()
    yield refworks()


def zotero() -> Sample:
    works = articles(18, 32)
    text, records = "", []
    for rank, work in enumerate(works, start=1):
        text += zotero_record(work, rank)
        # A record has an affiliation in place of the issue.
        odd = ZOTERO_ISSUE if rank == 3 else work.issue or None
        records.append(wanted(work, issue=odd))
    return Sample(
        "zotero.ris",
        text.encode(),
        "ris",
        records,
        "Zotero",
        difficulties="CRLF; DA with slashes after the year; J2; an affiliation in place "
        "of the issue",
    )


ZOTERO_ISSUE = "(Reader R.) Example University, Oslo, Norway"


def zotero_record(work: Work, rank: int) -> str:
    number = f"L29{work.number * 10 + 1:08d}"
    return (
        lines(
            ("TY", "JOUR"),
            ("TI", work.title),
            *(("AU", dotted(name)) for name in work.authors),
            ("T2", work.journal),
            ("AB", work.abstract),
            ("DA", f"{work.year}///"),
            ("PY", str(work.year)),
            ("DO", work.doi),
            ("VL", work.volume),
            ("IS", ZOTERO_ISSUE if rank == 3 else work.issue),
            ("SP", work.first_page),
            ("EP", work.last_page),
            ("J2", work.abbreviation),
            ("LA", "English"),
            ("SN", work.issn),
            ("UR", f"https://www.example.org/search/results?id={number}&from=export"),
            ("DB", "Embase"),
            ("L2", f"http://dx.doi.org/{work.doi}" if work.doi else ""),
            *(("KW", word) for word in ("article", *work.keywords)),
            end="\r\n",
        )
        + "ER  - \r\n\r\n"
    )


def utf16() -> Sample:
    works = [*articles(32, 36), *without_doi(2), erratum(articles(32, 33)[0])]
    text = "".join(zotero_record(work, 0) for work in works)
    return Sample(
        "zotero-utf16le.ris",
        ("\ufeff" + text).encode("utf-16-le"),
        "ris",
        [wanted(work) for work in works],
        "Zotero",
        "utf-16-le-bom",
        difficulties='an export saved again as "Unicode" by an editor: UTF-16LE with '
        "BOM and CRLF; two records without a DOI, and an erratum",
    )


def endnote() -> Sample:
    works = articles(13, 21)
    text, records = "", []
    for rank, work in enumerate(works, start=880):
        number = f"L29{work.number * 10 + 1:08d}"
        text += lines(
            ("TY", "JOUR"),
            ("AB", work.abstract),
            ("AD", "R. Reader, Example University, Oslo, Norway"),
            *(("AU", dotted(name, " ")) for name in work.authors),
            ("DB", "Embase\nMedline" if rank % 2 else "Medline"),
            ("DO", work.doi),
            ("IS", work.issue),
            ("KW", "\n".join(("article", *work.keywords))),
            ("LA", "English"),
            ("M3", "Article"),
            ("N1", f"{number}\n{work.year}-06-24"),
            ("PY", str(work.year)),
            ("SN", f"{work.issn}\n0000-0027"),
            ("SP", pages(work)),
            ("ST", work.title),
            ("T2", work.journal),
            ("TI", work.title),
            ("UR", f"https://www.example.org/search/results?id={number}&from=export"),
            ("UR", f"http://dx.doi.org/{work.doi}"),
            ("VL", work.volume),
            ("ID", str(rank)),
        )
        text += "ER  - \n\n"
        records.append(
            wanted(
                work,
                authors=[dotted(name, " ") for name in work.authors],
                keywords_equals=["article", *work.keywords],
            )
        )
    return Sample(
        "endnote-export.ris",
        text.encode(),
        "ris",
        records,
        "EndNote",
        difficulties="lines that go on are not indented: KW, DB, SN and N1 hold one "
        "value on each line",
    )


def refworks() -> Sample:
    works = articles(7, 15)
    text, records = "\n", []
    for rank, work in enumerate(works, start=880):
        key = f"{family_and_given(work.authors[0])[0].lower()}{work.year}care"
        number = f"L29{work.number * 10 + 1:08d}"
        text += lines(
            ("TY", "JOUR"),
            ("ID", f"RefID:{rank}-{key}"),
            *(("A1", dotted(name, " ")) for name in work.authors),
            ("T1", work.title),
            ("Y1", str(work.year)),
            ("VL", work.volume),
            ("IS", work.issue),
            ("SP", work.first_page),
            ("EP", work.last_page),
            *(("KW", word) for word in work.keywords),
            ("AB", work.abstract),
            ("N1", "undefined; M1: (Reader R.) Example University, Oslo, Norway"),
            ("JF", work.journal),
            ("JA", work.abbreviation.replace(" ", ".")),
            ("SN", f"{work.issn}; 0000-0027"),
            ("AD", "R. Reader, Example University, Oslo, Norway"),
            ("LA", "English"),
            ("U3", f"{work.year}-06-24"),
            (
                "UR",
                f"https://www.example.org/search/results?id={number}&from=export "
                f"http://dx.doi.org/{work.doi} "
                f"https://example.org/atoztitles/link?issn=00000000&volume={rank}",
            ),
            ("DO", work.doi),
            ("M1", "Journal Article"),
        )
        text += "ER  - \n\n"
        records.append(wanted(work))
    return Sample(
        "refworks.ris",
        text.encode(),
        "ris",
        records,
        "RefWorks",
        difficulties='a blank line first; several addresses in one UR; N1 begins with '
        '"undefined;"; SN parted by ";"',
    )  # fmt: skip
