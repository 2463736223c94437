"""`manage.py parse_references FILE... [--json]`: read export files, say what happened."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.citations.citation import Citation
from screening.citations.formats import PLATFORM_NAMES
from screening.citations.reading.encodings import CHOICES
from screening.citations.reading.file_reading import FileReading, read_file
from screening.citations.reading.reading_options import ReadingOptions
from screening.citations.reading.reading_report import (
    ReadingWarning,
    SkippedText,
    UnreadableFile,
)
from screening.citations.reading.tables.columns import FIELDS

KEYS = (
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "accession",
    "abstract",
    "keywords",
    "type",
    "member",
    "prior_labels",
    "prior_reasons",
)
# 128 + SIGPIPE, the exit status a shell reports when the pipe was closed.
BROKEN_PIPE = 141


def _column(text: str) -> tuple[str, str]:
    header, _, field = text.rpartition("=")
    if not header or field not in FIELDS:
        raise ArgumentTypeError(f"{text!r} is not HEADER=FIELD")
    return header, field


def as_json(citation: Citation, source_file: str) -> str:
    """One kept record as one line of JSON (ASCII); what is missing is null or []."""
    record: dict[str, Any] = {}
    for key in KEYS:
        value = getattr(citation, key)
        record[key] = list(value) if isinstance(value, tuple) else value or None
    record["prior_decisions"] = dict(citation.prior_decisions)
    return json.dumps(record | {"source_file": source_file, "line": citation.line})


def report_lines(reading: FileReading) -> list[str]:
    """A result for one file, worded for users and for scripts that search it."""
    lines = [
        f"{reading.name}: format={reading.format} platform={reading.platform or 'unknown'}"
        f" encoding={reading.encoding}",
        f"  found {reading.found}, kept {reading.kept}, skipped {reading.skipped_count}",
    ]
    lines += [f"  skipped{_where(entry)}: {entry.reason}" for entry in reading.skipped]
    for notice in reading.warnings:
        where = _where(notice)
        lines.append(f"  warning {notice.kind}{where}: {notice.message}")
    unlisted = sum(reading.warning_counts.values()) - len(reading.warnings)
    if unlisted:
        lines.append(f"  and {unlisted} more warnings of these kinds")
    return lines


def _where(entry: ReadingWarning | SkippedText) -> str:
    member = f", {entry.member}" if entry.member else ""
    place = f"{member}, line {entry.line}" if entry.line else member
    number = getattr(entry, "entry", 0)
    return f"{place}, entry {number}" if number else place


def parse_file(
    path: Path,
    take: Callable[[Citation], object],
    options: ReadingOptions | None = None,
) -> FileReading:
    """Read one file, giving each kept record to `take`.

    Raises `Refused` when the file can't be read as references, `CommandError` with a
    sentence when it can't be opened.
    """
    if path.is_dir():
        raise CommandError(f"{path} is a directory; name the files in it.")
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise CommandError(f"{path} does not exist.") from None
    except OSError as error:
        raise CommandError(f"{path} can't be opened: {error.strerror}.") from None
    with stream:
        reading = read_file(stream, name=path.name, options=options)
        for citation in reading:
            take(citation)
    return reading


class Command(BaseCommand):
    _options = ReadingOptions()

    help = "Read export files of databases and print their records. Needs no database."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--json",
            action="store_true",
            help="one JSON object per kept record on stdout, the report on stderr",
        )
        parser.add_argument(
            "--encoding",
            choices=CHOICES,
            default="",
            help="used instead of the detected one",
        )
        parser.add_argument(
            "--platform",
            choices=PLATFORM_NAMES,
            default="",
            help="used instead of the detected one",
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            type=_column,
            metavar="HEADER=FIELD",
            help=f"field of a table column ({', '.join(FIELDS)}); repeatable",
        )

    def handle(self, *, files: list[str], **options: Any) -> None:
        self._options = ReadingOptions(
            options["encoding"], options["platform"], tuple(options["column"])
        )
        try:
            refused = sum(not self._read(Path(file), options["json"]) for file in files)
            self.stdout.flush()
        except BrokenPipeError:
            # The reading end was closed (`| head`): exit as other tools do.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(BROKEN_PIPE) from None
        if refused:
            raise CommandError(f"{refused} of {len(files)} files were refused.")

    def _read(self, path: Path, as_json_lines: bool) -> bool:
        """Read one file and tell of it; False when it is refused."""

        def take(citation: Citation) -> None:
            if as_json_lines:
                self.stdout.write(as_json(citation, path.name))

        told = self.stderr if as_json_lines else self.stdout
        try:
            reading = parse_file(path, take, self._options)
        except UnreadableFile as refusal:
            self.stderr.write(f"{path.name}: refused ({refusal.kind})")
            self.stderr.write(f"  {refusal.sentence}")
            return False
        except CommandError as error:
            self.stderr.write(str(error))
            return False
        told.write("\n".join(report_lines(reading)), style_func=str)
        return True
