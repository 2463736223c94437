"""The numbers of queries of pages. A fact that is read twice raises them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.decisions.services import closing, stages
from tests.conftest import Cast
from tests.screening.decisions.conftest import LATER, vote_all

PAGES = {
    "": 36,
    "stages/": 22,
    "stages/{stage}/": 24,
    "stages/{stage}/decisions/": 16,
    "stages/{stage}/sample/": 24,
    "flow/": 32,
}


@pytest.mark.parametrize(("page", "most"), PAGES.items())
def test_pages_read_each_fact_once(
    cast: Cast,
    double: Stage,
    full_stage: Stage,
    client_of: Callable[[Member | None], Client],
    django_assert_max_num_queries: Callable,
    page: str,
    most: int,
) -> None:
    for member in (cast.ada, cast.ben):
        vote_all(double, member)
    client = client_of(cast.dora)
    url = f"/r/{cast.review.code}/{page.format(stage=double.code)}"
    with django_assert_max_num_queries(most) as asked:
        assert client.get(url).status_code == 200
    statements = [one["sql"] for one in asked.captured_queries]
    assert [sql for sql, n in Counter(statements).items() if n > 1] == []


def test_a_page_shows_what_changed_after_the_page_before(
    cast: Cast, double: Stage, client_of: Callable[[Member | None], Client]
) -> None:
    client, url = client_of(cast.dora), f"/r/{cast.review.code}/"
    assert "Waiting for Ada and Ben" in client.get(url).content.decode()
    for member in (cast.ada, cast.ben):
        vote_all(double, member)
        stages.mark_finished(actor=member, stage_code=double.code, now=LATER)
    closing.close_wave(actor=cast.dora, stage_code=double.code, now=LATER)
    assert "Waiting for Ada and Ben" not in client.get(url).content.decode()
