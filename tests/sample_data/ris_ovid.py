"""Samples of RIS of Ovid."""

from __future__ import annotations

from collections.abc import Iterator

from reviewapp.demo.dialects_ris import RIS_WRITERS
from reviewapp.demo.source_variants import without_accents
from reviewapp.demo.work import Work
from tests.sample_data.works import (
    Entry,
    Sample,
    articles,
    dotted,
    lines,
    pages,
    seen,
    wanted,
)


def samples() -> Iterator[Sample]:
    yield medline()
    yield ovid_psycinfo()
    yield ovid_cabi()
    yield search_strategy()


def medline() -> Sample:
    works = articles(0, 8)
    text = "".join(
        RIS_WRITERS["medline"](seen(work, "medline"), rank)
        for rank, work in enumerate(works, start=1)
    )
    return Sample(
        "ovid-medline.ris",
        text.encode(),
        "ris",
        [wanted(w, authors=[a.replace(".", "") for a in w.authors]) for w in works],
        "Ovid",
        difficulties="numbers and link lines between the records; DO twice, as an "
        "address; a full stop after each title; asterisks before keywords",
    )


def ovid_psycinfo() -> Sample:
    works = [*articles(14, 25), articles(30, 31)[0]]
    text, records = "", []
    for rank, work in enumerate(works, start=1):
        number = f"2099-{work.number:06d}-{rank:03d}"
        address = f"http://dx.doi.org/{work.doi}"
        # Ovid prints missing pages as "No" and "Specified".
        first, last = ("No", "Specified") if rank % 3 == 1 else _span(work)
        text += f"{rank}.\n" + lines(
            ("TY", "JOUR"),
            ("ID", number),
            ("DO", address),
            ("T1", f"{_plain(work.title)}."),
            *(("A1", _plain(name).replace(".", "")) for name in work.authors),
            ("AI", f"ORCID: http://orcid.org/{_plain(work.authors[0])}"),
            ("A2", "Brunvoll, Castellan, Dimmock, Eggen" if rank % 2 else ""),
            ("Y1", f"{work.year}//"),
            ("N2", _plain(work.abstract)),
            *(("KW", f"*{_plain(word)}") for word in work.keywords[:2]),
            ("M3", "Health & Mental Health Services [3370]"),
            ("JF", work.journal),
            ("VL", "" if first == "No" else work.volume),
            ("IS", "" if first == "No" else work.issue),
            ("SP", first),
            ("EP", last),
            ("CY", "US"),
            ("PB", work.publisher),
            ("PB", "US"),
            ("SN", work.issn),
            ("AD", f"{_plain(work.authors[0])}: reader{rank}@example.org"),
            ("M1", "Brunvoll, T (2009) Measuring care (2nd edn). 2009-00001-000"),
            ("DO", address),
            ("L2", f"http://ovidsp.example.org/ovidweb.cgi?T=JS&AN={number}"),
        )
        link = f"https://example.org/ovidweb.cgi?T=JS&D=psyc&AN={number}"
        text += f"ER  -\nNL  - {work.abbreviation}\n\n"
        text += f"Link to the Ovid Full Text or citation: {link}"
        text += (
            f"Link to the External Link Resolver: http://example.org/sfx?id={rank}\n\n"
        )
        is_bare = first == "No"
        records.append(
            wanted(
                work,
                title=_plain(work.title),
                authors=[_plain(name).replace(".", "") for name in work.authors],
                abstract_prefix=_plain(work.abstract)[:80],
                accession=number,
                volume=None if is_bare else work.volume,
                issue=(work.issue or None) if not is_bare else None,
                pages=None if is_bare else pages(work),
            )
        )
    return Sample(
        "ovid-psycinfo.ris",
        text.encode(),
        "ris",
        records,
        "Ovid",
        "ascii",
        difficulties="record numbers and link texts between records; NL after ER "
        "belongs to the record before; DO twice; A2 and M1 hold cited works; SP and EP "
        'say "No" and "Specified"',
    )


