"""The protocol, for pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reviewapp.core.models import Criterion, Member, Protocol


@dataclass(frozen=True, slots=True)
class ProtocolView:
    """One version of the protocol with its criteria in order."""

    version: int
    question: str
    population: str
    concept: str
    context: str
    registration: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list of versions."""

    version: int
    created_at: datetime
    created_by: str


def latest_protocol(viewer: Member) -> ProtocolView | None:
    """Return the latest version, or None if there is none."""
    return _protocol_view(
        Protocol.objects.filter(review=viewer.review_id)
        .select_related("created_by")
        .order_by("-version")
        .first()
    )


def protocol_version(viewer: Member, number: int) -> ProtocolView | None:
    """Return one version of the viewer's review, or None."""
    return _protocol_view(
        Protocol.objects.filter(review=viewer.review_id, version=number)
        .select_related("created_by")
        .first()
    )


def protocol_versions(viewer: Member) -> list[VersionLine]:
    """Return all versions, newest first."""
    rows = (
        Protocol.objects.filter(review=viewer.review_id)
        .select_related("created_by")
        .order_by("-version")
    )
    return [VersionLine(p.version, p.created_at, p.created_by.name) for p in rows]


def _protocol_view(protocol: Protocol | None) -> ProtocolView | None:
    if protocol is None:
        return None
    criteria = list(protocol.criteria.order_by("position"))

    def texts(kind: str) -> tuple[str, ...]:
        return tuple(c.text for c in criteria if c.kind == kind)

    return ProtocolView(
        version=protocol.version,
        question=protocol.question,
        population=protocol.population,
        concept=protocol.concept,
        context=protocol.context,
        registration=protocol.registration,
        include=texts(Criterion.Kind.INCLUDE),
        exclude=texts(Criterion.Kind.EXCLUDE),
        created_at=protocol.created_at,
        created_by=protocol.created_by.name,
    )
