"""Sample files, and the comparison of a citation with its expected values.

The rules are those of tests/data/README.md.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from screening.citations.citation import Citation
from screening.citations.reading.file_reading import FileReading, read_file
from tests.paths import DATA

INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,4}")


@dataclass(frozen=True)
class Samples:
    """A folder of sample files and the values expected of them."""

    folder: Path

    @cached_property
    def expected(self) -> dict[str, Any]:
        """Return the expected results by file name."""
        text = (self.folder / "expected.json").read_text(encoding="utf-8")
        files: dict[str, Any] = json.loads(text)["files"]
        return files

    def names(
        self, outcome: str = "", *, formats: Collection[str] = (), suffix: str = ""
    ) -> list[str]:
        """Return the files with this outcome (import, refuse), formats and suffix."""
        return [
            name
            for name, entry in self.expected.items()
            if outcome in ("", entry["outcome"])
            and (not formats or entry["format"] in formats)
            and name.endswith(suffix)
        ]

    def read(self, name: str) -> tuple[FileReading, list[Citation]]:
        """Read a file as an upload is read."""
        with (self.folder / name).open("rb") as stream:
            reading = read_file(stream, name=name)
            return reading, list(reading)


OURS = Samples(DATA / "imports")
"""The invented samples of the repository."""


def differences(citation: Citation, entry: dict[str, Any]) -> list[str]:
    """Return every field in which a citation differs from the entry."""
    wrong = []
    titles = entry.get("title_any", [entry["title"]])
    if _title(citation.title) not in [_title(title) for title in titles]:
        wrong.append(f"title {citation.title!r}")
    if entry["authors"] != "any":
        got = [_family(name) for name in citation.authors]
        want = [_family(name) for name in entry["authors"]]
        for same in entry.get("authors_any_family", ()):
            alike = {_family(name) for name in same}
            got = ["same" if name in alike else name for name in got]
            want = ["same" if name in alike else name for name in want]
        if entry.get("authors_set"):
            got, want = sorted(got), sorted(want)
        if got != want:
            wrong.append(f"authors {citation.authors!r}")
    if "year" in entry and citation.year not in entry.get("year_any", [entry["year"]]):
        wrong.append(f"year {citation.year!r}")
    wrong += [
        f"{key} {getattr(citation, key)!r}"
        for key in ("doi", "pmid", "accession", "volume", "issue", "pages")
        if key in entry and (getattr(citation, key) or None) != entry[key]
    ]
    if "journal" in entry and _title(citation.journal) != _title(entry["journal"]):
        wrong.append(f"journal {citation.journal!r}")
    return (
        wrong
        + _abstract_differences(citation, entry)
        + _keywords(citation, entry)
        + _prior(citation, entry)
    )


def _abstract_differences(citation: Citation, entry: dict[str, Any]) -> list[str]:
    wrong = []
    if "abstract_prefix" in entry:
        prefix = _fold(entry["abstract_prefix"])
        right = (
            citation.abstract.startswith(prefix) if prefix else not citation.abstract
        )
        if not right:
            wrong.append(f"abstract {citation.abstract[:80]!r}")
    if not citation.abstract.endswith(_fold(entry.get("abstract_end"))):
        wrong.append(f"abstract {citation.abstract[-80:]!r}")
    return wrong + [
        f"abstract without {piece!r}"
        for piece in entry.get("abstract_contains", ())
        if _fold(piece) not in citation.abstract
    ]


def _keywords(citation: Citation, entry: dict[str, Any]) -> list[str]:
    wanted = entry.get("keywords_equals", list(citation.keywords))
    missing = set(entry.get("keywords_contains", ())) - set(citation.keywords)
    if list(citation.keywords) != wanted or missing:
        return [f"keywords {citation.keywords!r}"]
    return []


def _prior(citation: Citation, entry: dict[str, Any]) -> list[str]:
    got = {
        "prior_decisions": dict(citation.prior_decisions),
        "prior_labels": list(citation.prior_labels),
        "prior_reasons": list(citation.prior_reasons),
    }
    return [
        f"{key} {got[key]!r}" for key in got if entry.get(key, got[key]) != got[key]
    ]


def _fold(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def _title(text: str | None) -> str:
    return _fold(text).casefold().removesuffix(".")


def _family(name: str) -> str:
    name = _fold(name)
    if "," in name:
        return name.split(",")[0].strip().casefold()
    words = name.split()
    longer = [word for word in words if not INITIALS.fullmatch(word)]
    return max(longer or words, key=len).casefold()
