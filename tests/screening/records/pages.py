"""Helpers for tests of pages."""

from __future__ import annotations

from django.http import HttpResponse

from screening.duplicates.models import PossibleDuplicate
from screening.records.models import Record
from tests.conftest import Cast
from tests.factories import NOW

HOSTILE = "<script>alert(1)</script> & <b>bold</b>"


def text_of(response: HttpResponse) -> str:
    """Return the page as text and check that its status is 200."""
    assert response.status_code == 200, response.content[:2000]
    return response.content.decode()


def pair_of(cast: Cast, a: Record, b: Record, score: float = 0.5) -> PossibleDuplicate:
    """Create and return an open pair of two records."""
    return PossibleDuplicate.objects.create(
        review=cast.review, first=a, second=b, score=score, created_at=NOW,
        reasons_for=["the titles are similar"], reasons_against=["the years differ"],
    )  # fmt: skip
