"""Samples of RIS of databases; the demo has writers for some of them."""

from __future__ import annotations

from collections.abc import Iterator

from reviewapp.demo.dialects_ris import RIS_WRITERS
from reviewapp.demo.source_variants import SourceVariant
from reviewapp.demo.work import Work, WorkKind
from tests.sample_data.works import (
    Entry,
    Sample,
    articles,
    bare,
    dotted,
    erratum,
    lines,
    others,
    pages,
    seen,
    wanted,
)

NOTICE = (
    "Copyright of {journal} is the property of Invented Press (demonstration) and its "
    "content may not be copied or emailed to multiple sites or posted to a listserv "
    "without the copyright holder's express written permission. This abstract may be "
    "abridged."
)


def samples() -> Iterator[Sample]:
    yield ebsco_psycinfo()
    yield ebsco_ase()
    yield cinahl()
    yield embase()
    yield cochrane()
    yield proquest()
    yield scopus()
    yield web_of_science()


def _written(key: str, shown: list[SourceVariant]) -> str:
    write = RIS_WRITERS[key]
    return "".join(write(one, rank) for rank, one in enumerate(shown, start=1))


def ebsco_psycinfo() -> Sample:
    works = [*articles(20, 30), *others(WorkKind.THESIS)[:2]]
    text, records = "", []
    for rank, work in enumerate(works, start=1):
        shown = seen(work, "psycinfo")
        record = RIS_WRITERS["psycinfo"](shown, rank)
        number = f"2099-{shown.accession:06d}-001"
        more = lines(
            ("UR", f"ORCID: 0000-0000-0000-{rank:04d}"),
            ("UR", f"reader{rank}@example.org"),
            end="\r\n",
        )
        note = f"Accession Number: {number}."
        if rank % 2:
            note += f" PMID: {work.pmid}" if work.pmid else ""
            note += (
                " Partial author list: First Author & Affiliation: " + work.authors[0]
            )
        record = record.replace(f"Accession Number: {number}.", note)
        text += record.replace("DP  - EBSCOhost\r\n", f"{more}DP  - EBSCOhost\r\n")
        records.append(
            wanted(
                work,
                accession=number,
                pmid=work.pmid if rank % 2 and work.pmid else None,
            )
        )
    return Sample(
        "ebsco-psycinfo.ris",
        text.encode(),
        "ris",
        records,
        "EBSCOhost",
        difficulties="CRLF; UR repeated for e-mail addresses and ORCIDs; ID and AN both "
        "hold the accession number, the PubMed number is in a long N1; theses",
    )


def ebsco_ase() -> Sample:
    works = articles(10, 24)
    text = ""
    for rank, work in enumerate(works, start=1):
        record = RIS_WRITERS["ase"](seen(work, "ase"), rank)
        # EBSCOhost prints more values around the accession number.
        record = record.replace(
            ". Publication Type: Journal; Peer Reviewed Journal.",
            f"; {work.authors[0]} 1; Email Address: reader{rank}@example.org; "
            "Affiliation:  1: Example University, Oslo, Norway; Source Info: Mar2021, "
            f"Vol. {work.volume}, p1; Number of Pages: 14p.",
        )
        short = "Copyright of " + work.journal + " is the property of"
        start = record.index(f"AB  - {short}")
        end = record.index("\n", start)
        notice = NOTICE.format(journal=work.journal)
        text += record[:start] + f"AB  - {notice}" + record[end:]
    return Sample(
        "ebsco-ase.ris",
        text.encode(),
        "ris",
        [
            wanted(
                w, accession=f"99{w.number * 10 + 1:07d}", abstract_end=w.abstract[-40:]
            )
            for w in works
        ],
        "EBSCOhost",
        difficulties="DOI in L3; accession number only inside N1 and UR; a second AB "
        "line is the copyright notice; DB is a code",
    )


