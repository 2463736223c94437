"""Early unblinding: what becomes visible, what is decided, what stays blinded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.core.models import Event, Member
from reviewapp.core.refusals import NotAllowed, Refused
from screening.decisions.models import Decision, Stage
from screening.decisions.queries import agreement, queue, unblindings
from screening.decisions.queries import votes as vote_queries
from screening.decisions.services import closing, decisions, stages, unblinding
from tests.conftest import Cast
from tests.screening.decisions.conftest import (
    LATER,
    cast_vote,
    rounds_of,
    set_policy,
    start,
)

ClientOf = Callable[[Member], Client]
WHY = "The funder asks for an interim report"


def open_stage(cast: Cast, stage: Stage) -> unblinding.UnblindedCounts:
    return unblinding.unblind_stage(
        actor=cast.dora, stage_code=stage.code, reason=f" {WHY} ", now=LATER
    )


def test_unblinding_a_stage_shows_votes_and_keeps_other_rounds_blinded(
    cast: Cast, double: Stage
) -> None:
    half, agreed, untouched, *_ = rounds_of(double).values()
    cast_vote(cast.ada, half, "include")
    cast_vote(cast.ada, agreed, "exclude")
    cast_vote(cast.ben, agreed, "exclude")
    assert open_stage(cast, double) == unblinding.UnblindedCounts(rounds=2, conflicts=1)
    assert [v.verdict for v in vote_queries.visible_votes(cast.cleo, half)] == [
        "include"
    ]
    assert len(vote_queries.visible_votes(cast.cleo, agreed)) == 2
    assert vote_queries.visible_votes(cast.ben, half) == ()
    cast_vote(cast.ben, half, "exclude")
    late = [v.is_late for v in vote_queries.visible_votes(cast.cleo, half)]
    assert sorted(late) == [False, True]
    cast_vote(cast.ada, untouched, "include")
    assert vote_queries.visible_votes(cast.cleo, untouched) == ()
    assert vote_queries.visible_votes(cast.dora, untouched) == ()
    assert queue.own_progress(cast.ben, double).total == 6


def test_a_vote_by_the_only_reviewer_becomes_final(
    cast: Cast, title_stage: Stage, records: object
) -> None:
    start(title_stage, cast.dora, (100, [cast.ada]))
    first, second, *_ = rounds_of(title_stage).values()
    cast_vote(cast.ada, first, "include")
    cast_vote(cast.ada, second, "exclude")
    assert open_stage(cast, title_stage) == unblinding.UnblindedCounts(
        rounds=2, conflicts=0
    )
    settled = Decision.objects.order_by("verdict").values_list("verdict", "how")
    assert list(settled) == [("exclude", "single"), ("include", "single")]
    set_policy(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    assert queue.own_progress(cast.ben, title_stage).total == 4


def test_only_leads_unblind_and_all_can_read_the_reason(
    cast: Cast, double: Stage
) -> None:
    with pytest.raises(NotAllowed):
        unblinding.unblind_stage(
            actor=cast.cleo, stage_code=double.code, reason=WHY, now=LATER
        )
    with pytest.raises(Refused, match="reason"):
        unblinding.unblind_stage(
            actor=cast.dora, stage_code=double.code, reason=" ", now=LATER
        )
    assert unblindings.stage_unblindings(double) == []
    open_stage(cast, double)
    [told] = unblindings.stage_unblindings(double)
    assert (told.by, told.reason, told.at) == (cast.dora.name, WHY, LATER)
    assert (told.what, told.of, told.code) == ("A stage", double.name, double.code)
    event = Event.objects.get(kind="stage:unblinded")
    assert event.private_to is None
    assert set(event.data) == {"reason", "stage"}


def test_unblinding_a_review_unblinds_all_stages_under_way(
    cast: Cast, double: Stage
) -> None:
    code = next(iter(rounds_of(double).values()))
    cast_vote(cast.ada, code, "unsure")
    cast_vote(cast.ben, code, "include")
    other = list(rounds_of(double).values())[1]
    cast_vote(cast.ben, other, "include")
    opened = unblinding.unblind_review(actor=cast.dora, reason=WHY, now=LATER)
    assert opened == unblinding.UnblindedCounts(rounds=1, conflicts=1)
    kinds = [one.what for one in unblindings.review_unblindings(cast.review)]
    assert sorted(kinds) == ["A stage", "The review"]


def test_only_a_stage_under_way_can_be_unblinded(
    cast: Cast, title_stage: Stage
) -> None:
    with pytest.raises(Refused, match="not under way"):
        open_stage(cast, title_stage)


def open_round(cast: Cast, stage: Stage) -> None:
    first = next(iter(rounds_of(stage).values()))
    unblinding.unblind_round(actor=cast.dora, round_code=first, reason=WHY, now=LATER)


def open_all_of_a_stage(cast: Cast, stage: Stage) -> None:
    open_stage(cast, stage)


def open_review(cast: Cast, stage: Stage) -> None:
    unblinding.unblind_review(actor=cast.dora, reason=WHY, now=LATER)


@pytest.mark.parametrize("opened", [open_round, open_all_of_a_stage, open_review])
def test_agreement_is_of_the_votes_cast_before_the_reveal(
    cast: Cast, double: Stage, opened: Callable[[Cast, Stage], None]
) -> None:
    """Both voted on two records and agree on one; a third has only Ada's vote."""
    alone, agreed, differing, *rest = rounds_of(double).values()
    for author, said in ((cast.ada, "include"), (cast.ben, "exclude")):
        cast_vote(author, differing, said)
        cast_vote(author, agreed, "exclude")
    cast_vote(cast.ada, alone, "include")
    opened(cast, double)
    # An adjudicator could tell Ben now how Ada voted, so these votes are late.
    for code in (alone, differing):
        cast_vote(cast.ben, code, "include")
    with pytest.raises(Refused, match="decision is final"):
        cast_vote(cast.ben, agreed, "include")
    assert agreement.stage_agreement(cast.dora, double) is None
    for code in rest:
        cast_vote(cast.ada, code, "exclude")
        cast_vote(cast.ben, code, "exclude")
    for code in (alone, differing):
        decisions.resolve_conflict(
            actor=cast.cleo, round_code=code, verdict="exclude", now=LATER
        )
    for member in (cast.ada, cast.ben):
        stages.mark_finished(actor=member, stage_code=double.code, now=LATER)
    closing.close_wave(actor=cast.dora, stage_code=double.code, now=LATER)
    double.refresh_from_db()
    found = agreement.stage_agreement(cast.olaf, double)
    assert found is not None
    assert (found.double, found.total) == (5, 6)
    [pair] = found.pairs
    # Four of five agree; the resolution of the fifth does not change that.
    assert pair.measures.n == 5
    assert pair.measures.observed.value == pytest.approx(4 / 5)


def test_the_page_wants_the_name_typed(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    cast_vote(cast.ada, next(iter(rounds_of(double).values())), "include")
    browser = client_of(cast.dora)
    url = reverse("decisions:unblind_stage", args=[cast.review.code, double.code])
    assert "Unblind all votes so far?" in browser.get(url).content.decode()
    slip = browser.post(url, {"reason": WHY, "typed": "Titel"})
    assert slip.status_code == 422
    assert not Event.objects.filter(kind="stage:unblinded").exists()
    sent = browser.post(url, {"reason": WHY, "typed": double.name.upper()}, follow=True)
    assert "unblinded. Of these, 1 need" in sent.content.decode()
    assert WHY in client_of(cast.ada).get(sent.request["PATH_INFO"]).content.decode()


def test_the_page_of_the_review_unblinds_everything(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    browser = client_of(cast.dora)
    url = reverse("decisions:unblind_review", args=[cast.review.code])
    browser.post(url, {"reason": WHY, "typed": cast.review.title})
    assert Event.objects.filter(kind="review:unblinded").count() == 1
