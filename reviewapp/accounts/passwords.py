"""Password validator against words that attackers of this program try first."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = ("reviewapp", "systematic", "scoping", "review", "screening", "prisma", "demo")
SHORTEST_REST = 8


class ContextWordsValidator:
    """A validator against passwords made of words of this program or its host."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` if too little remains without these words."""
        host = re.findall(r"[a-z0-9]{4,}", settings.SITE_URL.lower())
        pattern = "|".join(map(re.escape, sorted({*WORDS, *host}, key=len)[::-1]))
        rest = re.sub(pattern, "", password.lower())
        if rest != password.lower() and len(rest) < SHORTEST_REST:
            raise ValidationError(
                _(
                    "Attackers guess the words in this password first. "
                    "Choose a password with other words."
                ),
                code="password_of_context",
            )

    def get_help_text(self) -> str:
        """Return the hint shown before the user chooses a password."""
        return _("Use more than words such as “review” or the name of this site.")
