"""``manage.py export_flow REVIEW --format json|csv|svg|prisma2020`` (docs/commands.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.flow.management.reviews import find_review
from screening.flow.queries import flow
from screening.flow.rules.diagram import flow_as_svg
from screening.flow.rules.flow import flow_as_csv, flow_as_json
from screening.flow.rules.prisma2020 import flow_as_prisma2020

FORMATS = {
    "json": flow_as_json,
    "csv": flow_as_csv,
    "svg": flow_as_svg,
    "prisma2020": flow_as_prisma2020,
}


class Command(BaseCommand):
    """Write a review's PRISMA 2020 flow to standard output."""

    help = "Write the PRISMA 2020 flow of a review to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments. REVIEW is the code in the review's address."""
        parser.add_argument("review", help="the review's code, or its exact title")
        parser.add_argument("--format", choices=sorted(FORMATS), default="json")
        parser.add_argument(
            "--final",
            action="store_true",
            help="fail (status 1) unless nothing is pending and all checks pass",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the flow. If it is a draft, say so on standard error."""
        found = flow.build_flow(find_review(options["review"]))
        if not found.is_final:
            waits = [f"{box.kind.text}: {box.n}" for box in found.pending]
            waits += [note.text for note in found.notes]
            broken = [i.text for i in found.identities if not i.holds]
            said = "; ".join([*waits, *broken]) or "there are no records"
            if options["final"]:
                raise CommandError(f"The flow is not final: {said}.")
            self.stderr.write(f"This flow is a draft: {said}.")
        self.stdout.write(FORMATS[options["format"]](found), ending="")
