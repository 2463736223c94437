"""Reference types: one plain word for the names that each source uses."""

from __future__ import annotations

from screening.citations.translation import gettext_noop

WORDS_OF_RIS = {
    "ABST": "abstract",
    "ADVS": "audiovisual material",
    "ART": "art work",
    "BILL": "legal document",
    "BLOG": "web page",
    "BOOK": "book",
    "CASE": "legal document",
    "CHAP": "book chapter",
    "CHAPTER": "book chapter",
    "COMP": "computer program",
    "CONF": "conference proceedings",
    "CPAPER": "conference paper",
    "CTLG": "catalogue",
    "DATA": "data set",
    "DBASE": "database",
    "DICT": "book chapter",
    "EBOOK": "book",
    "ECHAP": "book chapter",
    "EDBOOK": "edited book",
    "EJOUR": "journal article",
    "ELEC": "web page",
    "ENCYC": "book chapter",
    "GEN": "",
    "GOVDOC": "government document",
    "HEAR": "legal document",
    "ICOMM": "web page",
    "INPR": "article in press",
    "JFULL": "journal",
    "JOUR": "journal article",
    "LEGAL": "legal document",
    "MANSCPT": "unpublished work",
    "MAP": "map",
    "MGZN": "magazine article",
    "MPCT": "video",
    "NEWS": "newspaper article",
    "PAMP": "pamphlet",
    "PAT": "patent",
    "PCOMM": "personal communication",
    "PREPRINT": "article in press",
    "RPRT": "report",
    "SER": "serial",
    "SLIDE": "audiovisual material",
    "SOUND": "audiovisual material",
    "STAND": "standard",
    "STAT": "legal document",
    "THES": "thesis",
    "UNPB": "unpublished work",
    "UNBILL": "legal document",
    "UNPD": "unpublished work",
    "VIDEO": "video",
    "WEB": "web page",
}
RIS_OF_WORDS = {word: tag for tag, word in reversed(WORDS_OF_RIS.items())} | {
    "book": "BOOK",
    "book chapter": "CHAP",
    "journal article": "JOUR",
    "legal document": "LEGAL",
    "unpublished work": "UNPB",
    "video": "VIDEO",
    "web page": "ELEC",
}
# Every type in words. Types are stored in English and translated when they are shown.
WORDS = frozenset(
    {
        "",
        gettext_noop("abstract"),
        gettext_noop("art work"),
        gettext_noop("article in press"),
        gettext_noop("audiovisual material"),
        gettext_noop("book"),
        gettext_noop("book chapter"),
        gettext_noop("catalogue"),
        gettext_noop("computer program"),
        gettext_noop("conference paper"),
        gettext_noop("conference proceedings"),
        gettext_noop("data set"),
        gettext_noop("database"),
        gettext_noop("edited book"),
        gettext_noop("government document"),
        gettext_noop("journal"),
        gettext_noop("journal article"),
        gettext_noop("legal document"),
        gettext_noop("magazine article"),
        gettext_noop("map"),
        gettext_noop("newspaper article"),
        gettext_noop("pamphlet"),
        gettext_noop("patent"),
        gettext_noop("personal communication"),
        gettext_noop("report"),
        gettext_noop("serial"),
        gettext_noop("standard"),
        gettext_noop("thesis"),
        gettext_noop("trial registration"),
        gettext_noop("unpublished work"),
        gettext_noop("video"),
        gettext_noop("web page"),
    }
)

WORDS_OF_TEXT = {
    "article": "journal article",
    "article in press": "article in press",
    "booksection": "book chapter",
    "book chapter": "book chapter",
    "conference paper": "conference paper",
    "conferencepaper": "conference paper",
    "dissertation": "thesis",
    "journal article": "journal article",
    "journal articles": "journal article",
    "journalarticle": "journal article",
    "magazinearticle": "magazine article",
    "newspaperarticle": "newspaper article",
    "webpage": "web page",
}


def word_of_ris(type_tag: str) -> str:
    """Return the plain word for a RIS type. An unknown type is not changed."""
    return WORDS_OF_RIS.get(type_tag.strip().upper(), type_tag.strip())


def word_of_text(text: str) -> str:
    """Return the plain word for a type that a table spells out, else the text."""
    lower = text.lower()
    return lower if lower in WORDS else WORDS_OF_TEXT.get(lower, text)


def ris_of_word(word: str) -> str:
    """Return the RIS type for a plain word, `GEN` if it has none."""
    return RIS_OF_WORDS.get(word, "GEN")
