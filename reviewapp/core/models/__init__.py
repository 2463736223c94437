from __future__ import annotations

from reviewapp.core.models.deletion_record import DeletionRecord
from reviewapp.core.models.event import Event, EventLink
from reviewapp.core.models.job import Job
from reviewapp.core.models.review import (
    Criterion,
    Invitation,
    Member,
    ProgressFor,
    Protocol,
    Review,
    Role,
    role_name,
)
from reviewapp.core.models.tally import Tally
from reviewapp.core.models.user import User

__all__ = [
    "Criterion",
    "DeletionRecord",
    "Event",
    "EventLink",
    "Invitation",
    "Job",
    "Member",
    "ProgressFor",
    "Protocol",
    "Review",
    "Role",
    "Tally",
    "User",
    "role_name",
]
