"""Records full of scripts in a real browser: nothing runs, nothing is fetched.

The texts of tests/attack/payloads.py are added through RIS, a table and forms, as file
names, notes, comments, names and labels. A script that runs would open a dialog or set
``window.xss7319``. A script that the policy blocks is a violation, which means that
markup got into the page. Both fail.
"""

from __future__ import annotations

import io
import uuid

import pgtrigger
from playwright.sync_api import Error

from screening.conflicts.services import resolutions
from screening.imports.services import imports
from screening.records.models import Import, Record, Source
from tests.attack import payloads
from tests.blinding.world import World, _run, vote
from tests.e2e.conftest import Arrivals
from tests.e2e.people import Person
from tests.factories import NOW

NASTY = f"\"><img src=x onerror=alert('{payloads.MARK}')>"
# Event handlers need a user, so the mouse moves over them and presses them.
TOUCH = """() => {
  for (const e of document.querySelectorAll("body *")) {
    for (const kind of ["mouseover", "focus", "mouseenter", "toggle", "pointerdown"])
      e.dispatchEvent(new Event(kind, {bubbles: true}));
  }
}"""
LEADS_AWAY = """(mark) => [...document.querySelectorAll("[href], [src], [action]")]
  .map((e) => e.href?.baseVal ?? e.href ?? e.src ?? e.action)
  .filter((to) => typeof to == "string" && /^(javascript|data:text|vbscript)/i.test(to))"""
MARKUP = """(mark) => [...document.querySelectorAll("*")].flatMap((e) =>
  [...e.attributes].filter((a) => /^on/i.test(a.name) || a.name.includes(mark))
  .map((a) => `${e.tagName} ${a.name}=${a.value}`))"""


def fill(world: World) -> list[str]:
    """Add hostile text everywhere; return the paths of the imports."""
    cast, source = world.cast, Source.objects.get(code=world.args["source"])
    files = {
        f"{NASTY}.ris": payloads.ris(),
        f"<svg onload=alert('{payloads.MARK}')>.csv": payloads.csv_table(),
    }
    paths = []
    for name, content in files.items():
        batch = imports.upload_file(
            actor=cast.lena,
            source_code=source.code,
            file=io.BytesIO(content),
            file_name=name,
            now=NOW,
        )
        _run("records.read", batch.code)
        batch.refresh_from_db()
        assert batch.state == Import.State.READ, batch.state
        paths.append(f"imports/{batch.code}/")
    # The first file is imported, the second stays a preview.
    first = Import.objects.get(code=paths[0].split("/")[1])
    imports.confirm_import(actor=cast.lena, import_code=first.code, now=NOW)
    _run("records.import", first.code)
    vote(cast.ada, world.shared[5], "include", note=NASTY)
    vote(cast.ben, world.shared[5], "exclude", note=payloads.SCRIPTS[0])
    for text in payloads.SCRIPTS[:5]:
        resolutions.post_comment(
            actor=cast.cleo,
            round_code=world.shared[5],
            text=text,
            key=uuid.uuid4(),
            now=NOW,
        )
    return paths


def spoil(world: World) -> None:
    """Put hostile text into names of people, the review, and records to screen."""
    cast = world.cast
    Source.objects.filter(code=world.args["source"]).update(
        name=f"Medline {NASTY}", strategy=NASTY
    )
    type(cast.review).objects.filter(pk=cast.review.pk).update(title=f"Ours {NASTY}")
    for member in (cast.ben, cast.cleo):
        type(member).objects.filter(pk=member.pk).update(name=f"{member.name} {NASTY}")
    everywhere = Record.objects.filter(review=cast.review).order_by("pk")
    for number, record in enumerate(everywhere[:80]):
        text = payloads.SCRIPTS[number % len(payloads.SCRIPTS)]
        link = payloads.LINKS[number % len(payloads.LINKS)]
        with pgtrigger.ignore("records.Record:append_only"):
            Record.objects.filter(pk=record.pk).update(
                title=f"{text} {record.title}"[:2000],
                abstract=f"{text} {record.abstract}",
                authors=[text],
                journal=text,
                keywords=[text],
                notes=text,
                url=link,
                doi=f"10.5555/{link}",
            )


def watch(person: Person) -> list[str]:
    """Collect dialogs and new windows of the person's page from now on."""
    came: list[str] = []

    def dialog(box) -> None:
        came.append(f"dialog: {box.message}")
        box.dismiss()

    person.page.on("dialog", dialog)
    person.context.on("page", lambda page: came.append(f"window: {page.url}"))
    return came


def look(person: Person, path: str) -> tuple[list[str], bool]:
    """Open and touch a page; return what ran, and whether hostile text is shown."""
    page = person.page
    try:
        person.open(path)
        page.evaluate(TOUCH)
        page.wait_for_timeout(50)
    except Error as error:
        return [f"{path}: {error.message[:200]}"], False
    faults = [f"{path}: leads to {to}" for to in page.evaluate(LEADS_AWAY, "")]
    faults += [f"{path}: {it}" for it in page.evaluate(MARKUP, payloads.MARK)]
    if page.evaluate("mark => mark in window", payloads.MARK):
        faults.append(f"{path}: a script ran")
    return faults, payloads.MARK in page.content()


def test_hostile_text_is_text_on_every_page(world: World, people: Arrivals) -> None:
    assert len(payloads.SCRIPTS) >= 30
    batches = fill(world)
    newest = Record.objects.filter(review=world.cast.review).order_by("-pk")
    fresh = list(newest.values_list("code", flat=True)[: len(payloads.SCRIPTS)])
    spoil(world)
    args = world.args
    records = [f"records/{code}/" for code in fresh[::3]]
    paths = {
        "dora": [
            *("", "records/", "sources/", f"sources/{args['source']}/", "team/"),
            *(f"{batch}{part}" for batch in batches for part in ("", "correct/")),
            *("audit-log/", "flow/", "export/", "export/list/", "reports/", "studies/"),
            *("duplicates/", "duplicates/merges/", f"records/{args['record']}/"),
            *(f"reports/{args['report']}/", "charting/", "conflicts/"),
            *(f"conflicts/{world.shared[5]}/", f"duplicates/pairs/{args['pair']}/"),
            *records,
        ],
        "ada": [
            *(f"screen/{world.title.code}/", f"screen/{world.text.code}/", "records/"),
            *(
                f"screen/{world.title.code}/{world.shared[6]}/",
                f"screen/{world.title.code}/mine/",
            ),
        ],
    }
    faults, hostile = [], 0
    for name, wanted in paths.items():
        member = getattr(world.cast, name)
        person = people(member.name, member.user)
        came = watch(person)
        for path in wanted:
            found, is_hostile = look(person, f"/r/{world.cast.review.code}/{path}")
            faults += found
            hostile += is_hostile
        faults += came
    assert not faults, "\n".join(faults)
    assert hostile >= 25, f"vacuous: only {hostile} pages had hostile text"