def cinahl() -> Sample:
    works = articles(2, 8)
    text = _written("cinahl", [seen(work, "cinahl") for work in works])
    return Sample(
        "ebsco-cinahl.ris",
        text.encode(),
        "ris",
        [wanted(w, accession=f"99{w.number * 10 + 1:07d}") for w in works],
        "EBSCOhost",
        difficulties="as EBSCOhost writes CINAHL: ID, DO, keywords in capitals",
    )


def embase() -> Sample:
    works = articles(6, 13)
    works += [erratum(works[1])]
    text, records = "", []
    for rank, work in enumerate(works, start=1):
        record = RIS_WRITERS["embase"](seen(work, "embase"), rank)
        number = f"L29{work.number * 10 + 1:08d}"
        if work.title.startswith("Erratum"):
            record = record.replace("M3  - Article\n", "M3  - Erratum\n")
        record = record.replace("DB  - Embase\n", "DB  - Embase\nDB  - Medline\n")
        record = record.replace(
            "A1  - ",
            "LK  - https://example.org/atoztitles/link?sid=EMBASE&issn=00000000"
            f"&id=doi:10.5555%2Fother.{rank}&atitle=Another\nA1  - ",
            1,
        )
        people = lines(
            ("M1", f"({work.authors[0]}; reader{rank}@example.org) Example University"),
            ("AD", "R. Reader, School of Invented Studies, Example University, Oslo"),
        )
        text += record.replace("T1  - ", f"{people}T1  - ", 1)
        short = [dotted(name) for name in work.authors]
        records.append(wanted(work, authors=short, pmid=work.pmid, accession=number))
    return Sample(
        "embase-com.ris",
        text.encode(),
        "ris",
        records,
        "Embase / embase.com",
        difficulties="PubMed number in C5, Embase number in U2, dates in U3, the link "
        "resolver with another DOI in LK; a title begins with Erratum",
    )


def cochrane() -> Sample:
    works = articles(0, 3)
    text, records = "", []
    for rank, work in enumerate(works, start=3):
        number = f"CN-{work.number * 10:08d}"
        text += (
            f"Record #{rank} of 18\nProvider: Example Wiley & Sons, Ltd.\n"
            'Content: text/plain; charset="UTF-8"\n\n'
        )
        text += lines(
            ("TY", "JOUR"),
            ("AN", number),
            *(("AU", bare(name)) for name in work.authors),
            ("TI", work.title),
            ("JA", work.journal),
            ("PY", str(work.year)),
            ("VL", work.volume),
            ("IS", work.issue),
            ("CC", "Common Mental Disorders"),
            ("SP", pages(work).replace("-", "‐")),
            ("C3", f"PUBMED {work.pmid}" + (f",EMBASE 64{rank}" if rank > 3 else "")),
            ("M3", "Journal article"),
            *(("KW", word) for word in ("*Care [methods]", *work.keywords)),
            ("DO", work.doi),
            ("AB", work.abstract.replace("-", "‐")),
            (
                "UR",
                f"https://www.example.org/central/doi/10.1002/central/{number}/full",
            ),
            dash="  -  ",
        )
        text += "ER  -  \n\n\n"
        records.append(
            wanted(
                work,
                authors=[bare(name) for name in work.authors],
                abstract_prefix=work.abstract.replace("-", "‐")[:80],
                pages=pages(work).replace("-", "‐"),
                pmid=work.pmid,
                accession=number,
            )
        )
    return Sample(
        "cochrane-central.ris",
        text.encode(),
        "ris",
        records,
        "CENTRAL / Cochrane Library",
        difficulties="two spaces after the dash; lines before each record; the PubMed "
        "number in C3; the journal in JA; hyphens that are no ASCII",
    )


