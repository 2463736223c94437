"""Another tool's decisions, imported as votes of the members."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.core import jobs, nav
from reviewapp.core.models import Event, Job, Member
from reviewapp.core.refusals import NotAllowed, Refused
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Finished, Vote
from screening.decisions.queries import prior as queries
from screening.decisions.queries.prior import PriorMapping
from screening.decisions.services import bulk_votes, prior
from screening.imports.queries import prior as prior_records
from screening.imports.services import import_undo
from screening.records.models import Import, Record
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import LATER, NOW, cast_vote, rounds_of, start
from tests.screening.imports.test_imports import imported

WORDS = {"Included": "include", "Excluded": "exclude", "Maybe": "unsure"}


def rayyan(*said: dict[str, str], titles: Sequence[str] = ()) -> bytes:
    """Return a Rayyan table with the decisions of each person on each record."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["key", "title", "year", "authors", "journal", "notes"])
    for number, decisions in enumerate(said):
        pairs = ", ".join(f'"{who}"=>"{word}"' for who, word in decisions.items())
        note = f"RAYYAN-INCLUSION: {{{pairs}}} | RAYYAN-EXCLUSION-REASONS: wrong topic"
        title = titles[number] if titles else f"A study of peers in place {number}"
        rows.writerow([f"rayyan-{number}", title, 2019, "Byron, A", f"J{number}", note])
    return out.getvalue().encode()


@pytest.fixture
def batch(cast: Cast) -> Import:
    """Four records with decisions of Anna and Bo in another tool."""
    source = factories.make_source(cast.lena, "Rayyan")
    content = rayyan(
        {"Anna": "Included", "Bo": "Included"},
        {"Anna": "Excluded", "Bo": "Included"},
        {"Anna": "Maybe"},
        {"Bo": "Excluded"},
    )
    batch = imported(cast.lena, source, content, "rayyan.csv")
    jobs.run_claimed_job(Job.objects.get(kind="records.duplicates").pk)
    return batch


@pytest.fixture
def stage(cast: Cast, title_stage: Stage, batch: Import) -> Stage:
    """Title and abstract, with everything assigned to Ada and Ben."""
    return start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))


def mapping(cast: Cast, stage: Stage, **more: Any) -> PriorMapping:
    people = {"Anna": cast.ada, "Bo": cast.ben}
    return PriorMapping(**{"stage": stage, "people": people, "words": WORDS, **more})


def take_over(cast: Cast, batch: Import, said: PriorMapping) -> Job:
    job = prior.request_import(actor=cast.dora, batch=batch, mapping=said, now=NOW)
    done = jobs.run_claimed_job(job.pk)
    assert done is not None
    assert done.state == "done", done.error
    return done


def votes() -> list[tuple[str, str, int]]:
    rows = Vote.objects.unblinded(reason="test").order_by("round__record__position")
    return [(v.author.name, v.verdict, v.version) for v in rows.order_by("pk")]


def test_the_file_is_counted_and_nothing_is_applied_unasked(batch, stage) -> None:
    counts = prior_records.prior_counts(batch)
    assert counts is not None
    assert counts.records == 4
    assert ("Anna", "Excluded", 1) in counts.words
    assert counts.reasons == (("wrong topic", 4),)
    assert votes() == []
    assert not Record.objects.filter(notes__contains="RAYYAN").exists()


def test_decisions_become_votes_of_the_members(cast, batch, stage) -> None:
    job = take_over(cast, batch, mapping(cast, stage))
    assert job.result == {"decisions": 6}
    assert sorted(votes()) == sorted(
        [
            ("Ada", "include", 1), ("Ada", "exclude", 1), ("Ada", "unsure", 1),
            ("Ben", "include", 1), ("Ben", "include", 1), ("Ben", "exclude", 1),
        ]
    )  # fmt: skip
    notes = Vote.objects.unblinded(reason="test").values_list("note", flat=True)
    assert set(notes) == {"Imported from rayyan.csv."}
    assert Decision.objects.get().record.position == 0


def test_a_members_own_vote_is_kept(cast, batch, stage) -> None:
    record = Record.objects.get(position=1)
    cast_vote(cast.ada, rounds_of(stage)[record.code], "include")
    before = queries.member_shares(batch, mapping(cast, stage))
    assert [share.n for share in before] == [3, 3]
    take_over(cast, batch, mapping(cast, stage))
    said = Vote.objects.unblinded(reason="test").filter(
        author=cast.ada, round__record=record
    )
    assert [vote.verdict for vote in said] == ["include"]


