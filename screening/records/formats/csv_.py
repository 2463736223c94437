from __future__ import annotations

from collections.abc import Iterator

from .citation import Citation
from .lines import TextLines
from .recognising import Recognised
from .report import Report


def citations(
    lines: TextLines, recognised: Recognised, report: Report
) -> Iterator[Citation]:
    for _line in lines:
        pass
    yield from ()
