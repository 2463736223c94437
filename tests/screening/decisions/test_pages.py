"""Pages of stages and screening."""

from __future__ import annotations

import csv
import json
import re
import uuid
from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from django.test import Client

from reviewapp.core.models import Event, Member
from screening.decisions.models import Decision, Policy, SampleDraw, Stage
from screening.decisions.models.rounds import Vote
from screening.decisions.services import closing, stages
from screening.records.models import Record
from screening.reports.models import Report
from screening.reports.services import retrieval
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import (
    LATER,
    NOW,
    cast_vote,
    rounds_of,
    start,
    vote_all,
)

ClientOf = Callable[[Member | None], Client]
SCRIPT = {"Save-Request": "1"}


def base(cast: Cast) -> str:
    return f"/r/{cast.review.code}/"


def votes_of(member: Member) -> list[str]:
    votes = Vote.objects.visible_to(member).filter(author=member).order_by("pk")
    return [vote.verdict for vote in votes]


def test_a_lead_sets_up_and_starts_a_stage_in_the_browser(
    cast: Cast, title_stage: Stage, records: Sequence[Record], client_of: ClientOf
) -> None:
    client, here = client_of(cast.dora), f"{base(cast)}stages/{title_stage.code}/"
    page = client.get(f"{base(cast)}stages/").content.decode()
    assert "No screening assignments yet" in page
    more = client.post(
        f"{here}policy/", {"do": "add", "lines": 1, "share_1": "100", "mode": "fixed"}
    ).content.decode()
    assert 'name="share_2"' in more
    data = {
        "lines": 2,
        "mode": "fixed",
        "pool_size": 2,
        "seed": 4711,
        "share_1": "100",
        "members_1": cast.ada.code,
        "share_2": "50",
        "members_2": [cast.ben.code, cast.cleo.code],
    }
    preview = client.post(f"{here}policy/", {**data, "do": "preview"}).content.decode()
    assert "Preview of assignments" in preview
    assert not Policy.objects.exists()
    saved = client.post(f"{here}policy/", {**data, "do": "save"})
    assert saved["Location"] == here
    page = client.get(f"{here}start/").content.decode()
    assert "Ada screens" in page
    assert "Ben and Cleo share a random 50 %" in " ".join(
        re.sub("<[^>]+>", " ", page).split()
    )
    assert client.post(f"{here}start/")["Location"] == here
    page = client.get(here).content.decode()
    assert "Assigned: 6 of 6." in page


def test_a_policy_that_cannot_be_filled_is_explained(
    cast: Cast, title_stage: Stage, client_of: ClientOf
) -> None:
    data = {
        "do": "save",
        "lines": 2,
        "mode": "fixed",
        "pool_size": 2,
        "share_1": "100",
        "members_1": cast.ada.code,
        "share_2": "20",
        "members_2": cast.ada.code,
    }
    answer = client_of(cast.dora).post(
        f"{base(cast)}stages/{title_stage.code}/policy/", data
    )
    assert answer.status_code == 422
    assert "same record twice" in answer.content.decode().replace("\n", " ")


