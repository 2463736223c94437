"""Samples of RIS of library catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewapp.demo.dialects_ris import RIS_WRITERS
from reviewapp.demo.source_variants import SourceVariant, as_latin1
from reviewapp.demo.work import WorkKind
from tests.sample_data.works import Sample, articles, others, seen, wanted


def samples() -> Iterator[Sample]:
    yield worldcat()
    yield oria()


def _written(key: str, shown: list[SourceVariant]) -> str:
    write = RIS_WRITERS[key]
    return "".join(write(one, rank) for rank, one in enumerate(shown, start=1))


def worldcat() -> Sample:
    book, other_book, _ = others(WorkKind.BOOK)
    thesis = others(WorkKind.THESIS)[2]
    article = articles(5, 6)[0]
    shown = [
        seen(one, "worldcat", title=one.title.replace(": ", " : ", 1), doi="")
        for one in (book, thesis, other_book, article)
    ]
    text = _written("worldcat", shown)
    isbns = "9780000000101  9780000000118  0000000101"
    text = text.replace("N1  - ", f"SN  - {isbns}\nN1  - ", 1)
    text = text.replace(f"Y1  - {other_book.year}///", f"Y1  - c{other_book.year}", 1)
    editor = "A2  - Sandvik, Per,\n"
    at = text.index("PB  - ", text.index(other_book.title.replace(": ", " : ", 1)))
    text = text[:at] + editor + text[at:]
    return Sample(
        "worldcat.ris",
        text.encode(),
        "ris",
        [wanted(one.work, title=one.title, doi=None) for one in shown],
        "WorldCat",
        difficulties="names end with a comma or a full stop; SN holds several numbers "
        'parted by two spaces; "2010///" and "c2008"; A2 is an editor',
    )


def oria() -> Sample:
    book, chapter, thesis = (
        others(kind)[1] for kind in (WorkKind.BOOK, WorkKind.CHAPTER, WorkKind.THESIS)
    )
    quoted = replace(
        thesis,
        title=f'"{thesis.title.split(":")[0]}" : erfaringer fra høyere utdanning',
    )
    norse = replace(
        articles(9, 10)[0],
        title="Når erfaring blir arbeid : en kartlegging av likepersoner på sykehus",
        authors=("Grønås, Åse Marie", "Bjørnstad, Pål"),
    )
    shown = [
        seen(
            one,
            "oria",
            title=one.title.replace(": ", " : ", 1)
            if " : " not in one.title
            else one.title,
        )
        for one in (norse, book, chapter, quoted)
    ]
    text = _written("oria", shown)
    issn = f"SN  - {norse.issn}\r\n"
    text = text.replace(issn, f"{issn}SN  - 0000-0027\r\n", 1)
    return Sample(
        "oria-latin1.ris",
        as_latin1(text).encode("latin-1"),
        "ris",
        [
            wanted(
                one.work,
                title=as_latin1(one.title),
                authors=[as_latin1(name) for name in one.authors],
                abstract_prefix=as_latin1(one.abstract)[:80].strip() or None,
                doi=one.doi or None,
            )
            for one in shown
        ],
        "Oria / Primo",
        "iso-8859-1",
        ("encoding-guessed",),
        difficulties='ISO-8859-1 with CRLF; titles with " : "; SN repeated; book, '
        "chapter and thesis; quotes inside a title",
    )  # fmt: skip
