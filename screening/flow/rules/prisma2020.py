"""The flow as the input file of the PRISMA2020 R package (Haddaway et al. 2022).

The package reads a CSV of its own (``inst/extdata/PRISMA.csv``): one row for each text
and count of its diagram. ``PRISMA_data`` looks rows up by a part of their name, so the
file has exactly the rows of the template. Its parser of reasons splits at commas and
semicolons (PRISMA2020#77), and ``read.csv`` takes a byte order mark for a part of the
first name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from reviewapp.core.lib.cells import csv_line
from screening.flow.rules.flow import Flow, Part, plain_label

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
NA = "NA"
# Kinds of other methods by the row that counts them; all others count as the last.
METHODS = {
    "website_results": ("website",),
    "organisation_results": ("organisation",),
    "citations_results": ("citation_search", "reference_list"),
}
DBR, OTHER = " (databases and registers)", " (other)"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the template; `flow_box` is the box behind the row's link."""

    data: str
    node: str
    box: str
    text: str
    description: str = ""
    flow_box: str = ""


_ROWS = (
    _Row(NA, "node4", "prevstud", "Previous studies", "Grey title box; Previous studies"),
    _Row("previous_studies", "node5", "box1", "Studies included in previous version of review"),
    _Row("previous_reports", NA, "box1", "Reports of studies included in previous version of review"),
    _Row(NA, "node6", "newstud", "Identification of studies via databases and registers", "Yellow title box; Identification of studies via databases and registers"),
    _Row("database_results", "node7", "box2", "Databases", "Records identified from: Databases", "database_results"),
    _Row("database_specific_results", NA, "box2", "Specific Databases", "Records identified from: specific databases", "database_results"),
    _Row("register_results", NA, "box2", "Registers", "Records identified from: Registers", "register_results"),
    _Row("register_specific_results", NA, "box2", "Specific Registers", "Records identified from: specific registers", "register_results"),
    _Row(NA, "node16", "othstud", "Identification of studies via other methods", "Grey title box; Identification of studies via other methods"),
    _Row("website_results", "node17", "box11", "Websites", "Records identified from: Websites", "other_identified"),
    _Row("organisation_results", NA, "box11", "Organisations", "Records identified from: Organisations", "other_identified"),
    _Row("citations_results", NA, "box11", "Citation searching", "Records identified from: Citation searching", "other_identified"),
    _Row("duplicates", "node8", "box3", "Duplicate records", "", "duplicates"),
    _Row("excluded_automatic", NA, "box3", "Records marked as ineligible by automation tools", "", "excluded_automatic"),
    _Row("excluded_other", NA, "box3", "Records removed for other reasons", "", "excluded_other"),
    _Row("records_screened", "node9", "box4", "Records screened", f"Records screened{DBR}", "records_screened"),
    _Row("records_excluded", "node10", "box5", "Records excluded", f"Records excluded{DBR}", "records_excluded"),
    _Row("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval", f"Reports sought for retrieval{DBR}", "dbr_sought_reports"),
    _Row("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved", f"Reports not retrieved{DBR}", "dbr_notretrieved_reports"),
    _Row("other_sought_reports", "node18", "box12", "Reports sought for retrieval", f"Reports sought for retrieval{OTHER}", "other_sought_reports"),
    _Row("other_notretrieved_reports", "node19", "box13", "Reports not retrieved", f"Reports not retrieved{OTHER}", "other_notretrieved_reports"),
    _Row("dbr_assessed", "node13", "box8", "Reports assessed for eligibility", f"Reports assessed for eligibility{DBR}", "dbr_assessed"),
    _Row("dbr_excluded", "node14", "box9", "Reports excluded", f"Reports excluded{DBR}", "dbr_excluded"),
    _Row("other_assessed", "node20", "box14", "Reports assessed for eligibility", f"Reports assessed for eligibility{OTHER}", "other_assessed"),
    _Row("other_excluded", "node21", "box15", "Reports excluded", f"Reports excluded{OTHER}", "other_excluded"),
    _Row("new_studies", "node15", "box10", "Studies included in review", "", "new_studies"),
    _Row("new_reports", NA, "box10", "Reports of included studies", "", "new_reports"),
    _Row("total_studies", "node22", "box16", "Total studies included in review", "", "new_studies"),
    _Row("total_reports", NA, "box16", "Reports of total included studies", "", "new_reports"),
    _Row("identification", "node1", "identification", "Identification", "Blue identification box"),
    _Row("screening", "node2", "screening", "Screening", "Blue screening box"),
    _Row("included", "node3", "included", "Included", "Blue included box"),
)  # fmt: skip


def flow_as_prisma2020(flow: Flow, url_of: Callable[[str], str] | None = None) -> str:
    """Return the file. `url_of` gives the address of a box's list for the links.

    There is no previous version of the review, so those counts are missing and the
    totals are the new studies.
    """
    numbers = _numbers(flow)
    texts = {"citations_results": _other_methods(flow)}
    lines = [csv_line(COLUMNS)]
    for row in _ROWS:
        description = row.description or row.text
        cells = {
            "data": row.data,
            "node": row.node,
            "box": row.box,
            "description": description,
            "boxtext": texts.get(row.data, row.text),
            "tooltips": description if row.node != NA else NA,
            "url": url_of(row.flow_box) if url_of and row.flow_box else NA,
            "n": numbers.get(row.data, "0"),
        }
        lines.append(csv_line(cells[name] for name in COLUMNS))
    return "".join(lines)


def _numbers(flow: Flow) -> Mapping[str, str]:
    numbers = {row.data: str(flow.n(row.flow_box)) for row in _ROWS if row.flow_box}
    numbers |= {name: str(sum(p.n for p in parts)) for name, parts in _methods(flow)}
    numbers |= {
        "previous_studies": NA,
        "previous_reports": NA,
        "database_specific_results": _listed(flow, "database_results") or NA,
        "register_specific_results": _listed(flow, "register_results") or NA,
        "dbr_excluded": _listed(flow, "dbr_excluded") or "0",
        "other_excluded": _listed(flow, "other_excluded") or "0",
    }
    return numbers


def _methods(flow: Flow) -> Iterable[tuple[str, list[Part]]]:
    """Yield the rows of other methods with their sources. Each source is in one row."""
    known = {kind for kinds in METHODS.values() for kind in kinds}
    parts = flow.boxes["other_identified"].parts
    for name, kinds in METHODS.items():
        is_last = name == "citations_results"
        yield (
            name,
            [p for p in parts if p.kind in kinds or (is_last and p.kind not in known)],
        )


def _other_methods(flow: Flow) -> str:
    """Return the text of the last row, which may count more than citation searching."""
    known = {kind for kinds in METHODS.values() for kind in kinds}
    others = [p for p in flow.boxes["other_identified"].parts if p.kind not in known]
    return "Citation searching and other methods" if others else "Citation searching"


def _listed(flow: Flow, box: str) -> str:
    """Return the parts of a box as "Label, n; Label, n"."""
    return "; ".join(f"{plain_label(p.label)}, {p.n}" for p in flow.boxes[box].parts)
