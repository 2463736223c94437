"""Conflicts: visibility, discussion and resolution."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from reviewapp.core.models import Member
from reviewapp.core.refusals import Missing, NotAllowed, Refused
from screening.conflicts.models import Adjudication, Comment
from screening.conflicts.queries import conflict_pages as queries
from screening.conflicts.services import resolutions
from screening.decisions.models import Decision, Stage
from screening.decisions.queries import conflicts
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import (  # noqa: F401  (fixtures)
    cast_vote,
    double,
    records,
    rounds_of,
    title_stage,
)

NOW = factories.NOW
ClientOf = Callable[[Member | None], Client]


@pytest.fixture
def disputed(cast: Cast, double: Stage) -> str:  # noqa: F811
    """A conflict: Ada includes, and Ben excludes with a marked note."""
    code = next(iter(rounds_of(double).values()))
    cast_vote(cast.ada, code, "include")
    cast_vote(cast.ben, code, "exclude", note="ben-canary")
    return code


def settle(actor: Member, code: str, rationale: str = "Fits") -> Adjudication:
    return resolutions.resolve(
        actor=actor,
        round_code=code,
        verdict="include",
        rationale=rationale,
        now=NOW,
    )


def test_only_adjudicators_have_conflicts(cast: Cast, disputed: str) -> None:
    for member in (cast.cleo, cast.dora):
        assert [line.round_code for line in conflicts.open_conflicts(member)] == [
            disputed
        ]
    for member in (cast.ada, cast.ben, cast.olaf, cast.lena, cast.eve):
        assert conflicts.open_conflicts(member) == []
        assert queries.conflict_page(member, disputed) is None
        with pytest.raises((NotAllowed, Missing)):
            settle(member, disputed)


def test_a_conflict_shows_both_votes_without_names(cast: Cast, disputed: str) -> None:
    found = queries.conflict_page(cast.cleo, disputed)
    assert found is not None
    assert {vote.verdict for vote in found.conflict.votes} == {"include", "exclude"}
    assert {vote.author for vote in found.conflict.votes} == {
        "Reviewer 1",
        "Reviewer 2",
    }
    assert "ben-canary" in {vote.note for vote in found.conflict.votes}


def test_a_conflict_is_resolved_once_and_keeps_the_votes(
    cast: Cast, disputed: str
) -> None:
    before = conflicts.find_conflict(cast.cleo, disputed)
    made = settle(cast.cleo, disputed)
    assert (made.decision.verdict, made.decision.how) == ("include", "adjudication")
    after = conflicts.find_conflict(cast.cleo, disputed)
    assert before is not None
    assert after is not None
    assert after.votes == before.votes
    with pytest.raises(Refused, match="already resolved"):
        settle(cast.dora, disputed)
    assert Decision.objects.count() == Adjudication.objects.count() == 1


def test_a_rationale_is_needed(cast: Cast, disputed: str) -> None:
    with pytest.raises(Refused, match="rationale"):
        settle(cast.cleo, disputed, " ")
    assert not Decision.objects.exists()


def test_a_comment_sent_twice_is_stored_once(cast: Cast, disputed: str) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        resolutions.post_comment(
            actor=cast.cleo, round_code=disputed, text="Hm.", key=key, now=NOW
        )
    assert Comment.objects.count() == 1


def test_the_pages(cast: Cast, disputed: str, client_of: ClientOf) -> None:
    client, base = client_of(cast.cleo), f"/r/{cast.review.code}/conflicts/"
    assert disputed in client.get(base).content.decode()
    page = client.get(f"{base}{disputed}/").content.decode()
    assert "Include/exclude conflict" in page
    assert "ben-canary" in page
    data = {"text": "Look at <b>methods</b>", "key": uuid.uuid4()}
    assert client.post(f"{base}{disputed}/comment/", data).status_code == 302
    assert "&lt;b&gt;methods" in client.get(f"{base}{disputed}/").content.decode()
    empty = client.post(f"{base}{disputed}/resolve/", {"verdict": "include"})
    assert empty.status_code == 422
    done = client.post(
        f"{base}{disputed}/resolve/", {"verdict": "include", "rationale": "Fits"}
    )
    assert done["Location"] == base
    assert "No conflicts" in client.get(base).content.decode()
    assert "Resolved" in client.get(f"{base}{disputed}/").content.decode()


def test_reviewers_find_no_trace_of_a_conflict(
    cast: Cast, disputed: str, client_of: ClientOf
) -> None:
    for member in (cast.ada, cast.olaf):
        client, base = client_of(member), f"/r/{cast.review.code}/"
        assert client.get(f"{base}conflicts/").status_code == 403
        assert client.get(f"{base}conflicts/{disputed}/").status_code == 403
        assert "conflict" not in client.get(base).content.decode().lower()
