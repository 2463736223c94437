"""Platforms that write RIS, each by a pattern that only its files match."""

from __future__ import annotations

from screening.citations.reading.format_marks import Platforms

RIS_PLATFORMS: Platforms = (
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
    (
        "Scopus",
        # Every record of Scopus has such a link. One link among others shows nothing.
        r"\A\W*(?:(?!ER  -).*\n){0,200}?UR\s+- \S*inward/record\.ur[il]\?"
        r"|^DB\s+- Scopus|^N1\s+- Export Date:",
    ),
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
)
