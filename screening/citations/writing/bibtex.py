r"""BibTeX writer for TeX, reference managers and parsers.

Letters stay UTF-8. Characters with a meaning in TeX are written so that braces are
always balanced (BibTeX counts them even after a backslash) and LaTeX decoders return
the original text. A brace is ``\ensuremath{\lbrace}``. Characters that fonts combine
(``--``, two quotes) are separated by ``{}``. Links and DOIs are not changed, as
BibLaTeX expects.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.reading.bibtex_files.bibtex import OWN_TYPE, WORDS_OF_ENTRY
from screening.citations.writing.names import person_parts
from screening.citations.writing.status_note import (
    ExportRow,
    ScreeningStatus,
    keywords_text,
    keywords_with,
    notes_with,
)

ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\ensuremath{\lbrace}",
    "}": r"\ensuremath{\rbrace}",
    "%": r"\%",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    # Some decoders read \textasciicircum as another letter (U+02C6).
    "^": r"\string^",
}
SPECIAL = re.compile("[" + re.escape("".join(ESCAPES)) + "]")
# Characters that fonts would combine.
PAIRS = ("--", "``", "''", "!`", "?`", ",,", "<<", ">>")
LIGATURE = re.compile(r"-(?=-)|`(?=`)|'(?=')|[!?](?=`)|,(?=,)|<(?=<)|>(?=>)")
ENTRY_TYPES = {
    "abstract": "misc",
    "article in press": "article",
    "book": "book",
    "book chapter": "incollection",
    "conference paper": "inproceedings",
    "conference proceedings": "proceedings",
    "edited book": "book",
    "journal": "book",
    "journal article": "article",
    "magazine article": "article",
    "newspaper article": "article",
    "pamphlet": "booklet",
    "report": "techreport",
    "thesis": "phdthesis",
    "unpublished work": "unpublished",
}
IN_BOOKS = frozenset({"incollection", "inproceedings"})
# Entries whose "type" BibTeX prints: a kind of thesis or report, or one of our words.
TYPED = frozenset({"misc", "techreport"})
# Words that distinguish titles. Half of all titles start with another word.
EMPTY_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "can",
        "das",
        "de",
        "der",
        "des",
        "die",
        "do",
        "does",
        "el",
        "en",
        "et",
        "for",
        "from",
        "how",
        "in",
        "is",
        "la",
        "le",
        "les",
        "of",
        "on",
        "or",
        "the",
        "to",
        "und",
        "une",
        "what",
        "when",
        "who",
        "why",
        "with",
    ]
)
MONOGRAM = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae"})


def bibtex_entries(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield BibTeX text, one entry at a time, each with a unique key."""
    used: Counter[str] = Counter()
    for citation, status in rows:
        key = _unique(bibtex_key(citation), used)
        fields = [
            f"  {name} = {{{value}}},\n"
            for name, value in _fields(citation, status)
            if value
        ]
        yield f"@{_entry_type(citation)}{{{key},\n{''.join(fields)}}}\n\n"


def escape_bibtex(text: str) -> str:
    """Return text as the value of a field."""
    plain = fold(text)
    if any(pair in plain for pair in PAIRS):
        plain = LIGATURE.sub("\\g<0>\0", plain)
    safe = SPECIAL.sub(lambda match: ESCAPES[match.group()], plain)
    return safe.replace("\0", "{}")


def bibtex_key(citation: Citation) -> str:
    """Return a key such as "Berg2020peer": name, year, first telling word, in ASCII."""
    author = citation.authors[0].split(",")[0] if citation.authors else ""
    words = map(_ascii, citation.title.lower().split())
    telling = next((word for word in words if word and word not in EMPTY_WORDS), "")
    year = str(citation.year or "")
    return (_ascii(author)[:30] + year + telling[:30]) or "record"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(MONOGRAM))
    return re.sub(r"[^A-Za-z0-9]", "", plain)


def _unique(key: str, used: Counter[str]) -> str:
    """Return the key, with a number after it from the second time on.

    Case is ignored, because "Berg2020a" and "berg2020a" are the same key in BibTeX.
    """
    used[key.lower()] += 1
    count = used[key.lower()]
    return key if count == 1 else _unique(f"{key}-{count}", used)


def _entry_type(citation: Citation) -> str:
    fallback = "article" if citation.journal and not citation.type else "misc"
    return ENTRY_TYPES.get(citation.type, fallback)


def _own_type(citation: Citation, entry_type: str) -> str:
    """Return our word if the entry type alone would be read as another type."""
    said = WORDS_OF_ENTRY.get(entry_type, "")
    return "" if citation.type == said else escape_bibtex(citation.type) or "{}"


def _fields(citation: Citation, status: ScreeningStatus) -> Iterator[tuple[str, str]]:
    entry_type = _entry_type(citation)
    yield "title", escape_bibtex(citation.title)
    yield "author", " and ".join(map(_person, citation.authors))
    yield "year", str(citation.year or "")
    container = "booktitle" if entry_type in IN_BOOKS else "journal"
    yield container, escape_bibtex(citation.journal)
    yield "volume", escape_bibtex(citation.volume)
    yield "number", escape_bibtex(citation.issue)
    yield "pages", escape_bibtex(citation.pages)
    yield "doi", _verbatim(citation.doi)
    yield "url", _verbatim(citation.url)
    yield "pmid", escape_bibtex(citation.pmid)
    yield "accession", escape_bibtex(citation.accession)
    yield "issn", escape_bibtex(citation.issn)
    yield "language", escape_bibtex(citation.language)
    yield "type", escape_bibtex(citation.type) if entry_type in TYPED else ""
    yield OWN_TYPE, _own_type(citation, entry_type)
    yield "keywords", escape_bibtex(keywords_text(keywords_with(citation, status)))
    # Never typeset, so "10^9 cells" stays readable in programs that know few macros.
    yield "abstract", escape_bibtex(citation.abstract).replace(ESCAPES["^"], "^")
    yield "note", escape_bibtex(notes_with(citation, status))


def _person(name: str) -> str:
    """Return a name for BibTeX, which separates family and given name by one comma."""
    parts = person_parts(name)
    is_plain = parts is not None and "," not in parts[1]
    safe = escape_bibtex(name)
    return safe if is_plain and " and " not in f" {safe.lower()} " else f"{{{safe}}}"


def _verbatim(text: str) -> str:
    """Return a link or DOI without characters that would end the field."""
    return fold(text).translate({ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"})
