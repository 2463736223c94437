"""Samples of JSON of Zotero and Publish or Perish."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reviewapp.demo.source_variants import family_and_given, initials
from reviewapp.demo.work import WorkKind
from tests.sample_data.works import (
    PREFIX,
    Entry,
    Sample,
    articles,
    others,
    pages,
    wanted,
)


def samples() -> Iterator[Sample]:
    yield csl_json()
    yield publish_or_perish()


def csl_json() -> Sample:
    work = articles(45, 46)[0]
    chapter = others(WorkKind.CHAPTER)[2]
    thesis = others(WorkKind.THESIS)[0]
    people = [
        dict(zip(("family", "given"), family_and_given(n), strict=True))
        for n in work.authors
    ]
    people.append(
        {"family": "Beek", "given": "Jan", "non-dropping-particle": "van der"}
    )
    items: list[dict[str, Any]] = [
        {
            "id": "http://zotero.org/users/9/items/ABCD0001",
            "type": "article-journal",
            "title": work.title,
            "container-title": work.journal,
            "container-title-short": work.abbreviation,
            "volume": work.volume,
            "issue": work.issue,
            "page": pages(work),
            "DOI": work.doi.upper(),
            "PMID": work.pmid,
            "abstract": work.abstract,
            "author": people,
            "issued": {"date-parts": [[str(work.year), 4, 1]]},
        },
        {
            "id": 2,
            "type": "chapter",
            "title": chapter.title,
            "container-title": chapter.journal,
            "author": [{"literal": "The Invented Collaboration"}],
            "editor": [{"family": "Sandvik", "given": "Per"}],
            "issued": {"raw": f"c. {chapter.year}"},
            "note": "PMCID: PMC9999999\ntex.keywords: x",
        },
        {
            "id": "x3",
            "type": "report",
            "title": thesis.title,
            "author": [{"family": "Nakagawa", "given": "K."}],
            "issued": {},
        },
    ]
    bare: Entry = {
        "doi": None,
        "abstract_prefix": None,
        "volume": None,
        "issue": None,
        "pages": None,
    }
    text = json.dumps(items, indent=1, ensure_ascii=False) + "\n"
    return Sample(
        "csl.json",
        text.encode(),
        "csl-json",
        [
            wanted(work, authors=[*work.authors, "van der Beek, Jan"], pmid=work.pmid),
            wanted(chapter, authors=["The Invented Collaboration"], **bare),
            wanted(thesis, authors=["Nakagawa, K."], year=None, **bare | {"journal": None}),
        ],
        "Zotero",
        difficulties="parts of a date as text, a raw date, an empty one; a group as "
        "author; a particle before a name; a DOI in capitals; a number as id",
    )  # fmt: skip


def publish_or_perish() -> Sample:
    works = articles(46, 52)
    items: list[dict[str, Any]] = []
    records: list[Entry] = []
    for rank, work in enumerate(works, start=1):
        is_cut = len(work.title) > 90 and rank % 2 == 1
        title = work.title[:82].rsplit(" ", 1)[0] + " …" if is_cut else work.title
        people = []
        for name in work.authors[:4]:
            family, given = family_and_given(name)
            people.append(f"{initials(given, '')} {family}")
        snippet = f"… {work.abstract[20:90]} … {work.abstract[120:180]} …"
        has_uid = rank != 3
        item: dict[str, Any] = {"uid": f"GS:9{work.number:018d}"} if has_uid else {}
        item |= {
            "title": title,
            "source": work.journal,
            "publisher": "www.example.org",
            "article_url": f"https://www.example.org/article/{rank}",
            "related_url": f"https://scholar.google.com/scholar?q=related:{rank}",
            "abstract": snippet,
            "rank": rank,
            "year": work.year,
            "volume": 0,
            "issue": 0,
            "startpage": 0,
            "endpage": 0,
            "cites": 9,
            "ecc": 9,
            "use": 1,
            "authors": people,
        }
        items.append(item)
        records.append(
            wanted(
                work,
                title=title,
                authors=people,
                doi=None,
                abstract_prefix=snippet[:PREFIX],
                volume=None,
                issue=None,
                pages=None,
            )
        )
    text = json.dumps(items, indent="\t", ensure_ascii=False)
    return Sample(
        "publish-or-perish.json",
        f"\ufeff{text}\n".encode(),
        "pop-json",
        records,
        "Publish or Perish",
        "utf-8-bom",
        difficulties='a BOM and tabs; authors "W Guo"; 0 for a volume that is not known; '
        "titles that are cut; an abstract of snippets",
    )
