"""Invented journals, their abbreviations (similar to ISO 4) and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from reviewapp.demo.words import vocabulary_rows

_SHORT = {
    "academic": "Acad",
    "administration": "Adm",
    "american": "Am",
    "annals": "Ann",
    "archives": "Arch",
    "bulletin": "Bull",
    "clinical": "Clin",
    "community": "Community",
    "dependence": "Depend",
    "education": "Educ",
    "educators'": "Educ",
    "evidence": "Evid",
    "general": "Gen",
    "health": "Health",
    "informatics": "Inform",
    "inquiry": "Inq",
    "international": "Int",
    "journal": "J",
    "learning": "Learn",
    "management": "Manag",
    "medical": "Med",
    "medicine": "Med",
    "mental": "Ment",
    "methods": "Methods",
    "nursing": "Nurs",
    "outcomes": "Outcomes",
    "participatory": "Particip",
    "partnership": "Partnersh",
    "patient": "Patient",
    "population": "Popul",
    "practice": "Pract",
    "psychiatric": "Psychiatr",
    "psychiatry": "Psychiatry",
    "psychological": "Psychol",
    "psychology": "Psychol",
    "public": "Public",
    "qualitative": "Qual",
    "quarterly": "Q",
    "recovery": "Recovery",
    "rehabilitation": "Rehabil",
    "reports": "Rep",
    "research": "Res",
    "review": "Rev",
    "science": "Sci",
    "sciences": "Sci",
    "services": "Serv",
    "social": "Soc",
    "society": "Soc",
    "studies": "Stud",
    "substance": "Subst",
    "surgery": "Surg",
    "teaching": "Teach",
    "treatment": "Treat",
    "welfare": "Welf",
    "work": "Work",
}
_DROPPED = {"of", "the", "and", "in", "for", "from", "on", "&", "a", "to"}


@dataclass(frozen=True, slots=True)
class InventedJournal:
    """An invented journal; `since` is the year before its first volume."""

    name: str
    abbreviation: str
    code: str
    issn: str
    since: int
    article_numbers: bool


def abbreviate(name: str) -> str:
    """Return a journal name abbreviated word by word, without small words."""
    words = name.replace(":", "").split()
    if len(words) == 1:
        return name
    kept = [w for w in words if w.casefold() not in _DROPPED]
    return " ".join(_SHORT.get(w.casefold().strip(","), w) for w in kept)


def _issn(serial: int) -> str:
    """Return an ISSN with a correct check digit, in the unassigned block 0000."""
    digits = f"{serial:07d}"
    weights = range(8, 1, -1)
    total = sum(int(d) * w for d, w in zip(digits, weights, strict=True))
    check = -total % 11
    return f"{digits[:4]}-{digits[4:]}{'X' if check == 10 else check}"


def _code(name: str) -> str:
    return "".join(w[0] for w in name.split() if w[0].isupper()).lower()


@cache
def journals_of_domain(domain: str) -> tuple[InventedJournal, ...]:
    """Return the journals of a domain; subdomains of the topic share one list."""
    names = vocabulary_rows("journals")
    wanted = domain if domain in names else "peer"
    numbers = {name: i for i, name in enumerate(sum(names.values(), ()))}
    return tuple(
        InventedJournal(
            name=name,
            abbreviation=abbreviate(name),
            code=_code(name),
            issn=_issn(100 + 7 * numbers[name]),
            since=1968 + numbers[name] * 13 % 38,
            article_numbers=numbers[name] % 4 == 1,
        )
        for name in names[wanted]
    )
