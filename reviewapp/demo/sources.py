"""The ten databases of the published review, and the works each tends to contain."""

from __future__ import annotations

from dataclasses import dataclass

from reviewapp.demo.work import WorkKind


@dataclass(frozen=True, slots=True)
class DemoSource:
    """A database as searched for the demo."""

    key: str
    name: str
    platform: str
    filename: str
    without_doi: float
    without_abstract: float
    twice: float = 0.0
    limit: int | None = None


SOURCES: tuple[DemoSource, ...] = (
    DemoSource("medline", "Medline", "Ovid", "medline_ovid.ris", 0.05, 0.03),
    DemoSource("psycinfo", "PsycINFO", "EBSCOhost", "psycinfo_ebsco.ris", 0.08, 0.02),
    DemoSource("embase", "Embase", "embase.com", "embase.ris", 0.06, 0.03, twice=0.006),
    DemoSource("oria", "Oria", "Primo VE", "oria.ris", 0.30, 0.35, twice=0.03),
    DemoSource("worldcat", "WorldCat", "OCLC", "worldcat.ris", 0.85, 0.60, twice=0.02),
    DemoSource("scholar", "Google Scholar", "Google Scholar", "google_scholar.csv", 1.0, 1.0, limit=980),
    DemoSource("scopus", "Scopus", "Elsevier", "scopus.csv", 0.03, 0.02),
    DemoSource("ase", "Academic Search Elite", "EBSCOhost", "academic_search_elite.ris", 0.25, 0.06),
    DemoSource("cinahl", "CINAHL", "EBSCOhost", "cinahl.ris", 0.30, 0.12),
    DemoSource("wos", "Web of Science", "Clarivate", "web_of_science.ris", 0.07, 0.04),
)  # fmt: skip
BY_KEY = {source.key: source for source in SOURCES}

# Weights per domain for a work to be in medline, psycinfo, embase, oria, worldcat,
# scholar, scopus, ase, cinahl, wos. Only their proportions matter.
_TOPIC = (16, 24, 20, 8, 4, 6, 22, 10, 16, 16)
_WEIGHTS: dict[str, tuple[int, ...]] = {
    "psychiatry": (20, 24, 22, 6, 3, 4, 20, 8, 9, 15),
    "addiction": (20, 22, 22, 6, 3, 4, 20, 9, 9, 15),
    "nursing": (18, 7, 15, 7, 3, 4, 18, 9, 34, 12),
    "socialwork": (5, 16, 6, 14, 7, 8, 24, 22, 10, 20),
    "coproduction": (6, 10, 8, 14, 7, 9, 28, 16, 6, 24),
    "education": (18, 8, 14, 9, 5, 6, 22, 14, 14, 14),
    "digital": (22, 14, 24, 6, 2, 5, 24, 6, 9, 18),
    "medicine": (26, 4, 34, 7, 3, 4, 26, 5, 9, 16),
    "other": (22, 10, 24, 7, 3, 5, 22, 8, 18, 14),
}
# Share of works found in 1, 2, … 6 databases, in hundredths.
FOUND_IN = (60, 22, 10, 5, 2, 1)
FOUND_IN_NEAR = (22, 25, 22, 16, 9, 6)


def source_weights(domain: str, kind: WorkKind, *, in_medline: bool) -> tuple[int, ...]:
    """Return how likely each source contains such a work, in the order of SOURCES."""
    if kind is not WorkKind.ARTICLE:
        return (0, 2, 0, 14, 12, 5, 1, 0, 0, 0)
    found = _WEIGHTS.get(domain, _TOPIC)
    return found if in_medline else (0, *found[1:])
