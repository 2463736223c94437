"""Assignments given later do not show which records are in conflict.

Each act of a lead that assigns work follows hidden votes that make a conflict, or an
"unsure" of the only reviewer, which nobody but adjudicators may know. The answers, the
assignments and the audit log must be the same as if nothing had been voted. Members
without an assignment also try to vote (attempts.py).
"""

from __future__ import annotations

import pytest

from screening.decisions.services import rounds, votes
from tests.blinding import public_actions as acts
from tests.blinding.capture import difference
from tests.blinding.hidden_actions import CANARY, Act
from tests.blinding.world_runner import PublicAction, WorldRunner

pytestmark = pytest.mark.django_db

# Ada is the only reviewer of four of these, and the first of two who share the others.
ADA_UNSURE = (
    Act("title", 0, "unsure", CANARY),
    Act("title", 1, "unsure"),
    Act("title", 2, "include"),
    Act("title", 3, "unsure"),
    Act("title", 3, "exclude", minutes=3),
    Act("title", 4, "unsure"),
)
# Ben disagrees with Ada on a record that both screen, and toggles his vote.
IN_CONFLICT = (
    Act("conflict", 0, "exclude", CANARY),
    Act("conflict", 0, "include", minutes=1),
    Act("conflict", 0, "exclude", minutes=2),
)
BEN_UNSURE = (Act("conflict", 0, "unsure"),)


def same(
    runner: WorldRunner,
    viewer: str,
    author: str,
    hidden: tuple[Act, ...],
    *,
    before: PublicAction | None = None,
    after: PublicAction,
) -> str:
    """Return the difference that the hidden acts make for the viewer."""
    around = {"before": before, "after": after, "deep": False}
    one, nothing = runner.perform(viewer, author, (), **around)
    two, secret = runner.perform(viewer, author, hidden, **around)
    assert nothing != secret, "vacuous: the worlds do not differ"
    assert not [*one.broken, *two.broken]
    return difference(one, two)


@pytest.mark.parametrize(
    "after",
    [
        acts.ben_screens_everything,
        acts.the_sample_grows,
        acts.a_third_reviewer_joins,
        acts.rita_takes_over_from_ben,
    ],
)
def test_a_single_reviewer_who_is_unsure_is_covered_like_the_others(
    runner: WorldRunner, after: PublicAction
) -> None:
    viewers = ["olaf"] if after is acts.rita_takes_over_from_ben else ["ben", "olaf"]
    for viewer in viewers:
        assert not same(runner, viewer, "ada", ADA_UNSURE, after=after)


@pytest.mark.parametrize("hidden", [IN_CONFLICT, BEN_UNSURE], ids=["toggled", "unsure"])
@pytest.mark.parametrize(
    "after", [acts.ben_screens_everything, acts.a_third_reviewer_joins]
)
def test_a_conflict_is_covered_like_the_others(
    runner: WorldRunner, hidden: tuple[Act, ...], after: PublicAction
) -> None:
    for viewer in ("ada", "olaf"):
        assert not same(runner, viewer, "ben", hidden, after=after)


@pytest.mark.parametrize("after", [acts.rita_leaves, acts.cleo_takes_over_from_rita])
def test_a_conflict_of_three_is_covered_like_the_others(
    runner: WorldRunner, after: PublicAction
) -> None:
    """Ada and Rita agree and Ben does not; then Rita's open work is handed over."""
    for viewer in ("ada", "olaf"):
        assert not same(
            runner,
            viewer,
            "ben",
            IN_CONFLICT,
            before=acts.rita_screens_too,
            after=after,
        )


def test_a_larger_pool_offers_conflicts_like_the_others(pool: WorldRunner) -> None:
    """In a pool it is known who has voted, but not how: both worlds have the votes."""
    found = []
    for verdict in ("include", "unsure"):
        hidden = (Act("title", 0, verdict), Act("title", 1, "exclude"))
        seen, _ = pool.perform("ada", "ben", hidden, after=acts.the_pool_grows)
        assert not seen.broken
        found.append(seen)
    assert not difference(*found)


def test_a_program_that_leaves_out_conflicts_is_noticed(
    runner: WorldRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above must be able to fail."""
    real = rounds.lock_undecided

    def unsealed_only(pks):
        revealed = rounds.Round.objects.unblinded(reason="a planted leak").filter(
            pk__in=pks, audience__gt=0
        )
        return real(pks) - set(revealed.values_list("pk", flat=True))

    monkeypatch.setattr(rounds, "lock_undecided", unsealed_only)
    runner.forget()
    after = acts.ben_screens_everything
    assert same(runner, "olaf", "ada", ADA_UNSURE, after=after)
    runner.forget()


def test_a_program_that_answers_by_the_state_of_a_round_is_noticed(
    runner: WorldRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = votes._check_assigned

    def by_state(actor, table):
        if table.round.audience > 0:
            raise votes.Refused("With the adjudicators.")
        real(actor, table)

    monkeypatch.setattr(votes, "_check_assigned", by_state)
    runner.forget()
    told = same(runner, "ben", "ada", ADA_UNSURE, after=acts.nothing)
    assert told.startswith("POST"), told
    runner.forget()


def test_nobody_without_an_assignment_gets_an_answer_about_a_round(
    runner: WorldRunner,
) -> None:
    for viewer in ("ben", "olaf", "lena"):
        assert not same(runner, viewer, "ada", ADA_UNSURE, after=acts.nothing)
    seen, _ = runner.perform("ben", "ada", ADA_UNSURE, after=acts.nothing, deep=False)
    tried = {url: answer for url, answer in seen.answers.items() if "POST" in url}
    assert len(tried) >= 16
    assert all(400 <= answer.status < 500 for answer in tried.values())
