"""``manage.py load_retractions FILE`` (docs/commands.md)."""

from __future__ import annotations

import gzip
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reviewapp.core.refusals import Refused
from screening.records.services.retractions import load_retractions


class Command(BaseCommand):
    """Load the Retraction Watch list for all reviews."""

    help = "Load the CSV of Retraction Watch. Load it again to update the flags."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the argument."""
        parser.add_argument("file", metavar="FILE", help="the CSV, also as .csv.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the list line by line and print the numbers."""
        path = Path(options["file"])
        opened = gzip.open if path.suffix == ".gz" else open
        try:
            with opened(
                path, "rt", encoding="utf-8-sig", errors="replace", newline=""
            ) as lines:
                loaded = load_retractions(
                    lines=lines, now=timezone.now(), progress=self._progress
                )
        except (OSError, EOFError) as error:
            raise CommandError(f"{path} can't be read: {error}.") from None
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{loaded.kept:,} lines loaded, {loaded.left_out:,} left out, "
            f"{loaded.removed:,} removed."
        )

    def _progress(self, read: int) -> None:
        self.stderr.write(f"{read:,} lines read")
