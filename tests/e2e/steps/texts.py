"""Steps for records of other methods, retrieval of full texts, and studies."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.people import Person


def pdf(sentence: str) -> bytes:
    """Return a PDF of one page with one sentence."""
    drawing = f"BT /F1 18 Tf 72 720 Td ({sentence}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + (
        b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (table, len(file))
    )


def leave_unsought(librarian: Person, review: str, title: str, reason: str) -> None:
    """Mark a record added manually as not to be retrieved."""
    page = librarian.open(f"{review}other-methods/")
    row = page.get_by_role("row", name=re.compile(re.escape(title)))
    librarian.follow(row.get_by_role("link", name=re.compile("^Do not retrieve")))
    page.get_by_label("Reason for not retrieving it").fill(reason)
    librarian.send("Do not retrieve")
    expect(page.get_by_text(reason)).to_be_visible()


def seek_all(librarian: Person, review: str) -> None:
    """Send every pending record of other methods to retrieval."""
    page = librarian.open(f"{review}other-methods/")
    librarian.send("Send all pending to retrieval")
    expect(
        page.get_by_role("button", name="Send all pending to retrieval")
    ).to_have_count(0)


def sought(person: Person, review: str) -> list[str]:
    """Return the titles of the reports awaiting retrieval."""
    page = person.open(f"{review}reports/?state=sought")
    return page.locator("tbody .citation .title").all_inner_texts()


def give_up(librarian: Person, review: str, title: str) -> None:
    """Mark a report as not retrieved, with a reason."""
    page = librarian.open(f"{review}reports/?state=sought")
    librarian.follow(page.get_by_role("link", name=title, exact=True))
    page.get_by_label("Reason why it was not retrieved").fill("No access anywhere")
    librarian.send("Mark as not retrieved")
    expect(page.get_by_text("No access anywhere")).to_be_visible()


def attach(librarian: Person, review: str, title: str, file: Path) -> None:
    """Upload the PDF of a report and check that it is shown with selectable text."""
    page = librarian.open(f"{review}reports/?state=sought")
    librarian.follow(page.get_by_role("link", name=title, exact=True))
    page.locator("input[type=file]").set_input_files(str(file))
    librarian.send("Upload PDF")
    see_pdf(librarian)


def see_pdf(person: Person, sentence: str = "Dinosaurs") -> None:
    """Check that the page shows the PDF: pixels and a text layer."""
    view = person.page.locator("pdf-view")
    expect(view).to_have_attribute("data-state", "ready")
    expect(view.locator(".textLayer")).to_contain_text(sentence)
    has_ink = view.locator("canvas").first.evaluate(
        """canvas => canvas.getContext("2d")
             .getImageData(0, 0, canvas.width, canvas.height / 4).data
             .some((value, i) => i % 4 === 0 && value < 128)"""
    )
    assert has_ink, "the page of the PDF is blank"


def mark_all_retrieved(librarian: Person, review: str) -> None:
    """Select all reports awaiting retrieval and mark them as retrieved."""
    page = librarian.open(f"{review}reports/?state=sought")
    for box in page.get_by_role("checkbox").all():
        box.check()
    librarian.send("Mark selected reports as retrieved")
    expect(page.get_by_role("status").last).to_contain_text("marked as retrieved")


def group(person: Person, review: str, titles: list[str]) -> None:
    """Group reports as one study."""
    page = person.open(f"{review}studies/")
    for title in titles:
        page.get_by_role("checkbox", name=title, exact=True).check()
    person.send("Group selected reports as one study")
    expect(page.get_by_role("status").last).to_contain_text("study")
