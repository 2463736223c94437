"""Records to export to other programs."""

from __future__ import annotations

from itertools import cycle

from screening.citations.citation import Citation
from screening.citations.writing.status_note import ExportRow, ScreeningStatus

WORDS = cycle(
    [
        "peer",
        "support",
        "recovery",
        "sleep",
        "pain",
        "mood",
        "adults",
        "children",
        "trial",
        "review",
        "nurses",
        "home",
        "visits",
        "drugs",
        "doses",
        "wards",
        "teams",
        "lived",
        "experience",
        "co-production",
    ]
)
OUT = ScreeningStatus(words=("Full text: excluded",), further=("Record code: abc",))


def some_words(n: int) -> str:
    return " ".join(next(WORDS) for _ in range(n))


def rows(n: int, *, decided: bool = True) -> list[ExportRow]:
    """Return records of which one in ten is included."""
    return [
        (
            Citation(
                title=f"{some_words(5)}, number {i}; “{some_words(1)}”",
                abstract=some_words(30),
                authors=("Berg, Kari", "Centre for Care, Health and Work"),
                year=2000 + i % 20 if i % 7 else None,
                journal="Peer Work",
                volume="4",
                pages="1-9",
                pmid=str(10_000_000 + i),
                keywords=("a, b", "c"),
                type="journal article",
                language="English",
            ),
            ScreeningStatus(
                code=f"code{i}",
                words=OUT.words,
                is_included=i % 10 == 0 if decided or i % 3 else None,
            ),
        )
        for i in range(n)
    ]
