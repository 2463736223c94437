"""The flow as a value, from which pages, exports and the diagram are made."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from reviewapp.core.lib.cells import BYTE_ORDER_MARK
from reviewapp.core.lib.translation import date_text, gettext_noop
from reviewapp.core.lib.translation import gettext as _
from screening.flow.rules.boxes import PENDING, BoxKind
from screening.flow.rules.identities import Identity


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a box: one source, one method, one reason for exclusion.

    ``kind``: the kind of a source, "" for a reason.
    """

    code: str
    label: str
    n: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its kind, its count (the length of its list) and its parts."""

    kind: BoxKind
    n: int
    parts: tuple[Part, ...] = ()


POSSIBLE_DUPLICATES, IMPORTS = "possible_duplicates", "imports"
OPEN_STAGES = "open_stages"
_NOTES = {
    POSSIBLE_DUPLICATES: gettext_noop("Possible duplicates without a decision"),
    IMPORTS: gettext_noop("Imports in progress"),
    OPEN_STAGES: gettext_noop("Stages under way"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """Open work beside the boxes that can still change the counts."""

    kind: str
    n: int

    @property
    def text(self) -> str:
        """Return the note in English, for files that programs read."""
        return f"{_NOTES[self.kind]} (n = {self.n})"

    @property
    def label(self) -> str:
        """Return the translated note."""
        return f"{_(_NOTES[self.kind])} (n = {self.n})"


@dataclass(frozen=True, slots=True)
class EarlyUnblinding:
    """An early unblinding: its scope, time, member and reason."""

    at: datetime
    by: str
    what: str
    of: str
    code: str
    reason: str

    @property
    def line(self) -> str:
        """Return one line about it.

        For example "A stage (Full text), 3 January 2026, 09:00 UTC, Dora: Report due".
        """
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
    """All boxes of a review's flow, with the consistency checks.

    ``unblindings``: the early unblindings, which the counts do not show.
    """

    title: str
    boxes: dict[str, Box]
    identities: tuple[Identity, ...]
    notes: tuple[Note, ...]
    unblindings: tuple[EarlyUnblinding, ...] = ()

    def n(self, key: str) -> int:
        """Return the count of a box."""
        return self.boxes[key].n

    @property
    def pending(self) -> tuple[Box, ...]:
        """Return the boxes that keep the flow from being final."""
        return tuple(self.boxes[key] for key in PENDING if self.boxes[key].n)

    @property
    def failed(self) -> tuple[Identity, ...]:
        """Return the checks that do not hold."""
        return tuple(one for one in self.identities if not one.holds)

    @property
    def is_final(self) -> bool:
        """Return True if nothing is pending, all checks pass, and it is not empty."""
        return (
            not self.pending
            and not self.notes
            and not self.failed
            and self.n("identified") + self.n("other_identified") > 0
        )


def flow_as_data(flow: Flow) -> dict[str, Any]:
    """Return the flow as JSON values: boxes with parts, checks, whether it is final."""
    return {
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
            for one in flow.unblindings
        ],
    }


def flow_as_json(flow: Flow) -> str:
    """Return the flow as a JSON text."""
    return json.dumps(flow_as_data(flow), ensure_ascii=False, indent=2) + "\n"


def flow_as_csv(flow: Flow) -> str:
    """Return one row per box: key, box, arm, label, unit, n, details, final.

    ``details`` lists the parts as "Label, n; Label, n". Labels are written without
    commas and semicolons, so that programs can split the list. The PRISMA2020 package
    needs another file (``prisma2020.py``).
    """
    out = io.StringIO(BYTE_ORDER_MARK)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["key", "box", "arm", "label", "unit", "n", "details", "is_final"])
    for key, box in flow.boxes.items():
        details = "; ".join(
            f"{plain_label(part.label)}, {part.n}" for part in box.parts
        )
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


def plain_label(label: str) -> str:
    """Return a label without separators, and without the start of a formula."""
    text = " ".join(label.replace(",", " ").replace(";", " ").split())
    return text.lstrip("=+-@ ")
