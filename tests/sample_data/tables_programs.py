"""Samples of CSV of screening tools and reference managers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from reviewapp.demo.source_variants import family_and_given
from tests.sample_data.tables import BOM, EMPTY, plain, quoted
from tests.sample_data.works import (
    Entry,
    Sample,
    articles,
    columns,
    dotted,
    erratum,
    pages,
    wanted,
)

RAYYAN = columns(
    "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,"
    "publisher,location,abstract,notes,doi,keywords,pubmed_id,pmc_id"
)
GLUED = "     {}  - {}"
"""The RIS line that Rayyan appends to the previous cell."""


def samples() -> Iterator[Sample]:
    yield covidence()
    yield rayyan()
    yield rayyan_decisions()
    yield zotero()


def covidence() -> Sample:
    works = articles(21, 29)
    works.insert(1, erratum(works[0]))
    header = (
        "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,"
        "Pages,Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags"
    )
    lines = [header]
    records: list[Entry] = []
    for rank, work in enumerate(works, start=1):
        study = f"{family_and_given(work.authors[0])[0]} {work.year}"
        cells = (
            *(work.title, "; ".join(map(dotted, work.authors)), work.abstract),
            *(work.year, "", work.journal, work.volume, work.issue, pages(work), ""),
            *(work.doi, "", f"#{rank * 10}", study),
        )
        # Covidence prints the last two empty cells with quotes.
        lines.append(plain([cells], end="") + ',"",""')
        records.append(wanted(work, accession=f"#{rank * 10}"))
    return Sample(
        "covidence.csv",
        ("\n".join(lines) + "\n").encode(),
        "csv",
        records,
        "Covidence",
        difficulties='the number of a record is "#10": a name and no number; columns '
        "for tags and notes; an erratum without an abstract",
    )


def rayyan() -> Sample:
    works = articles(19, 28)
    works.insert(1, erratum(works[0]))
    rows: list[Sequence[object]] = [RAYYAN]
    records: list[Entry] = []
    for rank, work in enumerate(works):
        number = f"L29{work.number * 10 + 1:08d}"
        issn = json.dumps([work.issn, "0000-0027"]) if rank == 3 else work.issn
        notes = 'RAYYAN-INCLUSION: {"Ruth"=>"Included"}' if rank % 4 == 1 else ""
        url = f"https://www.example.org/search/results?id={number}&from=export"
        doi = work.doi
        if rank % 3 != 2:
            url += GLUED.format("U2", number)
            doi += GLUED.format("LK", f"https://example.org/link?id=doi:{rank}")
        rows.append(
            (
                *(f"rayyan-9900{rank:04d}", work.title, work.year, "", ""),
                *(work.journal, issn, work.volume, work.issue, pages(work)),
                *(" and ".join(map(dotted, work.authors)), url, "English"),
                *("", "Example University, Oslo, Norway", work.abstract, notes, doi),
                *(";".join(work.keywords), work.pmid if rank % 2 else "", ""),
            )
        )
        records.append(
            wanted(
                work,
                pmid=work.pmid if rank % 2 else None,
                prior_decisions={"Ruth": "Included"} if notes else {},
            )
        )
    return Sample(
        "rayyan.csv",
        plain(rows).encode(),
        "csv",
        records,
        "Rayyan",
        warnings=("field-junk-stripped",),
        difficulties="the RIS lines that follow are glued onto address and DOI; authors "
        'joined by " and "; ISSNs as a list; decisions in the notes',
    )


def rayyan_decisions() -> Sample:
    first, second, third = articles(37, 40)
    both = 'RAYYAN-INCLUSION: {"Ruth"=>"Included", "Nils Ove"=>"Included"}'
    apart = 'RAYYAN-INCLUSION: {"Ruth"=>"Excluded", "Nils Ove"=>"Maybe"}'
    notes = (
        f"Found by hand | {both} | RAYYAN-LABELS: trial, Oslo",
        f"{apart} | RAYYAN-EXCLUSION-REASONS: wrong outcome,foreign language | "
        'USER-NOTES: {"Ruth"=>["see table 2, again"]}',
        "",
    )
    rows: list[Sequence[object]] = [RAYYAN]
    for rank, work in enumerate((first, second, third)):
        rows.append(
            (
                *(f"rayyan-{rank + 1}", work.title, work.year, "", "", work.journal),
                *("", "", "", "", " and ".join(map(dotted, work.authors)), "", ""),
                *("", "", work.abstract, notes[rank], "", "", "", ""),
            )
        )
    left: Entry = {"doi": None, "volume": None, "issue": None, "pages": None}
    nothing: Entry = {"prior_decisions": {}, "prior_labels": [], "prior_reasons": []}
    return Sample(
        "rayyan-decisions.csv",
        plain(rows).encode(),
        "csv",
        [
            wanted(
                first,
                prior_decisions={"Ruth": "Included", "Nils Ove": "Included"},
                prior_labels=["trial", "Oslo"],
                prior_reasons=[],
                **left,
            ),
            wanted(
                second,
                prior_decisions={"Ruth": "Excluded", "Nils Ove": "Maybe"},
                prior_labels=[],
                prior_reasons=["wrong outcome", "foreign language"],
                **left,
            ),
            wanted(third, **left, **nothing),
        ],
        "Rayyan",
        difficulties="decisions, labels, reasons and notes of people, parted by bars, "
        "after a note of the record; a comma inside the note of a user",
    )


def zotero() -> Sample:
    works = articles(18, 26)
    rows: list[Sequence[object]] = [ZOTERO]
    records: list[Entry] = []
    for rank, work in enumerate(works, start=1):
        cells: dict[str, object] = {
            "Key": f"ABCD{rank:04d}",
            "Item Type": "journalArticle",
            "Publication Year": work.year,
            "Author": "; ".join(work.authors),
            "Title": work.title,
            "Publication Title": work.journal,
            "ISSN": work.issn,
            "DOI": work.doi,
            "Url": f"https://www.example.org/search/results?id={rank}&from=export",
            "Abstract Note": work.abstract,
            "Date": work.year,
            "Date Added": "2021-08-15 08:09:33",
            "Date Modified": "2021-08-15 08:09:33",
            "Pages": pages(work),
            "Issue": work.issue,
            "Volume": work.volume,
            "Journal Abbreviation": work.abbreviation,
            "Language": "English",
            "Extra": f"PMID: {work.pmid}" if rank % 2 else "",
            "Notes": "<p>Read again</p>" if rank == 2 else "",
            "Manual Tags": "; ".join(work.keywords[:2]),
            "Automatic Tags": "; ".join(work.keywords[2:]),
        }
        rows.append([cells.get(name) or EMPTY for name in ZOTERO])
        records.append(wanted(work, keywords_equals=list(work.keywords)))
    return Sample(
        "zotero.csv",
        (BOM + quoted(rows)).encode(),
        "csv",
        records,
        "Zotero",
        "utf-8-bom",
        difficulties="87 columns, most of them empty; two columns of tags; a note",
    )


ZOTERO = columns(
    "Key,Item Type,Publication Year,Author,Title,Publication Title,ISBN,ISSN,DOI,Url,"
    "Abstract Note,Date,Date Added,Date Modified,Access Date,Pages,Num Pages,Issue,"
    "Volume,Number Of Volumes,Journal Abbreviation,Short Title,Series,Series Number,"
    "Series Text,Series Title,Publisher,Place,Language,Rights,Type,Archive,"
    "Archive Location,Library Catalog,Call Number,Extra,Notes,File Attachments,"
    "Link Attachments,Manual Tags,Automatic Tags,Editor,Series Editor,Translator,"
    "Contributor,Attorney Agent,Book Author,Cast Member,Commenter,Composer,Cosponsor,"
    "Counsel,Interviewer,Producer,Recipient,Reviewed Author,Scriptwriter,Words By,"
    "Guest,Number,Edition,Running Time,Scale,Medium,Artwork Size,Filing Date,"
    "Application Number,Assignee,Issuing Authority,Country,Meeting Name,"
    "Conference Name,Court,References,Reporter,Legal Status,Priority Numbers,"
    "Programming Language,Version,System,Code,Code Number,Section,Session,Committee,"
    "History,Legislative Body"
)
