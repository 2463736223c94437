"""Files of a world: invented references and a tiny PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pypdf import PdfWriter

TOPICS = [
    "Peer workers",
    "Lived experience",
    "Co-production",
    "Recovery colleges",
    "Service users",
]
PLACES = [
    "prisons",
    "clinics",
    "shelters",
    "schools",
    "forests",
    "harbours",
    "archives",
    "theatres",
]
SURNAMES = ["Abel", "Bjerke", "Conti", "Dlamini", "Eriksen"]


def ris(numbers: Sequence[int]) -> bytes:
    """Return a RIS file with the different references of these numbers."""
    return "".join(
        f"TY  - JOUR\nTI  - {TOPICS[i % 5]} in {PLACES[i // 5]}: a study of "
        f"{PLACES[-1 - i // 5]} and {TOPICS[-1 - i % 5].lower()}\n"
        f"AU  - {SURNAMES[i % 5]}, {PLACES[i // 5].title()}\nPY  - {2000 + i % 20}\n"
        f"JO  - Journal of {PLACES[i // 5]}\nSP  - {100 + i}\n"
        f"AB  - Abstract number {i}.\n"
        f"DO  - 10.5555/world.{i}\nER  - \n\n"
        for i in numbers
    ).encode()


def pdf() -> bytes:
    """Return the smallest PDF that pypdf writes."""
    file, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(72, 72)
    writer.write(file)
    return file.getvalue()
