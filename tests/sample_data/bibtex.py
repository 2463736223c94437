"""Sample in BibTeX with the accents of LaTeX."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

from reviewapp.demo.source_variants import family_and_given, initials, without_accents
from tests.sample_data.works import (
    Entry,
    Sample,
    articles,
    dotted,
    erratum,
    pages,
    wanted,
    without_doi,
)


def samples() -> Iterator[Sample]:
    yield bibtex()


def bibtex() -> Sample:
    works = [*articles(0, 36), *without_doi(4), erratum(articles(0, 1)[0])]
    text = ""
    records: list[Entry] = []
    for rank, work in enumerate(works):
        family, _ = family_and_given(work.authors[0])
        key = f"{without_accents(family).lower().replace(' ', '')}{work.year}care"
        # Every twelfth entry has the same key as the next one.
        key = "same2014care" if rank % 12 < 2 else key
        people = []
        for name in work.authors:
            family, given = family_and_given(name)
            first = _latex(initials(given, " ").strip(), rank)
            last = _latex(family, rank)
            people.append(f"{first} {{{last}}}" if " " in family else f"{first} {last}")
        kind = "Report" if rank == 7 else "Article"
        fields = [
            ("title", _latex(work.title, rank)),
            ("author", " and ".join(people)),
            ("journal", work.journal.replace(" and ", " & ")),
            ("number", work.issue),
            ("year", str(work.year)),
            ("pages", pages(work).replace("-", "--")),
            ("volume", work.volume),
            ("doi", work.doi if rank % 5 == 0 else ""),
        ]
        text += f"@{kind}{{{key},\n"
        for name, value in fields:
            if value:
                rows = textwrap.wrap(
                    value, 90, break_long_words=False, break_on_hyphens=False
                )
                text += f"  {name} = {{" + "\n    ".join(rows) + "},\n"
        text += "}\n\n"
        records.append(
            wanted(
                work,
                authors=[dotted(name) for name in work.authors],
                journal=work.journal.replace(" and ", " & "),
                doi=work.doi if work.doi and rank % 5 == 0 else None,
                abstract_prefix=None,
            )
        )
    return Sample(
        "latex-accents.bib",
        text.encode("ascii"),
        "bibtex",
        records,
        difficulties='keys that are used again must swallow no record; {\\"u}, {\\c S} '
        "and the accents of tabbing {\\a'e}; wrapped values; a bare & in journals; "
        'names as "N Serban"',
    )  # fmt: skip


_COMMANDS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"',
    "\u0327": "c ", "\u030c": "v ", "\u0304": "=", "\u0306": "u ", "\u0328": "k ",
    "\u0307": ".", "\u030b": "H ", "\u0331": "b ", "\u0323": "d ",
}  # fmt: skip
_LETTERS = {
    "ø": r"{\o}", "Ø": r"{\O}", "æ": r"{\ae}", "Æ": r"{\AE}", "å": r"{\aa}", "Å": r"{\AA}",
    "ß": r"{\ss}", "ł": r"{\l}", "Ł": r"{\L}", "ı": r"{\i}", "đ": r"{\dj}", "Đ": r"{\DJ}",
    "“": "``", "”": "''", "’": "'", "‘": "`", "–": "--", "—": "---", "…": r"\ldots{}",
    "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$",
}  # fmt: skip


def _latex(text: str, rank: int) -> str:
    """Return text with the commands of LaTeX; every third work uses those of tabbing."""
    out = ""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        if letter in _LETTERS:
            out += _LETTERS[letter]
        elif len(parts) == 2:
            command = _COMMANDS[parts[1]]
            tabbing = "a" if command in "`'=" and rank % 3 == 0 else ""
            out += f"{{\\{tabbing}{command}{parts[0]}}}"
        else:
            out += letter
    return out
