"""Permissions: which role may do what. (core/blinding.py says who may *see* what.)"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member, Role, role_name
from reviewapp.core.refusals import NotAllowed


class Action(StrEnum):
    """An action that a member's role may allow."""

    READ = auto()
    CONFIGURE = auto()
    MANAGE_TEAM = auto()
    EDIT_PROTOCOL = auto()
    IMPORT = auto()
    DECIDE_DUPLICATES = auto()
    SET_POLICY = auto()
    SCREEN = auto()
    ADJUDICATE = auto()
    RETRIEVE = auto()
    EDIT_FORMS = auto()
    CHART = auto()
    EXPORT = auto()


ROLES: dict[Action, frozenset[Role]] = {
    Action.READ: frozenset(Role),
    Action.CONFIGURE: frozenset({Role.LEAD}),
    Action.MANAGE_TEAM: frozenset({Role.LEAD}),
    Action.EDIT_PROTOCOL: frozenset({Role.LEAD}),
    Action.IMPORT: frozenset({Role.LEAD, Role.ADMIN, Role.LIBRARIAN}),
    Action.DECIDE_DUPLICATES: frozenset(
        {Role.LEAD, Role.ADMIN, Role.LIBRARIAN, Role.REVIEWER}
    ),
    Action.SET_POLICY: frozenset({Role.LEAD}),
    Action.SCREEN: frozenset({Role.LEAD, Role.ADMIN, Role.REVIEWER}),
    Action.ADJUDICATE: frozenset({Role.LEAD, Role.ADMIN}),
    Action.RETRIEVE: frozenset({Role.LEAD, Role.ADMIN, Role.LIBRARIAN, Role.REVIEWER}),
    Action.EDIT_FORMS: frozenset({Role.LEAD}),
    Action.CHART: frozenset({Role.LEAD, Role.ADMIN, Role.REVIEWER}),
    Action.EXPORT: frozenset(Role),
}


# The sentences are whole, because other languages build them differently.
REFUSALS: dict[Action, Promise] = {
    Action.READ: _("Your role ({role}) does not allow you to view this review."),
    Action.CONFIGURE: _(
        "Your role ({role}) does not allow you to change the settings of this review."
    ),
    Action.MANAGE_TEAM: _(
        "Your role ({role}) does not allow you to invite, change or remove members."
    ),
    Action.EDIT_PROTOCOL: _(
        "Your role ({role}) does not allow you to change the protocol."
    ),
    Action.IMPORT: _(
        "Your role ({role}) does not allow you to add sources or import records."
    ),
    Action.DECIDE_DUPLICATES: _(
        "Your role ({role}) does not allow you to decide on possible duplicates."
    ),
    Action.SET_POLICY: _(
        "Your role ({role}) does not allow you to set up stages or assign screening."
    ),
    Action.SCREEN: _("Your role ({role}) does not allow you to screen."),
    Action.ADJUDICATE: _("Your role ({role}) does not allow you to resolve conflicts."),
    Action.RETRIEVE: _(
        "Your role ({role}) does not allow you to retrieve full texts or group "
        "reports into studies."
    ),
    Action.EDIT_FORMS: _(
        "Your role ({role}) does not allow you to change charting forms."
    ),
    Action.CHART: _("Your role ({role}) does not allow you to chart studies."),
    Action.EXPORT: _("Your role ({role}) does not allow you to export."),
}


@dataclass(frozen=True, slots=True)
class PermissionResult:
    """The result of a permission check, true if allowed; ``reason`` is for the user."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def can(member: Member, action: Action) -> PermissionResult:
    """Return whether ``member`` may do ``action``, with the reason if not."""
    if not member.is_active:
        return PermissionResult(
            False, gettext("You are no longer a member of this review.")
        )
    if member.role in ROLES[action]:
        return PermissionResult(True)
    return PermissionResult(False, _refusal(Role(member.role), action))


def _refusal(role: Role, action: Action) -> str:
    holders = sorted(role_name(holder) for holder in ROLES[action])
    ask = ngettext(
        "Ask a member with this role: {roles}.",
        "Ask a member with one of these roles: {roles}.",
        len(holders),
    )
    refused = str(REFUSALS[action]).format(role=role_name(role))
    return f"{refused} {ask.format(roles=', '.join(holders))}"


def require(member: Member, action: Action) -> None:
    """Raise ``NotAllowed`` unless ``member`` may do ``action``."""
    answer = can(member, action)
    if not answer:
        raise NotAllowed(answer.reason)
