"""``find_duplicates IN.csv OUT.csv``: clusters of a table of references."""

from __future__ import annotations

import csv
import gzip
import io
import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO, TextIO, get_args

from django.core.management.base import BaseCommand, CommandError

from screening.citations.deduplication.clustering import (
    DuplicateResult,
    find_duplicates,
)
from screening.citations.deduplication.match_policy import MatchPolicy, Treatment
from screening.citations.deduplication.reference import Reference

NEEDED = ("record_id", "title")
_GZIP_MAGIC = b"\x1f\x8b"
_FIELD_LIMIT = 1 << 27


class Command(BaseCommand):
    """Find duplicates in a table and write a cluster number for each record."""

    help = "Find duplicates in a CSV file of references. Needs no database."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "input", metavar="IN.csv", help="the references, as .csv or .csv.gz"
        )
        parser.add_argument(
            "output", metavar="OUT.csv", help="the result: record_id,cluster_id"
        )
        parser.add_argument(
            "--questions", metavar="FILE.csv", help="also write the possible duplicates"
        )
        for custom in fields(MatchPolicy):
            parser.add_argument(
                "--" + custom.name.replace("_", "-"),
                choices=get_args(Treatment),
                default=custom.default,
                help=f"how to treat two such records (default: {custom.default})",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        source = Path(options["input"])
        identities: list[str] = []
        policy = MatchPolicy(
            **{custom.name: options[custom.name] for custom in fields(MatchPolicy)}
        )
        result = find_duplicates(
            _noting(read_references(source), identities), policy=policy
        )
        write_table(
            Path(options["output"]),
            ("record_id", "cluster_id"),
            cluster_rows(identities, result),
        )
        if options["questions"]:
            write_table(
                Path(options["questions"]),
                ("record_id_a", "record_id_b", "score", "for", "against"),
                question_rows(result),
            )
        self.stderr.write(
            f"{len(identities)} records, {len(result.merges)} duplicates in "
            f"{len(result.clusters)} clusters, {len(result.questions)} possible duplicates."
        )


def _noting(
    references: Iterable[Reference], identities: list[str]
) -> Iterator[Reference]:
    """Pass references on, one at a time, and note their ids in the input's order."""
    for reference in references:
        identities.append(str(reference.id))
        yield reference


def cluster_rows(
    identities: list[str], result: DuplicateResult
) -> Iterator[tuple[str, str]]:
    """One row per record in the order of the input; the kept record names the cluster."""
    cluster = {str(merge.record): str(merge.of) for merge in result.merges}
    for identity in identities:
        yield identity, cluster.get(identity, identity)


def question_rows(result: DuplicateResult) -> Iterator[tuple[str, ...]]:
    """One row per possible duplicate, the likeliest duplicates first."""
    for question in result.questions:
        yield (
            str(question.a),
            str(question.b),
            f"{question.score:.3f}",
            "; ".join(question.reasons_for),
            "; ".join(question.reasons_against),
        )


def read_references(path: Path) -> Iterator[Reference]:
    """The references of a CSV or gzipped CSV file.

    Raises:
        CommandError: with a sentence, when the file cannot be used.
    """
    try:
        with path.open("rb") as stream:
            yield from _references(stream, path)
    except FileNotFoundError:
        raise CommandError(f"{path} does not exist.") from None
    except IsADirectoryError:
        raise CommandError(f"{path} is a folder, not a CSV file.") from None
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{path} is not UTF-8 text (near byte {error.start}); "
            "save it as CSV UTF-8 and try again."
        ) from None
    except (csv.Error, EOFError, gzip.BadGzipFile) as error:
        raise CommandError(f"{path} can't be read as CSV: {error}.") from None
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None


def _references(stream: BinaryIO, path: Path) -> Iterator[Reference]:
    packed = stream.read(2) == _GZIP_MAGIC
    stream.seek(0)
    raw: Any = gzip.GzipFile(fileobj=stream) if packed else stream
    csv.field_size_limit(_FIELD_LIMIT)
    with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        rows = csv.DictReader(text)
        missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
        if missing:
            raise CommandError(
                f"{path} has no column {' and no column '.join(missing)}."
            )
        seen: set[str] = set()
        for row in rows:
            identity = (row["record_id"] or "").strip()
            if not identity:
                raise CommandError(f"{path}, line {rows.line_num}: record_id is empty.")
            if identity in seen:
                raise CommandError(
                    f"{path}, line {rows.line_num}: record_id {identity} occurs twice."
                )
            seen.add(identity)
            yield _reference(identity, row)


def _reference(identity: str, row: dict[str, str | None]) -> Reference:
    def text(name: str) -> str:
        return row.get(name) or ""

    return Reference(
        id=identity,
        title=text("title"),
        authors=text("authors"),
        year=text("year"),
        journal=text("journal"),
        volume=text("volume"),
        issue=text("issue"),
        pages=text("pages"),
        doi=text("doi"),
        abstract=text("abstract"),
        isbn=f"{text('isbn')} {text('isbn_issn')}",
        issn=f"{text('issn')} {text('isbn_issn')}",
        pmid=text("pmid"),
        source=text("source"),
    )


def write_table(
    path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> None:
    """Write a CSV file whole or not at all.

    Raises:
        CommandError: with a sentence, when the place cannot be written.
    """
    try:
        with _whole_file(path) as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    except OSError as error:
        raise CommandError(f"{path} can't be written: {error.strerror}.") from None


@contextmanager
def _whole_file(path: Path) -> Iterator[TextIO]:
    """A file that takes its place under ``path`` only when it is complete."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as text:
            yield text
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
