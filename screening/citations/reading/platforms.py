"""Platforms: the database or program that wrote a file, by what only it writes."""

from __future__ import annotations

import re

from screening.citations.reading.tables.column_names import PLATFORMS

# The first match wins. A tool that passes on other databases' records (a screening
# tool, a reference manager) is listed before the database whose links it keeps.
MARKS: dict[str, tuple[tuple[str, str], ...]] = {
    "ris": (
        ("Rayyan", r"RAYYAN-INCLUSION|^(?:ID|AN)\s+- rayyan-"),
        (
            "Covidence",
            r"^(?:ID|C\d|N1)\s+- (?:covidence|#\d+\s*$)|covidence\.org"
            r"|^PD\s+-.*\n(?:(?:AB|N2)\s+-.*\n)?JO\s+-.*\n(?:.*\n){2,12}NS\s+-",
        ),
        ("EPPI-Reviewer", r"^KW\s+- eppi-reviewer"),
        ("Citavi", r"^(?:DP|M4)\s+- Citavi"),
        ("CENTRAL / Cochrane Library", r"^Record #\d+ of \d+|^AN\s+-\s+CN-\d{8}"),
        ("RefWorks", r"^ID\s+- RefID:|^N1\s+- undefined;"),
        ("WorldCat", r"^DB\s+- /z-wcorg/|^DP\s+- http\S*worldcat"),
        ("Scopus", r"inward/record\.ur[il]\?|^DB\s+- Scopus|^N1\s+- Export Date:"),
        ("Web of Science", r"^(?:AN|UT)\s+- (?:WOS|ISI|BCI|CCC|MEDLINE|KJD):"),
        ("Oria / Primo", r"^ID\s+- (?:TN_)?cdi_|^ID\s+- 99\d{13,}|/primo-explore/"),
        (
            "EBSCOhost",
            r"^DP\s+- EBSCOhost|(?:search\.ebscohost|research\.ebsco)\.com"
            r"|^DB\s+- (?!other$|none$|web$)[a-z0-9]{3,5}$",
        ),
        ("ProQuest", r"search\.proquest\.com|www\.proquest\.com|^DP\s+- ProQuest"),
        (
            "Ovid",
            r"Link to the Ovid|ovidsp\.|ovidweb\.cgi|^\d+\. *\nTY\s+- \w+\s*\nDB\s+- "
            r"|^DB\s+- .*<(?:\d{4}|\w+ \d{1,2}, \d{4}) to \w",
        ),
        ("JSTOR", r"^Provider: JSTOR|^DB\s+- JSTOR"),
        ("TRID", r"^UR\s+- https://trid\.trb\.org/"),
        ("IEEE Xplore", r"^VO\s+- .*\nVL\s+- .*\nJA\s+- "),
        (
            "SpringerLink",
            r"^UR\s+- https://doi\.org/(10\.\S+)\s*\nDO\s+- \1\s*\nID\s+- \D+\d{4}\s*$",
        ),
        (
            "ScienceDirect",
            r"^DO\s+- https://doi\.org/\S+\s*\nUR\s+- https://www\.sciencedirect\.com/",
        ),
        (
            "EndNote",
            r"^ST\s+- .*\n(?:T2\s+- .*\n)?(?:(?:TI|UR|VL)\s+- .*\n)+ID\s+- \d+\s*$",
        ),
        (
            "Mendeley",
            r"^(?:DB|DP)\s+- Mendeley|^L1\s+- file:///"
            # Its tags are in alphabetical order, except the last page.
            r"|^PY\s+- \d{4}\nSP\s+- .*\nEP\s+- .*\nTI\s+- .*\nT2\s+- ",
        ),
        ("OpenAlex", r"^(?:ID|AN|UR)\s+- https://openalex\.org/W\d"),
        ("Embase / embase.com", r"^LK\s+- |^U2\s+- L\d+|^C5\s+- \d+\s*$"),
        (
            "Google Scholar",
            r"scholar\.google|\ATY\s+- \w+\nT1\s+- .*\n(?:A1\s+- .*\n){1,50}"
            r"(?:JO\s+- .*\n)?(?:(?:VL|IS|SP|EP|SN)\s+- .*\n){0,5}"
            r"Y1\s+- \d{4}\n(?:PB\s+- .*\n)?ER\s+- ?$",
        ),
        ("Zotero", r"^DA\s+- \d{4}/[\d/]*\s*$[\s\S]{0,400}^(?:Y2|L[12]|LA|SN)\s+- "),
    ),
    "nbib": (
        ("ERIC", r"^OWN ?- ERIC|eric\.ed\.gov"),
        ("PubMed", r"^PMID- ?\d"),
    ),
    "enw": (
        ("Rayyan", r"RAYYAN-INCLUSION|^%M rayyan-"),
        (
            "bepress / Digital Commons",
            r"^%U https?://(?:aisel\.|\S*/(?:vol\d+/iss\d+/\d|cgi/viewcontent\.cgi))",
        ),
        (
            "Google Scholar",
            r"scholar\.google|\A%0 .+\n%T .+\n(?:%A .+\n){1,50}(?:%[JBVNP@] .+\n){0,6}"
            r"%D \d{4}\n(?:%I .+\n)?\s*(?:%0|\Z)",
        ),
        ("Zotero", r"^%~ .+\n(?:%[A-Z] .*\n){0,8}%[UW] \S+\n%8 \d{4}-\d\d"),
        ("EndNote", r"^%0 .+\n(?:%.*\n){0,60}%(?:\+|1|2|F|<|\[) "),
    ),
    "wos-tagged": (
        ("Web of Science", r"^FN .*(?:Web of Science|ISI|Clarivate|Thomson)|^UT \w+:"),
    ),
    "csl-json": (
        ("Zotero", r"zotero\.org/|\"itemType\"\s*:"),
        ("OpenAlex", r"openalex\.org/"),
        ("Crossref", r"\"is-referenced-by-count\"\s*:|\"message-type\"\s*:"),
    ),
    "endnote-xml": (
        ("EndNote", r"<source-app name=\"EndNote"),
        ("Zotero", r"<source-app name=\"Zotero"),
        ("Mendeley", r"<source-app name=\"Mendeley"),
        ("EPPI-Reviewer", r"<source-app name=\"EPPI|eppi-reviewer"),
        ("EndNote", r"<RECORD>\s*<REFERENCE_TYPE|<key app=\"EN\"|\.enl\b"),
    ),
    "ictrp-xml": (("WHO ICTRP", r"^"),),
    "ovid-citation": (("Ovid", r"^"),),
    "ovid-reprint-medlars": (("Ovid", r"^"),),
    "pop-json": (("Publish or Perish", r"^"),),
    "pubmed-xml": (("PubMed", r"^"),),
    "zotero-rdf": (("Zotero", r"zotero\.org/|itemType"),),
    "bibtex": (
        ("Rayyan", r"RAYYAN-INCLUSION|rayyan-\d"),
        ("Scopus", r"www\.scopus\.com/inward|source\s*=\s*\{Scopus\}"),
        (
            "Web of Science",
            r"^[ \t]*unique-id\s*=\s*[{\"]*\s*(?:WOS|ISI|BCI|CCC|MEDLINE|KJD):"
            r"|^[ \t]*@\w+\{ ?(?:WOS|ISI):",
        ),
        ("JabRef", r"^% Encoding:|created with JabRef|@comment\{jabref-meta"),
        ("Mendeley", r"Mendeley Desktop|mendeley-(?:tags|groups)\s*="),
        ("DBLP", r"^[ \t]*bibsource\s*=\s*[{\"]dblp|@\w+\{DBLP:"),
        ("ACM Digital Library", r"^@\w+\{10\.1145/"),
        ("IEEE Xplore", r"^@\w+\{\s*\d{6,8}\s*,"),
        (
            "Zotero",
            r"^[ \t]*(?:shorttitle|urldate|langid)\s*=\s*\{[\s\S]{0,2000}^[ \t]*file\s*=",
        ),
    ),
}


# Names that a person can choose if nothing shows the platform.
NAMES: tuple[str, ...] = tuple(
    sorted(
        {
            *(name for marks in MARKS.values() for name, _ in marks),
            *(name for name, _ in PLATFORMS),
        },
        key=str.casefold,
    )
)


def platform_of(format_: str, text: str) -> str:
    """Return the platform that a file's head shows, "" if nothing shows it."""
    for platform, mark in MARKS.get(format_, ()):
        if re.search(mark, text, re.M):
            return platform
    return ""
