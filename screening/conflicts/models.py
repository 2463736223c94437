"""Comments on conflicts, and their resolutions."""

from __future__ import annotations

import pgtrigger
from django.db import models

from reviewapp.core.codes import new_code


class Comment(models.Model):
    """A comment on a conflict, which adjudicators can read."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    round = models.ForeignKey(
        "decisions.Round", on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField()
    key = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"], name="conflicts_comment_key"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.code}"


class Reopening(models.Model):
    """A resolution that was taken back, and why: the conflict was open again."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    round = models.ForeignKey(
        "decisions.Round", on_delete=models.PROTECT, related_name="+"
    )
    # The resolution as it was.
    verdict = models.CharField(max_length=7)
    reason = models.ForeignKey(
        "decisions.Reason", on_delete=models.PROTECT, null=True, related_name="+"
    )
    rationale = models.TextField()
    resolved_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField()
    # Who took it back, and why.
    by = models.ForeignKey("core.Member", on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Reopening {self.code}"


class Adjudication(models.Model):
    """The resolution of a conflict: by whom and why. The votes do not change."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    round = models.OneToOneField(
        "decisions.Round", on_delete=models.PROTECT, related_name="+"
    )
    decision = models.OneToOneField(
        "decisions.Decision", on_delete=models.PROTECT, related_name="adjudication"
    )
    by = models.ForeignKey("core.Member", on_delete=models.PROTECT, related_name="+")
    rationale = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Adjudication {self.code}"
