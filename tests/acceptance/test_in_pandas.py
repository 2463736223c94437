"""Exported CSV in pandas."""

from __future__ import annotations

import io

from tests.acceptance.exported import rows
from tests.screening.citations.citations_drawn import WRITERS


def test_pandas_reads_the_first_column_of_our_csv() -> None:
    import pandas as pd

    written = rows(5)
    table = pd.read_csv(io.BytesIO(WRITERS["again.csv"](written)))
    assert table.columns[0] == "Title"
    assert list(table["Title"]) == [citation.title for citation, _ in written]
