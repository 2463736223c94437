"""Reading RIS: ours against rispy, on the demo's ten exports repeated."""

from __future__ import annotations

import io
import time

import rispy

from reviewapp.demo.exports import exports
from screening.records.formats import reading


def main() -> None:
    """Print records per CPU second for the RIS exports of the demo."""
    for export in exports():
        if not export.filename.endswith(".ris"):
            continue
        start = time.process_time()
        ours = sum(1 for _ in reading.read(io.BytesIO(export.content), name="x.ris"))
        mine = time.process_time() - start
        start = time.process_time()
        try:
            text = export.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = export.content.decode("latin-1")
        theirs = len(rispy.loads(text))
        peer = time.process_time() - start
        print(
            f"{export.filename:32} ours {ours:6} records {ours / mine:9,.0f}/s   "
            f"rispy {theirs:6} records {theirs / peer:9,.0f}/s"
        )
