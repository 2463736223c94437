"""Two worlds over random histories in which both times something was judged.

The other mode, and what a history is: test_team_histories.py.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.blinding.test_team_histories import MODES, History, histories, same
from tests.blinding.world_runner import Theatre

pytestmark = pytest.mark.django_db


@MODES
@given(drawn=histories(is_what=True))
def test_what_somebody_judged_cannot_be_told(theatre: Theatre, drawn: History) -> None:
    same(theatre, drawn)
