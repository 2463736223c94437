"""Archives: every reference file in them is read, and nothing else happens."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.citations.citation import Citation
from screening.citations.reading.archive import directory_bytes, safe_path
from screening.citations.reading.file_reading import (
    FileReading,
    ReadingOptions,
    UnreadableFile,
    read_file,
)
from screening.citations.reading.reading_report import ReadingReport, ReadingWarning
from screening.citations.reading.tables.table_preview import read_table_header

RIS = b"TY  - JOUR\nTI  - One\nAU  - Berg, K\nER  - \nTY  - JOUR\nTI  - Two\nER  - \n"
CSV = b"Title,Authors,Year\nThree,Dahl N.,2020\n"
UNKNOWN = b"Ref;What;Who\n1;Four;Eide T.\n2;Five;Moe P.\n"


def packed(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def read_zip(
    data: bytes, options: ReadingOptions | None = None
) -> tuple[FileReading, list[Citation]]:
    reading = read_file(io.BytesIO(data), name="refs.zip", options=options)
    return reading, list(reading)


def refusal(data: bytes, name: str = "refs.zip") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        list(read_file(io.BytesIO(data), name=name))
    return refused.value


def titles(citations: list[Citation]) -> list[tuple[str, str]]:
    return [(citation.member, citation.title) for citation in citations]


def test_files_are_read_in_the_order_of_the_archive_and_named() -> None:
    reading, citations = read_zip(packed(("b/two.ris", RIS), ("a.csv", CSV)))
    assert titles(citations) == [
        ("b/two.ris", "One"),
        ("b/two.ris", "Two"),
        ("a.csv", "Three"),
    ]
    assert (reading.format, reading.found, reading.kept) == ("zip", 3, 3)
    assert reading.warning_counts == {}


def test_messages_on_a_file_name_it() -> None:
    told: list[object] = []
    report = ReadingReport(sink=told.append)
    broken = RIS + b"TY  - JOUR\nER  - \n"
    data = packed(("good.ris", RIS), ("broken.ris", broken), ("last.csv", CSV))
    reading = read_file(io.BytesIO(data), name="refs.zip", report=report)
    assert len(list(reading)) == 5
    assert {piece.member for piece in reading.skipped} == {"broken.ris"}
    assert reading.found == 6
    assert [n.member for n in told if isinstance(n, ReadingWarning)] == ["broken.ris"]
    assert report.member == ""


def test_files_without_references_are_ignored_with_the_reason() -> None:
    reading, citations = read_zip(
        packed(
            ("refs.ris", RIS),
            ("paper.pdf", b"%PDF-1.7 ..."),
            ("README.txt", b"These are my searches.\nHave fun.\n"),
            ("folder/", b""),
            ("__MACOSX/._refs.ris", b"\x00\x05\x16\x07"),
            ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
            (
                "letter.docx",
                packed(("[Content_Types].xml", b""), ("word/document.xml", b"")),
            ),
        )
    )
    assert len(citations) == 2
    assert reading.warning_counts == {"archive-member-ignored": 5}
    told = " ".join(notice.message for notice in reading.warnings)
    for name in ("paper.pdf", "README.txt", "._refs.ris", "Thumbs.db", "letter.docx"):
        assert name in told
    assert "PDF" in told


def test_an_archive_without_references_is_refused() -> None:
    refused = refusal(packed(("paper.pdf", b"%PDF-1.7 ...")))
    assert refused.kind == "no-records-found"
    assert "paper.pdf" in refused.sentence
    assert refusal(packed()).kind == "no-records-found"


def test_a_workbook_in_an_archive_is_not_a_nested_archive() -> None:
    from tests.screening.citations.test_xlsx import HEADER, ROW, book

    reading, citations = read_zip(packed(("a.ris", RIS), ("b.xlsx", book(HEADER, ROW))))
    assert titles(citations)[-1] == ("b.xlsx", "A study")
    assert reading.platform == ""


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("refs.ris")
        info.size = len(RIS)
        archive.addfile(info, io.BytesIO(RIS))
    return out.getvalue()


@pytest.mark.parametrize(
    "inner",
    [
        packed(("refs.ris", RIS)),
        gzip.compress(RIS),
        tar(),
        b"7z\xbc\xaf\x27\x1c\x00\x04",
        b"Rar!\x1a\x07\x01\x00",
    ],
    # gzip writes the time into its bytes, so the parameters need names.
    ids=["zip", "gzip", "tar", "7z", "rar"],
)
def test_a_nested_archive_is_refused_before_any_record_is_kept(
    inner: bytes,
) -> None:
    data = packed(("first.ris", RIS), ("looks-harmless.ris", inner))
    reading = None
    with pytest.raises(UnreadableFile) as refused:
        reading = read_file(io.BytesIO(data), name="refs.zip")
        next(reading)
    assert refused.value.kind == "archive-nested"
    assert "looks-harmless.ris" in refused.value.sentence
    assert reading is None or reading.kept == 0


def with_flags(data: bytes, flags: int) -> bytes:
    """Return the archive with these flags set on its first file, in both places."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.index(mark) + offset
        old = struct.unpack_from("<H", changed, place)[0]
        struct.pack_into("<H", changed, place, old | flags)
    return bytes(changed)


