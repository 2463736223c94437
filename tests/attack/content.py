"""Hostile text in every field, then on every page and in every table."""

from __future__ import annotations

import uuid
from collections import Counter, deque
from urllib.parse import quote

from tests.attack import payloads
from tests.attack.caller import Caller
from tests.attack.ledger import Ledger
from tests.attack.reading import formulas, running
from tests.attack.site import Site

NASTY = f"\"><img src=x onerror=alert('{payloads.MARK}')>"
OF_A_KIND = 3
RECORDS = 115


def hostile_text(site: Site, ledger: Ledger) -> None:
    """Import, type and name hostile text; open it as a reviewer and as the lead."""
    _import(site, ledger)
    _type(site, ledger)
    seen: Counter[str] = Counter()
    for name in ("ada", "dora"):
        _look(site, ledger, name, seen)
    for what in ("pages with hostile text", "tables with formulas in them"):
        ledger.tried(what, seen[what], seen[what] > 0)


def _import(site: Site, ledger: Ledger) -> None:
    lena, source = site.people["lena"], site.ours.args["source"]
    upload = site.here(f"sources/{source}/upload/")
    for name, content in (
        (f"{NASTY}.ris", payloads.ris()),
        (f"=cmd {NASTY}.csv", payloads.csv_table()),
    ):
        answer = lena.post(upload, files=[("exports", name, content)])
        state = site.imported(lena, answer)
        ledger.tried(f"{name} is read", state, state == "read")
        for part in ("", "report.csv", "report.json", "correct/"):
            page = lena.get(answer.location + part)
            found = running(page) + formulas(page)
            held = not found and page.status < 500
            ledger.tried(f"its {part or 'preview'}", found or page, held)
        lena.post(f"{answer.location}commit/")
        state = site.imported(lena, answer)
        ledger.tried(f"{name} is imported", state, state == "committed")


def _forms(site: Site) -> dict[str, tuple[Caller, str, dict[str, str]]]:
    """Return the text for each form, typed by people who may; each is accepted."""
    dora, args = site.people["dora"], site.ours.args
    title = site.ours.cast.review.title
    vote = {"verdict": "include", "note": NASTY, "key": str(uuid.uuid4())}
    return {
        "a title": (dora, "title/", {"title": f"{title} {NASTY}"}),
        "a source": (
            dora,
            f"sources/{args['source']}/change/",
            {"kind": "database", "name": NASTY, "strategy": NASTY, "limits": NASTY},
        ),
        "a protocol": (
            dora,
            "protocol/edit/",
            {
                "question": NASTY,
                "population": f"={NASTY}",
                "concept": NASTY,
                "context": NASTY,
                "registration": f"javascript:alert('{payloads.MARK}')",
                "include": NASTY,
                "exclude": NASTY,
                "based_on": _version(site),
            },
        ),
        "a note": (
            site.people["ada"],
            f"screen/{site.ours.title.code}/{site.ours.shared[6]}/vote/",
            vote,
        ),
        "a comment": (
            site.people["cleo"],
            f"conflicts/{args['conflict']}/comment/",
            {"text": NASTY, "key": str(uuid.uuid4())},
        ),
        "a study": (dora, f"studies/{args['study']}/", {"label": f"=1+1 {NASTY}"}),
        "a question": (
            dora,
            f"charting/{args['draft']}/questions/new/",
            {
                "label": NASTY,
                "help": NASTY,
                "section": NASTY,
                "kind": "choose_one",
                "options": f"{NASTY}\n=1+1",
            },
        ),
        "a form": (dora, "charting/new/", {"name": NASTY, "template": "empty"}),
        "a reason for opening": (
            dora,
            "unblind/",
            {"reason": NASTY, "typed": f"{title} {NASTY}"},
        ),
    }


