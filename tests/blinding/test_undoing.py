"""Undoing an import does not reveal whether its records were judged.

Question, refusal, following pages and the restored review have the same bytes in two
worlds that differ in hidden votes on the import's records.
"""

from __future__ import annotations

import pytest
from django.http import HttpResponseBase

from screening.decisions.models import Decision
from screening.records.models import Record
from tests.blinding import harness
from tests.blinding.step_comparison import VIEWERS, OneFile, Votes, one_file
from tests.blinding.world import vote

pytestmark = pytest.mark.django_db

SOME: Votes = ((0, "include"), (1, "exclude"), (2, "unsure"))
OTHERS: Votes = ((0, "exclude"), (3, "include"))


@pytest.fixture(scope="module")
def dealt(codes: harness.Codes) -> OneFile:
    file = one_file(codes, title="A file too many", tag="9", records=12)
    codes.mark()
    return file


def steps(dealt: OneFile, viewer: str) -> list[HttpResponseBase]:
    """Send the same requests in each world: the viewer looks between Lena's actions."""
    own, lena, review = dealt.browser(viewer), dealt.browser("lena"), dealt.url
    batch = f"{review}imports/{dealt.batch.code}/"
    stage = f"{review}stages/{dealt.stage.code}/"
    screen = f"{review}screen/{dealt.stage.code}/"
    pages = [review, batch, stage, screen, f"{review}records/", f"{review}audit-log/"]
    in_review = Record.objects.identified().filter(review=dealt.cast.review)
    found = [lena.get(f"{batch}undo/"), own.get(f"{batch}undo/")]
    found += [lena.post(f"{batch}undo/"), own.post(f"{batch}undo/")]
    found.append(lena.post(f"{batch}undo/", {"typed_name": "medline.ris"}))
    assert in_review.count() == 0
    found += [own.get(page) for page in pages]
    found.append(lena.post(f"{batch}restore/"))
    assert in_review.count() == 12
    found += [own.get(page) for page in pages]
    return found


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("other", [SOME, OTHERS], ids=["some", "others"])
def test_undoing_is_the_same_whatever_was_voted(dealt: OneFile, viewer, other) -> None:
    dealt.hold_alike(viewer, other, lambda name: steps(dealt, name))


def test_votes_come_back_with_the_import(dealt: OneFile) -> None:
    with harness.undone():
        code = dealt.rounds[0]
        vote(dealt.cast.ben, code, "include")
        list(steps(dealt, "lena"))
        vote(dealt.cast.ada, code, "include")
        settled = Decision.objects.get(review=dealt.cast.review)
        assert (settled.verdict, settled.how) == ("include", "agreement")
        lena = dealt.browser("lena")
        url = f"{dealt.url}imports/{dealt.batch.code}/undo/"
        page = lena.get(url)
        assert "it has 1 final decision" in page.content.decode()
        assert lena.post(url, {"typed_name": "medline.ris"}).status_code == 409