def test_voting_by_script_brings_the_next_record_at_once(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    client, here = client_of(cast.ada), f"{base(cast)}screen/{double.code}/"
    one, two, *_ = rounds_of(double).values()
    page = client.get(here).content.decode()
    assert f"{here}{one}/vote/" in page
    assert "0 of 6" in page
    assert 'name="key" value=""' in page
    answer = client.post(
        f"{here}{one}/vote/",
        {"verdict": "include", "note": "n", "key": uuid.uuid4()},
        headers=SCRIPT,
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.strip().startswith('<div id="card"')
    assert f"{here}{two}/vote/" in text
    assert f"{here}{one}/undo/" in text
    assert "1 of 6" in text


def test_voting_works_without_javascript(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    client, here = client_of(cast.ada), f"{base(cast)}screen/{double.code}/"
    code = next(iter(rounds_of(double).values()))
    answer = client.post(f"{here}{code}/vote/", {"verdict": "exclude", "key": ""})
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert votes_of(cast.ada) == ["exclude"]
    back = client.post(f"{here}{code}/undo/")
    assert (back.status_code, back["Location"]) == (302, here)
    assert votes_of(cast.ada) == ["exclude", "withdrawn"]
    assert f"{here}{code}/vote/" in client.get(here).content.decode()


def test_an_exclusion_without_a_reason_keeps_the_input(
    cast: Cast,
    title_stage: Stage,
    full_stage: Stage,
    records: Sequence[Record],
    client_of: ClientOf,
) -> None:
    retrieval.send_to_retrieval(actor=cast.ada, records=records[:1], now=NOW)
    retrieval.mark_retrieved(
        actor=cast.ada, report_code=Report.objects.get().code, now=NOW
    )
    start(full_stage, cast.dora, (100, [cast.ada]))
    (code,) = rounds_of(full_stage).values()
    client, here = client_of(cast.ada), f"{base(cast)}screen/{full_stage.code}/"
    assert "Choose a reason to exclude" in client.get(here).content.decode()
    data = {"verdict": "exclude", "note": "typed before", "key": uuid.uuid4()}
    answer = client.post(f"{here}{code}/vote/", data, headers=SCRIPT)
    assert answer.status_code == 422
    assert "need a reason" in answer.content.decode()
    assert "typed before" in answer.content.decode()
    reason = full_stage.reasons.filter(retired_at=None).first()
    assert reason is not None
    client.post(f"{here}{code}/vote/", {**data, "reason": reason.code}, headers=SCRIPT)
    assert votes_of(cast.ada) == ["exclude"]


def test_a_vote_under_the_url_of_another_stage_is_not_found(
    cast: Cast, double: Stage, full_stage: Stage, client_of: ClientOf
) -> None:
    client = client_of(cast.ada)
    code = next(iter(rounds_of(double).values()))
    other = f"{base(cast)}screen/{full_stage.code}/{code}/"
    data = {"verdict": "include", "key": uuid.uuid4()}
    assert client.post(f"{other}vote/", data).status_code == 404
    assert client.get(other).status_code == 404
    cast_vote(cast.ada, code, "include")
    assert client.post(f"{other}undo/").status_code == 404
    assert votes_of(cast.ada) == ["include"]


def test_my_votes_can_be_changed_until_the_decision(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    client, here = client_of(cast.ada), f"{base(cast)}screen/{double.code}/"
    code = next(iter(rounds_of(double).values()))
    cast_vote(cast.ada, code, "include", note="first thought")
    assert f"{here}{code}/" in client.get(f"{here}mine/").content.decode()
    page = client.get(f"{here}{code}/").content.decode()
    assert "first thought" in page
    answer = client.post(f"{here}{code}/vote/", {"verdict": "exclude", "change": "1"})
    assert answer["Location"] == f"{here}mine/"
    cast_vote(cast.ben, code, "exclude")
    answer = client.post(f"{here}{code}/vote/", {"verdict": "include", "change": "1"})
    assert answer.status_code == 422
    assert "the decision is final" in answer.content.decode()
    assert votes_of(cast.ada) == ["include", "exclude"]


def test_the_end_of_the_queue_offers_to_mark_the_screening_as_finished(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    client, here = client_of(cast.ada), f"{base(cast)}screen/{double.code}/"
    vote_all(double, cast.ada)
    assert "Mark my screening as finished" in client.get(here).content.decode()
    assert client.post(f"{here}finish/").status_code == 302
    assert (
        "The team can see that you have finished" in client.get(here).content.decode()
    )
    lead = client_of(cast.dora).get(f"{base(cast)}stages/{double.code}/")
    assert "Finished" in lead.content.decode()


def test_agreement_is_shown_only_after_closing(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    here = f"{base(cast)}stages/{double.code}/"
    for member in (cast.ada, cast.ben):
        vote_all(double, member)
        stages.mark_finished(actor=member, stage_code=double.code, now=LATER)
    assert "kappa" not in client_of(cast.dora).get(here).content.decode()
    client = client_of(cast.dora)
    assert "can't be undone" in client.get(f"{here}close/").content.decode()
    assert client.post(f"{here}close/").status_code == 302
    page = client.get(here).content.decode()
    assert "not estimable" in page
    assert "Reviewer 1 and Reviewer 2" in page
    assert "6 of 6 were screened blind by two" in page


def test_each_count_links_to_a_list_of_the_same_length(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    for i, code in enumerate(rounds_of(double).values()):
        for member in (cast.ada, cast.ben):
            cast_vote(member, code, "include" if i < 2 else "exclude")
    client, here = client_of(cast.olaf), f"{base(cast)}stages/{double.code}/decisions/"
    for query, n in (("", 6), ("?verdict=include", 2), ("?verdict=exclude", 4)):
        assert client.get(here + query).content.decode().count('class="title"') == n
    assert Decision.objects.count() == 6


def test_a_lead_who_does_not_screen_sees_the_list_of_assignments(
    cast: Cast, title_stage: Stage, client_of: ClientOf
) -> None:
    factories.make_records(cast.lena, 3, title="=1+1")
    start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben]))
    client, here = client_of(cast.dora), f"{base(cast)}stages/{title_stage.code}/"
    page = client.get(f"{here}sample/").content.decode()
    assert page.count("(rule 1)") == 3
    assert client.get(f"{here}sample/?line=2").content.decode().count("(rule 2)") == 2
    answer = client.get(f"{here}sample.csv")
    rows = b"".join(answer).decode().splitlines()  # type: ignore[arg-type]
    assert len(rows) == 1 + 3 + 2
    assert "'=1+1" in rows[1]


def listed(browser: Client, here: str) -> tuple[int, int]:
    """Return how often the list and the file name a reviewer of the sample."""
    pages = [browser.get(f"{here}sample/{query}") for query in ("", "?line=2")]
    file = b"".join(browser.get(f"{here}sample.csv")).decode()  # type: ignore[arg-type]
    return sum("(rule 2)" in p.content.decode() for p in pages), file.count(",Ben")


def test_the_sample_is_committed_by_its_hash_and_shown_when_the_wave_closes(
    cast: Cast, title_stage: Stage, records: object, client_of: ClientOf
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben]))
    here = f"{base(cast)}stages/{title_stage.code}/"
    [draw] = SampleDraw.objects.filter(wave__stage=stage).exclude(share=100)
    everyone = (cast.ada, cast.ben, cast.cleo, cast.dora, cast.lena, cast.olaf)
    for member in everyone:
        browser = client_of(member)
        page = browser.get(f"{here}sample/").content.decode()
        assert draw.digest in page
        assert (draw.wave.key in page) == (member == cast.dora)
        assert listed(browser, here) == ((2, 3) if member == cast.dora else (0, 0))
    event = Event.objects.get(kind="rounds:opened")
    assert draw.digest in str(event.data["samples"])
    assert draw.wave.key not in str(Event.objects.values_list("data", flat=True))
    for member in (cast.ada, cast.ben):
        vote_all(stage, member)
        stages.mark_finished(actor=member, stage_code=stage.code, now=NOW)
    closing.close_wave(actor=cast.dora, stage_code=stage.code, now=NOW)
    for member in everyone:
        browser = client_of(member)
        assert draw.wave.key in browser.get(f"{here}sample/").content.decode()
        assert listed(browser, here) == (2, 3)
    file = b"".join(client_of(cast.olaf).get(f"{here}sample.csv")).decode()  # type: ignore[arg-type]
    rows = list(csv.DictReader(file.splitlines()))
    sample = sorted(row["code"] for row in rows if row["rule"] == "2")
    assert {row["draw"] for row in rows} == {"1"}
    lines = "".join(f"{line}\n" for line in [draw.wave.key, *sample])
    assert sha256(lines.encode()).hexdigest() == draw.digest


def test_a_lead_who_screens_does_not_see_the_list(
    cast: Cast, title_stage: Stage, records: object, client_of: ClientOf
) -> None:
    """They see the records without reviewers, to unblind the votes on one of them."""
    start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben, cast.dora]))
    here = f"{base(cast)}stages/{title_stage.code}/"
    browser = client_of(cast.dora)
    assert listed(browser, here) == (0, 0)
    page = browser.get(f"{here}sample/").content.decode()
    assert page.count("Not shown") == 6
    assert page.count("/unblind/") == 6


