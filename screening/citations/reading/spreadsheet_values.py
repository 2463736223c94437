"""Values that a spreadsheet program has changed: dates, large numbers, errors.

Excel turns the pages 5-9 into a date, a PMID into 1.23E+07 and an abstract that starts
with "=" or "-" into #NAME?. The printed value can't be recovered, so it is not taken.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from screening.citations.reading.reading_report import ReadingReport
from screening.citations.translation import gettext as _

# In the languages of Excel, with their punctuation.
ERROR = re.compile(
    r"#(?:[A-ZÀ-ÖØ-Þ¡¿/0ГДИЛМНПСЧЯА-Я]{1,14}[!?]|N/A|NV|I/T|N/D|Н/Д)|#{3,}"
)
NUMBER = re.compile(r"[+-]?\d(?:[.,]\d{1,20}[eE]\+?|[eE]\+)\d{1,3}")
# Three letters are enough to tell a month in any of the languages of databases.
_MONTH = (
    r"(?:jan|feb|f[ée]v|mar|m[äa]r|mrz|maa|apr|avr|abr|mai|may|mag|maj|mei|maio|jun|juin|giu"
    r"|jul|juil|lug|aug|ao[ûu]|ago|sep|set|oct|okt|ott|out|nov|dec|d[ée]c|dez|des|dic)"
    r"[a-zäéû]{0,7}\.?"
)
DATE = re.compile(
    r"(?:(?:1[4-9]|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[/.](?:0?[1-9]|[12]\d|3[01])[/.](?:(?:1[4-9]|20)\d\d|\d\d)"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?:\.?[-/]|\. ?){_MONTH}(?:[-/ ](?:(?:1[4-9]|20)\d\d|\d\d))?"
    rf"|{_MONTH}[-/](?:0?[1-9]|[12]\d|3[01]|\d\d)(?:,? (?:1[4-9]|20)\d\d)?"
    r"|(?:1[4-9]|20)\d\d[- ]" + _MONTH + r"(?:[- ]\d{1,2})?)"
    r"(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: ?[AP]M|Z)?)?",
    re.I,
)
# "1 January" is an issue of some journals, but no page.
MONTH = re.compile(
    rf"(?:(?:1[4-9]|20)\d\d )?(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}})?(?:,?[ /-](?:1[4-9]|20)\d\d)?",
    re.I,
)
# Days since 1899-12-30: 1982 to 2064. No issue has such a number.
SERIALS = range(30_000, 60_000)
# A year that was taken for a serial number is a day of 1905.
YEARS_AS_SERIALS = range(1900, 2100)
EPOCH = date(1899, 12, 30)
LONGEST = 40


def is_error(text: str) -> bool:
    """Return True for "#NAME?" and the like, in any language of Excel."""
    return text[:1] == "#" and bool(ERROR.fullmatch(text.strip()))


def is_date(text: str) -> bool:
    """Return True for a day of a month in any common form ("5-Sep", "2026-09-05")."""
    return 4 <= len(text) <= LONGEST and bool(DATE.fullmatch(text))


def is_month(text: str) -> bool:
    """Return True for a month, with or without day and year ("May 2010", "1 May")."""
    return 3 <= len(text) <= LONGEST and bool(MONTH.fullmatch(text))


def is_rounded(text: str) -> bool:
    """Return True for a number in scientific notation ("1.23E+07")."""
    return 4 <= len(text) <= LONGEST and bool(NUMBER.fullmatch(text))


def is_changed(text: str) -> bool:
    """Return True if a spreadsheet program most likely changed a number or page."""
    return is_date(text) or is_rounded(text) or is_error(text)


def is_serial(text: str) -> bool:
    """Return True for the number of a day, where no other number is so large."""
    return len(text) == 5 and text.isdecimal() and int(text) in SERIALS


def year_of_serial(text: str) -> int | None:
    """Return the year of a value that Excel made of one, else None.

    43831 is a day of 2020. The day 1905-07-14 is the year 2022, shown as a date.
    """
    text = text.strip()
    if is_serial(text):
        return (EPOCH + timedelta(days=int(text))).year
    match = re.fullmatch(r"1905-(\d\d)-(\d\d)(?: 00:00:00)?", text)
    if match:
        try:
            days = (date(1905, int(match[1]), int(match[2])) - EPOCH).days
        except ValueError:
            return None
        return days if days in YEARS_AS_SERIALS else None
    return None


def warn_of_change(name: str, text: str, line: int, report: ReadingReport) -> None:
    """Warn of a value that was left out. `name` is the field in the user's language."""
    report.warn(
        "spreadsheet-changed",
        line,
        _(
            "A spreadsheet program most likely changed a value ({field}): “{value}”. It "
            "was left out. Export the search again and import that file."
        ).format(field=name, value=text),
    )
