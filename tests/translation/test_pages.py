"""No page, message or email shows a sentence that is not translated.

The worlds of tests/blinding are built and shown in a generated language
(``pseudo.py``). Whatever is then neither accented nor data is a text that misses
gettext.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.http import HttpResponseBase
from django.template.loader import render_to_string
from django.test import TestCase
from django.urls import NoReverseMatch, reverse

from reviewapp.core import jobs
from reviewapp.core.models import Job
from reviewapp.core.refusals import Refused
from reviewapp.core.services import deletion
from screening.decisions.models import Stage
from tests.blinding import addresses, harness, public_actions
from tests.blinding import test_canary as canary
from tests.blinding.capture import kind_of_link, links
from tests.blinding.harness import Browser
from tests.blinding.matrix import BY_NAME, TEAM, THIRD_PARTY, Row
from tests.blinding.world import World, build, make_cast
from tests.translation import typed
from tests.translation.pages import Form, Page, untranslated
from tests.translation.pseudo import pseudo_language

pytestmark = pytest.mark.django_db
# Answers by URL.
Pages = dict[str, HttpResponseBase]
READ_TYPES = ("html", "svg")
# One of each role; the lead first, who sees most of the forms.
MEMBERS = ["dora", "ada", "cleo", "lena", "olaf"]


class Found:
    """Untranslated texts, each with the first page that shows it."""

    def __init__(self) -> None:
        self.where: dict[str, str] = {}

    def look_at(self, place: str, content: str) -> None:
        for text in untranslated(content):
            self.where.setdefault(text, place)

    def look_at_response(self, place: str, response: HttpResponseBase) -> None:
        kind = response.headers.get("Content-Type", "")
        if any(name in kind for name in READ_TYPES) and not response.streaming:
            self.look_at(place, response.content.decode())

    def check(self) -> None:
        lines = [f"{place}: {text}" for text, place in self.where.items()]
        assert not lines, f"{len(lines)} texts:\n" + "\n".join(lines)


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pseudo_language(tmp_path_factory.mktemp("locale")):
        yield


@pytest.fixture(scope="module")
def world(
    language: None, django_db_setup: None, django_db_blocker: Any
) -> Iterator[World]:
    """The review in which everything has happened once, made in the language."""
    with django_db_blocker.unblock(), harness.stopped(), harness.undone():
        yield build(make_cast())


@pytest.fixture(scope="module")
def sessions(world: World) -> dict[str, str]:
    """The session of each member of the review."""
    members = {name: getattr(world.cast, name) for name in TEAM.split()}
    return {name: harness.log_in(member.user) for name, member in members.items()}


@pytest.fixture(scope="module")
def pages(world: World, sessions: dict[str, str]) -> dict[str, Pages]:
    """The pages of each member, with one link of each kind that they lead to."""
    return {name: crawl(world, name, sessions[name], follows=True) for name in MEMBERS}


@pytest.mark.parametrize("name", MEMBERS)
def test_pages(pages: dict[str, Pages], name: str) -> None:
    found = Found()
    look_at_all(name, pages[name], found)
    found.check()


def crawl(world: World, name: str, session: str, *, follows: bool = False) -> Pages:
    """Return the pages that a member may open, by URL.

    ``name`` is the member's name in the world.
    """
    rows = {url: row for url, row in page_rows(world) if name in row.get.split()}
    kinds = {kind_of_link(url) for url in rows}
    waiting, found = deque(rows), {}
    while waiting:
        url = waiting.popleft()
        answer = Browser(session).get(url)
        found[url] = answer
        if not follows or "html" not in answer.headers.get("Content-Type", ""):
            continue
        for link in links(url, answer.content.decode()):
            kind = kind_of_link(link)
            if kind not in kinds and link.startswith("/r/"):
                kinds.add(kind)
                waiting.append(link)
    return found


def page_rows(world: World) -> Iterator[tuple[str, Row]]:
    """Yield the URL of every page of a review, with what tests/blinding says of it."""
    for address in addresses.every():
        row = BY_NAME.get(address.name)
        if row and row.get and not address.name.startswith("api:"):
            yield addresses.url(address, world.args, row) + row.query, row


def look_at_all(who: str, pages: Pages, found: Found) -> None:
    assert pages
    for url, answer in pages.items():
        assert answer.status_code < 500, url
        found.look_at_response(f"{who} {url}", answer)


def test_answers_to_forms(
    world: World, sessions: dict[str, str], pages: dict[str, Pages]
) -> None:
    """Every form of every page is sent empty, as shown, and filled in."""
    found, sent = Found(), set()
    for name in MEMBERS:
        for url, answer in pages[name].items():
            if "html" not in answer.headers.get("Content-Type", ""):
                continue
            for form in Page(answer.content.decode()).forms:
                path = form.action or url
                if form.method == "post" and (path, *form.buttons) not in sent:
                    sent.add((path, *form.buttons))
                    submit_all(world, sessions[name], path, form, found)
    assert len(sent) > 60, len(sent)
    found.check()


def submit_all(world: World, session: str, url: str, form: Form, found: Found) -> None:
    """Send a form in every way; look at the answers, the next pages and the emails."""
    review = world.cast.review
    ways: list[dict[str, Any]] = [
        typed.empty(form),
        typed.as_shown(form),
        typed.filled(form, review.title),
    ]
    for way in ways:
        for button, value in form.buttons or [("", "")]:
            data = {**way, button: value} if button else way
            for headers in [{}, {"HX-Request": "true"}] if form.is_htmx else [{}]:
                submit(session, url, data, headers, found)


def submit(
    session: str, url: str, data: dict[str, Any], headers: Any, found: Found
) -> None:
    mail.outbox.clear()
    # A new one each time: some forms end the session.
    browser = Browser(session)
    newest = Job.objects.order_by("pk").last()
    last_job = newest.pk if newest else 0
    with harness.undone():
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = browser.post(url, data, headers=headers)
        found.look_at_response(f"POST {url}", answer)
        assert answer.status_code < 500, url
        for job in Job.objects.filter(state=Job.State.QUEUED, pk__gt=last_job):
            jobs.run_claimed_job(job.pk)
        if answer.status_code == 302:
            browser.cookies.update(answer.cookies)
            following = answer.headers["Location"]
            if following.startswith("/"):
                found.look_at_response(f"POST {url}, then", browser.get(following))
    for message in mail.outbox:
        found.look_at(f"POST {url}, email", f"{message.subject}\n{message.body}")


# ── Other states of a review ─────────────────────────────────────────────────


def public_acts(world: World) -> None:
    """A record is added, the sample grows, a pair is decided, votes are cast."""
    public_actions.a_record_comes_in(world)
    public_actions.the_sample_grows(world)
    public_actions.a_pair_is_answered(world)
    public_actions.ada_goes_on(world)


def last_acts(world: World) -> None:
    """What happens at the end of a stage, or cannot be taken back."""
    for act in (
        public_actions.cleo_settles,
        public_actions.dora_unblinds_another_one,
        public_actions.an_import_ends,
        public_actions.an_import_is_undone,
        public_actions.a_merge_is_undone,
        public_actions.cleo_leaves,
        public_actions.ada_changes_her_mind,
    ):
        with contextlib.suppress(Refused), transaction.atomic():
            act(world)


def closed(world: World) -> None:
    """The first stage is finished and closed."""
    canary._finish(world)


def to_be_deleted(world: World) -> None:
    deletion.schedule_deletion(
        actor=world.cast.dora, typed=world.cast.review.title, now=harness.READING
    )


@pytest.mark.parametrize("act", [public_acts, last_acts, closed, to_be_deleted])
def test_pages_in_other_states(
    world: World, sessions: dict[str, str], act: Callable[[World], None]
) -> None:
    found = Found()
    with harness.undone():
        act(world)
        seen = crawl(world, "dora", sessions["dora"])
        look_at_all(f"after {act.__name__}", seen, found)
    found.check()


@pytest.mark.parametrize("is_pool", [False, True], ids=["fresh", "pool"])
def test_pages_of_another_review(world: World, is_pool: bool) -> None:
    """A review in which nothing has happened yet, and one with an open pool."""
    found = Found()
    with harness.undone():
        if is_pool:
            other = build(make_cast("Another topic", tag="3"), is_pool=True)
        else:
            other = World(make_cast("Another topic", tag="3"))
            stages = Stage.objects.filter(review=other.cast.review).order_by("position")
            other.args = {**world.args, "review": other.cast.review.code}
            other.args["stage"] = stages.first().code
        for name in ("dora", "ada"):
            session = harness.log_in(getattr(other.cast, name).user)
            look_at_all(name, crawl(other, name, session), found)
    found.check()


# ── Pages outside a review ───────────────────────────────────────────────────

ERROR_PAGES = ["400", "403", "403_csrf", "404", "405", "429", "500", "refused"]


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_pages(world: World, name: str) -> None:
    found = Found()
    found.look_at(name, render_to_string(f"{name}.html", {"sentence": ""}))
    found.check()


def test_every_error_page_is_tested() -> None:
    pages = {
        path.stem for path in (settings.BASE_DIR / "templates").glob("[0-9]*.html")
    }
    assert pages <= set(ERROR_PAGES)


@pytest.mark.parametrize("name", ["ada", ""], ids=["ada", "logged out"])
def test_account_pages(world: World, sessions: dict[str, str], name: str) -> None:
    """Also the answers to their forms, and the emails that these send."""
    found, session = Found(), sessions.get(name, "")
    for address in addresses.every():
        if (
            not address.name.startswith(THIRD_PARTY)
            and address.name != "core:invitation"
        ):
            continue
        codes = {"key": "none", "uidb36": "1", "provider": "none", **world.args}
        arguments = {part: codes.get(part, "1") for part in address.arguments}
        try:
            url = reverse(address.name, kwargs=arguments)
        except NoReverseMatch:
            continue
        with harness.undone():
            answer = Browser(session).get(url)
        found.look_at_response(f"{name} {url}", answer)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            for form in Page(answer.content.decode()).forms:
                if form.method == "post":
                    submit_all(world, session, form.action or url, form, found)
    found.check()
