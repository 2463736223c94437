"""Unknown values of filters are refused with a sentence."""

from __future__ import annotations

import pytest
from django.urls import reverse

from screening.imports.models import SkippedEntry
from tests.blinding.world import World, build, make_cast
from tests.core.test_refused_pages import ClientOf, text_of

LISTS = [
    ("records:list", ["source", "import", "arm", "status"]),
    ("reports:reports", ["state"]),
    ("reports:studies", ["only"]),
    ("duplicates:merges", ["how"]),
    ("decisions:mine", ["verdict"]),
    ("decisions:decisions", ["verdict"]),
    ("decisions:sample", ["line"]),
    ("flow:box", ["part"]),
    ("charting:cross", ["down", "across"]),
    ("charting:included", ["state"]),
    ("imports:skipped_entries", ["state"]),
    ("review:audit_log", ["kind", "person", "since", "until"]),
    ("review:audit_log_csv", ["kind", "person", "since"]),
    *(
        (name, ["outcome", "stage", "reason", "source", "arm", "duplicates", "says"])
        for name in ("flow:export", "flow:export_list", "flow:export_file")
    ),
    ("flow:export", ["as"]),
]


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a review in which every kind of event has happened."""
    monkeypatch.setattr("reviewapp.core.jobs._send_to_celery", lambda pk: None)
    return build(make_cast())


def test_every_list_refuses_unknown_values_with_a_sentence(
    world: World, client_of: ClientOf
) -> None:
    """One world for all lists, because building it takes seconds."""
    client = client_of(world.cast.dora)
    wrong = []
    for name, filters in LISTS:
        path = address(world, name)
        needed = {"as": "csv"} if name == "flow:export_file" else {}
        if client.get(path, needed).status_code != 200:
            wrong.append(f"{path}: not open to the lead")
        for one in filters:
            answer = client.get(path, {**needed, one: "bogus"})
            if answer.status_code != 400 or "bogus" not in text_of(answer):
                wrong.append(f"{path}?{one}=bogus: {answer.status_code}")
            elif one not in text_of(answer):
                wrong.append(f"{path}?{one}=bogus does not name the filter")
            if client.get(path, {**needed, one: ""}).status_code != 200:
                wrong.append(f"{path}?{one}= is refused")
    assert not wrong, "\n".join(wrong)


def address(world: World, name: str) -> str:
    """Return the path of a list in the world."""
    args = {
        "decisions:mine": [world.title.code],
        "decisions:decisions": [world.title.code],
        "decisions:sample": [world.title.code],
        "flow:box": ["identified"],
        "charting:cross": [world.args["form"]],
        "charting:included": [world.args["form"]],
        "imports:skipped_entries": [SkippedEntry.objects.earliest("pk").batch.code],
    }
    return reverse(name, args=[world.cast.review.code, *args.get(name, [])])
