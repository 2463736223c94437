"""Files that lie about their type, and files that are meant to break a reader."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.attack import payloads
from tests.attack.caller import Answer
from tests.attack.ledger import Ledger
from tests.attack.reading import running
from tests.attack.site import UPLOAD_LIMIT, Site
from tests.blinding.sample_files import pdf

LONG = "n" * 5000
# The state of a file that is accepted; otherwise the attempt would test nothing.
WANTED = {
    "an archive with paths": "read",
    "NUL in text": "read",
    "bad UTF-8": "read",
    "a line of 5 MB": "read",
    "a name with NUL": "read",
    "a name with a path": "read",
    "a name with a line break": "read",
    "a name of 5000 letters": "no import",
}
SLOW = 30.0


@contextlib.contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Yield an address and the list of its callers, which must stay empty (SSRF)."""
    asked: list[str] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    line, who = server.accept()
                    asked.append(str(who))
                    line.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        finally:
            stop.set()
            thread.join()


def hostile_files(site: Site, ledger: Ledger) -> None:
    _papers(site, ledger)
    with listening() as (address, asked):
        _exports(site, ledger, address)
        _addresses(site, ledger, address)
        ledger.tried("requests that left the server", asked, not asked)


# ── Full texts ───────────────────────────────────────────────────────────────
def _papers(site: Site, ledger: Ledger) -> None:
    lena, report = site.people["lena"], site.ours.args["report"]
    upload = site.here(f"reports/{report}/file/")
    refused = {
        "HTML that says it is a PDF": ("paper.pdf", payloads.HTML),
        "SVG that says it is a PDF": ("paper.pdf", payloads.SVG),
        "a file of 0 bytes": ("paper.pdf", b""),
        "a program": ("paper.pdf", b"\x7fELF" + b"\0" * 100),
        "a PDF that ends too early": ("paper.pdf", b"%PDF-1.7\n"),
        "an archive": ("paper.pdf", payloads.zip_bomb(1)),
    }
    for what, (name, content) in refused.items():
        answer = lena.post(upload, files=[("file", name, content)])
        held = answer.status in {400, 409, 413, 415, 422}
        ledger.tried(f"full text: {what}", answer, held)
    kept = {
        "a page and a PDF in one": ("paper.html", payloads.POLYGLOT + pdf()),
        "a name with a path": ("../../../etc/passwd.pdf", pdf() + b"%1"),
        "a name with a script": ("<img src=x onerror=alert(1)>.pdf", pdf() + b"%2"),
        "a name with a line break": ("a\r\nX-Evil: 1\r\n\r\n.pdf", pdf() + b"%3"),
        "a name with NUL": ("a\0b.pdf", pdf() + b"%4"),
        "a PDF that runs a script": ("run.pdf", payloads.SCRIPTED + pdf() + b"%5"),
        "a picture and a PDF in one": ("gif.pdf", payloads.GIF + pdf() + b"%6"),
        "a name that turns round": ("a\u202efdp.exe.pdf", pdf() + b"%7"),
    }
    before = _kept(report)
    long = lena.post(upload, files=[("file", f"{LONG}.pdf", pdf() + b"%8")])
    held = long.status == 400 and _kept(report) == before
    ledger.tried("full text: a name of 5000 letters", long, held)
    for what, (name, content) in kept.items():
        answer = lena.post(upload, files=[("file", name, content)])
        held = answer.status == 302 and _kept(report) == before + 1
        before = _kept(report)
        ledger.tried(f"full text: {what}", f"{answer}, kept", held)
        page = lena.get(site.here(f"reports/{report}/"))
        found = running(page)
        ledger.tried("… its page", found or page, page.status == 200 and not found)
    _served(site, ledger)
    huge = lena.post(upload, files=[("file", "h.pdf", b"%PDF-" + b"0" * UPLOAD_LIMIT)])
    ledger.tried("full text: too large", huge, 400 <= huge.status < 500)


def _kept(report: str) -> int:
    from screening.reports.models import ReportFile

    return ReportFile.objects.filter(report__code=report, removed_at=None).count()


def _served(site: Site, ledger: Ledger) -> None:
    from screening.reports.models import ReportFile

    report = site.ours.args["report"]
    for kept in ReportFile.objects.filter(report__code=report, removed_at=None):
        answer = site.people["ada"].get(
            site.here(f"reports/{report}/file/{kept.code}/")
        )
        has = answer.headers
        held = (
            answer.status == 200
            and has.get("content-type") == "application/pdf"
            and has.get("content-disposition", "").startswith("attachment")
            and has["content-disposition"].lower().rstrip('"').endswith(".pdf")
            and has.get("x-content-type-options") == "nosniff"
            and "sandbox" in has.get("content-security-policy", "")
            and "x-evil" not in has
            and not has["content-disposition"].count("\u202e")
        )
        told = f"{answer.status}, {has.get('content-disposition', '')[:40]}"
        ledger.tried(f"the kept file {kept.file_name[:30]!r}", told, held)
        is_inside = Path(kept.file.path).is_relative_to(site.instance.data)
        ledger.tried("… lies under a name of ours", kept.file.name, is_inside)


