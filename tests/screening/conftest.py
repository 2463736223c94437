"""What the page tests of this app share: addresses, a librarian's client, a source."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.core.models import Member
from screening.records.models import Source
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def url(cast: Cast) -> Callable[..., str]:
    """The address of a page of this app in the cast's review."""

    def make(name: str, *args: object) -> str:
        codes = [getattr(arg, "code", arg) for arg in args]
        return reverse(name, args=[cast.review.code, *codes])

    return make


@pytest.fixture
def lena(cast: Cast, client_of: Callable[[Member], Client]) -> Client:
    """The librarian's browser."""
    return client_of(cast.lena)


@pytest.fixture
def source(cast: Cast) -> Source:
    """A database without files."""
    return factories.make_source(cast.lena)
