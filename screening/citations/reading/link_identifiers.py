"""Identifiers of a record that only its link contains.

The RIS of databases has them there, and so have the files of reference managers. With
this, a record has the same identifiers in every format.
"""

from __future__ import annotations

import re
from dataclasses import replace

from screening.citations.citation import Citation
from screening.citations.fields import pmid_of_links

NUMBERS = (
    ("eid=", re.compile(r"scopus\.\S*[?&]eid=(2-s2\.0-\d+)")),
    ("AN=", re.compile(r"ebsco\S*[?&]AN=([\w.-]+)")),
)


def with_numbers_of_link(citation: Citation) -> Citation:
    """Return the citation with the identifiers of its link, if it lacks them."""
    url = citation.url
    if not url or (citation.pmid and citation.accession):
        return citation
    pmid = citation.pmid or pmid_of_links(url)
    accession = citation.accession or _accession(url)
    if pmid == citation.pmid and accession == citation.accession:
        return citation
    return replace(citation, pmid=pmid, accession=accession)


def _accession(url: str) -> str:
    for mark, pattern in NUMBERS:
        match = pattern.search(url) if mark in url else None
        if match:
            return match.group(1)
    return ""
