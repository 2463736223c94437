"""Samples of files that are damaged or dangerous, or that are no export."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_data import packed, ris_catalogues, ris_databases
from tests.sample_data.tables import BOM, plain
from tests.sample_data.works import Sample, articles, lines


def samples() -> Iterator[Sample]:
    yield from scopus_damaged()
    yield duplicate_tags()
    yield mojibake()
    yield formula_cells()
    yield empty_records()
    yield from refused()


def scopus_damaged() -> Iterator[Sample]:
    works = articles(4, 10)
    parts = [ris_databases.scopus_record(work) for work in works]
    records = ris_databases.scopus_records(works)
    yield Sample(
        "bad-missing-er.ris",
        "".join(part.replace("ER  -\n", "") for part in parts[:5]).encode(),
        "ris",
        records[:5],
        "Scopus",
        warnings=("record-not-terminated",),
        difficulties="no ER line: TY begins the next record",
    )
    whole = "".join(parts[:5])
    end = whole.rindex("AB  - ") + 200
    last = records[4] | {"keywords_contains": []}
    yield Sample(
        "bad-truncated.ris",
        whole[:end].encode(),
        "ris",
        [*records[:4], {k: v for k, v in last.items() if k != "pmid"}],
        "Scopus",
        warnings=("record-not-terminated",),
        difficulties="cut off within the fifth abstract: that record is kept too",
    )
    ends = ("\r\n", "\n", "\r")
    mixed = "".join(part.replace("\n", ends[n % 3]) for n, part in enumerate(parts))
    yield Sample(
        "bad-mixed-line-endings.ris",
        mixed.encode(),
        "ris",
        records,
        "Scopus",
        warnings=("mixed-line-endings",),
        difficulties="CRLF, LF and CR alone in one file, without the BOM",
    )


def duplicate_tags() -> Sample:
    first = lines(
        ("TY", "JOUR"),
        ("TI", "The title of the first tag is kept"),
        ("TI", "The second is an alternative title"),
        ("T1", "And a third spelling of it"),
        ("AU", "Solheim, Astrid"),
        ("A1", "Solheim, Astrid"),
        ("AU", "Whitford, Noel"),
        ("PY", "2018"),
        ("Y1", "2018/05//"),
        ("DA", "2018/05/12"),
        ("PY", "2017"),
        ("DO", "10.5555/twice.1"),
        ("DO", "https://doi.org/10.5555/twice.1"),
        ("JO", "J Tags Twice"),
        ("JF", "Journal of Tags Twice"),
        ("T2", "Journal of Tags Twice"),
        ("AB", "The abstract, once."),
        ("AB", "Copyright of Journal of Tags Twice is the property of nobody."),
        ("N2", "The abstract, once."),
        ("SP", "10"),
        ("SP", "10"),
        ("KW", "alpha"),
        ("KW", "alpha"),
        ("KW", "beta"),
    )
    second = lines(
        ("TY", "JOUR"),
        ("TY", "CONF"),
        ("TI", "A record with two types and two ends"),
        ("AU", "Okoro, Ifeoma"),
        ("PY", "2019"),
    )
    return Sample(
        "bad-duplicate-tags.ris",
        f"{first}ER  - \n\n{second}ER  - \nER  - \n".encode(),
        "ris",
        [
            {
                "title": "The title of the first tag is kept",
                "authors": ["Solheim, Astrid", "Whitford, Noel"],
                "year": 2018,
                "journal": "Journal of Tags Twice",
                "doi": "10.5555/twice.1",
                "abstract_prefix": "The abstract, once.",
                "abstract_end": "once.",
                "keywords_equals": ["alpha", "beta"],
            },
            {
                "title": "A record with two types and two ends",
                "authors": ["Okoro, Ifeoma"],
                "year": 2019,
                "doi": None,
                "abstract_prefix": None,
            },
        ],
        warnings=("duplicate-tag-conflict",),
        difficulties="one value under two tags is one value; of two years the first is "
        "kept; TY and ER twice",
    )


def mojibake() -> Sample:
    """Return the export of Oria, read as Windows text and saved as UTF-8."""
    whole = ris_catalogues.oria()
    text = whole.content.decode("latin-1")
    spoilt = text.encode().decode("cp1252", errors="replace").replace("\r\n", "\n")
    records = []
    for one in whole.records:
        # The importer keeps the text and gives a warning.
        damaged = {
            key: one[key].encode().decode("cp1252", errors="replace")
            for key in ("title", "abstract_prefix")
            if one[key]
        }
        names = [n.encode().decode("cp1252", errors="replace") for n in one["authors"]]
        kept = {key: one[key] for key in ("year", "doi")}
        kept |= {"title": damaged["title"], "authors": names}
        records.append(kept)
    return Sample(
        "bad-mojibake.ris",
        spoilt.encode(),
        "ris",
        records,
        "Oria / Primo",
        warnings=("mojibake-suspected",),
        difficulties='"høyere" has become "hÃ¸yere": kept as it is, with a warning',
    )


def formula_cells() -> Sample:
    call = "cmd|' /C calc'!A0"
    first = '=HYPERLINK("http://example.invalid/y","Open me")'
    third = "-omics for whole wards: a title may begin with a hyphen"
    rows = (
        ("Title", "Authors", "Year", "Journal", "DOI", "Abstract", "Notes"),
        (
            *(first, "Solheim, Astrid; Whitford, Noel", "2018", "Journal One"),
            *("10.5555/cell.1", "An abstract.", "+2+2"),
        ),
        (
            *("A title like any other", f"@SUM(1+8)*{call}", '="2019"', "Journal Two"),
            *('="10.5555/cell.2"', "-3+4 mg a day were given.", "\tA tab first"),
        ),
        (
            *(third, "Okoro, Ifeoma", "2020", f"={call}"),
            *("10.5555/cell.3", "=2+2", "@name"),
        ),
    )
    return Sample(
        "bad-formula-cells.csv",
        (BOM + plain(rows, "\r\n")).encode(),
        "csv",
        [
            {
                "title": first,
                "authors": ["Solheim, Astrid", "Whitford, Noel"],
                "year": 2018,
                "journal": "Journal One",
                "doi": "10.5555/cell.1",
                "abstract_prefix": "An abstract.",
            },
            {
                "title": "A title like any other",
                "authors": "any",
                "year": 2019,
                "journal": "Journal Two",
                "doi": "10.5555/cell.2",
                "abstract_prefix": "-3+4 mg a day were given.",
            },
            {
                "title": third,
                "authors": ["Okoro, Ifeoma"],
                "year": 2020,
                "doi": "10.5555/cell.3",
                "abstract_prefix": "=2+2",
            },
        ],
        encoding="utf-8-bom",
        warnings=("formula-like-text",),
        difficulties='cells that a spreadsheet would run are text; ="2019" is 2019; a '
        "title may begin with a hyphen",
    )


def empty_records() -> Sample:
    first, second = articles(0, 2)
    text = (
        lines(("TY", "JOUR"), ("TI", first.title), ("PY", str(first.year)))
        + "ER  - \n\nTY  - JOUR\nER  - \n\n"
        + lines(("TY", "JOUR"), ("AU", second.authors[0]), ("PY", str(second.year)))
        + "ER  - \n"
    )
    return Sample(
        "bad-empty-records.ris",
        text.encode(),
        "ris",
        [
            {"title": first.title, "authors": [], "year": first.year, "doi": None},
            {"title": None, "authors": [second.authors[0]], "year": second.year},
        ],
        warnings=("empty-record", "no-title"),
        skipped=1,
        difficulties="a record without any value is skipped; one without a title is kept",
    )


def refused() -> Iterator[Sample]:
    names = "".join(
        f' <!ENTITY c{n} "{f"&c{n - 1};" * 10 if n else "ho"}">\n' for n in range(8)
    )
    yield _refused(
        "bad-billion-laughs.xml",
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xml [\n{names}]>\n'
        '<xml><records><record><ref-type name="Journal Article">17</ref-type>'
        "<titles><title>&c7;</title></titles></record></records></xml>\n",
        "xml-entity-forbidden",
        "EndNote XML with seven levels of entities: refused at the declaration",
    )
    yield _refused("bad-empty.ris", "", "empty-file", "no byte")
    yield _refused("bad-five-bytes.ris", "TY  -", "no-records-found", "no record in it")
    yield _refused(
        "bad-login-page.ris",
        '<!DOCTYPE html>\r\n<html lang="en"><head><title>Sign in</title></head>\r\n'
        "<body><h1>You have been signed out</h1>\r\n<p>TY  - this page was saved, and "
        'no export</p>\r\n<form action="/sign-in" method="post"><input name="name">'
        "</form></body></html>\r\n",
        "html-page",
        "the sign-in page of a library, saved in place of the export",
    )
    yield _refused(
        "bad-pdf-renamed.ris",
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages"
        "/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox"
        "[0 0 200 200]/Contents 4 0 R/Resources<<>>>>endobj\n4 0 obj<</Length 18>>"
        "stream\nTY  - no citation\nendstream endobj\nxref\n0 5\n0000000000 65535 f \n"
        "trailer<</Size 5/Root 1 0 R>>\nstartxref\n0\n%%EOF\n",
        "pdf-file",
        'a PDF under the name of an export, with "TY  -" in it',
    )
    inner = packed.packed(
        [("level2.zip", packed.packed([("zeros.ris", bytes(2_000))]))]
    )
    nested = Sample(
        "bad-nested.zip",
        packed.packed([("level1.zip", inner)]),
        "",
        encoding=None,
        refusal="archive-nested",
        difficulties="an archive in an archive in an archive: not unpacked",
    )
    yield nested


def _refused(name: str, text: str, refusal: str, difficulties: str) -> Sample:
    return Sample(
        name,
        text.encode(),
        "",
        encoding=None,
        refusal=refusal,
        difficulties=difficulties,
    )
