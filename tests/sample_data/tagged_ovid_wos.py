"""Samples of tagged text of Ovid and Web of Science, and of a tab-delimited table."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from reviewapp.demo.source_variants import family_and_given, initials, without_accents
from reviewapp.demo.work import Work, WorkKind
from tests.sample_data.works import (
    Entry,
    Sample,
    articles,
    columns,
    lines,
    others,
    pages,
    wanted,
)


def samples() -> Iterator[Sample]:
    yield ovid_citation()
    yield ovid_biosis()
    yield web_of_science()
    yield web_of_science_tab()


# ── Ovid's own forms ─────────────────────────────────────────────────────────
def ovid_citation() -> Sample:
    text = ""
    records: list[Entry] = []
    for rank, work in zip((8, 3, 1), articles(36, 39), strict=True):
        number = f"0000{work.number:04d}-{work.year}09000-{rank:05d}"
        people = ";  ".join(f"{without_accents(name)} 1" for name in work.authors)
        title = _ascii(work.title)
        span = f"{work.volume}({work.issue}):{pages(work)}" if work.issue else ""
        fields = [
            ("Score", "*****"),
            ("Accession Number", f"{number}."),
            ("Author", people),
            ("Institution", "(1) Example University, School of Care, Oslo, Norway"),
            ("Title", f"{title}.[Article]"),
            (
                "Source",
                f"{work.journal}.   {span}, September {work.year}."
                if span
                else f"{work.journal}. {work.volume}, September {work.year}.",
            ),
            ("Abstract", _ascii(work.abstract)),
            ("Author Keywords", ";  ".join(map(_ascii, work.keywords)) + "."),
            ("References", _references() if rank == 8 else ""),
            ("Language", "English."),
            ("Document Type", "Research Articles."),
            ("ISSN", work.issn),
            ("DOI Number", work.doi),
        ]
        text += f"<{rank}>\n"
        text += "".join(f"{name}\n  {value}\n" for name, value in fields if value)
        text += "\n\n"
        records.append(
            wanted(
                work,
                title=title,
                authors=[without_accents(name) for name in work.authors],
                abstract_prefix=_ascii(work.abstract)[:80],
                accession=number,
                volume=... if not span else work.volume,
                issue=... if not span else work.issue,
                pages=... if not span else pages(work),
            )
        )
    return Sample(
        "ovid-citation.txt",
        text.encode("ascii"),
        "ovid-citation",
        records,
        "Ovid",
        "ascii",
        difficulties="labelled blocks; blank lines inside the references; digits after "
        'names mark affiliations; "[Article]" after the title',
    )


def _references() -> str:
    cited = (
        "Brunvoll T, Castellan M. 2009. Measuring care. Invented Journal 39: 378-386.",
        "Dimmock A. 1998. Listening. Invented Journal 12: 59-64. DOI 10.5555/other.1.",
        "Eggen F. 2002. A guide to wards. Example Press: Oslo; 21-30.",
    )
    return "\n\n  ".join(cited)


def _ascii(text: str) -> str:
    return without_accents(text).encode("ascii", "replace").decode()


def ovid_biosis() -> Sample:
    chapter = others(WorkKind.CHAPTER)[0]
    works = [*articles(39, 42), chapter]
    text = ""
    records: list[Entry] = []
    for rank, work in zip((1, 241, 7807, 7808), works, strict=True):
        number = f"PREV9999{work.number:08d}"
        journal = _ascii(work.journal)
        is_chapter = work.kind is WorkKind.CHAPTER
        if is_chapter:
            editors = (
                "Castellan, Mina [Editor, Reprint Author], Dimmock, A. B. [Editor]"
            )
            source = f"{editors}. {journal}.:{pages(work)}, {work.year}.\r\nSeries Information:  Invented Series."
        elif work.issue:
            source = f"{journal}. {work.volume}({work.issue}):{pages(work)}, November 15, {work.year}."
        else:
            source = (
                f"{journal}. {work.volume}:{pages(work)}, November 15, {work.year}."
            )
        roles = ["Author, Reprint Author; E-mail: reader@example.org"]
        roles += ["Author"] * len(work.authors)
        text += f"<{rank}. >\r\n" + lines(
            ("VN", "Ovid Technologies"),
            ("DB", "BIOSIS Previews"),
            ("AN", number),
            ("RO", f"Copyright Example {work.year}."),
            *(
                ("AU", f"{_ascii(name)} [{role}]")
                for name, role in zip(work.authors, roles, strict=False)
            ),
            ("IN", "Example University, Oslo, Norway."),
            ("CY", "Norway"),
            ("TI", _ascii(work.title)),
            ("SO", source),
            ("PT", "Book Chapter" if is_chapter else "Article"),
            ("IS", f"{work.issn} (ISSN print)" if work.issn else ""),
            ("CC", "[37001] Public health - General and miscellaneous"),
            ("LG", "English"),
            ("AB", _ascii(work.abstract)),
            ("MC", "Methods and Techniques"),
            ("YR", str(work.year)),
            ("UP", f"{work.year}00. BIOSIS Update: {work.year}1209."),
            ("XL", f"http://example.org/ovidweb.cgi?T=JS&D=biop&AN={number}"),
            ("XL", f"http://example.org/sfx/?id=doi:&volume={work.volume}"),
            end="\r\n",
        )
        text += "\r\n"
        records.append(
            wanted(
                work,
                title=_ascii(work.title),
                authors=[_ascii(name) for name in work.authors],
                journal=journal,
                doi=None,
                abstract_prefix=_ascii(work.abstract)[:80],
                accession=number,
            )
        )
    return Sample(
        "ovid-biosis.txt",
        (text + "\r\n").encode("ascii"),
        "ovid-reprint-medlars",
        records,
        "Ovid",
        "ascii",
        difficulties='"<n. >" between records, CRLF, no DOI; "[role; e-mail]" after '
        "names; the journal is the head of SO; a value goes on in a line that is not "
        "indented; a chapter",
    )


# ── Web of Science ───────────────────────────────────────────────────────────
def web_of_science() -> Sample:
    works = articles(26, 38)
    text = "FN Clarivate Analytics Web of Science\nVR 1.0\n"
    for rank, work in enumerate(works):
        fields = _wos(work, rank)
        text += "".join(_wrapped(tag, values) for tag, values in fields) + "ER\n\n"
    return Sample(
        "wos-savedrecs.txt",
        f"\ufeff{text}EF\n".encode(),
        "wos-tagged",
        _wos_records(works),
        "Web of Science",
        "utf-8-bom",
        difficulties="titles in capitals, wrapped; CR lists hold DOIs that are not the "
        'record\'s; AU without initials or cut ("BRANDSTR.OC")',
    )


def _wos(work: Work, rank: int) -> list[tuple[str, list[str]]]:
    """Return the fields in their order, each with one value a line."""
    is_number = work.first_page.startswith("e")
    title = work.title.upper() if rank % 2 else work.title
    cited = [
        f"Reader R, {1990 + n}, J INVENTED, V{n}, P{n * 7}, DOI 10.5555/cited.{rank}.{n}"
        for n in range(1, 4)
    ]
    people = _wos_people(work, rank)
    fields = [
        ("PT", ["J"]),
        ("AU", people),
        ("AF", list(work.authors)),
        ("TI", textwrap.wrap(title, 72, break_on_hyphens=False)),
        ("SO", [without_accents(work.journal).upper()]),
        ("LA", ["English"]),
        ("DT", ["Article"]),
        ("DE", ["; ".join(work.keywords)]),
        ("AB", [work.abstract if rank != 2 else ""]),
        ("C1", ["EXAMPLE UNIV, OSLO, NORWAY.", "EXAMPLE HOSP, OSLO, NORWAY."]),
        ("RP", [f"{people[0]} (reprint author), EXAMPLE UNIV, OSLO, NORWAY."]),
        ("CR", cited),
        ("NR", [str(len(cited))]),
        ("TC", ["4"]),
        ("PU", [work.publisher.upper()]),
        ("SN", [work.issn]),
        ("J9", [without_accents(work.abbreviation).upper()]),
        ("PY", [str(work.year)]),
        ("VL", [work.volume]),
        ("IS", [work.issue]),
        ("BP", ["" if is_number else work.first_page]),
        ("EP", [work.last_page]),
        ("AR", [work.first_page if is_number else ""]),
        ("DI", [work.doi if rank % 3 else ""]),
        ("UT", [f"WOS:9999{work.number:011d}"]),
        ("PM", [work.pmid if rank % 4 == 1 else ""]),
    ]
    return [(tag, values) for tag, values in fields if any(values)]


def _wos_people(work: Work, rank: int) -> list[str]:
    people = []
    for name in work.authors:
        family, given = family_and_given(name)
        people.append(f"{family}, {initials(given, '')}")
    # Old records have shortened names, with a point in place of the comma.
    if rank == 5:
        family, given = family_and_given(work.authors[0])
        people[0] = f"{without_accents(family)[:8].upper()}.{initials(given, '')}"
    return people


def _wrapped(tag: str, values: list[str]) -> str:
    return f"{tag} " + "\n   ".join(values) + "\n"


def _wos_records(works: list[Work]) -> list[Entry]:
    records = []
    for rank, work in enumerate(works):
        records.append(
            wanted(
                work,
                doi=work.doi if rank % 3 else None,
                abstract_prefix=None if rank == 2 else work.abstract[:80],
                pmid=work.pmid if rank % 4 == 1 else None,
                accession=f"WOS:9999{work.number:011d}",
                keywords_contains=list(work.keywords),
            )
        )
    return records


def web_of_science_tab() -> Sample:
    works = articles(26, 38)
    found = [dict(_wos(work, rank)) for rank, work in enumerate(works)]
    text = "\t".join(WOS_COLUMNS) + "\t\n"
    for fields in found:
        cells = [
            ("; " if tag not in {"TI", "AB"} else " ").join(fields.get(tag, []))
            for tag in WOS_COLUMNS
        ]
        text += "\t".join(cells) + "\t\n"
    return Sample(
        "wos-tab-utf16.txt",
        ("\ufeff" + text).encode("utf-16-le"),
        "wos-tab",
        _wos_records(works),
        "Web of Science",
        "utf-16-le-bom",
        difficulties="columns named with two letters; UTF-16LE; a tab after the last "
        'column; authors joined by "; "',
    )  # fmt: skip


WOS_COLUMNS = columns(
    "PT AU BA BE GP AF BF CA TI SO SE BS LA DT CT CY CL SP HO DE ID AB C1 RP EM RI OI "
    "FU FX CR NR TC Z9 U1 U2 PU PI PA SN EI BN J9 JI PD PY VL IS PN SU SI MA BP EP AR "
    "DI D2 EA PG WC SC GA UT PM OA HC HP DA"
)