def proquest() -> Sample:
    works = articles(31, 37)
    text, records = "", []
    for rank, work in enumerate(works, start=1):
        number = f"229{work.number:07d}; {50_000 + rank}"
        text += lines(
            ("TY", "JOUR"),
            ("T1", work.title),
            ("AN", number),
            ("AB", work.abstract),
            ("JF", work.journal),
            *(("AU", name.replace(".", "")) for name in work.authors),
            ("PY", str(work.year)),
            ("VL", work.volume),
            ("IS", work.issue),
            ("SP", work.first_page),
            ("EP", work.last_page),
            ("SN", f"{work.issn}, {work.issn}"),
            *(("KW", word) for word in work.keywords),
            (
                "UR",
                f"https://search.proquest.com/docview/229{work.number:07d}?accountid=1",
            ),
            ("L2", f"http://example.org/sfx?genre=article&id={rank}"),
            ("L2", f"http://dx.doi.org/{work.doi}"),
            ("LA", "English"),
            ("DB", "PTSDpubs"),
            ("N1", "Date revised - 2021-05-03"),
            ("N1", "Last updated - 2021-05-03"),
            ("DO", f"http://dx.doi.org/{work.doi}"),
        )
        text += "ER  -\n\n\n\n"
        records.append(
            wanted(work, authors=[name.replace(".", "") for name in work.authors])
        )
    return Sample(
        "proquest.ris",
        text.encode(),
        "ris",
        records,
        "ProQuest",
        difficulties="AN has two numbers; DOI as an address; three blank lines between "
        "records; SN holds two values",
    )


def scopus() -> Sample:
    works = articles(4, 18)
    text = "".join(scopus_record(work) for work in works)
    return Sample(
        "scopus.ris",
        ("\ufeff" + text).encode(),
        "ris",
        scopus_records(works),
        "Scopus",
        "utf-8-bom",
        difficulties="BOM; article number in C7; PubMed number in C2; abbreviation in "
        "J2; keywords twice; a long N1",
    )


def scopus_record(work: Work) -> str:
    is_number = work.first_page.startswith("e")
    people = [dotted(name) for name in work.authors]
    eid = f"2-s2.0-9{work.number:010d}"
    return (
        lines(
            ("TY", "JOUR"),
            *(("AU", name) for name in people),
            ("TI", work.title),
            ("PY", str(work.year)),
            ("T2", work.journal),
            ("VL", work.volume),
            ("IS", work.issue),
            ("C7", work.first_page if is_number else ""),
            ("SP", "" if is_number else work.first_page),
            ("EP", work.last_page),
            ("DO", work.doi),
            (
                "UR",
                f"https://www.scopus.com/inward/record.uri?eid={eid}"
                f"&doi={work.doi.replace('/', '%2f')}&partnerID=40",
            ),
            *(("AD", f"Department {n}, Example University, Norway") for n in (1, 2)),
            ("AB", work.abstract),
            *(("KW", word) for word in work.keywords),
            *(("KW", word) for word in ("adult", work.keywords[0], "human")),
            ("PB", work.publisher),
            ("SN", f"{work.issn.replace('-', '')} (ISSN)"),
            ("C2", work.pmid),
            ("LA", "English"),
            ("J2", work.abbreviation),
            ("M3", "Article"),
            ("DB", "Scopus"),
            ("N1", f"Export Date: 05 August 2021; Cited By: 2; Correspondence Address: {people[0]}; email: reader@example.org"),
        )
        + "ER  -\n\n"
    )  # fmt: skip


def scopus_records(works: list[Work]) -> list[Entry]:
    return [
        wanted(
            work,
            authors=[dotted(name) for name in work.authors],
            pmid=work.pmid,
            keywords_contains=["adult", work.keywords[0]],
        )
        for work in works
    ]


def web_of_science() -> Sample:
    works = articles(1, 8)
    text = _written("wos", [seen(work, "wos") for work in works])
    return Sample(
        "web-of-science.ris",
        text.encode(),
        "ris",
        [
            wanted(
                work,
                authors=[bare(name) for name in work.authors],
                accession=f"WOS:9999{work.number * 10 + 1:011d}",
            )
            for work in works
        ],
        "Web of Science",
        difficulties="journals in capitals, initials without stops, article numbers in C7",
    )