def test_reasons_are_edited_one_per_line(
    cast: Cast, full_stage: Stage, client_of: ClientOf
) -> None:
    here = f"{base(cast)}stages/{full_stage.code}/"
    client_of(cast.dora).post(
        f"{here}reasons/", {"reasons": "Not peer work\nNo service"}
    )
    offered = full_stage.reasons.filter(retired_at=None).order_by("position")
    assert [reason.text for reason in offered] == ["Not peer work", "No service"]


def test_unblinding_opens_the_conflict(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    code = next(iter(rounds_of(double).values()))
    here = f"{base(cast)}stages/{double.code}/rounds/{code}/unblind/"
    client = client_of(cast.dora)
    assert "can't be undone" in client.get(here).content.decode()
    assert client.post(here, {"reason": ""}).status_code == 422
    answer = client.post(here, {"reason": "A member fell ill"})
    assert answer["Location"] == f"{base(cast)}conflicts/{code}/"
    assert client.get(answer["Location"]).status_code == 200


def test_work_of_a_removed_member_is_reassigned(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    from reviewapp.core.services import team

    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    client, here = client_of(cast.dora), f"{base(cast)}stages/{double.code}/"
    assert "Ben left 6 unscreened" in client.get(here).content.decode()
    client.post(
        f"{here}reassign/", {"former_member": cast.ben.code, "to": cast.cleo.code}
    )
    assert "Ben left" not in client.get(here).content.decode()


def test_the_overview_shows_only_own_tasks(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    page = client_of(cast.ada).get(base(cast)).content.decode()
    assert "6 records to screen at Title and abstract" in page
    for member in (cast.olaf, cast.cleo):
        assert "to screen at" not in client_of(member).get(base(cast)).content.decode()


@pytest.mark.parametrize("path", ["", "stages/", "stages/{}/", "screen/{}/"])
def test_markup_in_titles_is_text(
    cast: Cast, title_stage: Stage, client_of: ClientOf, path: str
) -> None:
    factories.make_records(cast.lena, 1, title="<img src=x onerror=alert(1)>")
    start(title_stage, cast.dora, (100, [cast.ada]))
    page = client_of(cast.ada).get(base(cast) + path.format(title_stage.code))
    assert page.status_code == 200
    assert "<img src=x" not in page.content.decode()


def test_pages_of_a_reviewer_do_not_change_with_votes_of_others(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    one, two, *_ = rounds_of(double).values()
    cast_vote(cast.ada, one, "include")
    client, here = client_of(cast.ada), base(cast)
    paths = [
        "",
        "stages/",
        f"stages/{double.code}/",
        f"stages/{double.code}/sample/",
        f"stages/{double.code}/decisions/",
        f"screen/{double.code}/",
        f"screen/{double.code}/mine/",
        f"screen/{double.code}/{one}/",
        f"screen/{double.code}/{two}/",
        "audit-log/",
    ]

    def look() -> list[str]:
        pages = [client.get(here + path).content.decode() for path in paths]
        return [
            re.sub(
                r'(csrfmiddlewaretoken" value="|CSRFToken": ")\w+|nonce="\S+"', "", p
            )
            for p in pages
        ]

    before = look()
    cast_vote(cast.ben, one, "exclude", note="canary")
    cast_vote(cast.ben, two, "include", note="canary")
    assert look() == before


def test_the_api_gives_the_next_record_and_takes_the_vote(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    client = client_of(cast.ada)
    here = f"/api/v1/reviews/{cast.review.code}/"
    found = client.get(f"{here}stages/{double.code}/next/").json()
    assert found["own"] is None
    assert found["progress"] == {"done": 0, "total": 6}
    data = {"verdict": "include", "key": str(uuid.uuid4())}
    for _ in range(2):
        answer = client.post(
            f"{here}rounds/{found['round']}/vote/",
            json.dumps(data),
            content_type="application/json",
        )
        assert answer.status_code == 200
    assert votes_of(cast.ada) == ["include"]
    mine = client.get(f"{here}stages/{double.code}/votes/").json()
    assert [vote["verdict"] for vote in mine["votes"]] == ["include"]
    refused = client_of(cast.cleo).post(
        f"{here}rounds/{found['round']}/vote/",
        json.dumps(data),
        content_type="application/json",
    )
    assert refused.status_code == 409
    assert "not assigned" in refused.json()["detail"]
    assert (
        client_of(cast.eve).get(f"{here}stages/{double.code}/next/").status_code == 404
    )


def test_a_closed_stage_is_shown_as_closed_to_its_reviewers(
    cast: Cast, title_stage: Stage, records: Sequence[Record], client_of: ClientOf
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    vote_all(stage, cast.ada)
    stages.mark_finished(actor=cast.ada, stage_code=stage.code, now=LATER)
    closing.close_wave(actor=cast.dora, stage_code=stage.code, now=LATER)
    page = client_of(cast.ada).get(f"{base(cast)}screen/{stage.code}/")
    assert "This stage is closed" in page.content.decode()