def test_an_archive_with_a_password_is_refused() -> None:
    refused = refusal(with_flags(packed(("refs.ris", RIS)), 1))
    assert refused.kind == "archive-encrypted"
    assert "password" in refused.sentence


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.ris",
        "..\\..\\a.ris",
        "a/../../b.ris",
        "/srv/keys/.ssh/a.ris",
        "C:\\Users\\x\\a.ris",
        "a/line\nbreak.ris",
    ],
)
def test_a_file_with_a_path_that_leaves_the_archive_is_not_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    reading, citations = read_zip(packed((name, RIS), ("refs.ris", RIS)))
    assert {citation.member for citation in citations} == {"refs.ris"}
    assert reading.warning_counts == {"archive-path-unsafe": 1}
    assert [entry.member for entry in reading.skipped] == [safe_path(name)[0]]
    assert reading.found == reading.kept + 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "shown"), [("a\\b.ris", "a/b.ris"), ("a/\u202esir.exe", "a/sir.exe")]
)
def test_folders_of_windows_and_hidden_letters_are_no_danger(
    name: str, shown: str
) -> None:
    reading, citations = read_zip(packed((name, RIS)))
    assert {citation.member for citation in citations} == {shown}
    assert not reading.warning_counts


@pytest.mark.parametrize("size", [100_000, 3_000_000])
def test_a_bomb_is_refused_at_any_size(size: int) -> None:
    bomb = RIS + b" " * size
    assert refusal(packed(("bomb.ris", bomb))).kind == "archive-too-large"
    beside = [(f"{n}.ris", RIS) for n in range(400)]
    assert refusal(packed(*beside, ("bomb.ris", bomb))).kind == "archive-too-large"
    with pytest.raises(UnreadableFile) as refused:
        list(read_file(io.BytesIO(gzip.compress(bomb)), name="bomb.ris.gz"))
    assert refused.value.kind == "archive-too-large"


def test_paths_with_nothing_left_get_a_name() -> None:
    assert safe_path("../..") == ("unnamed", True)
    assert safe_path("a/b.ris") == ("a/b.ris", False)
    assert len(safe_path("x" * 5000)[0]) <= 250


def test_a_link_to_another_file_is_not_followed() -> None:
    link = zipfile.ZipInfo("link.ris")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    reading, citations = read_zip(packed((link, b"/etc/passwd"), ("refs.ris", RIS)))
    assert len(citations) == 2
    assert reading.warning_counts == {"archive-member-ignored": 1}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_with_one_name_are_both_read() -> None:
    _, citations = read_zip(packed(("refs.ris", RIS), ("refs.ris", RIS)))
    assert {citation.member for citation in citations} == {"refs.ris", "refs.ris (2)"}
    assert len(citations) == 4


def test_too_many_files_are_refused() -> None:
    refused = refusal(packed(*[(f"{n}.ris", RIS) for n in range(1_001)]))
    assert refused.kind == "archive-too-large"


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    assert refusal(packed(("refs.ris", bytes(60 << 20)))).kind == "archive-too-large"
    bomb = gzip.compress(b"TY  - JOUR\n" + b" " * (60 << 20))
    assert refusal(bomb, "refs.ris.gz").kind == "archive-too-large"


def test_a_list_of_files_that_fills_memory_is_not_read() -> None:
    data = bytearray(packed(("refs.ris", RIS)))
    place = data.rindex(b"PK\x05\x06")
    struct.pack_into("<L", data, place + 12, 100 << 20)
    assert directory_bytes(io.BytesIO(bytes(data))) == 100 << 20
    assert refusal(bytes(data)).kind == "archive-too-large"


