"""Progress figures: the one thing that may show that others have voted, and to whom.

The other tests have a review that shows them to no one. Here the review shows them to
its leads: a lead learns the number of votes of each member, but neither which records
these are nor how anyone voted. Everybody else learns nothing.
"""

from __future__ import annotations

import pytest

from reviewapp.core.models import ProgressFor
from reviewapp.core.services import reviews
from tests.blinding.capture import difference
from tests.blinding.hidden_actions import Act
from tests.blinding.test_two_worlds import EVERYTHING, is_deep, same
from tests.blinding.world import World
from tests.blinding.world_runner import WorldRunner
from tests.factories import NOW

pytestmark = pytest.mark.django_db

TWO = (Act("title", 0, "include"), Act("title", 1, "exclude"))
TWO_OTHERS = (Act("title", 2, "unsure"), Act("title", 1, "include", minutes=3))


def shown_to_leads(world: World) -> None:
    """Let the review show its progress figures to leads."""
    reviews.change_settings(
        actor=world.cast.dora,
        needs_second_factor=False,
        keep_until=None,
        progress_for=ProgressFor.LEADS,
        now=NOW,
    )


def test_a_lead_learns_neither_which_records_nor_how_anyone_voted(
    runner: WorldRunner,
) -> None:
    same(runner, "dora", "ben", TWO, TWO_OTHERS, before=shown_to_leads)


@pytest.mark.parametrize("viewer", ["ada", "cleo"])
def test_members_who_are_no_leads_do_not_learn_whether_others_voted(
    runner: WorldRunner, viewer: str
) -> None:
    around = {"before": shown_to_leads, "deep": is_deep(viewer)}
    same(runner, viewer, "ben", (), EVERYTHING, **around)


def test_a_lead_does_learn_the_number(runner: WorldRunner) -> None:
    """The tests above would also pass in a program that shows no figures."""
    before, _ = runner.perform("dora", "ben", (), before=shown_to_leads, deep=False)
    after, _ = runner.perform("dora", "ben", TWO, before=shown_to_leads, deep=False)
    assert difference(before, after)
