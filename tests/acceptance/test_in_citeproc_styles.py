"""Exported CSL-JSON in citeproc with a published style."""

from __future__ import annotations

import json
import warnings

from tests.acceptance.exported import rows
from tests.screening.citations.citations_drawn import WRITERS


def test_citeproc_prints_a_reference_without_its_type() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from citeproc import (
            Citation as Cited,
        )
        from citeproc import (
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON

        [item] = json.loads(WRITERS["again.json"](rows(1)))
        style = CitationStylesStyle("apa", validate=False)
        source = CiteProcJSON([item])
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        bibliography.register(Cited([CitationItem(item["id"])]))
        [printed] = map(str, bibliography.bibliography())
    assert "ournal article" not in printed
    assert "Centre for Care, Health and Work" in printed
    assert "Berg, K" in printed
