"""Reopening a resolved conflict."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client

from reviewapp.core.models import Event, Member
from reviewapp.core.refusals import Missing, NotAllowed, Refused
from screening.conflicts.models import Adjudication, Reopening
from screening.conflicts.services import resolutions
from screening.decisions.models import Decision, Stage, Wave
from screening.decisions.queries import conflicts
from tests import factories
from tests.conftest import Cast
from tests.screening.conflicts.test_conflicts import disputed  # noqa: F401
from tests.screening.decisions.conftest import (  # noqa: F401  (fixtures)
    double,
    records,
    title_stage,
)

NOW = factories.NOW
ClientOf = Callable[[Member | None], Client]


def resolve(actor: Member, code: str, verdict: str, rationale: str = "Fits") -> None:
    """Resolve a conflict."""
    resolutions.resolve(
        actor=actor, round_code=code, verdict=verdict, rationale=rationale, now=NOW
    )


def reopen(actor: Member, code: str, why: str = "A slip of the key") -> Reopening:
    """Reopen a conflict."""
    return resolutions.reopen(actor=actor, round_code=code, why=why, now=NOW)


def test_a_resolution_is_taken_back_and_both_stay_in_the_log(
    cast: Cast,
    disputed: str,  # noqa: F811
    client_of: ClientOf,
) -> None:
    here = f"/r/{cast.review.code}/conflicts/{disputed}/"
    client = client_of(cast.cleo)
    resolve(cast.cleo, disputed, "exclude", "Not peers")
    page = html.unescape(client.get(here).content.decode())
    assert "Reopen this conflict" in page
    assert "no other votes are affected" in page

    answer = client.post(f"{here}reopen/", {"why": "They are peers"}, follow=True)

    assert "The conflict is open again." in answer.content.decode()
    assert not Decision.objects.exists()
    assert [line.round_code for line in conflicts.open_conflicts(cast.dora)] == [
        disputed
    ]
    call_command("check_integrity")
    resolve(cast.dora, disputed, "include", "Peers, see page 2")
    call_command("check_integrity")
    page = html.unescape(client.get(here).content.decode())
    for text in (
        "Not peers",
        "They are peers",
        "Peers, see page 2",
        "Earlier resolution",
    ):
        assert text in page
    assert Decision.objects.get().verdict == "include"
    kinds = Event.objects.filter(kind__startswith="conflict:").order_by("pk")
    assert list(kinds.values_list("kind", "data__verdict")) == [
        ("conflict:settled", "exclude"),
        ("conflict:reopened", "exclude"),
        ("conflict:settled", "include"),
    ]


def test_a_reason_is_needed_and_comes_back_with_the_page(
    cast: Cast,
    disputed: str,  # noqa: F811
    client_of: ClientOf,
) -> None:
    resolve(cast.cleo, disputed, "exclude")
    here = f"/r/{cast.review.code}/conflicts/{disputed}/reopen/"
    assert client_of(cast.cleo).post(here, {"why": " "}).status_code == 422
    with pytest.raises(Refused, match="reason"):
        reopen(cast.cleo, disputed, why=" ")
    assert Adjudication.objects.count() == 1


def test_only_adjudicators_reopen_and_only_what_an_adjudicator_resolved(
    cast: Cast,
    disputed: str,  # noqa: F811
) -> None:
    with pytest.raises(Refused, match="No adjudicator"):
        reopen(cast.cleo, disputed)
    resolve(cast.cleo, disputed, "exclude")
    for member in (cast.ada, cast.olaf, cast.lena, cast.eve):
        with pytest.raises((NotAllowed, Missing)):
            reopen(member, disputed)
    assert reopen(cast.dora, disputed).verdict == "exclude"
    with pytest.raises(Refused, match="No adjudicator"):
        reopen(cast.dora, disputed)


def test_a_closed_wave_keeps_its_resolutions(
    cast: Cast,
    double: Stage,  # noqa: F811
    disputed: str,  # noqa: F811
) -> None:
    resolve(cast.cleo, disputed, "exclude")
    Wave.objects.filter(stage=double).update(closed_at=NOW)
    with pytest.raises(Refused, match="is closed"):
        reopen(cast.cleo, disputed)
