"""Samples of tagged text of PubMed, ERIC and EndNote."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace

from reviewapp.demo.work import Work
from tests.sample_data.works import (
    Entry,
    Sample,
    articles,
    glued,
    lines,
    pages,
    wanted,
)


def samples() -> Iterator[Sample]:
    yield pubmed()
    yield eric()
    yield digital_commons()
    yield mac_roman()


# ── PubMed ───────────────────────────────────────────────────────────────────
def pubmed() -> Sample:
    works = articles(0, 26)
    text = "".join(pubmed_record(work, rank) for rank, work in enumerate(works))
    return Sample(
        "pubmed-nbib-named.ris",
        text.encode(),
        "nbib",
        [
            wanted(
                work,
                authors=_pubmed_people(work, rank),
                pmid=work.pmid,
                abstract_end=work.abstract[-40:],
                keywords_contains=["*Peer Group", work.keywords[0]],
            )
            for rank, work in enumerate(works)
        ],
        "PubMed",
        warnings=("extension-mismatch",),
        difficulties="NBIB under a name that ends in .ris; wrapped values; several LID "
        "and AID with [doi] and [pii]; full names in FAU, short ones in AU; a group in CN",
    )


GROUP = "Invented Care Collaborators"


def _pubmed_people(work: Work, rank: int) -> list[str]:
    people = [name.replace(".", "") for name in work.authors]
    return [*people, GROUP] if rank == 4 else people


def pubmed_record(work: Work, rank: int) -> str:
    is_number = work.first_page.startswith("e")
    first = work.first_page if is_number else f"S0000-0000({rank:02d})00001-X"
    people = "".join(
        _field("FAU", name.replace(".", ""))
        + _field("AU", glued(name))
        + _field("AD", "School of Invented Studies, Example University, Oslo, Norway. Electronic address: reader@example.org.")
        for name in work.authors
    )  # fmt: skip
    place = f"{work.volume}({work.issue}):{pages(work)}"
    return (
        _field("PMID", work.pmid)
        + _field("OWN", "NLM")
        + _field("STAT", "MEDLINE")
        + _field("DCOM", f"{work.year}1005")
        + _field("LR", f"{work.year + 1}0109")
        + _field("IS", f"{work.issn} (Electronic)")
        + _field("IS", f"{work.issn} (Linking)")
        + _field("VI", work.volume)
        + _field("IP", work.issue)
        + _field("DP", f"{work.year} Feb")
        + _field("TI", work.title + ("" if work.title.endswith("?") else "."))
        + _field("PG", pages(work))
        + _field("LID", f"{first} [pii]")
        + _field("LID", f"{work.doi} [doi]")
        + _field("AB", work.abstract)
        + _field("CI", f"Copyright © {work.year} The Authors. Published by {work.publisher}.")
        + people
        + (_field("CN", GROUP) if rank == 4 else "")
        + _field("LA", "eng")
        + _field("PT", "Journal Article")
        + _field("DEP", f"{work.year}0125")
        + _field("PL", "Norway")
        + _field("TA", work.abbreviation)
        + _field("JT", work.journal)
        + _field("JID", f"9{work.number:06d}")
        + _field("SB", "IM")
        + _field("MH", "Humans")
        + _field("MH", "*Peer Group")
        + _field("PMC", f"PMC9{work.number}")
        + _field("OTO", "NOTNLM")
        + "".join(_field("OT", word) for word in work.keywords)
        + _field("EDAT", f"{work.year}/03/30 06:00")
        + _field("CRDT", f"{work.year}/03/30 06:00")
        + _field("PHST", f"{work.year}/01/21 00:00 [received]")
        + _field("AID", f"{first} [pii]")
        + _field("AID", f"{work.doi} [doi]")
        + _field("PST", "ppublish")
        + _field("SO", f"{work.abbreviation}. {work.year} Feb;{place}. doi: {work.doi}. Epub {work.year} Jan 25.")
        + "\n"
    )  # fmt: skip


def _field(tag: str, value: str) -> str:
    """Return a field as PubMed wraps it: at 88 letters, a space before the break."""
    if not value:
        return ""
    rows = textwrap.wrap(value, 82, break_long_words=False, break_on_hyphens=False)
    return f"{tag:<4}- " + " \n      ".join(rows) + "\n"


# ── ERIC ─────────────────────────────────────────────────────────────────────
def eric() -> Sample:
    text = "\n"
    records: list[Entry] = []
    for rank, work in enumerate(articles(42, 46), start=1):
        number = f"EJ99{work.number}"
        is_number = work.first_page.startswith("e") or rank == 2
        place = f"Article 10 {work.year}" if is_number else f"{work.year}"
        has_link = rank != 3
        text += lines(
            ("OWN", "ERIC"),
            ("TI", work.title),
            *(("AU", name) for name in work.authors),
            *(("OT", word) for word in work.keywords),
            ("JT", work.journal if rank < 4 else "Example Press, Inc."),
            ("SO", f"v{work.volume} n{work.issue} {place}"),
            ("AID", f"http://dx.doi.org/{work.doi}" if has_link else ""),
            ("OID", number),
            ("VI", work.volume),
            ("IP", work.issue),
            ("PG", "" if is_number else pages(work)),
            ("DP", place),
            ("LID", f"http://eric.ed.gov/?id={number}"),
            ("AB", work.abstract),
            ("ISSN", f"EISSN-{work.issn}"),
            ("LA", "English"),
            ("PT", "Journal Articles"),
            ("PT", "Reports - Research"),
            dash=" - ",
        )
        records.append(
            wanted(
                work,
                journal=work.journal if rank < 4 else "Example Press, Inc.",
                doi=work.doi if has_link else None,
                accession=number,
                pages=...,
            )
        )
        text += "\n"
    text = "\n".join(_eric_line(line) for line in text.split("\n"))
    return Sample(
        "eric.nbib",
        text.encode(),
        "nbib",
        records,
        "ERIC",
        difficulties='no PubMed number: "OWN - ERIC" begins a record after a blank '
        "line; the number in OID; the DOI only as an address in AID; a tag of four "
        'letters; the year in "Article 10 2019"',
    )


def _eric_line(line: str) -> str:
    """Give a two-letter tag the two spaces that make it four letters wide."""
    tag, dash, value = line.partition(" - ")
    return f"{tag:<4}- {value}" if dash and len(tag) < 4 else line


# ── EndNote's tags ───────────────────────────────────────────────────────────
def digital_commons() -> Sample:
    works = articles(46, 50)
    text, records = _commons(works)
    return Sample(
        "digital-commons.enw",
        text.encode(),
        "enw",
        records,
        "bepress / Digital Commons",
        difficulties="%T comes first and few records have %0, so blank lines part them; "
        "the journal in %B; %8 repeats the year; front matter without authors",
    )


def mac_roman() -> Sample:
    accented = ("Muñoz, Åse", "Lefèvre, João", "Österlund, Zoë")
    works = [replace(work, authors=accented) for work in articles(50, 53)]
    text, records = _commons(works)
    data = text.replace("“", '"').replace("”", '"').encode("mac-roman", "replace")
    return Sample(
        "mac-roman-cr.enw",
        data.replace(b"\n", b"\r"),
        "enw",
        [
            one
            | {"title": one["title"].replace("“", '"').replace("”", '"')}
            | {"authors": list(accented) if one["authors"] else []}
            for one in records
        ],
        "bepress / Digital Commons",
        "mac-roman",
        ("encoding-guessed",),
        difficulties="the same from an old Mac: MacRoman, and CR alone ends the lines",
    )


def _commons(works: list[Work]) -> tuple[str, list[Entry]]:
    text = ""
    records: list[Entry] = []
    for rank, work in enumerate(works, start=1):
        head = [("%T", work.title), *([("%0", "Journal Article")] if rank < 3 else [])]
        place = f"vol{work.volume}/iss{work.issue or 1}"
        text += _enw(
            *head,
            *(("%A", name) for name in work.authors),
            ("%B", work.journal),
            ("%D", str(work.year)),
            ("%8", f"September  1, {work.year}"),
            ("%V", work.volume),
            ("%N", work.issue),
            ("%P", pages(work)),
            ("%U", f"https://example.org/jour/{place}/{rank}"),
            ("%X", work.abstract),
        )
        records.append(wanted(work, doi=None))
        if rank == 1:
            title = f"Volume {work.volume}, Issue {work.issue or 1} Table of Contents"
            text += _enw(
                ("%T", title),
                ("%B", work.journal),
                ("%D", str(work.year)),
                ("%8", f"September  1, {work.year}"),
                ("%V", work.volume),
                ("%P", "i-ii"),
                ("%U", f"https://example.org/jour/{place}/0"),
            )
            bare: Entry = {"doi": None, "abstract_prefix": None, "issue": None}
            records.append(wanted(work, title=title, authors=[], pages="i-ii", **bare))
    return text, records


def _enw(*fields: tuple[str, str]) -> str:
    return lines(*fields, dash=" ") + "\n\n"
