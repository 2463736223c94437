"""Deletion of a review: scheduled, cancelled, done, and what remains."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from reviewapp.core import deletable, tasks
from reviewapp.core.models import DeletionRecord, Event, Member, Review, User
from reviewapp.core.queries import deletion_records, hash_chains
from reviewapp.core.refusals import NotAllowed, Refused
from reviewapp.core.services import deletion, reviews
from tests import factories
from tests.blinding.world import build, make_cast
from tests.conftest import Cast
from tests.factories import NOW

ClientOf = Callable[[Member | None], Client]
LATER = NOW + timedelta(days=settings.ERASE_AFTER_DAYS)


def ask(cast: Cast) -> None:
    deletion.schedule_deletion(
        actor=cast.dora, typed=f" {cast.review.title.upper()}", now=NOW
    )
    cast.dora.review.refresh_from_db()
    # Links are made at commit, in another transaction than the deletion.
    connection.check_constraints()


def rows(review_pk: int) -> dict[str, int]:
    """Return the number of rows of the review in each table."""
    return {
        model._meta.db_table: models.QuerySet(model=model)
        .filter(**{path: review_pk})
        .count()
        for model, path in deletable.deletable_tables()
    }


def test_a_lead_schedules_the_deletion_by_typing_the_title(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        deletion.schedule_deletion(actor=cast.cleo, typed=cast.review.title, now=NOW)
    with pytest.raises(Refused, match="does not match"):
        deletion.schedule_deletion(actor=cast.dora, typed="Peer", now=NOW)
    assert Review.objects.get(pk=cast.review.pk).erase_at is None
    ask(cast)
    assert Review.objects.get(pk=cast.review.pk).erase_at == LATER
    event = Event.objects.get(kind="review:erasure_asked")
    assert (event.actor, event.data) == (cast.dora, {"erase_at": LATER.isoformat()})
    with pytest.raises(Refused, match="already"):
        deletion.schedule_deletion(actor=cast.dora, typed=cast.review.title, now=LATER)


def test_all_members_are_notified_by_email(
    cast: Cast, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask(cast)
    team = Member.objects.filter(review=cast.review, removed_at=None)
    told = {to for mail in mailoutbox for to in mail.to}
    assert told == set(team.values_list("user__email", flat=True))
    assert cast.rex.user.email not in told
    assert f"/r/{cast.review.code}/settings/delete/" in mailoutbox[0].body


def test_until_the_deletion_the_review_is_read_only(
    cast: Cast, client_of: ClientOf
) -> None:
    ask(cast)
    here, dora = f"/r/{cast.review.code}/", client_of(cast.dora)
    for path in (
        "",
        "settings/delete/",
        "export/file/?as=csv",
        "audit-log.jsonl",
        "flow/",
    ):
        assert dora.get(here + path).status_code == 200, path
    for name in ("ada", "dora", "olaf"):
        page = client_of(getattr(cast, name)).get(here).content.decode()
        assert "This review will be deleted on" in page
    events = Event.objects.count()
    for path in ("title/", "protocol/edit/", "team/invite/", "sources/add/"):
        answer = dora.post(here + path, {"title": "Another"})
        assert answer.status_code == 409, path
        assert "and is read-only" in answer.content.decode()
    vote = f"/api/v1/reviews/{cast.review.code}/rounds/none/vote/"
    answer = client_of(cast.ada).post(vote, {}, content_type="application/json")
    assert answer.status_code == 409
    # The role of a reviewer does not allow this.
    assert client_of(cast.ada).post(f"{here}title/").status_code == 403
    assert Event.objects.count() == events


def test_a_lead_cancels_the_deletion_and_the_review_is_unchanged(
    cast: Cast, client_of: ClientOf
) -> None:
    ask(cast)
    keep = f"/r/{cast.review.code}/settings/cancel-deletion/"
    assert client_of(cast.ada).post(keep).status_code == 403
    assert client_of(cast.dora).get(keep).status_code == 405
    assert client_of(cast.dora).post(keep).status_code == 302
    assert Review.objects.get(pk=cast.review.pk).erase_at is None
    assert deletion.delete_due_reviews(now=LATER) == 0
    title = f"/r/{cast.review.code}/title/"
    assert client_of(cast.dora).post(title, {"title": "New"}).status_code == 302
    kinds = Event.objects.values_list("kind", flat=True)
    assert "review:erasure_called_back" in kinds


def test_the_page_needs_the_typed_title(cast: Cast, client_of: ClientOf) -> None:
    dora, page = client_of(cast.dora), f"/r/{cast.review.code}/settings/delete/"
    asked = dora.get(page).content.decode()
    assert "audit-log.jsonl" in asked
    assert "/export/" in asked
    slip = dora.post(page, {"typed": "Peer"})
    assert slip.status_code == 422
    assert Review.objects.get(pk=cast.review.pk).erase_at is None
    done = dora.post(page, {"typed": cast.review.title}, follow=True)
    assert "Cancel deletion" in done.content.decode()


@pytest.mark.django_db
def test_all_data_of_the_review_is_deleted_and_none_of_another_review() -> None:
    ours, theirs = make_cast(), make_cast("Another topic", tag="2")
    build(ours)
    factories.make_records(theirs.lena, 3)
    reviews.rename_review(actor=theirs.dora, title="Yet another", now=NOW)
    before = rows(ours.review.pk)
    empty = sorted(table for table, n in before.items() if not n)
    assert len(empty) <= 12, f"vacuous: nothing is in {empty}"
    people, code = User.objects.count(), ours.review.code
    ask(ours)
    others = rows(theirs.review.pk)
    end = hash_chains.verify_audit_log(ours.review).end
    n = Event.objects.filter(review=ours.review).count()
    assert deletion.delete_due_reviews(now=LATER - timedelta(seconds=1)) == 0
    assert deletion.delete_due_reviews(now=LATER) == 1
    connection.check_constraints()
    assert not any(rows(ours.review.pk).values())
    assert not Review.objects.filter(code=code).exists()
    assert rows(theirs.review.pk) == others
    assert sum(others.values()) > 10
    assert hash_chains.verify_audit_log(theirs.review).broken == ""
    assert User.objects.count() == people
    stone = deletion_records.find_deletion_record(code)
    assert stone is not None
    assert (stone.position, stone.events, stone.end) == (1, n, end)
    assert deletion.delete_due_reviews(now=LATER) == 0
    # The triggers protect the remaining rows as before.
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(review=theirs.review).delete()


def test_every_table_that_names_a_review_is_deleted_with_it() -> None:
    found = {model for model, _ in deletable.deletable_tables()}
    for model in apps.get_models(include_auto_created=True):
        targets = {
            f.related_model for f in model._meta.concrete_fields if f.is_relation
        }
        if model is not Review and targets & {Review, Member, *found}:
            assert model in found, model


# ── Files ────────────────────────────────────────────────────────────────────
@pytest.fixture
def kept(settings: Any, tmp_path: Any) -> Any:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    return tmp_path


def test_files_are_deleted_also_those_left_by_a_crash(cast: Cast, kept: Any) -> None:
    mine, other = f"reports/{cast.review.code}/a", "reports/another/b"
    for name in (mine, other, f"imports/{cast.review.code}/c"):
        default_storage.save(name, ContentFile(b"%PDF-"))
    ask(cast)
    deletion.delete_due_reviews(now=LATER - timedelta(days=1))
    assert default_storage.exists(mine)
    deletion.delete_due_reviews(now=LATER)
    assert [p.name for p in kept.rglob("*") if p.is_file()] == ["b"]
    assert not (kept / "reports" / cast.review.code).exists()
    default_storage.save(mine, ContentFile(b"left by a crash"))
    deletion.delete_due_reviews(now=LATER)
    assert not default_storage.exists(mine)


def test_every_file_is_kept_under_the_code_of_its_review(cast: Cast) -> None:
    """The deletion of files depends on this."""
    found = 0
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                assert callable(field.upload_to)
                row = model(review=cast.review)
                parts = str(field.upload_to(row, "../any name")).split("/")
                assert parts[1] == cast.review.code, field
                assert len(parts) == 3, field
                found += 1
    assert found >= 3


# ── Deletion records ─────────────────────────────────────────────────────────
def erase(cast: Cast) -> str:
    ask(cast)
    deletion.delete_due_reviews(now=LATER)
    return cast.review.code


def verified(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify_events", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_chain_of_deletion_records_is_verified(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    code = erase(cast)
    end = DeletionRecord.objects.get().end
    assert "1 deletion records verified" in verified()
    assert f"latest hash: {end}" in verified(code, "--expect", end)
    with pytest.raises(CommandError, match="not the expected hash"):
        verified(code, "--expect", "0" * 64)
    tasks.verify_events()
    assert "BROKEN" not in caplog.text


@pytest.mark.parametrize("change", ["events = 0", "\"end\" = ''", "position = 7"])
def test_a_changed_deletion_record_is_found(cast: Cast, change: str) -> None:
    import pgtrigger

    erase(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        DeletionRecord.objects.all().delete()
    with (
        pgtrigger.ignore("core.DeletionRecord:append_only"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE core_deletionrecord SET {change}")  # noqa: S608
    assert deletion_records.verify_deletion_records()[1]
    with pytest.raises(CommandError, match="differs from what was recorded"):
        verified()


def test_a_second_deletion_record_follows_the_first(cast: Cast) -> None:
    erase(cast)
    other = factories.make_review("Another")
    Review.objects.filter(pk=other.pk).update(erase_at=NOW)
    deletion.delete_due_reviews(now=LATER)
    assert deletion_records.verify_deletion_records() == (2, "")
