"""Two worlds over random histories with hidden actions in both, but different ones.

test_team_histories.py has the other mode and describes what a history is.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.blinding.test_team_histories import MODES, History, histories, same
from tests.blinding.world_runner import WorldRunner

pytestmark = pytest.mark.django_db


@MODES
@given(drawn=histories(is_what=True))
def test_what_somebody_judged_cannot_be_told(
    runner: WorldRunner, drawn: History
) -> None:
    same(runner, drawn)
