"""Reader of the XML of the WHO trial search portal (ICTRP): flat <Trial> elements.

It also reads the older registry exchange format, which has the values in <main>. The
description of the trial becomes the abstract, because a registration has nothing else
to screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from screening.citations.citation import Citation
from screening.citations.fields import distinct, fold, keywords_of, pmid_of, year_of
from screening.citations.markup import plain_text
from screening.citations.reading.citation_checks import check_citation
from screening.citations.reading.format_marks import FormatMark, Recognised
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.xml_files.xml_stream import XmlRecord, xml_records
from screening.citations.reading.xml_files.xml_values import leaf_texts

MARKS = (
    FormatMark(
        "element",
        re.compile(
            r"<Trials_downloaded_from_ICTRP|<Trial>\s*<(?:Internal_|Export_|TrialID)"
            r"|<trial>\s*<main>"
        ),
    ),
)

DATES = (
    "dateregistration3",
    "dateregistration",
    "registrationdate",
    "dateenrollement",
    "dateenrolment",
    "dateenrollment",
    "dateenrolled",
)
# As in the portal's own page of a trial.
ABSTRACT = (
    ("Study type", ("studytype",)),
    ("Study design", ("studydesign",)),
    ("Phase", ("phase",)),
    ("Condition", ("condition", "hcfreetext", "conditions")),
    ("Intervention", ("intervention", "ifreetext", "interventions")),
    ("Inclusion criteria", ("inclusioncriteria",)),
    ("Exclusion criteria", ("exclusioncriteria",)),
    ("Primary outcome", ("primaryoutcome", "primoutcome")),
    ("Secondary outcome", ("secondaryoutcome", "secoutcome")),
)
NOTES = (
    ("Sponsor", ("primarysponsor",)),
    ("Register", ("sourceregister", "regname")),
    ("Other numbers", ("secondaryid", "secid", "secondaryids")),
    ("Status", ("recruitmentstatus",)),
    ("Countries", ("countries", "country2")),
)

Values = dict[str, list[str]]


def read_ictrp_xml(
    stream: BinaryIO, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read registrations one by one. Registrations that can't be read are skipped.

    Raises `UnreadableFile` (xml-entity-forbidden) if the file declares entities.
    """
    for record in xml_records(stream, recognised, report, "Trial|trial|TRIAL"):
        citation = _citation_of(record)
        yield from check_citation(citation, report)


def _citation_of(record: XmlRecord) -> Citation:
    values: Values = {}
    for path, texts in leaf_texts(record.element).items():
        name = path.rpartition("/")[2].replace("-", "")
        values.setdefault(name, []).extend(map(_text, texts))
    return Citation(
        title=_first(values, "scientifictitle", "publictitle", "title", "acronym"),
        year=_year(values),
        accession=_first(values, "trialid", "mainid"),
        pmid=pmid_of(_first(values, "resultsurllink")),
        abstract=_labelled(values, ABSTRACT, " "),
        keywords=keywords_of(values.get("condition", []) + values.get("hckeyword", [])),
        type="trial registration",
        url=next(iter(_links(values)), ""),
        language=_first(values, "language"),
        notes=_labelled(values, NOTES, " | "),
        raw=record.raw,
        line=record.line,
    )


def _text(value: str) -> str:
    return fold(plain_text(value))


def _first(values: Values, *names: str) -> str:
    for name in names:
        for value in values.get(name, ()):
            if value:
                return value
    return ""


def _year(values: Values) -> int | None:
    """Return the year of registration, or of the first enrolment if it is missing."""
    for name in DATES:
        for value in values.get(name, ()):
            year = year_of(value)
            if year:
                return year
    return None


def _links(values: Values) -> Iterator[str]:
    for name in ("webaddress", "url", "resultsurllink"):
        for value in values.get(name, ()):
            if value.startswith(("http://", "https://")):
                yield value.split()[0]


def _labelled(
    values: Values, rows: tuple[tuple[str, tuple[str, ...]], ...], between: str
) -> str:
    """Return "Label: text" for each row that has a value."""
    parts = []
    for label, names in rows:
        texts = distinct(text for name in names for text in values.get(name, ()))
        text = "; ".join(texts).replace(";", "; ").replace(";  ", "; ")
        if text and text.lower().rstrip(".:") not in ("n/a", "none", "no"):
            begun = text.lower().startswith(label.lower())
            parts.append(text if begun else f"{label}: {text}")
    return between.join(
        part if part.endswith((".", "?", "!")) or between != " " else f"{part}."
        for part in parts
    )
