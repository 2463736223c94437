"""`manage.py check_integrity`: compare every stored count with a recount."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from reviewapp.core import hooks
from reviewapp.core.models import Review


class Command(BaseCommand):
    """A command that recounts the lists behind stored counts, of one or all reviews."""

    help = (
        "Recount what pages read from stored counts. Exits with status 1 if a count "
        "differs from its list."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the review's code."""
        parser.add_argument(
            "review", nargs="?", help="the code in /r/CODE/; without it, all reviews"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each review, or one for each count that differs."""
        code = options["review"]
        reviews = Review.objects.filter(**({"code": code} if code else {}))
        if code and not reviews.exists():
            raise CommandError(f"There is no review {code}.")
        broken = False
        for review in reviews.order_by("code"):
            found = differences(review)
            broken = broken or bool(found)
            for line in found:
                self.stderr.write(f"{review.code}: DIFFERS {line}")
            if not found:
                self.stdout.write(f"{review.code}: every stored count equals its list")
        if broken:
            raise CommandError("A stored count differs from its list.", returncode=1)


def differences(review: Review) -> list[str]:
    """Return the differences of all apps, in one snapshot of the database."""
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return [line for found in hooks.integrity_check.call(review) for line in found]
