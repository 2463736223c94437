"""XML readers against any bytes and damaged samples (Hypothesis)."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.citations.formats import FORMAT_BY_CODE
from screening.citations.reading.file_reading import UnreadableFile
from screening.citations.reading.format_marks import Recognised
from screening.citations.reading.reading_report import ReadingReport
from tests.screening.citations.imports_expected import Samples
from tests.screening.citations.test_xml import FORMATS, read_bytes

# The fixture is the same folder for every example.
UNCHANGED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.mark.samples("import", formats=FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=UNCHANGED)
@given(
    place=st.floats(0, 1),
    cut=st.integers(0, 400),
    put=st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [
                b"<record>",
                b"</record>",
                b"&",
                b"<",
                b"]]>",
                b"<![CDATA[",
                b"<!--",
                b"\0",
            ]
        ),
    ),
)
def test_a_damaged_sample_never_crashes_the_reader(
    samples: Samples, name: str, place: float, cut: int, put: bytes
) -> None:
    data = (samples.folder / name).read_bytes()[:60_000]
    at = int(place * len(data))
    begun = time.process_time()
    try:
        reading, citations = read_bytes(data[:at] + put + data[at + cut :], name)
    except UnreadableFile:
        pass
    else:
        assert reading.found == len(citations) + reading.skipped_count
        assert all(citation.raw for citation in citations)
    assert time.process_time() - begun < 2


MARKS = (
    b"<record>|</record>|<titles><title>|<Trial>|<!--|<PubmedArticle>|</PubmedArticle>"
    b"|<bib:Book rdf:about='x'>|</bib:Book>|<?|<![CDATA[|]]>|&#x1;|='|<a b"
).split(b"|")


@settings(max_examples=150, deadline=None)
@given(
    format_=st.sampled_from(FORMATS),
    pieces=st.lists(
        st.one_of(
            st.binary(max_size=20),
            st.sampled_from(MARKS),
        ),
        max_size=40,
    ),
)
def test_bytes_of_any_kind_are_read_or_refused(
    format_: str, pieces: list[bytes]
) -> None:
    report = ReadingReport()
    reader = FORMAT_BY_CODE[format_].read_bytes
    stream = io.BytesIO(b"".join(pieces))
    try:
        citations = list(reader(stream, Recognised(format_, "", "utf-8"), report))
    except UnreadableFile:
        pass
    else:
        assert all(citation.raw for citation in citations)
