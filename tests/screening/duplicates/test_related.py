"""Deduplication settings, and related records on the page of a record."""

from __future__ import annotations

import pytest

from screening.citations.deduplication.match_policy import USUAL, MatchPolicy
from screening.duplicates.queries import related
from screening.duplicates.services import dedup_settings
from screening.records.models import Duplicate
from tests import factories
from tests.factories import NOW

TITLE = "Shift work and blood pressure in a cohort of nurses: a ten-year follow-up"
ARTICLE = {
    "title": TITLE, "authors": ["Okoro, Ada", "Lind, Per"], "year": 2020,
    "journal": "Hypertension", "volume": "75", "issue": "4", "pages": "901-910",
    "doi": "10.5555/hyp.2020.901",
}  # fmt: skip
PREPRINT = ARTICLE | {
    "title": TITLE.upper() + ".", "year": 2019, "journal": "medRxiv", "volume": "",
    "issue": "", "pages": "", "doi": "10.1101/2020.02.03.20020001",
}  # fmt: skip
MEETING = ARTICLE | {
    "journal": "Sleep", "volume": "43 Suppl 1", "issue": "", "pages": "A12", "doi": "",
}  # fmt: skip
OTHER_MEETING = MEETING | {
    "journal": "Journal of Hypertension", "volume": "38 Suppl 2", "pages": "E55",
}  # fmt: skip
REVIEW = {
    "title": "Exercise for chronic low back pain of adults in primary care",
    "authors": ["Hall, B."], "year": 2012, "issue": "3", "pages": "CD009790",
    "journal": "Cochrane Database of Systematic Reviews",
    "doi": "10.1002/14651858.CD009790",
}  # fmt: skip
UPDATE = REVIEW | {"year": 2018, "doi": "10.1002/14651858.CD009790.pub2"}
KINDS = {
    "preprints": (ARTICLE, PREPRINT, "a preprint and an article"),
    "congress_abstracts": (MEETING, OTHER_MEETING, "possibly one abstract at two meetings"),
    "cochrane_updates": (REVIEW, UPDATE, "two versions of one review"),
}  # fmt: skip


@pytest.fixture
def source(cast):
    return factories.make_source(cast.lena, "Medline")


def record(cast, source, values):
    return factories.make_records(cast.lena, 1, source, **values)[0]


@pytest.mark.parametrize("setting", KINDS)
def test_related_records_are_shown_on_both_pages(
    cast, source, client_of, url, setting
) -> None:
    first, second, how = KINDS[setting]
    one, other = record(cast, source, first), record(cast, source, second)
    record(cast, source, first | {"title": "Something else altogether in nurses"})
    for is_related in (True, False):
        treatment = "related" if is_related else "duplicate"
        policy = MatchPolicy(**{setting: treatment})
        dedup_settings.save_settings(actor=cast.dora, policy=policy, now=NOW)
        found = related.find_related(cast.ada, one)
        assert [(r.record.code, r.how) for r in found] == [
            (other.code, how)
        ] * is_related
        page = client_of(cast.ada).get(url("records:record", other)).content.decode()
        assert ("Related records" in page) is is_related
        assert (one.code in page) is is_related


def test_duplicates_are_not_related_records(cast, source) -> None:
    article, preprint = record(cast, source, ARTICLE), record(cast, source, PREPRINT)
    copy = record(cast, source, ARTICLE)
    Duplicate.objects.create(
        review=cast.review, record=copy, of=article, how="person", created_at=NOW,
        created_by=cast.lena,
    )  # fmt: skip
    assert [r.record.code for r in related.find_related(cast.ada, preprint)] == [
        article.code
    ]
    Duplicate.objects.create(
        review=cast.review, record=preprint, of=article, how="person", created_at=NOW,
        created_by=cast.lena,
    )  # fmt: skip
    assert related.find_related(cast.ada, article) == ()


def test_records_of_another_review_are_not_related(cast, source) -> None:
    article = record(cast, source, ARTICLE)
    factories.make_records(
        cast.eve, 1, factories.make_source(cast.eve, "Embase"), **PREPRINT
    )
    assert related.find_related(cast.ada, article) == ()


def test_related_records_take_a_fixed_number_of_queries(
    cast, source, django_assert_num_queries
) -> None:
    assert "related" in (USUAL.preprints, USUAL.congress_abstracts)
    article = record(cast, source, ARTICLE)
    with django_assert_num_queries(4):
        assert related.find_related(cast.ada, article) == ()
    for _ in range(5):
        record(cast, source, PREPRINT)
    with django_assert_num_queries(4):
        assert len(related.find_related(cast.ada, article)) == 5


def test_title_of_punctuation_is_no_pattern(cast, source) -> None:
    odd = record(
        cast,
        source,
        ARTICLE | {"title": "(.*)+ [a-z] \\d {3,} | ^$ ?? nurses shift work pressure"},
    )
    assert related.find_related(cast.ada, odd) == ()
    assert related.find_related(cast.ada, record(cast, source, {"title": "??"})) == ()