def _type(site: Site, ledger: Ledger) -> None:
    from tests.factories import PASSWORD

    dora = site.people["dora"]
    for what, (caller, path, form) in _forms(site).items():
        before = _stored(STORED[what])
        answer = caller.post(site.here(path), form)
        n = _stored(STORED[what]) - before
        # A refused form is not an attempt.
        held = answer.status == 302 and n == 1
        ledger.tried(f"{what} with a script in it", f"{answer}, {n} stored", held)
    other = site.somebody()
    user = site.ours.cast.olaf.user
    type(user).objects.filter(pk=user.pk).update(name=f"Olaf {NASTY}")
    site.ours.cast.olaf.__class__.objects.filter(user=user).update(name=f"=1+1{NASTY}")
    answer = other.log_in(user.email, PASSWORD)
    ledger.tried("a name with a script in it", answer, answer.status == 302)
    for query in (payloads.SCRIPTS[0], NASTY, f"javascript:alert('{payloads.MARK}')"):
        page = dora.get(site.here(f"records/?q={quote(query)}&after={quote(query)}"))
        found = running(page)
        ledger.tried(f"a search for {query}", found or page, not found)
        page = dora.get(site.here(quote(query)))
        found = running(page)
        ledger.tried(f"a path {query}", found or page, not found)


# The column that stores each text.
STORED = {
    "a title": ("core_review", "title"),
    "a source": ("records_source", "name"),
    "a protocol": ("core_protocol", "question"),
    "a note": ("decisions_vote", "note"),
    "a comment": ("conflicts_comment", "text"),
    "a study": ("reports_study", "label"),
    "a question": ("charting_field", "label"),
    "a form": ("charting_form", "name"),
    "a reason for opening": ("core_event", "data->>'reason'"),
}


def _stored(where: tuple[str, str]) -> int:
    """Return the number of rows with the script, by SQL because votes can't be read."""
    from django.db import connection

    table, column = where
    only = " AND kind = 'review:unblinded'" if table == "core_event" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE {column} LIKE %s{only}",  # noqa: S608
            [f"%{payloads.MARK}%"],
        )
        return int(cursor.fetchone()[0])


def _version(site: Site) -> str:
    from reviewapp.core.models import Protocol

    kept = Protocol.objects.filter(review=site.ours.cast.review)
    return str(kept.order_by("-version").values_list("version", flat=True)[0])


def _look(site: Site, ledger: Ledger, name: str, seen: Counter[str]) -> None:
    from tests.blinding.capture import _is_ours, first_urls, kind_of_link, links

    caller, kinds = site.people[name], Counter[str]()
    waiting = deque([*dict.fromkeys(first_urls(site.ours)), *_records(site)])
    known = set(waiting)
    pages = bad = 0
    while waiting:
        url = waiting.popleft()
        answer = caller.get(url)
        pages += 1
        found = running(answer) + formulas(answer)
        if found or answer.status >= 500:
            bad += 1
            ledger.tried(f"{name} opens {url}", found or answer, held=False)
        _count(answer, seen)
        if "html" not in answer.headers.get("content-type", ""):
            continue
        for link in links(url, answer.text):
            if link not in known and _is_ours(link):
                known.add(link)
                kinds[kind_of_link(link)] += 1
                if kinds[kind_of_link(link)] <= OF_A_KIND:
                    waiting.append(link)
    ledger.tried(f"{name} opens {pages} pages and files", f"{bad} bad", bad == 0)
    _exports(site, ledger, caller, seen)


def _records(site: Site) -> list[str]:
    from screening.records.models import Record

    found = Record.objects.filter(review=site.ours.cast.review).order_by("-pk")
    codes = found.values_list("code", flat=True)[:RECORDS]
    return [site.here(f"records/{code}/") for code in codes]


def _exports(site: Site, ledger: Ledger, caller: Caller, seen: Counter[str]) -> None:
    from screening.flow.exports.presets import BY_KEY

    for key in BY_KEY:
        url = f"/api/v1/reviews/{site.ours.cast.review.code}/export/?as={key}"
        answer = caller.get(url)
        found = formulas(answer)
        held = answer.status == 200 and not found
        ledger.tried(f"{caller.name}'s export as {key}", found or answer, held)
        saved = answer.headers.get("content-disposition", "")
        ledger.tried("… is saved, not shown", saved, saved.startswith("attachment"))
        _count(answer, seen)


def _count(answer: object, seen: Counter[str]) -> None:
    kind = answer.headers.get("content-type", "")  # type: ignore[attr-defined]
    text = answer.text  # type: ignore[attr-defined]
    if "html" in kind and payloads.MARK in text:
        seen["pages with hostile text"] += 1
    if "csv" in kind and "1+1" in text:
        seen["tables with formulas in them"] += 1
