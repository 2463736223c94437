"""Screening status in exported citations, and its removal when they are read again.

In formats without columns of our own, the status becomes keywords ("Full text:
excluded", "Reason: wrong population"), which EndNote and Zotero can search and group.
It also becomes one note that starts with "reviewapp: " and repeats those keywords. The
reader removes exactly that note and the keywords that it names, and no others. An
exported file that is imported again therefore shows nobody the decisions of an earlier
team.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from screening.citations.citation import Citation
from screening.citations.fields import fold

MARK = "reviewapp: "
REASON = "Reason: "
# Before a note of CSL that pandoc would take for a variable.
BAR = "| "
CODE = "Record code: "
# Readers join several notes with " | ", so a part of our note never contains a bar.
_NOTE = re.compile(rf"(?:^\|?|(?<= \| ))\s*{MARK}([^|]*?)\s*(?:\| |$)")


@dataclass(frozen=True, slots=True)
class ScreeningStatus:
    """The screening status of one record in an export.

    `code` names the record in files that need a key. `facts` are columns of tables, by
    their heading. `words` become keywords in formats without columns. `further` are
    written to the note only. `is_included` is the decision as True or False, None if
    there is none.
    """

    code: str = ""
    facts: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    is_included: bool | None = None


ExportRow = tuple[Citation, ScreeningStatus]
NOTHING = ScreeningStatus()


def keywords_with(citation: Citation, status: ScreeningStatus) -> tuple[str, ...]:
    """Return the citation's keywords and the words of the status, each once."""
    known = set(citation.keywords)
    return (*citation.keywords, *(w for w in _parts(status.words) if w not in known))


def keywords_text(keywords: Sequence[str]) -> str:
    """Return keywords as one text with semicolons, because headings have commas."""
    text = "; ".join(keywords)
    is_parted = len(keywords) == 1 and ("," in text or "|" in text)
    return f"{text};" if is_parted else text


def note_of(status: ScreeningStatus) -> str:
    """Return the status note, "" if there is nothing to write."""
    parts = _parts((*status.words, *status.further))
    return MARK + "; ".join(parts) if parts else ""


def notes_with(citation: Citation, status: ScreeningStatus) -> str:
    """Return notes and status note as one text, for formats with one notes field."""
    return " | ".join(filter(None, (fold(citation.notes), note_of(status))))


def _parts(words: Iterable[str]) -> list[str]:
    """Return words that no reader splits: without the separators of keywords and notes."""
    plain = (fold(word).replace(";", ",").replace("|", "/") for word in words)
    return list(dict.fromkeys(filter(None, plain)))


def without_our_marks(citation: Citation) -> Citation:
    """Return the citation as before its export, with our words as prior labels.

    A citation without a status note is returned unchanged.
    """
    if MARK not in citation.notes:
        return citation
    found = _NOTE.findall(citation.notes)
    if not found:
        return citation
    parts = [part.strip() for note in found for part in note.split(";")]
    ours = set(parts)
    reasons = tuple(p.removeprefix(REASON) for p in parts if p.startswith(REASON))
    words = tuple(w for w in citation.keywords if w in ours)
    return replace(
        citation,
        notes=_NOTE.sub("", citation.notes).removesuffix(" | ").strip(),
        keywords=tuple(w for w in citation.keywords if w not in ours),
        prior_labels=(
            *citation.prior_labels,
            *(w for w in words if not w.startswith(REASON)),
        ),
        prior_reasons=(*citation.prior_reasons, *reasons),
        accession="" if f"{CODE}{citation.accession}" in ours else citation.accession,
    )


def joined_cell(value: str | Sequence[str]) -> str:
    """Return a value of the status as one cell."""
    return fold(value) if isinstance(value, str) else "; ".join(map(fold, value))
