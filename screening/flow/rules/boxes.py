"""The boxes of the PRISMA 2020 flow diagram, and their texts.

Keys are those of the PRISMA2020 R package (Haddaway 2022); texts those of the
official v2 template (Page et al., BMJ 2021;372:n71). ``is_extra`` marks boxes that
the template lacks but the sums need. Pages show them beside the diagram, or in it if
they are not empty.
"""

from __future__ import annotations

from dataclasses import dataclass

from reviewapp.core.lib.translation import gettext
from reviewapp.core.lib.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class BoxKind:
    """A kind of box: its key, text, unit counted, place in the template.

    ``text`` is the wording of the template in English, which files for programs keep;
    ``label`` is its translation for pages, the diagram and the report.
    """

    key: str
    text: str
    unit: str  # "record", "report" or "study"
    number: str  # the template's box number ("2", "13"), "" for an extra
    arm: str  # "databases", "other" or "both"
    is_extra: bool = False

    @property
    def label(self) -> str:
        """Return the translated text."""
        return gettext(self.text)

    @property
    def full_label(self) -> str:
        """Return the translated text with its column, if it is that of other methods.

        Both columns have boxes of the same name, so a list of boxes needs it.
        """
        if self.arm != OTHER or "other methods" in self.text:
            return self.label
        return gettext("{box} (other methods)").format(box=self.label)


DATABASES, OTHER, BOTH = "databases", "other", "both"

BOXES: tuple[BoxKind, ...] = (
    BoxKind("identified", _("Records identified from databases and registers"), "record", "2", DATABASES),
    BoxKind("database_results", _("Databases"), "record", "2", DATABASES),
    BoxKind("register_results", _("Registers"), "record", "2", DATABASES),
    BoxKind("duplicates", _("Duplicate records removed"), "record", "3", DATABASES),
    BoxKind("excluded_automatic", _("Records marked as ineligible by automation tools"), "record", "3", DATABASES),
    BoxKind("excluded_other", _("Records removed for other reasons"), "record", "3", DATABASES),
    BoxKind("records_screened", _("Records screened"), "record", "4", DATABASES),
    BoxKind("records_excluded", _("Records excluded"), "record", "5", DATABASES),
    BoxKind("records_pending", _("Records still in screening"), "record", "", DATABASES, True),
    BoxKind("dbr_sought_reports", _("Reports sought for retrieval"), "report", "6", DATABASES),
    BoxKind("dbr_notretrieved_reports", _("Reports not retrieved"), "report", "7", DATABASES),
    BoxKind("dbr_retrieval_pending", _("Reports awaiting retrieval"), "report", "", DATABASES, True),
    BoxKind("dbr_assessed", _("Reports assessed for eligibility"), "report", "8", DATABASES),
    BoxKind("dbr_excluded", _("Reports excluded"), "report", "9", DATABASES),
    BoxKind("dbr_eligibility_pending", _("Reports still under assessment"), "report", "", DATABASES, True),
    BoxKind("dbr_included", _("Reports included"), "report", "", DATABASES, True),
    BoxKind("other_identified", _("Records identified from other methods"), "record", "11", OTHER),
    BoxKind("other_duplicates", _("Duplicates of earlier records"), "record", "", OTHER, True),
    BoxKind("other_not_sought", _("Records not sent to retrieval"), "record", "", OTHER, True),
    BoxKind("other_undecided", _("Records awaiting a decision"), "record", "", OTHER, True),
    BoxKind("other_sought_reports", _("Reports sought for retrieval"), "report", "12", OTHER),
    BoxKind("other_notretrieved_reports", _("Reports not retrieved"), "report", "13", OTHER),
    BoxKind("other_retrieval_pending", _("Reports awaiting retrieval"), "report", "", OTHER, True),
    BoxKind("other_assessed", _("Reports assessed for eligibility"), "report", "14", OTHER),
    BoxKind("other_excluded", _("Reports excluded"), "report", "15", OTHER),
    BoxKind("other_eligibility_pending", _("Reports still under assessment"), "report", "", OTHER, True),
    BoxKind("other_included", _("Reports included"), "report", "", OTHER, True),
    BoxKind("new_studies", _("Studies included in review"), "study", "10", BOTH),
    BoxKind("new_reports", _("Reports of included studies"), "report", "10", BOTH),
)  # fmt: skip

BY_KEY: dict[str, BoxKind] = {box.key: box for box in BOXES}

# The flow is a draft while one of these is not empty.
PENDING: tuple[str, ...] = (
    "records_pending",
    "dbr_retrieval_pending",
    "dbr_eligibility_pending",
    "other_undecided",
    "other_retrieval_pending",
    "other_eligibility_pending",
)