# ── Exports of databases ─────────────────────────────────────────────────────
GOOD = b"TY  - JOUR\r\nTI  - A good record among bad ones\r\nER  - \r\n"


def _files(address: str, escaped: str) -> dict[str, tuple[str, bytes]]:
    """Return names and contents; ``escaped`` must not appear outside the data."""
    return {
        "external entities": ("endnote.xml", payloads.xxe(address)),
        "an entity bomb": ("endnote.xml", payloads.entity_bomb()),
        "a zip bomb": ("export.zip", payloads.zip_bomb()),
        "archives in archives": ("export.zip", payloads.nested_bomb()),
        "an archive with paths": ("export.zip", payloads.traversal(escaped)),
        "a workbook that is a bomb": ("table.xlsx", payloads.zip_bomb(100)),
        "SVG": ("picture.svg", payloads.SVG),
        "HTML": ("export.ris", payloads.HTML),
        "0 bytes": ("export.ris", b""),
        "NUL in text": ("nul.ris", GOOD.replace(b"good", b"go\0od")),
        "bad UTF-8": ("bad.ris", GOOD.replace(b"good", b"\xff\xfe\xc3")),
        "a line of 5 MB": ("long.ris", GOOD.replace(b"good", b"x" * 5_000_000)),
        "a name of 5000 letters": (f"{LONG}.ris", GOOD.replace(b"good", b"long")),
        "a name with NUL": ("a\0b.ris", GOOD.replace(b"good", b"empty")),
        "a name with a path": ("../../../../tmp/x.ris", GOOD.replace(b"good", b"far")),
        "a name with a line break": (
            "a\r\nX-Evil: 1\r\n\r\n.ris",
            GOOD.replace(b"good", b"broken"),
        ),
        "deep JSON": ("deep.json", b"[" * 200_000),
        "a million braces": ("deep.bib", b"@article{a, title={" + b"{" * 1_000_000),
    }


def _exports(site: Site, ledger: Ledger, address: str) -> None:
    lena, source = site.people["lena"], site.ours.args["source"]
    upload, escaped = site.here(f"sources/{source}/upload/"), f"e{secrets.token_hex(6)}"
    for what, (name, content) in _files(address, escaped).items():
        began = time.monotonic()
        answer = lena.post(upload, files=[("exports", name, content)])
        state = _state(site, answer)
        seconds = time.monotonic() - began
        pages = lena.get(answer.location) if answer.location else answer
        held = (
            answer.status < 500
            and pages.status < 500
            and seconds < SLOW
            and state == WANTED.get(what, "refused")
            and b"root:x:0" not in pages.body
            and not running(pages)
        )
        original = lena.get(f"{answer.location}original/")
        held = held and "x-evil" not in original.headers
        ledger.tried(
            f"import: {what}", f"{answer.status}, {state}, {seconds:.1f} s", held
        )
    left = [
        name
        for _, _, files in os.walk("/tmp")  # noqa: S108
        for name in files
        if escaped in name
    ]
    ledger.tried("files that an archive wrote elsewhere", left, not left)
    huge = lena.post(upload, files=[("exports", "h.ris", GOOD * (UPLOAD_LIMIT // 50))])
    state = _state(site, huge)
    held = huge.status < 500 and state in {"no import", "refused"}
    ledger.tried("import: too large", f"{huge.status}, {state}", held)


def _state(site: Site, answer: Answer) -> str:
    if "/imports/" not in answer.location:
        return "no import"
    return site.imported(site.people["lena"], answer)


def _addresses(site: Site, ledger: Ledger, address: str) -> None:
    """Return addresses in every field that can have one."""
    lena, dora = site.people["lena"], site.people["dora"]
    source = site.ours.args["other_source"]
    form = {"title": "Hand found", "url": f"{address}/url", "doi": "10.5555/ssrf"}
    answer = lena.post(site.here(f"sources/{source}/enter/"), form)
    ledger.tried("a record with an inner address", answer, answer.status < 500)
    nasty = {"name": address, "kind": "database", "platform": address}
    answer = dora.post(site.here("sources/add/"), nasty)
    ledger.tried("a source with an inner address", answer, answer.status < 500)
    ris = f"TY  - JOUR\r\nTI  - Far\r\nUR  - {address}/ur\r\nL1  - {address}/l1\r\nDO  - {address}/10.5555/x\r\nER  - \r\n"
    upload = site.here(f"sources/{site.ours.args['source']}/upload/")
    answer = lena.post(upload, files=[("exports", "far.ris", ris.encode())])
    state = _state(site, answer)
    ledger.tried("an import with inner addresses", state, state == "read")
    lena.post(f"{answer.location}commit/")
    state = _state(site, answer)
    ledger.tried("… and its records", state, state == "committed")
    for header in ("Referer", "X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL"):
        came = lena.send("GET", site.here(), headers={header: f"{address}/{header}"})
        ledger.tried(f"an address in {header}", came, came.status == 200)
