"""`manage.py end_sessions`: log out one user, or all users."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError

from reviewapp.accounts import login_sessions
from reviewapp.core.models import User


class Command(BaseCommand):
    """A command for a lost device or a leaked secret; passwords do not change."""

    help = "Log out the account with this email address, or all accounts with --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the email address and ``--all``."""
        parser.add_argument("email", nargs="?", default="")
        parser.add_argument("--all", action="store_true", dest="everybody")

    def handle(self, *args: Any, **options: Any) -> None:
        """End the sessions and print their number."""
        if options["everybody"]:
            ended = Session.objects.all().delete()[0]
            UserSession.objects.all().delete()
        else:
            user = User.objects.filter(email__iexact=options["email"]).first()
            if user is None:
                raise CommandError("There is no account with this email address.")
            ended = login_sessions.end_all_sessions(user)
        self.stdout.write(f"Ended sessions: {ended}.")