def test_pages_and_events_do_not_depend_on_hidden_votes(cast, batch, stage) -> None:
    """This holds for the preview, the job and the public event."""
    record = Record.objects.get(position=1)
    cast_vote(cast.ada, rounds_of(stage)[record.code], "include")
    job = take_over(cast, batch, mapping(cast, stage))
    assert job.result == {"decisions": 6}
    assert (job.done, job.total) == (6, 6)
    event = Event.objects.get(kind="prior:taken_over")
    assert event.data["people"] == {"Anna": "Ada: 3", "Bo": "Ben: 3"}
    told = Event.objects.get(kind="prior:received", private_to=cast.ada)
    assert told.data["n"] == 2


def test_each_voter_is_told_until_they_mark_their_screening_as_finished(
    cast, batch, stage
) -> None:
    take_over(cast, batch, mapping(cast, stage))

    def told(member: Member) -> list[str]:
        return [t.text for t in nav.viewer_todos(member) if "imported" in t.text]

    assert "Dora imported 3 of your decisions from rayyan.csv" in told(cast.ada)[0]
    assert told(cast.dora) == told(cast.cleo) == []
    later = LATER.replace(year=2100)
    Finished.objects.create(
        wave=stage.waves.get(), member=cast.ada, assignments=4, at=later
    )
    assert told(cast.ada) == []


def test_asked_for_twice_or_run_twice_nothing_is_cast_again(cast, batch, stage) -> None:
    first = take_over(cast, batch, mapping(cast, stage))
    again = prior.request_import(
        actor=cast.dora, batch=batch, mapping=mapping(cast, stage), now=LATER
    )
    assert again.pk == first.pk
    Job.objects.filter(pk=first.pk).update(state="queued")
    jobs.run_claimed_job(first.pk)
    assert len(votes()) == 6
    for kind, n in (("requested", 1), ("taken_over", 1), ("received", 2)):
        assert Event.objects.filter(kind=f"prior:{kind}").count() == n


def test_a_job_killed_half_way_goes_on(cast, batch, stage, monkeypatch) -> None:
    monkeypatch.setattr(prior, "CHUNK", 1)
    real, calls = bulk_votes.cast_many, []

    def dies(**arguments):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(**arguments)

    monkeypatch.setattr(prior, "cast_many", dies)
    said = mapping(cast, stage)
    job = prior.request_import(actor=cast.dora, batch=batch, mapping=said, now=NOW)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_claimed_job(job.pk)
    assert len(votes()) == 2
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(state="queued")
    assert jobs.run_claimed_job(job.pk).state == "done"
    assert len(votes()) == 6


def test_decisions_follow_a_duplicate_to_the_record_that_is_kept(
    cast, title_stage
) -> None:
    medline = factories.make_source(cast.lena, "Medline")
    kept = factories.make_records(
        cast.lena, 1, medline, title="Peers in care: one study of many",
        authors=["Byron, A"], year=2019, journal="J0",
    )[0]  # fmt: skip
    source = factories.make_source(cast.lena, "Rayyan")
    content = rayyan({"Anna": "Excluded"}, titles=[kept.title])
    batch = imported(cast.lena, source, content, "rayyan.csv")
    copy = batch.records.get()
    factories_edge(cast, copy, kept)
    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    take_over(cast, batch, mapping(cast, stage, people={"Anna": cast.ada}))
    where = Vote.objects.unblinded(reason="test").values_list(
        "round__record", "verdict"
    )
    assert list(where) == [(kept.pk, "exclude")]


def factories_edge(cast: Cast, record: Record, of: Record) -> None:
    from screening.records.models import Duplicate

    Duplicate.objects.get_or_create(
        record=record, undone_at=None,
        defaults={"review": cast.review, "of": of, "how": "person",
                  "created_at": NOW, "created_by": cast.lena},
    )  # fmt: skip


def test_contradictory_decisions_of_one_member_are_not_imported(
    cast, batch, stage
) -> None:
    people = {"Anna": cast.ada, "Bo": cast.ada}
    share = queries.member_shares(batch, mapping(cast, stage, people=people))[0]
    assert (share.n, share.contradictory, share.not_assigned) == (3, 1, 0)
    assert share.names == ("Anna", "Bo")


