"""``manage.py load_demo`` (docs/demo.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from reviewapp.core import events
from reviewapp.core.models import Event
from reviewapp.core.refusals import Refused
from reviewapp.demo.loading import checking, people, published, texts, trial
from reviewapp.demo.loading.people import PASSWORD, PEOPLE, Team
from reviewapp.demo.loading.steps import Steps

LOADED = "demo:loaded"
_LOCK = 7101
_HERE = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    """Load the demonstration review and the small one to try out."""

    help = (
        "Load the demonstration: a review of the size of a published one, finished, "
        "and a small one under way. Again: goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The password of the invented people."""
        parser.add_argument(
            "--password",
            help="of the invented people; needed where others reach the site",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing, check it, print the logins."""
        password = _password(options["password"])
        steps = Steps(self._say)
        try:
            with _alone():
                self._load(texts.TITLE, password, steps, self._load_published)
                self._load(texts.TRIAL_TITLE, password, steps, trial.load)
        except Refused as refusal:
            raise CommandError(
                f"The demo was not loaded to its end: {refusal.sentence} What was "
                "loaded is kept; the same command goes on from there."
            ) from refusal
        if steps.done:
            self._say(
                f"Loaded in {steps.seconds:.0f} s ({steps.cpu:.0f} s of this "
                "process's processor time)."
            )
        self._logins(password)

    def _load(
        self,
        title: str,
        password: str,
        steps: Steps,
        load: Callable[[Team, Steps, datetime], None],
    ) -> None:
        lead = people.lead_of(title)
        if lead and Event.objects.filter(review=lead.review, kind=LOADED).exists():
            self._say(f"“{title}” is there already.")
            return
        self._say(f"{'Going on with' if lead else 'Loading'} “{title}” …")
        now = timezone.now()
        with steps.step("Team"):
            team = people.gather(title=title, password=password, now=now)
        load(team, steps, now)
        events.record(
            review=team.lead.review, actor=team.lead, kind=LOADED, now=timezone.now()
        )

    def _load_published(self, team: Team, steps: Steps, now: datetime) -> None:
        published.load(team, steps, now)
        result = checking.check(team.lead.review)
        for one in result.checks:
            self._say(f"  {one.found:8,}  {one.label}")
        if result.faults or not result.flow.is_final:
            raise CommandError(
                "The demo review is not as planned: " + "; ".join(result.faults) + "."
            )
        self._say("  All identities of the flow hold; it is final.")

    def _logins(self, password: str) -> None:
        self._say(f"\nLog in at {settings.SITE_URL} with the password: {password}")
        for person in PEOPLE:
            self._say(f"  {person.email:18}  {person.role.value:9}  {person.tries}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _password(given: str | None) -> str:
    """The given one; without one the known one, on this machine only."""
    if given:
        return given
    if urlsplit(settings.SITE_URL).hostname not in _HERE:
        raise CommandError(
            f"Others may reach {settings.SITE_URL}, and the usual password of the "
            "demo is printed in its documentation. Choose one: --password …"
        )
    return PASSWORD


@contextmanager
def _alone() -> Iterator[None]:
    """One load at a time: a lock of the session, given back with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise CommandError("The demo is being loaded by another process already.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