def _plain(text: str) -> str:
    return without_accents(text).encode("ascii", "replace").decode()


def _span(work: Work) -> tuple[str, str]:
    return work.first_page, work.last_page


def ovid_cabi() -> Sample:
    works = articles(25, 29)
    text, records = "", []
    for rank, work in enumerate(works, start=1):
        has_doi = rank < len(works)
        number = f"2099{work.number:07d}"
        authors = [dotted(_plain(name), " ") for name in work.authors]
        text += f"{rank}.\n" + lines(
            ("TY", "JOUR"),
            ("ID", number),
            ("DO", f"http://dx.doi.org/{work.doi}" if has_doi else ""),
            ("T1", f"{_plain(work.title)}."),
            *(("A1", name) for name in authors),
            ("Y1", f"{work.year}//"),
            ("N2", _plain(work.abstract)),
            *(("KW", _plain(word)) for word in work.keywords),
            ("JF", work.journal),
            ("JA", work.journal),
            ("VL", work.volume),
            ("IS", work.issue),
            ("SP", work.first_page),
            ("EP", work.last_page),
            ("CY", "Norway"),
            ("SN", work.issn),
            ("AD", "Oslo"),
            ("M1", "Department of Invented Studies, Example University, Oslo, Norway."),
            ("UR", f"https://www.example.org/html/{rank}.htm"),
        )
        text += f"ER  -\n\nLink to the Ovid Full Text or citation: https://example.org/ovidweb.cgi?T=JS&D=caba&AN={number}\n\n"
        records.append(
            wanted(
                work,
                title=_plain(work.title),
                authors=authors,
                doi=work.doi if has_doi else None,
                abstract_prefix=_plain(work.abstract)[:80],
                accession=number,
            )
        )
    return Sample(
        "ovid-cabi.ris",
        text.encode(),
        "ris",
        records,
        "Ovid",
        "ascii",
        difficulties="the layout of Ovid; the last record has no DOI; M1 holds the "
        "affiliation, AD the place of the publisher",
    )


def search_strategy() -> Sample:
    first, second = articles(29, 31)
    strategy = (
        "C1  - Database: Embase <1980 to 2021 Week 25>\n\nSearch Strategy:\n\n"
        f"{'-' * 80}\n\n1     exp peer support/ (4321)\n\n"
        '2     (lived adj2 "experience").tw. (8765)\n\n3     1 and 2 (210)\n\n'
    )
    text = (
        "1.\n"
        + _short_ovid(first, "2099000011")
        + "\nLink to the Ovid Full Text or citation: https://example.org/ovidweb.cgi?T=JS&AN=2099000011\n\n"
        + strategy
        + "2.\n"
        + _short_ovid(second, "2099000012")
    )
    same: Entry = {"issue": ..., "pages": ..., "volume": ...}
    return Sample(
        "ovid-search-strategy.ris",
        text.encode(),
        "ris",
        [
            wanted(
                work,
                title=_plain(work.title),
                authors=[_plain(name) for name in work.authors],
                abstract_prefix=_plain(work.abstract)[:80],
                accession=number,
                **same,
            )
            for work, number in ((first, "2099000011"), (second, "2099000012"))
        ],
        "Ovid",
        "ascii",
        ("text-outside-record",),
        difficulties="a C1 tag and the whole search strategy after the first record are "
        "text outside records",
    )


def _short_ovid(work: Work, number: str) -> str:
    return (
        lines(
            ("TY", "JOUR"),
            ("DB", "Embase"),
            ("ID", number),
            ("DO", f"https://dx.doi.org/{work.doi}"),
            ("T1", _plain(work.title)),
            *(("A1", _plain(name)) for name in work.authors),
            ("Y1", f"{work.year}//"),
            ("N2", _plain(work.abstract)),
            ("JF", work.journal),
            ("VL", work.volume),
        )
        + "ER  -  \n"
    )