def test_records_that_are_not_assigned_are_counted(cast, batch, stage) -> None:
    people = {"Anna": cast.cleo}
    share = queries.member_shares(batch, mapping(cast, stage, people=people))[0]
    assert (share.n, share.not_assigned) == (0, 3)


def test_where_the_stage_needs_reasons_they_are_mapped(cast, batch, stage) -> None:
    from screening.decisions.models import Reason

    stage.needs_reason = True
    stage.save()
    reason = Reason.objects.create(stage=stage, position=90, text="Wrong topic")
    share = queries.member_shares(batch, mapping(cast, stage))[0]
    assert (share.n, share.without_reason) == (2, 1)
    said = mapping(cast, stage, reasons={"wrong topic": reason})
    assert queries.member_shares(batch, said)[0].n == 3
    assert (
        queries.member_shares(batch, mapping(cast, stage, other_reason=reason))[0].n
        == 3
    )
    take_over(cast, batch, said)
    given = Vote.objects.unblinded(reason="test").exclude(reason=None)
    assert {vote.reason for vote in given} == {reason}


def test_unsuitable_mappings_are_refused(cast, batch, stage) -> None:
    with pytest.raises(NotAllowed):
        prior.request_import(
            actor=cast.lena, batch=batch, mapping=mapping(cast, stage), now=NOW
        )
    for more, words in (
        ({"people": {}}, "at least"),
        ({"people": {"Anna": cast.olaf}}, "can't screen"),
        ({"people": {"Anna": cast.eve}}, "can't screen"),
        ({"words": {"Included": "yes"}}, "include, exclude or unsure"),
    ):
        with pytest.raises(Refused, match=words):
            prior.request_import(
                actor=cast.dora,
                batch=batch,
                mapping=mapping(cast, stage, **more),
                now=NOW,
            )
    import_undo.undo_import(
        actor=cast.lena, import_code=batch.code, typed_name="rayyan.csv", now=NOW
    )
    with pytest.raises(Refused, match="not imported"):
        prior.request_import(
            actor=cast.dora,
            batch=Import.objects.get(),
            mapping=mapping(cast, stage),
            now=NOW,
        )


# ── Pages ────────────────────────────────────────────────────────────────────
@pytest.fixture
def dora(cast: Cast, client_of: Callable[[Member], Client]) -> Client:
    return client_of(cast.dora)


def test_a_lead_maps_previews_and_imports_decisions(cast, batch, stage, dora) -> None:
    page = dora.get(reverse("imports:import", args=[cast.review.code, batch.code]))
    url = reverse("decisions:prior", args=[cast.review.code, batch.code])
    assert url in page.content.decode()
    form = dora.get(url).context["form"]
    assert form["word_0"].initial in {"include", "exclude"}
    empty = dora.post(url, {"stage": stage.code, "do": "preview"})
    assert empty.status_code == 422
    data = {"stage": stage.code, "person_0": cast.ada.code, "person_1": cast.ben.code}
    data |= {f"word_{n}": WORDS[word] for n, word in enumerate(form.words)}
    shown = dora.post(url, {**data, "do": "preview"})
    assert [share.n for share in shown.context["preview"]] == [3, 3]
    assert "Votes that members cast themselves do not change" in shown.content.decode()
    assert votes() == []
    assert dora.post(url, {**data, "do": "take"}).url == url
    assert "every 1s" in dora.get(url).content.decode()
    jobs.run_claimed_job(Job.objects.get(kind="decisions.prior").pk)
    assert "Each reviewer is told" in dora.get(url).content.decode()
    assert len(votes()) == 6


def test_decisions_of_the_file_are_on_no_page_of_a_reviewer(
    cast, batch, stage, client_of
) -> None:
    record = batch.records.order_by("position")[0]
    url = reverse("records:record", args=[cast.review.code, record.code])
    for member in (cast.ada, cast.olaf):
        page = client_of(member).get(url).content.decode()
        assert "RAYYAN" not in page
        assert "Anna" not in page
    assert "RAYYAN" in client_of(cast.lena).get(url).content.decode()
    ada = client_of(cast.ada)
    page = ada.get(reverse("imports:import", args=[cast.review.code, batch.code]))
    assert "Anna" not in page.content.decode()


def test_without_a_stage_under_way_the_page_names_what_is_missing(
    cast, batch, title_stage, dora
) -> None:
    url = reverse("decisions:prior", args=[cast.review.code, batch.code])
    assert "No stage can take these decisions" in dora.get(url).content.decode()
