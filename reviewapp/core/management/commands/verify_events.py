"""`manage.py verify_events`: verify that the audit log is unchanged."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewapp.core.models import Review
from reviewapp.core.queries import deletion_records, hash_chains


class Command(BaseCommand):
    """A command that recomputes the hash chains of one review or all reviews."""

    help = "Recompute the hash chains of the audit log. Exits with status 1 if one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the review's code and a hash that was kept elsewhere."""
        parser.add_argument(
            "review", nargs="?", help="the code in /r/CODE/; without it, all reviews"
        )
        parser.add_argument(
            "--expect",
            default="",
            metavar="HASH",
            help="a hash that must be in the chain",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each review, or the position of its first broken link."""
        code, expect = options["review"], options["expect"]
        if expect and not code:
            raise CommandError("--expect needs the code of a review.")
        found = [
            hash_chains.verify_audit_log(review, expect=expect)
            for review in Review.objects.order_by("code")
            if code in {None, review.code}
        ]
        if code and not found:
            self._erased(code, expect)
            return
        for result in found:
            if result.broken:
                self.stderr.write(f"BROKEN {result.broken}")
            else:
                self.stdout.write(
                    f"{result.review}: {result.events} events verified in "
                    f"{result.chains} chains; latest hash of the review's chain: "
                    f"{result.end or '(none)'}"
                )
        stones, broken = deletion_records.verify_deletion_records()
        if stones or broken:
            self.stdout.write(f"{stones} deletion records verified")
        if broken:
            self.stderr.write(f"BROKEN {broken}")
        if broken or any(result.broken for result in found):
            raise CommandError(
                "The audit log differs from what was recorded.", returncode=1
            )

    def _erased(self, code: str, expect: str) -> None:
        stone = deletion_records.find_deletion_record(code)
        if stone is None:
            raise CommandError(f"There is no review {code}.")
        self.stdout.write(
            f"{code}: deleted {stone.erased_at:%Y-%m-%d %H:%M} UTC with {stone.events} "
            f"events; latest hash: {stone.end or '(none)'}"
        )
        if expect not in {"", stone.end}:
            raise CommandError("The latest hash is not the expected hash.")
