"""The export of account data: one's own votes, and no one else's."""

from __future__ import annotations

import json
import uuid

from django.core.serializers.json import DjangoJSONEncoder

from reviewapp.accounts import privacy
from reviewapp.core.models import User
from screening.conflicts.services import resolutions
from screening.decisions.models import Stage
from tests.charting.factories import make_form, make_included, rounds_of, save
from tests.conftest import Cast
from tests.screening.decisions import conftest as screening
from tests.screening.decisions.conftest import LATER, NOW, cast_vote


def exported(user: User) -> dict[str, list[dict[str, object]]]:
    text = json.dumps(privacy.export_user_data(user, now=LATER), cls=DjangoJSONEncoder)
    found: dict[str, list[dict[str, object]]] = json.loads(text)
    return found


def test_votes_are_exported_to_their_author_only(cast: Cast, double: Stage) -> None:
    code = next(iter(screening.rounds_of(double).values()))
    cast_vote(cast.ada, code, "include", note="Mine")
    cast_vote(cast.ben, code, "exclude", note="Kanarienvogel")
    resolutions.post_comment(
        actor=cast.cleo, round_code=code, text="Look again", key=uuid.uuid4(), now=NOW
    )
    mine = exported(cast.ada.user)
    assert [vote["note"] for vote in mine["votes"]] == ["Mine"]
    assert mine["votes"][0]["review"] == cast.review.code
    assert "Kanarienvogel" not in str(mine)
    assert mine["comments"] == []
    assert exported(cast.cleo.user)["comments"][0]["text"] == "Look again"
    assert exported(cast.olaf.user)["votes"] == []


def test_charts_are_exported_to_their_author_only(cast: Cast) -> None:
    make_included(cast.lena, 1)
    [only] = rounds_of(make_form(cast.dora, [cast.ada], [cast.ben], share=100))
    save(cast.ada, only, design="Mine")
    save(cast.ben, only, design="Kanarienvogel")
    mine = exported(cast.ada.user)
    assert [chart["values"]["design"] for chart in mine["charts"]] == ["Mine"]
    assert "Kanarienvogel" not in str(mine)


def test_resolutions_are_exported_to_their_author(cast: Cast, double: Stage) -> None:
    code = next(iter(screening.rounds_of(double).values()))
    cast_vote(cast.ada, code, "include")
    cast_vote(cast.ben, code, "exclude")
    resolutions.resolve(
        actor=cast.cleo,
        round_code=code,
        verdict="include",
        rationale="It meets all criteria.",
        now=NOW,
    )
    found = exported(cast.cleo.user)["adjudications"]
    assert [one["rationale"] for one in found] == ["It meets all criteria."]
    assert exported(cast.dora.user)["adjudications"] == []
