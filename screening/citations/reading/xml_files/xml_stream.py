"""XML of any size, separated into its records, which are parsed one by one.

The text is searched for the elements that are records. Each is parsed alone, without
the document type declaration. One error therefore costs at most one record, only one
record is in memory, and a declaration can have no effect (entities, external files,
default attributes), because no parser sees one. A file that declares entities is still
refused, because no database writes such a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

# The parsed text has no document type declaration, see above.
from xml.etree.ElementTree import Element, ParseError, XMLParser

from screening.citations.reading.format_marks import Recognised
from screening.citations.reading.reading_report import ReadingReport, UnreadableFile
from screening.citations.reading.text_stream import TextBlocks
from screening.citations.reading.xml_files.xml_repair import flatten_xml, repair_xml
from screening.citations.translation import gettext as _

# Larger than any record: thousands of authors with addresses are about 6 MB.
RECORD_CHARS = 8 << 20
# Tags and attributes of one record. It limits the memory of the parsed tree.
RECORD_MARKS = 400_000
DOCTYPE_CHARS = 1 << 20
# After so many nodes of RDF without an end, a node ends where the next one starts.
FAULTS_AT_MOST = 5
# An unfinished tag at the end of a block is completed up to this length.
TAG_CHARS = 1 << 16

NAME = r"[A-Za-z_][\w.:-]*"
REST_OF_TAG = r"(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>"
DOCTYPE_TOKEN = re.compile(r"\"[^\"]*+\"|'[^']*+'|<!--|<!(?i:ENTITY)|[\[\]>]")
ENTITY = re.compile(r"<!(?:ENTITY|DOCTYPE)\b", re.I)
XMLNS = re.compile(
    r"\sxmlns(?::[\w.-]{1,60})?\s*=\s*(?:\"[^\"<]{0,300}\"|'[^'<]{0,300}')"
)
SKIPPED = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """One element of the file that is a record, parsed, and its place."""

    element: Element
    raw: str
    line: int


@dataclass(slots=True)
class _Cut:
    text: str
    line: int
    ended: bool
    fault: str = ""


class _RecordCutter:
    """Separates the text of a file into the elements that are records.

    `names` is a pattern of their names. If `nested`, an element can contain others with
    its own name (RDF). Otherwise a second start tag means that the end tag is missing.
    """

    def __init__(self, blocks: Iterator[str], names: str, *, nested: bool) -> None:
        self._blocks = blocks
        self._nested = nested
        self._faults = 0
        self._text = ""
        self._place = 0
        self._line = 1
        self._counted = 0
        self._dropped = 0
        self._without: dict[str, int] = {}
        self._more = True
        self._root = ""
        # Namespaces that the root element declares, for the records in it.
        self.name_spaces = ""
        start = rf"<(?P<name>{names})(?=[\s/>])"
        self._outside = re.compile(rf"<!--|<!\[CDATA\[|<\?|<![A-Za-z]|{start}")
        self._inside: dict[str, re.Pattern[str]] = {}

    def cuts(self) -> Iterator[_Cut]:
        """Yield every record. Text between records is ignored."""
        name = self._find_start()
        self.name_spaces = "".join(dict.fromkeys(XMLNS.findall(self._root)))
        while name:
            yield self._record(name)
            name = self._find_start()

    def _fill(self) -> bool:
        """Add a block to the text and drop the part that was read.

        Return False at the end.
        """
        self._line_at(self._place)
        more = next(self._blocks, None) if self._more else None
        if more is None:
            self._more = False
            return False
        self._text = self._text[self._place :] + more
        self._counted -= self._place
        self._dropped += self._place
        self._place = 0
        return True

    def _line_at(self, place: int) -> int:
        self._line += self._text.count("\n", self._counted, place)
        self._counted = place
        return self._line

    def _find_start(self) -> str:
        """Go to the next record and return its name, "" at the end of the file."""
        while True:
            match = self._outside.search(self._text, self._place)
            if match is None:
                # A tag can be cut by the end of the block.
                cut = self._text.rfind("<", max(self._place, len(self._text) - 200))
                self._pass(cut if cut >= 0 else len(self._text))
                if not self._fill():
                    return ""
                continue
            self._pass(match.start())
            if match["name"]:
                return match["name"]
            if match.group() in SKIPPED:
                self._place = match.end()
                self._skip_to(SKIPPED[match.group()])
            else:
                self._declaration()

    def _pass(self, place: int) -> None:
        """Go to `place`, and keep the text before the first record."""
        if not self.name_spaces and len(self._root) < TAG_CHARS:
            self._root += self._text[self._place : place][:TAG_CHARS]
        self._place = place

    def _skip_to(self, end: str) -> None:
        while (found := self._text.find(end, self._place)) < 0:
            self._place = max(self._place, len(self._text) - len(end) + 1)
            if not self._fill():
                self._place = len(self._text)
                return
        self._place = found + len(end)

    def _declaration(self) -> None:
        """Skip a document type declaration.

        Entities are refused wherever they are declared.
        """
        while len(self._text) - self._place < 10 and self._fill():
            pass
        word = self._text[self._place : self._place + 9].upper()
        if word.startswith("<!ENTITY"):
            refuse_entities()
        if word != "<!DOCTYPE":
            self._place += 2
            return
        while (end := self._end_of_doctype()) < 0:
            if len(self._text) - self._place > DOCTYPE_CHARS or not self._fill():
                end = self._place + 9
                break
        self._place = end

    def _end_of_doctype(self) -> int:
        brackets, place = 0, self._place + 9
        while token := DOCTYPE_TOKEN.search(self._text, place):
            text, place = token.group(), token.end()
            if text == "<!--":
                place = self._text.find("-->", place)
                if place < 0:
                    return -1
            elif text.upper() == "<!ENTITY":
                refuse_entities()
            brackets += (text == "[") - (text == "]")
            if text == ">" and brackets <= 0:
                return place
        return -1

    def _pattern(self, name: str) -> re.Pattern[str]:
        pattern = self._inside.get(name)
        if pattern is None:
            bare = re.escape(name)
            start = rf"(?:{bare}|{NAME}(?=\s++rdf:about))" if self._nested else bare
            pattern = re.compile(
                rf"<!--|<!\[CDATA\[|</{bare}\s*+>"
                rf"|<(?P<name>{start})(?=[\s/>])(?P<rest>{REST_OF_TAG})?"
            )
            if len(self._inside) < 1000:
                self._inside[name] = pattern
        return pattern

    def _record(self, name: str) -> _Cut:
        """Return the record at this place and go to its end."""
        line = self._line_at(self._place)
        pattern = self._pattern(name)
        depth, offset, another = 0, 0, 0
        missing: set[str] = set()
        while True:
            match = pattern.search(self._text, self._place + offset)
            if match is None or self._is_cut(match):
                if len(self._text) - self._place > RECORD_CHARS:
                    return self._give_up(another, line)
                known = len(self._text) - len(name) - 200
                known = match.start() if match else known
                offset = max(offset, known - self._place)
                if self._fill():
                    continue
                if match is None:
                    return self._give_up(another, line, at_end=True)
            token, offset = match.group(), match.end() - self._place
            if token in SKIPPED:
                if token not in missing:
                    offset = self._past(SKIPPED[token], offset)
                    if offset == match.end() - self._place:
                        missing.add(token)
                continue
            if token.startswith("</"):
                depth -= 1
            elif depth and self._begins_another(match, name):
                another = another or match.start() - self._place
                if not self._nested or self._faults > FAULTS_AT_MOST:
                    return self._take(match.start(), line, ended=False)
            if match["name"] == name and not (match["rest"] or "").endswith("/>"):
                depth += 1
            if depth == 0:
                return self._take(self._place + offset, line, ended=True)

    def _is_cut(self, match: re.Match[str]) -> bool:
        """Return True if a start tag may continue in the next block."""
        return (
            self._more
            and match["name"] is not None
            and match["rest"] is None
            and len(self._text) - match.start() < TAG_CHARS
        )

    def _begins_another(self, match: re.Match[str], name: str) -> bool:
        return not self._nested or "rdf:about" in (match["rest"] or "")

    def _past(self, end: str, offset: int) -> int:
        """Return the offset after `end`. If it is missing, the text continues as it is."""
        begun = offset
        # Text that was searched before is not searched again.
        offset = max(offset, self._without.get(end, 0) - self._dropped - self._place)
        while (found := self._text.find(end, self._place + offset)) < 0:
            offset = max(offset, len(self._text) - self._place - len(end))
            if len(self._text) - self._place > RECORD_CHARS or not self._fill():
                self._without[end] = self._dropped + self._place + offset
                return begun
        return found + len(end) - self._place

    def _give_up(self, another: int, line: int, *, at_end: bool = False) -> _Cut:
        """Return a record without an end, up to where another one seems to start."""
        self._faults += 1
        if another:
            return self._take(self._place + another, line, ended=False)
        if at_end and len(self._text) - self._place <= RECORD_CHARS:
            return self._take(len(self._text), line, ended=False)
        text = self._text[self._place : self._place + TAG_CHARS]
        self._place = max(self._place + 1, self._text.rfind("<"))
        return _Cut(text, line, False, _("The record is too large to be a reference."))

    def _take(self, end: int, line: int, *, ended: bool) -> _Cut:
        text = self._text[self._place : end]
        self._place = end
        return _Cut(text, line, ended)


def refuse_entities() -> NoReturn:
    """Raise `UnreadableFile` for XML that declares entities."""
    raise UnreadableFile(
        "xml-entity-forbidden",
        _(
            "The file was not read because it is XML that defines entities. No database "
            "export does this, and it can be an attack."
        ),
    )


def xml_records(
    stream: BinaryIO,
    recognised: Recognised,
    report: ReadingReport,
    names: str,
    *,
    nested: bool = False,
) -> Iterator[XmlRecord]:
    """Yield the records of an XML file. Records that can't be read are skipped.

    `names` is a pattern of the names of the elements that are records. Raises
    `UnreadableFile` (xml-entity-forbidden) if the file declares entities.
    """
    blocks = TextBlocks(stream, recognised, report)
    cutter = _RecordCutter(blocks, names, nested=nested)
    last = 0
    for number, cut in enumerate(cutter.cuts(), 1):
        report.entry = number if cut.line == last else 0
        last = cut.line
        raw = cut.text.strip()
        fault = cut.fault or _too_much(raw)
        element = None
        if not fault:
            element, fault = _parsed(raw, cutter.name_spaces, cut, report)
        if element is None:
            report.skip(cut.line, fault, raw)
        else:
            yield XmlRecord(element, raw, cut.line)
    report.entry = 0


def _too_much(text: str) -> str:
    if len(text) > RECORD_MARKS and text.count("<") + text.count("=") > RECORD_MARKS:
        return _("The record has more than {limit:,} tags.").format(limit=RECORD_MARKS)
    return ""


def _parsed(
    raw: str, name_spaces: str, cut: _Cut, report: ReadingReport
) -> tuple[Element | None, str]:
    """Return the element of a record, repaired if needed, or why there is none."""
    if cut.ended:
        try:
            return _tree(raw, name_spaces), ""
        except ParseError:
            pass
    flat = flatten_xml(raw)
    if ENTITY.search(flat):
        refuse_entities()
    repaired = repair_xml(flat)
    try:
        element = _tree(repaired.text, "")
    except ParseError as error:
        return None, _("The record is not well-formed XML ({error}).").format(
            error=error.args[0]
        )
    if repaired.controls:
        report.warn(
            "control-characters-removed",
            cut.line,
            _("Control characters (such as &#x1F;) were removed."),
        )
    if not cut.ended or repaired.unclosed:
        report.warn(
            "record-not-terminated",
            cut.line,
            _("The record has tags that are not closed. It may be incomplete."),
        )
    return element, ""


def _tree(text: str, names: str) -> Element:
    parser = XMLParser()  # noqa: S314
    parser.feed(f"<x{names}>" if names else "<x>")
    parser.feed(text)
    parser.feed("</x>")
    root: Element = parser.close()
    if not len(root):
        raise ParseError("no element is left of it")
    return root[0]
