"""Texts written by the demo team: protocol, searches, reasons, provenance.

They follow the methods of Åkerblom & Ness (2022, CC BY 4.0), mostly in other words.
The strategy for Medline is that of their Table 1. Dates and hits are invented
(docs/published-review.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from reviewapp.demo.sources import DemoSource
from reviewapp.demo.work import ExclusionReason, FoundBy

TITLE = "Peer workers in co-production and co-creation (demo)"
TRIAL_TITLE = "Try it yourself (demo)"

PROTOCOL: dict[str, Any] = {
    "question": "How do peer workers take part in the co-production and co-creation "
    "of mental health and substance use services, and which outcomes are reported?",
    "population": "Peer workers: people with lived experience of mental health or "
    "substance use challenges who are employed in such services to use it.",
    "concept": "Co-production (delivering a service together) and co-creation "
    "(initiating, planning and developing it together); roles, tasks and outcomes.",
    "context": "Mental health and substance use services for adults, in any sector "
    "and country.",
    "registration": "Demonstration; after the protocol protocols.io 2021.02.11",
    "include": [
        "Describes roles or activities of peer workers in a mental health or "
        "substance use service, under whatever title they work",
        "The service is for adults between 18 and 65; any sector, aim and design, "
        "such as outreach, hospital or community",
        "Peer-reviewed research article, whatever its study design",
        "Written in English",
    ],
    "exclude": [
        "Mutual peer support, self-help groups, consumer-driven services, peer-led "
        "education or peer counselling programmes",
        "Discussion papers, commentaries and reviews of any kind",
        "Youth services, even where peer workers are up to 25 years old",
        "Peer workers in research or in education only, and recovery colleges",
        "Peer workers whose role cannot be determined, or who may be unpaid",
    ],
}

REASONS = tuple(reason.value for reason in ExclusionReason)

_PEERS = (
    "1 Peer Group\n2 (peer adj (provid* or support*)).ti,ab\n3 (live* adj "
    "experience*).ti,ab\n4 psw.ti,ab\n5 (expert adj by adj experienc*).ti,ab\n"
    "6 prosum*.ti,ab\n7 enduce*.ti,ab\n8 (boundary adj spanner*).ti,ab\n"
    "9 (peer adj mentor*).ti,ab\n10 (peer adj educator*).ti,ab\n"
    "11 (peer adj advocate*).ti,ab\n12 (peer adj listen*).ti,ab\n"
    "13 (peer adj provid*).ti,ab\n14 or/1-13\n"
)
_PROCESSES = (
    "15 collaborat*.ti,ab\n16 participat*.ti,ab\n17 integrat*.ti,ab\n"
    "18 ((collaborat* or social) adj innovat*).ti,ab\n19 cooperat*.ti,ab\n"
    "20 cocreat*.ti,ab\n21 (co adj creat*).ti,ab\n22 coproduct*.ti,ab\n"
    "23 (co adj produc*).ti,ab\n24 exp Cooperative Behavior/\n25 or/15-24\n"
)
_SERVICES = (
    "26 exp Public Sector\n27 exp Health Care Sector\n28 exp Mental Health Services\n"
    "29 exp Mental Health\n30 exp State Medicine\n31 exp Primary Health Care\n"
    '32 exp "Delivery of Health Care"\n33 (public adj care adj service*).ti,ab\n'
    "34 (public adj service*).ti,ab\n35 (mental adj health*).ti,ab\n"
    "36 (Addiction adj Service*).ti,ab\n37 exp Health Services\n"
    "38 (Peer adj Recovery adj Support adj Service*).ti,ab\n"
    "39 (recover* adj service*).ti,ab\n40 municipal*.ti,ab\n"
    "41 (Social adj health adj care*).ti,ab\n42 exp Social Work\n"
    "43 (Social adj service*).ti,ab\n"
    "44 (statutory adj mental adj health adj service*).ti,ab\n"
    "45 exp Community Mental Health Services\n"
    "46 (third adj sector adj organisation*).ti,ab\n47 or/26-46\n"
    "48 14 and 25 and 47\n49 limit 48 to English"
)
MEDLINE_STRATEGY = _PEERS + _PROCESSES + _SERVICES
_OTHER_STRATEGY = (
    "Demonstration: the three blocks of the Medline strategy (peer participants, "
    "collaborative processes, sectors and services), joined with AND, in the syntax "
    "of {platform}. The published review prints the strategy for Medline only."
)
LIMITS = "English; titles, abstracts and keywords"
# Hits that Google Scholar reported. It returns only about the first 980.
SCHOLAR_HITS = 17_400


def search_fields(source: DemoSource, kept: int) -> dict[str, Any]:
    """Return the PRISMA-S fields of a database search with ``kept`` records."""
    strategy = MEDLINE_STRATEGY
    if source.key != "medline":
        strategy = _OTHER_STRATEGY.format(platform=source.platform)
    return {
        "platform": source.platform,
        "searched_on": date(2021, 2, 15),
        "strategy": strategy,
        "limits": LIMITS,
        "hits_reported": SCHOLAR_HITS if source.limit else kept,
    }


@dataclass(frozen=True, slots=True)
class OtherMethodSource:
    """A source of other methods."""

    kind: str
    name: str
    provenance: str


OTHER_SOURCES = {
    FoundBy.REFERENCE_LIST: OtherMethodSource(
        "reference_list",
        "Reference lists of included studies",
        "Read by hand after the full texts, for further publications.",
    ),
    FoundBy.EXPERT: OtherMethodSource(
        "expert",
        "Experts in peer support",
        "Researchers in peer support who were asked for publications.",
    ),
    FoundBy.SCANNING: OtherMethodSource(
        "alert",
        "Systematic scanning in 2021",
        "New issues and alerts followed until the analysis was finished.",
    ),
}