def test_a_damaged_file_keeps_the_records_before_the_damage() -> None:
    long = b"".join(
        b"TY  - JOUR\nTI  - Study %d\nAB  - %s\nER  - \n" % (n, b"x%d " % n * 50)
        for n in range(200)
    )
    data = bytearray(packed(("bad.ris", long), ("good.csv", CSV)))
    # The checksum in the list of files no longer matches the content.
    place = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 16, 1)
    reading, citations = read_zip(bytes(data))
    assert titles(citations)[-1] == ("good.csv", "Three")
    assert [piece.member for piece in reading.skipped] == ["bad.ris"]
    assert "damaged" in reading.skipped[0].reason
    assert reading.found == len(citations) + 1


def test_an_incomplete_archive_is_refused() -> None:
    data = packed(("refs.ris", RIS), ("more.ris", RIS))
    refused = refusal(data[: len(data) // 2])
    assert refused.kind == "archive-damaged"
    assert refused.sentence.startswith("refs.zip")


def test_a_zip64_archive_is_read() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w") as archive,
        archive.open("refs.ris", "w", force_zip64=True) as member,
    ):
        member.write(RIS)
    assert len(read_zip(out.getvalue())[1]) == 2


def test_utf_8_names_without_the_flag_are_read() -> None:
    data = packed(("søk.ris", RIS)).replace("søk.ris".encode(), "søk.ris".encode())
    # Clear the flag that declares a name as UTF-8.
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.index(mark) + offset
        old = struct.unpack_from("<H", changed, place)[0]
        struct.pack_into("<H", changed, place, old & ~0x800)
    _, citations = read_zip(bytes(changed))
    assert citations[0].member == "søk.ris"


def test_a_single_gzipped_export_is_read() -> None:
    reading = read_file(io.BytesIO(gzip.compress(RIS)), name="refs.ris.gz")
    citations = list(reading)
    assert titles(citations) == [("refs.ris", "One"), ("refs.ris", "Two")]
    assert reading.warning_counts == {}
    assert (
        refusal(gzip.compress(packed(("a.ris", RIS))), "a.gz").kind == "archive-nested"
    )
    assert refusal(gzip.compress(tar()), "a.tar.gz").kind == "archive-nested"


@pytest.mark.parametrize(
    "data", [b"7z\xbc\xaf\x27\x1c\x00\x04", b"Rar!\x1a\x07\x01", tar()]
)
def test_other_archives_are_named_and_refused(data: bytes) -> None:
    refused = refusal(data, "refs.ris")
    assert refused.kind == "unknown-format"
    assert "archive" in refused.sentence


def test_a_mapping_applies_to_the_tables_that_it_fits() -> None:
    data = packed(("a.csv", CSV), ("b.csv", UNKNOWN), ("c.ris", RIS))
    reading, citations = read_zip(data)
    assert len(citations) == 3
    assert reading.warning_counts == {"archive-member-ignored": 1}
    options = ReadingOptions(columns=(("What", "title"), ("Who", "authors")))
    _, citations = read_zip(data, options)
    assert [citation.title for citation in citations] == [
        "Three", "Four", "Five", "One", "Two",
    ]  # fmt: skip


def test_the_table_to_map_in_an_archive_is_shown() -> None:
    data = packed(("a.csv", CSV), ("b.csv", UNKNOWN))
    header = read_table_header(io.BytesIO(data), "refs.zip")
    assert header is not None
    assert (header.member, header.headers) == ("b.csv", ("Ref", "What", "Who"))
    assert refusal(packed(("b.csv", UNKNOWN))).kind == "columns-unknown"


PATHS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(PATHS, st.sampled_from([RIS, CSV, UNKNOWN, b"", b"\x00\xff"]))),
    st.integers(0, 400),
    st.binary(max_size=4),
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_counts_add_up_for_any_archive_and_any_damage(
    members: list[tuple[str, bytes]], place: int, damage: bytes
) -> None:
    data = bytearray(packed(*members))
    data[place : place + len(damage)] = damage
    try:
        reading, citations = read_zip(bytes(data))
    except UnreadableFile:
        return
    assert reading.found == len(citations) + reading.skipped_count
    assert all(".." not in citation.member.split("/") for citation in citations)
