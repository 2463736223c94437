"""``manage.py export_records REVIEW --as PRESET [filters] [--output FILE]``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewapp.core.exported import log_export
from reviewapp.core.refusals import Refused
from screening.flow.exports import presets
from screening.flow.management.reviews import find_review
from screening.flow.queries import export_selection
from screening.flow.queries.export_selection import ExportFilters


class Command(BaseCommand):
    """Write a review's records with their screening status, as the Export page does."""

    help = "Write the records of a review with their screening status."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments. Filters are those of the Export page's address."""
        parser.add_argument("review", help="the review's code, or its exact title")
        parser.add_argument(
            "--as", dest="preset", choices=list(presets.BY_KEY), default="ris"
        )
        parser.add_argument(
            "--outcome", choices=list(export_selection.OUTCOME_FILTERS), default=""
        )
        parser.add_argument("--arm", choices=list(export_selection.ARMS), default="")
        parser.add_argument("--duplicates", choices=["with", "only"], default="")
        for name in ("stage", "reason", "source"):
            parser.add_argument(f"--{name}", default="", help="its code")
        parser.add_argument(
            "--without-outcomes",
            action="store_true",
            help="leave out screening status and exclusion reasons",
        )
        parser.add_argument(
            "--output", type=Path, help="write to this file instead of standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; print its name and the number of records to stderr."""
        found = find_review(options["review"])
        filters = ExportFilters(
            **{one.name: options[one.name] for one in fields(ExportFilters)}
        )
        try:
            download = presets.download(
                found,
                options["preset"],
                filters,
                with_status=not options["without_outcomes"],
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        with ExitStack() as stack:
            path: Path | None = options["output"]
            out = stack.enter_context(path.open("wb")) if path else sys.stdout.buffer
            for piece in download.content:
                out.write(piece)
        stated = download.stated
        log_export(stated, review=found, name=download.name)
        self.stderr.write(
            f"Selected {stated.selected}, written {stated.written}: {download.name}"
        )
