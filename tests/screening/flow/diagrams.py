"""A flow with what does not fit easily: many sources, long names, many reasons."""

from __future__ import annotations

from screening.flow.rules.boxes import BOXES, PENDING
from screening.flow.rules.flow import Box, Flow, Part

NAMES = (
    "MEDLINE ALL (OVID) AND EMBASE CLASSIC+EMBASE, 1946 TO 29 NOVEMBER 2026",
    "中国知网（CNKI）学术期刊全文数据库与博硕士学位论文全文数据库",
    "日本医学中央雑誌（医中誌Web）",
    "КиберЛенинка: научная электронная библиотека",
    "LILACS – Literatura Latino-Americana e do Caribe em Ciências da Saúde",
    "https://register.example.org/without/any/space/anywhere?query=peer+workers+in+care",
    "W" * 60,
    "CENTRAL",
)
REASON = (
    "Wrong population: adults without lived experience of mental distress or substance "
    "use, or peers who were neither trained nor employed for their own role"
)


def crowded_flow(*, is_final: bool = True) -> Flow:
    """Return a flow of 20 sources with long names and 15 reasons of 150 letters."""
    assert len(REASON) >= 150
    sources = [
        Part(str(i), NAMES[i % len(NAMES)], 1000 * i + 7, "database") for i in range(20)
    ]
    reasons = tuple(Part(str(i), f"{i} {REASON}"[:150], i + 1) for i in range(15))
    pending = 0 if is_final else 7
    boxes = {
        kind.key: Box(kind, pending if kind.key in PENDING else 123_456)
        for kind in BOXES
    }
    parts = {
        "database_results": tuple(sources[:14]),
        "register_results": tuple(sources[14:]),
        "other_identified": tuple(sources[:6]),
        "dbr_excluded": reasons,
        "other_excluded": reasons[:4],
    }
    for key, found in parts.items():
        boxes[key] = Box(boxes[key].kind, sum(p.n for p in found), found)
    return Flow("Peers", boxes, (), ())
