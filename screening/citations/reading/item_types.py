"""Item types of Zotero and CSL as plain words.

Sources: https://docs.citationstyles.org (appendix III), Zotero's schema of item types,
Crossref's list of types, OpenAlex's types of works.
"""

from __future__ import annotations

from screening.citations.reference_types import WORDS, word_of_text

# Items of Zotero that are not references.
NO_REFERENCE = frozenset({"attachment", "note", "annotation"})
# The container of these is a series or a publisher, never a journal.
NO_JOURNAL = frozenset({"book", "edited book", "thesis", "patent", "report"})

WORDS_OF_ITEM = {
    "article": "article in press",
    "article-journal": "journal article",
    "article-magazine": "magazine article",
    "article-newspaper": "newspaper article",
    "audiorecording": "audiovisual material",
    "bill": "government document",
    "blogpost": "web page",
    "book-chapter": "book chapter",
    "book-part": "book chapter",
    "book-section": "book chapter",
    "booksection": "book chapter",
    "broadcast": "audiovisual material",
    "chapter": "book chapter",
    "conferencepaper": "conference paper",
    "dataset": "data set",
    "dissertation": "thesis",
    "document": "",
    "edited-book": "edited book",
    "encyclopediaarticle": "book chapter",
    "entry": "book chapter",
    "entry-dictionary": "book chapter",
    "entry-encyclopedia": "book chapter",
    "forumpost": "web page",
    "generic": "",
    "journal-article": "journal article",
    "journalarticle": "journal article",
    "legislation": "government document",
    "magazinearticle": "magazine article",
    "manuscript": "unpublished work",
    "monograph": "book",
    "motion_picture": "video",
    "newspaperarticle": "newspaper article",
    "paper-conference": "conference paper",
    "personal_communication": "personal communication",
    "post": "web page",
    "post-weblog": "web page",
    "posted-content": "article in press",
    "preprint": "article in press",
    "proceedings": "conference proceedings",
    "proceedings-article": "conference paper",
    "reference-book": "book",
    "reference-entry": "book chapter",
    "review": "journal article",
    "speech": "conference paper",
    "presentation": "conference paper",
    "videorecording": "video",
    "webpage": "web page",
    "working_paper": "report",
}


def word_of_item(kind: str) -> str:
    """Return the plain word for an item type. An unknown type is not changed."""
    lower = kind.strip().lower()
    if lower in WORDS_OF_ITEM:
        return WORDS_OF_ITEM[lower]
    return lower if lower in WORDS else word_of_text(kind.strip())
