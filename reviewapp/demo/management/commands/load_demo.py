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
from reviewapp.demo.loading import checking, people, published, small_review, texts
from reviewapp.demo.loading.people import PASSWORD, PEOPLE, DemoTeam
from reviewapp.demo.loading.steps import LoadSteps

LOADED = "demo:loaded"
_LOCK = 7101
_HERE = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    """Load both demo reviews."""

    help = (
        "Load the demo: a finished review of the size of a published one, and a small "
        "one in progress. If you run it again, it continues where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the password of the invented people."""
        parser.add_argument(
            "--password",
            help="of the demo accounts; required if others can reach the site",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load missing data, check it, print the logins."""
        password = _password(options["password"])
        steps = LoadSteps(self._say)
        try:
            with _alone():
                self._load(texts.TITLE, password, steps, self._load_published)
                self._load(
                    texts.TRIAL_TITLE, password, steps, small_review.load_small_review
                )
        except Refused as refusal:
            raise CommandError(
                f"The demo is not completely loaded: {refusal.sentence} The loaded "
                "data is kept. Run the same command again to continue."
            ) from refusal
        if steps.done:
            self._say(
                f"Loaded in {steps.seconds:.0f} s ({steps.cpu:.0f} s of processor "
                "time in this process)."
            )
        self._logins(password)

    def _load(
        self,
        title: str,
        password: str,
        steps: LoadSteps,
        load: Callable[[DemoTeam, LoadSteps, datetime], None],
    ) -> None:
        lead = people.find_lead(title)
        if lead and Event.objects.filter(review=lead.review, kind=LOADED).exists():
            self._say(f"“{title}” is already loaded.")
            return
        self._say(f"{'Continuing' if lead else 'Loading'} “{title}” …")
        now = timezone.now()
        with steps.step("Team"):
            team = people.gather_team(title=title, password=password, now=now)
        load(team, steps, now)
        events.record(
            review=team.lead.review, actor=team.lead, kind=LOADED, now=timezone.now()
        )

    def _load_published(self, team: DemoTeam, steps: LoadSteps, now: datetime) -> None:
        published.load_published(team, steps, now)
        result = checking.check_review(team.lead.review)
        for one in result.checks:
            self._say(f"  {one.found:8,}  {one.label}")
        if result.faults or not result.flow.is_final:
            raise CommandError(
                "The demo review differs from the plan: "
                + "; ".join(result.faults)
                + "."
            )
        self._say("  All consistency checks of the flow pass. The flow is final.")

    def _logins(self, password: str) -> None:
        self._say(f"\nLog in at {settings.SITE_URL} with the password: {password}")
        for person in PEOPLE:
            self._say(f"  {person.email:18}  {person.role.value:9}  {person.tries}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _password(given: str | None) -> str:
    """Return the given password, or the known one if only this machine has access."""
    if given:
        return given
    if urlsplit(settings.SITE_URL).hostname not in _HERE:
        raise CommandError(
            f"Others may be able to reach {settings.SITE_URL}, and the default demo "
            "password is in the documentation. Choose a password with --password."
        )
    return PASSWORD


@contextmanager
def _alone() -> Iterator[None]:
    """Hold a session lock, so that only one load runs at a time.

    The database releases it when the connection ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise CommandError("Another process is already loading the demo.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
