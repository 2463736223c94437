"""Counts the records of files with a few lines that do not use the program."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

DOI = re.compile(r"10\.\d{4,9}/[^\s\";]+")


@dataclass(frozen=True)
class Export:
    """A file, the start of its records, and the position of their DOI.

    ``begins`` and ``doi_in`` are starts of lines. For CSV, ``doi_in`` is the column and
    ``header`` the line of the column names (0 is the first).
    """

    name: str
    begins: str = ""
    doi_in: str = "DO  - "
    header: int = 0

    def dois(self, folder: Path) -> list[str]:
        """Return the DOI of each record, in order."""
        text = (folder / self.name).read_text(encoding="utf-8-sig")
        if self.name.endswith(".csv"):
            lines = io.StringIO("".join(text.splitlines(keepends=True)[self.header :]))
            return [row[self.doi_in].lower() for row in csv.DictReader(lines)]
        records = re.split(f"^{self.begins}", text, flags=re.MULTILINE)[1:]
        return [self._doi(record) for record in records]

    def _doi(self, record: str) -> str:
        lines = [line for line in record.splitlines() if re.match(self.doi_in, line)]
        found = [match for line in lines if (match := DOI.search(line))]
        assert found, f"{self.name}: a record without a DOI:\n{record[:200]}"
        return found[0].group().lower().rstrip(".")


@dataclass(frozen=True)
class Search:
    """A source of the test's review with its export files."""

    name: str
    exports: tuple[Export, ...]
    kind: str = "Database"

    def records(self, folder: Path) -> int:
        """Return the number of entries in its files."""
        return sum(len(export.dois(folder)) for export in self.exports)


SEARCHES = (
    Search(
        "PubMed",
        (
            Export("pubmed-nbib-named.ris", "PMID- ", r"(LID|AID) - .*\[doi\]"),
            Export("pubmed-summary.csv", doi_in="DOI"),
        ),
    ),
    Search("Scopus", (Export("scopus.ris", "TY  - "),)),
    Search("Academic Search", (Export("ebsco-ase.ris", "TY  - ", "L3  - "),)),
    Search("Embase", (Export("embase-com.csv", doi_in="DOI", header=3),)),
    Search("PsycINFO", (Export("ovid-psycinfo.ris", "TY  - "),)),
    Search("CENTRAL", (Export("cochrane-central.ris", "TY  - "),), "Register"),
    Search("Anthropology Plus", (Export("zotero.ris", "TY  - "),)),
)


def unique(folder: Path) -> set[str]:
    """Return all different DOIs of all searches."""
    return {
        doi
        for search in SEARCHES
        for export in search.exports
        for doi in export.dois(folder)
    }
