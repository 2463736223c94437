"""Files of tests/data compared with those that the generator writes."""

from __future__ import annotations

import re

from tests.paths import DATA
from tests.sample_data.files import differences, files

MEGABYTES = 4


def test_the_generator_writes_the_same_bytes_again() -> None:
    assert differences() == []


def test_the_files_are_small() -> None:
    sizes = [file.stat().st_size for file in DATA.rglob("*") if file.is_file()]
    assert sum(sizes) < MEGABYTES * 1_000_000


def test_no_doi_or_number_can_be_that_of_a_real_work() -> None:
    """Check for 10.5555, the prefix for tests, and PubMed numbers over 90 million."""
    for path, content in files().items():
        if path.endswith((".zip", ".gz", ".xlsx", "utf16le.ris", "utf16.txt")):
            continue
        text = content.decode("latin-1")
        for doi in re.findall(r"\b10\.\d{4,9}(?=/)", text):
            assert doi in {"10.5555", "10.55555", "10.1002"}, path
        for pmid in re.findall(r"^PMID- (\d+)|PUBMED (\d+)", text, re.MULTILINE):
            assert int("".join(pmid)) >= 90_000_000, path
