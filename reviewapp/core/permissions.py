"""Who may do what: one table. (Who may *see* whose judgement is core/blinding.py.)"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reviewapp.core.models import Member, Role
from reviewapp.core.refusals import NotAllowed


class Action(StrEnum):
    """What a member may be allowed to do; the text completes "… may not"."""

    READ = "read this review"
    CONFIGURE = "change the settings of this review"
    MANAGE_TEAM = "invite, change or remove members"
    EDIT_PROTOCOL = "change the protocol"
    IMPORT = "add sources and import records"
    DECIDE_DUPLICATES = "decide on duplicates"
    SET_POLICY = "set up stages and decide who screens what"
    SCREEN = "screen"
    ADJUDICATE = "resolve disagreements"
    RETRIEVE = "retrieve full texts and group reports into studies"
    EDIT_FORMS = "change charting forms"
    CHART = "chart studies"
    EXPORT = "export"


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


@dataclass(frozen=True, slots=True)
class Answer:
    """Truthy when allowed; else ``reason`` is the sentence shown to the person."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def can(member: Member, action: Action) -> Answer:
    """Whether ``member`` may do ``action``, with the reason if not."""
    if not member.is_active:
        return Answer(False, "You are no longer a member of this review.")
    if member.role in ROLES[action]:
        return Answer(True)
    holders = " or ".join(sorted(role.value for role in ROLES[action]))
    return Answer(
        False,
        f"As {Role(member.role).value} you may not {action.value}; "
        f"ask a {holders} of this review.",
    )


def require(member: Member, action: Action) -> None:
    """Raise ``NotAllowed`` unless ``member`` may do ``action``."""
    answer = can(member, action)
    if not answer:
        raise NotAllowed(answer.reason)
