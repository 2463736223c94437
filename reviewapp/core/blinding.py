"""The blinding rule: which member can read which vote or chart.

    A member reads a contribution if and only if they wrote it, or the audience
    of its round reaches them.                  (docs/architecture.md, Blinding)

A *round* is the unit of independence: one record at one stage, or one study with one
form. Only a service widens its ``audience``, at a transition that the settings of the
stage name. The audience never narrows. A *contribution* is what one member judged in a
round: a vote or a chart. Both tables have managers that refuse every read. The guarded
queries are ``visible_to``, ``seen_by`` and ``revealed_to`` (the rule as SQL) and
``unblinded`` (for services only; tests/blinding/test_unblinded_access.py lists every use).

There are no exceptions: no superuser, and no role that reads more.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code

if TYPE_CHECKING:
    from reviewapp.core.models import Member

M = TypeVar("M", bound=models.Model)


class BlindingError(RuntimeError):
    """A blinded table was read without a viewer, which is a mistake in the code."""


class Audience(models.IntegerChoices):
    """An ordered scale of who can read the contributions of a round (after HotCRP).

    Each value includes the people of the previous ones.
    """

    AUTHOR = 0, _("Author only")
    ADJUDICATORS = 1, _("Adjudicators")
    MEMBERS = 2, _("All members")


# ── Safeguard 1: the closed manager ──────────────────────────────────────────


def _closed(name: str) -> Any:
    def refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise BlindingError(
            f"{self.model.__name__}.objects.{name}: name the viewer with a "
            "guarded query of reviewapp.core.blinding"
        )

    refuse.__name__ = name
    return refuse


# Django itself needs these: to create the manager, and for INSERT.
_OPEN = {"as_manager"}
_DUNDERS = [
    "__iter__",
    "__aiter__",
    "__len__",
    "__bool__",
    "__getitem__",
    "__and__",
    "__or__",
    "__xor__",
    "__getstate__",
    "__deepcopy__",
    "__contains__",
]


def _closed_body() -> dict[str, Any]:
    """Return closed versions of every public name of QuerySet, found by introspection.

    A method that a later Django adds is therefore closed too. A closed method fails
    when the query is built. If it failed on evaluation, data could leak through Exists,
    Subquery, union and ``|``.
    """
    body: dict[str, Any] = {name: _closed(name) for name in _DUNDERS}
    for name, value in inspect.getmembers(models.QuerySet):
        if name.startswith("_") or name in _OPEN:
            continue
        if isinstance(value, property):
            body[name] = property(_closed(name))
        elif callable(value):
            body[name] = _closed(name)
    return body


ClosedQuerySet: type[models.QuerySet[Any]] = type(
    "ClosedQuerySet", (models.QuerySet,), _closed_body()
)


class _ClosedManager(models.Manager.from_queryset(ClosedQuerySet), Generic[M]):  # type: ignore[misc]
    """A manager that refuses every read; its subclasses add the guarded queries."""

    use_in_migrations = False

    def all(self) -> NoReturn:
        _closed("all")(self)
        raise AssertionError("unreachable")

    def _opened(self) -> models.QuerySet[M]:
        return models.QuerySet(model=self.model, using=self._db)

    def unblinded(self, *, reason: str) -> models.QuerySet[M]:
        """Return a query set for everything. Only services may call it, with a reason.

        tests/blinding/test_unblinded_access.py compares every call with a reviewed list.
        """
        if not reason.strip():
            raise BlindingError("unblinded() needs a reason")
        return self._opened()


class ContributionManager(_ClosedManager[M]):
    """A manager of votes or charts."""

    def visible_to(self, viewer: Member) -> models.QuerySet[M]:
        """Return the contributions that ``viewer`` may read: the rule as SQL."""
        return self._opened().filter(
            Q(author=viewer) | Q(round__audience__gte=viewer.reach),
            round__review=viewer.review_id,
        )


class RoundManager(_ClosedManager[M]):
    """A manager of rounds."""

    def seen_by(self, viewer: Member) -> models.QuerySet[M]:
        """Return the rounds of the review without their blinding state.

        It is public that an item is in a stage; the progress of its round is not.
        Reading a deferred field raises ``BlindingError``.
        """
        return (
            self._opened()
            .filter(review=viewer.review_id)
            .defer("audience", "revealed_at", "sealed_at", "unblinded_at")
        )

    def revealed_to(self, viewer: Member) -> models.QuerySet[M]:
        """Return the rounds in which ``viewer`` may read all contributions."""
        return self._opened().filter(
            review=viewer.review_id, audience__gte=viewer.reach
        )


class CountManager(_ClosedManager[M]):
    """A manager of counts of contributions by member."""

    def own(self, viewer: Member) -> models.QuerySet[M]:
        """Return the counts of the viewer's own contributions."""
        return self._opened().filter(member=viewer)


