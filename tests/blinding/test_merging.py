"""Merging late duplicates does not reveal whether or how the records were judged.

Page, answer, following pages and undo have the same bytes in two worlds that differ in
hidden votes on the two records. Only the voter learns about their own vote on a
duplicate.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.http import HttpResponseBase

from screening.decisions.models.rounds import Round
from screening.duplicates.models import PossibleDuplicate
from screening.records.models import Duplicate, Record
from tests.blinding import harness
from tests.blinding.step_comparison import VIEWERS, OneFile, Votes, one_file
from tests.factories import NOW

pytestmark = pytest.mark.django_db

# On the kept record (0), on its duplicate (1), on another record (2).
COPY: Votes = ((1, "include"),)
BOTH: Votes = ((0, "exclude"), (1, "include"), (2, "unsure"))


@dataclass
class Twins:
    """A review in which two records of a file are a possible duplicate."""

    file: OneFile
    records: list[Record]
    pair: PossibleDuplicate


@pytest.fixture(scope="module")
def twins(codes: harness.Codes) -> Twins:
    file = one_file(codes, title="Twins", tag="8", records=8)
    records = list(Record.objects.filter(batch=file.batch).order_by("position"))
    pair = PossibleDuplicate.objects.create(
        review=file.cast.review, first=records[0], second=records[1], score=0.5,
        reasons_for=["the years are the same"], created_at=NOW,
    )  # fmt: skip
    every = Round.objects.unblinded(reason="tests look behind the curtain")
    of = dict(every.filter(stage=file.stage).values_list("record", "code"))
    file.rounds = [of[record.pk] for record in records]
    codes.mark()
    return Twins(file, records, pair)


def steps(twins: Twins, viewer: str) -> list[HttpResponseBase]:
    """Send the same requests in each world: the viewer looks between Lena's actions."""
    file = twins.file
    own, lena, review = file.browser(viewer), file.browser("lena"), file.url
    desk = f"{review}duplicates/"
    pair = f"{desk}pairs/{twins.pair.code}/"
    kept, copy = (f"{review}records/{r.code}/" for r in twins.records[:2])
    screen = f"{review}screen/{file.stage.code}/"
    pages = [
        review, f"{review}stages/{file.stage.code}/", screen,
        f"{screen}{file.rounds[0]}/", kept, copy, f"{kept}fields/", desk,
        f"{desk}merges/", f"{desk}answers/", f"{desk}late/", f"{desk}searches/",
        f"{review}flow/", f"{review}conflicts/", f"{review}audit-log/",
    ]  # fmt: skip
    edges = Duplicate.objects.filter(review=file.cast.review, undone_at=None)
    found = [own.get(pair), own.get(f"{desk}kinds/")]
    found.append(lena.post(f"{pair}answer/", {"answer": "same"}))
    edge = edges.get()
    found += [own.get(page) for page in pages]
    undo = f"{desk}merges/{edge.code}/undo/"
    found += [own.get(undo), lena.post(undo)]
    assert not edges.exists()
    found += [own.get(page) for page in pages]
    return found


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("other", [COPY, BOTH], ids=["copy", "both"])
def test_merging_is_the_same_whatever_was_voted(twins: Twins, viewer, other) -> None:
    twins.file.hold_alike(viewer, other, lambda name: steps(twins, name))
