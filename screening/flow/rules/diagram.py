"""The PRISMA 2020 flow diagram (v2, databases, registers and other methods) as SVG.

Drawn in the layout of the official template: three bands on the left, databases and
registers in columns 1-2, other methods in columns 3-4. The output is deterministic.
It uses presentation attributes only, because a strict CSP forbids inline styles, and
has <title> and <desc> for screen readers. Counts are written as in the template:
"(n = 12)". Lines are broken by the widths of the font (`text_widths.py`), so no text
leaves its box. The footnotes are those of the template.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from reviewapp.core.lib.translation import gettext as _
from screening.flow.rules.flow import Flow
from screening.flow.rules.text_widths import FONT, text_width, wrap_text

LINE = 15  # height of a line of text
PAD = 9
FOOTNOTE_SIZE = 10
INDENT = 5  # width of one leading space
COLUMNS = (60, 330, 600, 870)
WIDTH_OF_BOX = 245
WIDTH = 1135
NOTE_WIDTH = WIDTH - COLUMNS[0] - 20
INNER_WIDTH = WIDTH_OF_BOX - 2 * PAD
HANGING = 2  # spaces before the second and later lines of a text
NO_BREAK = "\u00a0"


@dataclass
class _Canvas:
    parts: list[str] = field(default_factory=list)

    def box(
        self, column: int, y: int, lines: list[str], height: int, fill: str = "#ffffff"
    ) -> None:
        x = COLUMNS[column]
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{WIDTH_OF_BOX}" height="{height}" '
            f'fill="{fill}" stroke="#000000"/>'
        )
        self.text(x + PAD, y + PAD + 11, lines)

    def text(self, x: int, y: int, lines: list[str]) -> None:
        for i, line in enumerate(lines):
            words = line.lstrip(" ")
            at = x + (len(line) - len(words)) * INDENT
            text = escape(words.replace(NO_BREAK, " "))
            self.parts.append(f'<text x="{at}" y="{y + i * LINE}">{text}</text>')

    def arrow(self, x1: int, y1: int, x2: int, y2: int) -> None:
        self.parts.append(
            f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#000000" fill="none" '
            'marker-end="url(#arrow)"/>'
        )

    def header(self, x: int, width: int, text: str) -> None:
        self.parts.append(
            f'<rect x="{x}" y="10" width="{width}" height="34" rx="9" fill="#ffc000" '
            'stroke="#000000"/>'
            f'<text x="{x + width // 2}" y="31" text-anchor="middle" '
            f'font-weight="bold">{escape(text)}</text>'
        )

    def band(self, y: int, height: int, text: str) -> None:
        middle = y + height // 2
        size = min(12.0, 12 * (height - 6) / text_width(text, is_bold=True))
        self.parts.append(
            f'<rect x="12" y="{y}" width="30" height="{height}" rx="9" fill="#9cc2e5" '
            'stroke="#000000"/>'
            f'<text x="27" y="{middle}" text-anchor="middle" font-weight="bold" '
            f'font-size="{size:.4g}" '
            f'transform="rotate(-90 27 {middle})" dy="4">{escape(text)}</text>'
        )


def _wrap(text: str, indent: str = "", width: float = INNER_WIDTH) -> list[str]:
    """Return the lines of a text; leading spaces are its indent."""
    # No-break spaces keep "(n = 12)" in one line. They are replaced when it is drawn.
    kept = text.replace("(n = ", f"(n{NO_BREAK}={NO_BREAK}")
    lines = wrap_text(kept, width - len(indent) * INDENT, hanging=HANGING * INDENT)
    hanging = indent + " " * HANGING
    return [(hanging if i else indent) + line for i, line in enumerate(lines)]


def _lines(
    flow: Flow, key: str, label: str = "", *, with_parts: bool = False
) -> list[str]:
    box = flow.boxes[key]
    label = label or box.kind.label
    if not (with_parts and box.parts):
        return _wrap(f"{label} (n = {box.n})")
    lines = _wrap(f"{label}:")
    for part in box.parts:
        lines += _wrap(f"{part.label} (n = {part.n})", "  ")
    return lines


def _identified(flow: Flow) -> list[str]:
    lines = _wrap(_("Records identified from*:"))
    for key in ("database_results", "register_results"):
        lines += _wrap(f"{flow.boxes[key].kind.label} (n = {flow.n(key)})", "  ")
        for part in flow.boxes[key].parts:
            lines += _wrap(f"{part.label} (n = {part.n})", "    ")
    return lines


def _removed(flow: Flow) -> list[str]:
    lines = _wrap(_("Records removed before screening:"))
    for key in ("duplicates", "excluded_automatic", "excluded_other"):
        lines += _wrap(f"{flow.boxes[key].kind.label} (n = {flow.n(key)})", "  ")
    return lines


def _other(flow: Flow) -> list[str]:
    lines = _lines(
        flow, "other_identified", _("Records identified from"), with_parts=True
    )
    for key in ("other_duplicates", "other_not_sought"):
        if flow.n(key):
            lines += _wrap(f"{flow.boxes[key].kind.label} (n = {flow.n(key)})")
    return lines


def _included(flow: Flow) -> list[str]:
    return [
        *_lines(flow, "new_studies"),
        *_lines(flow, "new_reports"),
    ]


_Cells = dict[int, list[str]]


def _rows(flow: Flow) -> list[_Cells]:
    """Return the rows of the template, each as column → lines of its box."""

    def arm(prefix: str) -> tuple[list[str], list[str], list[str], list[str]]:
        return (
            _lines(flow, f"{prefix}_sought_reports"),
            _lines(flow, f"{prefix}_notretrieved_reports"),
            _lines(flow, f"{prefix}_assessed"),
            _lines(flow, f"{prefix}_excluded", with_parts=True),
        )

    sought, lost, assessed, excluded = arm("dbr")
    o_sought, o_lost, o_assessed, o_excluded = arm("other")
    return [
        {0: _identified(flow), 1: _removed(flow), 2: _other(flow)},
        {
            0: _lines(flow, "records_screened"),
            1: _lines(flow, "records_excluded", _("Records excluded**")),
        },
        {0: sought, 1: lost, 2: o_sought, 3: o_lost},
        {0: assessed, 1: excluded, 2: o_assessed, 3: o_excluded},
        {0: _included(flow)},
    ]


def flow_as_svg(flow: Flow) -> str:
    """Return the diagram as an SVG document; a draft is marked in it."""
    canvas, rows = _Canvas(), _rows(flow)
    tops, y = [], 64
    for row in rows:
        tops.append(y)
        y += max(_height(lines) for lines in row.values()) + 32
    canvas.header(
        COLUMNS[0], 515, _("Identification of studies via databases and registers")
    )
    canvas.header(COLUMNS[2], 515, _("Identification of studies via other methods"))
    _bands(canvas, tops, y)
    for row, top in zip(rows, tops, strict=True):
        for column, lines in row.items():
            canvas.box(column, top, lines, _height(lines))
    _arrows(canvas, rows, tops)
    y += _draft(canvas, flow, y)
    y += _opened(canvas, flow, y)
    return _document(flow, canvas, y + _footnotes(canvas, y))


def _height(lines: list[str]) -> int:
    return len(lines) * LINE + 2 * PAD


def _bands(canvas: _Canvas, tops: list[int], end: int) -> None:
    canvas.band(tops[0], tops[1] - tops[0] - 32, _("Identification"))
    canvas.band(tops[1], tops[4] - tops[1] - 32, _("Screening"))
    canvas.band(tops[4], max(end - tops[4] - 32, 60), _("Included"))


def _middle(column: int) -> int:
    return COLUMNS[column] + WIDTH_OF_BOX // 2


def _arrows(canvas: _Canvas, rows: list[_Cells], tops: list[int]) -> None:
    def down(column: int, row: int, to: int) -> None:
        bottom = tops[row] + _height(rows[row][column])
        canvas.arrow(_middle(column), bottom, _middle(column), tops[to] - 1)

    def across(column: int, row: int) -> None:
        # The middle of the less tall box, so that the arrow meets both boxes.
        pair = (rows[row][column], rows[row][column + 1])
        y = tops[row] + min(_height(lines) for lines in pair) // 2
        canvas.arrow(COLUMNS[column] + WIDTH_OF_BOX, y, COLUMNS[column + 1] - 1, y)

    for row in range(4):
        down(0, row, row + 1)
        across(0, row)
    down(2, 0, 2)
    down(2, 2, 3)
    across(2, 2)
    across(2, 3)
    bottom = tops[3] + _height(rows[3][2])
    low = tops[4] + _height(rows[4][0]) // 2
    canvas.parts.append(
        f'<path d="M{_middle(2)} {bottom}V{low}H{COLUMNS[0] + WIDTH_OF_BOX + 1}" '
        'stroke="#000000" fill="none" marker-end="url(#arrow)"/>'
    )


def _draft(canvas: _Canvas, flow: Flow, y: int) -> int:
    """Write why the flow is not final; return the height used."""
    if flow.is_final:
        return 0
    waits = [f"{box.kind.full_label} (n = {box.n})" for box in flow.pending]
    notes = [note.label for note in flow.notes]
    broken = [
        _("Check {code} failed: {check}").format(code=i.code, check=i.label)
        for i in flow.identities
        if not i.holds
    ]
    found = [_("DRAFT, not final:"), *waits, *notes, *broken]
    lines = [line for text in found for line in _wrap(text, width=NOTE_WIDTH)]
    canvas.parts.append('<g fill="#b00020">')
    canvas.text(COLUMNS[0], y + 12, lines)
    canvas.parts.append("</g>")
    return len(lines) * LINE + 16


def _opened(canvas: _Canvas, flow: Flow, y: int) -> int:
    """Write the list of early unblindings; return the height used."""
    if not flow.unblindings:
        return 0
    lines = [_("Early unblinding:")]
    for one in flow.unblindings:
        lines += _wrap(one.line, width=NOTE_WIDTH)
    canvas.text(COLUMNS[0], y + 12, lines)
    return len(lines) * LINE + 16


def _footnotes(canvas: _Canvas, y: int) -> int:
    """Write the footnotes of the template; return the height used."""
    texts = (
        _(
            "*Consider, if feasible to do so, reporting the number of records identified "
            "from each database or register searched (rather than the total number "
            "across all databases/registers)."
        ),
        _(
            "**If automation tools were used, indicate how many records were excluded by "
            "a human and how many were excluded by automation tools."
        ),
        _(
            "From: Page MJ, McKenzie JE, Bossuyt PM, Boutron I, Hoffmann TC, Mulrow CD, "
            "et al. The PRISMA 2020 statement: an updated guideline for reporting "
            "systematic reviews. BMJ 2021;372:n71. doi: 10.1136/bmj.n71."
        ),
    )
    lines = [
        one for text in texts for one in wrap_text(text, NOTE_WIDTH, FOOTNOTE_SIZE)
    ]
    canvas.parts.append(f'<g font-size="{FOOTNOTE_SIZE}">')
    canvas.text(COLUMNS[0], y + 12, lines)
    canvas.parts.append("</g>")
    return len(lines) * LINE + 16


def _document(flow: Flow, canvas: _Canvas, height: int) -> str:
    body = "\n".join(canvas.parts)
    title = (
        _("PRISMA 2020 flow diagram: {review}")
        if flow.is_final
        else _("PRISMA 2020 flow diagram (draft): {review}")
    ).format(review=flow.title)
    desc = _(
        "Records from databases and registers: {identified}. Records screened: "
        "{screened}. Reports assessed: {assessed}. Studies included: {included}."
    ).format(
        identified=flow.n("identified"),
        screened=flow.n("records_screened"),
        assessed=flow.n("dbr_assessed") + flow.n("other_assessed"),
        included=flow.n("new_studies"),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="prisma" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="prisma-title prisma-desc" font-family="{FONT}" '
        'font-size="12">\n'
        f'<title id="prisma-title">{escape(title)}</title>\n'
        f'<desc id="prisma-desc">{escape(desc)}</desc>\n'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/>'
        "</marker></defs>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f"{body}\n</svg>\n"
    )