# ── The abstract tables ──────────────────────────────────────────────────────


class RoundBase(models.Model):
    """A round: one item judged in one stage or with one form.

    ``sealed_at``: from this time no contribution changes the result of the round,
    because two or more members have completed it, or its stage has closed. It is not
    public, so nothing may be refused because of it. ``revealed_at``: when the audience
    was first widened. Neither is ever reset. A subclass adds its subject as foreign
    keys with ``related_name="+"``.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    audience = models.PositiveSmallIntegerField(
        choices=Audience.choices, default=Audience.AUTHOR
    )
    created_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)
    # When a lead unblinded the round early. Later contributions are late.
    unblinded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = RoundManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_revealed_iff_widened",
                condition=Q(audience=Audience.AUTHOR, revealed_at=None)
                | Q(audience__gt=Audience.AUTHOR, revealed_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="audience_only_widens",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.audience > NEW.audience"
                    " OR OLD.review_id <> NEW.review_id"
                    " OR (OLD.sealed_at IS NOT NULL"
                    "     AND OLD.sealed_at IS DISTINCT FROM NEW.sealed_at)"
                    " OR (OLD.revealed_at IS NOT NULL"
                    "     AND OLD.revealed_at IS DISTINCT FROM NEW.revealed_at)"
                ),
            ),
        ]


class AssignmentBase(models.Model):
    """An assignment: a member's duty to judge one round.

    With fixed assignment these rows are public (the sample is listed). In an open pool
    a row exists after its member has voted; the page of screening assignments says so.
    ``vacated_at``: the member was removed, or the lead reassigned the round.
    """

    no = models.PositiveSmallIntegerField()
    member = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    vacated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Contribution(models.Model):
    """One member's blinded judgement in a round; append-only and versioned.

    ``is_late``: a change after two or more members have completed the round, or a
    contribution after early unblinding. It is stored and shown to the adjudicators, but
    has no effect on the result or on agreement.

    A subclass adds ``round`` (a foreign key to its ``RoundBase`` table with
    ``related_name="+"``) and lists
    ``contribution_triggers(round_table, decision_table)``.
    """

    author = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    # The client makes the key, so that a repeated request is one contribution.
    key = models.UUIDField()
    is_late = models.BooleanField(default=False)

    objects: ClassVar[Any] = ContributionManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "author", "version"],
                name="%(app_label)s_%(class)s_version",
            ),
            models.UniqueConstraint(
                fields=["author", "key"], name="%(app_label)s_%(class)s_key"
            ),
        ]


# ── Safeguard 3: the database ────────────────────────────────────────────────

# ``Member.reach`` as SQL; tests/blinding/test_safeguards.py compares them.
_REACH_SQL = "CASE WHEN m.role IN ('lead', 'admin') THEN 1 ELSE 2 END"


def contribution_triggers(
    round_table: str, decision_table: str
) -> list[pgtrigger.Trigger]:
    """Return the triggers that every contribution table needs.

    ``append_only``: no UPDATE and no DELETE, raw SQL included. ``only_while_blind``: no
    INSERT if the audience of the round has reached the author, or if the round has a
    final decision. Both are public or readable for the author, so the refusal reveals
    nothing. The trigger first locks the round FOR SHARE: a vote at the same moment as
    the reveal or the decision waits for it and is then refused (SQLSTATE 23514).
    """
    return [
        pgtrigger.Protect(
            name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
        ),
        pgtrigger.Trigger(
            name="only_while_blind",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            declare=[("is_open", "boolean")],
            # Two statements: the second sees what was committed during the wait.
            func=f"""
                PERFORM 1 FROM {round_table} r WHERE r.id = NEW.round_id FOR SHARE;
                SELECT r.audience < {_REACH_SQL}
                       AND NOT EXISTS (SELECT 1 FROM {decision_table} d
                                        WHERE d.round_id = r.id)
                  INTO is_open
                  FROM {round_table} r, core_member m
                 WHERE r.id = NEW.round_id AND m.id = NEW.author_id;
                IF is_open IS NOT TRUE THEN
                    RAISE EXCEPTION 'the round is decided or revealed to the author'
                          USING ERRCODE = '23514';
                END IF;
                RETURN NEW;
            """,  # noqa: S608  (the tables' names come from a model's Meta)
        ),
    ]
