"""Words in the place of a person: "Anonymous", "et al.", "No authorship, indicated"."""

from __future__ import annotations

import re
import unicodedata

# Without punctuation and accents, in lower case.
NOBODY = frozenset(
    """
    |al|anon|anon a|anon anon|anonim|anonimo|anonimo anonimo|anonym|anonyma|anonyme
    |anonymous|anonymous a|anonymous anonymous|anonymous author|anonymous authors
    |anonymus|anonimno|author anonymous|author not listed|author unknown
    |author not available|author not given|authors not listed|authors unknown|autor desconocido
    |auteur inconnu|autor unbekannt|collective name|forfatter ukjent|keine angabe
    |n a|na|nan|no author|no author given|no author listed|no author name available
    |no author specified|no authors|no authors available|no authors listed
    |no authorship|no authorship indicated|no authorship available|author no|none
    |not available|not given|not known|not listed|not specified|not stated|null|o v
    |ohne autor|ohne verfasser|sans auteur|senza autore|sin autor|sem autor|s n|sine nomine
    |ukjent|uten forfatter|unbekannt|unknown|unknown author|unknown authors
    |unknown unknown|unnamed|various|various authors|verschiedene|authors various
    |name not available|name withheld|withheld|undefined|unidentified
    """.replace("\n", " ")
    .strip()
    .split("|")
) - {"na"}
NOBODY = frozenset(name.strip() for name in NOBODY)
# "and others" in the languages of databases.
_OTHERS = (
    r"(?:and\s+)?others|et\.?\s*al(?:ii|ia|iae|\.)?|et\s+(?:autres|coll\.?)|u\.\s?a\.|u\.\s?v\.\s?a\."
    r"|und\s+andere|m\.?\s?fl\.?|(?:og|och)\s+(?:andre|medarb\.?|medarbeidere|medarbetare)"
    r"|y\s+(?:otros|col(?:s|aboradores)?\.?)|e\s+(?:outros|altri|col\.?)|et\s+alt\.?"
    r"|i\s+(?:in\.|wsp\.?|dr\.)|a\s+(?:kol\.?|další)|ve\s+(?:ark\.?|diğerleri)|ym\.?|jt\.?"
    r"|и\s+др\.?|и\s+соавт\.?|та\s+ін\.?|等人?|ほか|他|외|และคณะ|وآخرون"
)
ONLY_OTHERS = re.compile(rf"[\s\[(,;&.\0]*(?:{_OTHERS})[\s\]),;.]*", re.I)
# At the end of a list or a name.
ENDS_IN_OTHERS = re.compile(
    rf"(?:\s*[,;&\0]\s*|\s+)[\[(]?(?:and\s+)?(?:{_OTHERS})[\])]?[\s,;.]*$", re.I
)
LAST_LETTERS = 40
_DOTS = frozenset({"...", "…", ". . ."})


def is_nobody(name: str) -> bool:
    """Return True if a name is only a word for unknown or further people."""
    if len(name) > LAST_LETTERS:
        return False
    if not name or name in _DOTS or name == "NA" or ONLY_OTHERS.fullmatch(name):
        return True
    return _bare(name) in NOBODY


def without_others(text: str) -> str:
    """Return a list of names without "et al." and the like at its end."""
    last = text[max(text.rfind(" "), text.rfind("\0")) + 1 :]
    if last[:1].isupper() and last[:2].upper() != "AL" and last[:2].upper() != "OT":
        # All of them end in a small letter or are written in another script.
        return text
    begin = max(0, len(text) - LAST_LETTERS)
    tail = text[begin:]
    if ONLY_OTHERS.fullmatch(text if not begin else "x"):
        return ""
    match = ENDS_IN_OTHERS.search(tail)
    return text[: begin + match.start()] if match else text


def _bare(name: str) -> str:
    if not name.isascii():
        name = "".join(
            letter
            for letter in unicodedata.normalize("NFD", name)
            if not unicodedata.combining(letter)
        )
    return " ".join(re.sub(r"[^\w]+", " ", name).split()).lower()
