"""What this app puts on the overview of a review: things to do and numbers."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse

from reviewapp.core.models import Member
from reviewapp.core.nav import Panel, Todo
from reviewapp.core.permissions import Action, can
from screening.records.models import Record, Source
from screening.records.queries import duplicates, imports, quarantine


def todos(viewer: Member) -> list[Todo]:
    """No sources yet; imports that wait; records not compared; doubtful pairs."""
    found: list[Todo] = []
    if can(viewer, Action.IMPORT):
        found += _import_todos(viewer)
    if can(viewer, Action.DECIDE_DUPLICATES):
        found += _duplicate_todos(viewer)
    return found


def _import_todos(viewer: Member) -> list[Todo]:
    code = viewer.review.code
    if not Source.objects.filter(review=viewer.review_id).exists():
        text = "Add the first source and the file its search gave."
        url = reverse("records:sources", args=[code])
        return [Todo(text, url, button="Add a source", is_primary=True, order=5)]
    found = _piece_todos(viewer)
    waiting = imports.waiting(viewer)
    if not waiting:
        return found
    n = len(waiting)
    text = (
        f"{waiting[0].file_name} was read and waits for your confirmation."
        if n == 1
        else f"{n} files were read and wait for your confirmation."
    )
    url = reverse("records:import", args=[code, waiting[0].code])
    todo = Todo(text, url, n=n, button="Look at it", is_primary=True, order=10)
    return [todo, *found]


def _piece_todos(viewer: Member) -> list[Todo]:
    waiting = quarantine.waiting(viewer)
    if waiting is None:
        return []
    words = "piece of a file waits" if waiting.n == 1 else "pieces of files wait"
    text = f"{intcomma(waiting.n)} {words} to be mended: no record could be read."
    url = reverse("records:pieces", args=[viewer.review.code, waiting.import_code])
    url += "?state=open"
    return [Todo(text, url, n=waiting.n, button="Mend", order=32)]


def _duplicate_todos(viewer: Member) -> list[Todo]:
    url = reverse("records:duplicates", args=[viewer.review.code])
    found = []
    unsearched = duplicates.unsearched(viewer)
    if unsearched:
        words = "record was" if unsearched == 1 else "records were"
        text = f"{intcomma(unsearched)} {words} not compared for duplicates yet."
        found.append(Todo(text, url, n=unsearched, button="Duplicates", order=15))
    pairs = duplicates.open_questions(viewer)
    if pairs:
        words = "pair of records is" if pairs == 1 else "pairs of records are"
        text = f"{intcomma(pairs)} {words} perhaps the same; somebody has to look."
        desk = reverse("records:pairs", args=[viewer.review.code])
        found.append(Todo(text, desk, n=pairs, button="Decide", order=30))
    return found


def panels(viewer: Member) -> list[Panel]:
    """Records identified, and those that repeat no other."""
    records = Record.objects.identified().filter(review=viewer.review_id)
    url = reverse("records:list", args=[viewer.review.code])
    return [
        Panel("Records", records.count(), url, 10),
        Panel(
            "Without duplicates", records.unique().count(), f"{url}?status=unique", 11
        ),
    ]
