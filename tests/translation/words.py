"""Which words of a text should have been translated."""

from __future__ import annotations

import re

READ_ATTRIBUTES = re.compile(
    r"title|alt|placeholder|label|summary|aria-(?:label|description|roledescription|"
    r"valuetext|placeholder)|hx-(?:confirm|prompt)|"
    r"data-(?:label|key-label|column|refused|retrying|saved|saving)"
)
WORD = re.compile(r"[A-Za-z]{2,}")
# Names and terms that are the same in every language.
NAMES = {
    # The address of the site in tests.
    "testserver",
    # The program, and programs and databases that it names.
    "reviewapp", "Reviewapp", "EndNote", "Zotero", "Covidence", "Rayyan", "Mendeley", "Excel",
    "ASReview", "Abstrackr", "EPPI", "Reviewer", "RevMan", "JabRef", "Word",
    "PubMed", "Medline", "MEDLINE", "Embase", "Scopus", "Ovid", "CINAHL", "PsycInfo",
    "OSF", "PROSPERO", "Crossref",
    # Formats and identifiers.
    "CSV", "TSV", "XLSX", "RIS", "BibTeX", "BibLaTeX", "CSL", "JSON", "NBIB", "XML",
    "PDF", "PNG", "SVG", "HTML", "DOI", "PMID", "PMCID", "ISBN", "ISSN", "URL", "SHA",
    "UTF", "DOCX", "TXT", "ZIP",
    # Standards and statistics.
    "PRISMA", "UTC", "PABAK", "AC",
}  # fmt: skip
NO_WORDS = re.compile(
    # ``{name}``: a script puts a value there.
    r"https?://\S+|\{\w+\}|[\w.+-]+@[\w-]+\.[\w.]+|&\w+;|\bet al\b|\b10\.\d{4,}/\S+|\b\w+\.(?:ris|csv|pdf|svg|json|txt|html)\b"
)


def is_read(attribute: str, value: str) -> bool:
    """Return True if people read or hear an attribute's value.

    Scripts and style sheets show some of the ``data-`` attributes. Several words in one
    of them are such a text.
    """
    is_text = attribute.startswith("data-") and " " in value.strip()
    return is_text or bool(READ_ATTRIBUTES.fullmatch(attribute))


def untranslated_words(text: str) -> list[str]:
    """Return the words of ``text`` that are neither translated nor names."""
    return [w for w in WORD.findall(NO_WORDS.sub(" ", text)) if w not in NAMES]
