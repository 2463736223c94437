"""What a review says of a record beside its citation, and how it is taken off again.

In formats without columns of our own it becomes keywords ("Full text: excluded",
"Reason: wrong population": what EndNote and Zotero can search and group by) and one
note that begins with "reviewapp: " and repeats those keywords. Reading takes exactly
that note off, and the keywords that it names: no others, however they are worded. So
a file of ours that is imported again shows nobody what an earlier team decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from screening.records.formats.citation import Citation
from screening.records.formats.fields import fold

MARK = "reviewapp: "
REASON = "Reason: "
# Readers join several notes with " | "; a part of our note never holds a bar.
_NOTE = re.compile(rf"(?:^|(?<= \| ))\s*{MARK}([^|]*?)\s*(?:\| |$)")


@dataclass(frozen=True, slots=True)
class Told:
    """What the review says of one record.

    `code` names the record in files that need a key. `facts` are columns of tables, by
    their heading. `words` become keywords where there are no columns; `further` stand
    in the note only.
    """

    code: str = ""
    facts: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


Row = tuple[Citation, Told]
NOTHING = Told()


def keywords_with(citation: Citation, told: Told) -> tuple[str, ...]:
    """The citation's keywords and ours that are not among them."""
    known = set(citation.keywords)
    return (*citation.keywords, *(w for w in _parts(told.words) if w not in known))


def keywords_text(keywords: Sequence[str]) -> str:
    """Keywords in one text: parted by semicolons, as commas stand in headings."""
    text = "; ".join(keywords)
    is_parted = len(keywords) == 1 and ("," in text or "|" in text)
    return f"{text};" if is_parted else text


def note_of(told: Told) -> str:
    """Our note, "" when there is nothing to say."""
    parts = _parts((*told.words, *told.further))
    return MARK + "; ".join(parts) if parts else ""


def notes_with(citation: Citation, told: Told) -> str:
    """The citation's notes and ours, for formats with one field for notes."""
    return " | ".join(filter(None, (fold(citation.notes), note_of(told))))


def _parts(words: Iterable[str]) -> list[str]:
    """Words that no reader splits: without the marks between keywords and notes."""
    plain = (fold(word).replace(";", ",").replace("|", "/") for word in words)
    return list(dict.fromkeys(filter(None, plain)))


def without_our_marks(citation: Citation) -> Citation:
    """The citation as it was before we wrote it, with what we added as prior labels.

    A citation that carries no note of ours comes back as it is.
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
    )


def joined(value: str | Sequence[str]) -> str:
    """A fact as one cell."""
    return fold(value) if isinstance(value, str) else "; ".join(map(fold, value))
