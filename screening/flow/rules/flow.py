"""A flow as a value: what pages, exports and the diagram are drawn from."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from reviewapp.core.lib.translation import date_text, gettext_noop
from reviewapp.core.lib.translation import gettext as _
from screening.flow.rules.boxes import PENDING, BoxKind
from screening.flow.rules.identities import Identity


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a box: one source, one method, one reason for exclusion."""

    code: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its kind, its number (the length of its list) and its parts."""

    kind: BoxKind
    n: int
    parts: tuple[Part, ...] = ()


POSSIBLE_DUPLICATES, IMPORTS = "possible_duplicates", "imports"
_NOTES = {
    POSSIBLE_DUPLICATES: gettext_noop("Possible duplicates without a decision"),
    IMPORTS: gettext_noop("Imports in progress"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """Open work beside the boxes that can still change the counts."""

    kind: str
    n: int

    @property
    def text(self) -> str:
        """Return the note in English, for the exports for programs."""
        return f"{_NOTES[self.kind]} (n = {self.n})"

    @property
    def label(self) -> str:
        """Return the translated note."""
        return f"{_(_NOTES[self.kind])} (n = {self.n})"


@dataclass(frozen=True, slots=True)
class Opening:
    """Votes or charts that a lead unblinded early: of what, when, by whom and why."""

    at: datetime
    by: str
    what: str
    of: str
    code: str
    reason: str

    @property
    def told(self) -> str:
        """Return one line, such as "Stage (Full text), 3 January 2026, 09:00 UTC, Dora:
        Interim report"."""
        if self.of:
            line = _("{what} ({name}), {time} UTC, {member}: {reason}")
        else:
            line = _("{what}, {time} UTC, {member}: {reason}")
        return line.format(
            what=self.what,
            name=self.of,
            time=date_text(self.at.astimezone(UTC), "j F Y, H:i"),
            member=self.by,
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """All boxes of a review's flow, with the checks on them.

    ``openings``: what was unblinded on the way; numbers alone do not tell.
    """

    title: str
    boxes: dict[str, Box]
    identities: tuple[Identity, ...]
    notes: tuple[Note, ...]
    openings: tuple[Opening, ...] = ()

    def n(self, key: str) -> int:
        """The number of a box."""
        return self.boxes[key].n

    @property
    def pending(self) -> tuple[Box, ...]:
        """Boxes that keep the flow from being final."""
        return tuple(self.boxes[key] for key in PENDING if self.boxes[key].n)

    @property
    def is_final(self) -> bool:
        """Whether everything is settled, every identity holds, and it isn't empty."""
        return (
            not self.pending
            and not self.notes
            and all(identity.holds for identity in self.identities)
            and self.n("identified") + self.n("other_identified") > 0
        )


def as_json(flow: Flow) -> str:
    """The flow as JSON: boxes with parts, identities, and whether it is final."""
    data: dict[str, Any] = {
        "review": flow.title,
        "standard": "PRISMA 2020, v2",
        "is_final": flow.is_final,
        "pending": {box.kind.key: box.n for box in flow.pending},
        "notes": [note.text for note in flow.notes],
        "boxes": {
            key: {
                "box": box.kind.number,
                "arm": box.kind.arm,
                "label": box.kind.text,
                "unit": box.kind.unit,
                "n": box.n,
                "parts": [{"label": part.label, "n": part.n} for part in box.parts],
            }
            for key, box in flow.boxes.items()
        },
        "identities": [
            {"code": i.code, "text": i.text, "holds": i.holds} for i in flow.identities
        ],
        "opened_early": [
            {**asdict(one), "what": str(one.what), "at": one.at.isoformat()}
            for one in flow.openings
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def as_csv(flow: Flow) -> str:
    """One row per box: key, box, arm, label, unit, n, details, final.

    ``details`` lists the parts as "Label, n; Label, n", the notation of the
    PRISMA2020 package; commas and semicolons are taken out of labels, since its
    parser cuts there (PRISMA2020#77).
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["key", "box", "arm", "label", "unit", "n", "details", "is_final"])
    for key, box in flow.boxes.items():
        details = "; ".join(f"{_plain(part.label)}, {part.n}" for part in box.parts)
        writer.writerow(
            [
                key,
                box.kind.number,
                box.kind.arm,
                box.kind.text,
                box.kind.unit,
                box.n,
                details,
                "yes" if flow.is_final else "no",
            ]
        )
    return out.getvalue()


def _plain(label: str) -> str:
    text = " ".join(label.replace(",", " ").replace(";", " ").split())
    return text.lstrip("=+-@ ")
