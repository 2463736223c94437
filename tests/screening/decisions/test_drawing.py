"""Drawing samples: uniform whatever the order of imports, and reproducible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.decisions.rules.drawing import (
    Draw,
    Window,
    digest_of,
    draw,
    position,
    wave_key,
)
from screening.decisions.rules.sampling import SamplingLine, target_count

BEN, CLEO = 2, 3
Standing = dict[str, list[tuple[int, int]]]


def draw_batches(
    key: str, batches: Sequence[Sequence[str]], *shares: Decimal | int
) -> tuple[Standing, dict[int, Window]]:
    """Draw rule 2 after each batch; the n-th share holds from the n-th batch on."""
    standing: Standing = {}
    windows: dict[int, Window] = {}
    codes: list[str] = []
    for number, batch in enumerate(batches):
        codes += batch
        share = Decimal(shares[min(number, len(shares) - 1)])
        made = draw_once(key, codes, share, standing, windows)
        windows = made.windows
        for one in made.assignments:
            standing[one.subject] = [(2, one.member)]
    return standing, windows


def draw_once(
    key: str,
    codes: Sequence[str],
    share: Decimal,
    standing: Standing,
    windows: dict[int, Window],
) -> Draw:
    return draw(
        [SamplingLine(2, share, (BEN,))],
        key=key,
        undecided=codes,
        standing=standing,
        windows=windows,
    )


def in_the_documented_rule(
    key: str, codes: Sequence[str], share: Decimal, start: int
) -> set[str]:
    """Return the sample as docs/policy.md says, without the program's functions."""
    width = int(share * 100) * 2**64 // 10_000
    found = set()
    for code in codes:
        digest = sha256(f"{key}:2:{code}".encode()).digest()
        if (int.from_bytes(digest[:8], "big") - start) % 2**64 < width:
            found.add(code)
    return found


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=5),
    share=st.decimals("0.01", "100", places=2),
    key=st.text("0123456789abcdef", min_size=1, max_size=8),
    mixed=st.randoms(use_true_random=False),
)
def test_the_documented_rule_gives_the_list_to_the_record(
    sizes: list[int], share: Decimal, key: str, mixed
) -> None:
    batches = [[f"r{n}-{i}" for i in range(size)] for n, size in enumerate(sizes)]
    drawn, windows = draw_batches(key, batches, share)
    codes = [code for batch in batches for code in batch]
    assert set(drawn) == in_the_documented_rule(key, codes, share, windows[2].start)
    # The first draw has the exact percentage, and the order of the file plays no part.
    first, _ = draw_batches(key, batches[:1], share)
    assert len(first) == target_count(share, sizes[0])
    shuffled = list(batches[0])
    mixed.shuffle(shuffled)
    assert draw_batches(key, [shuffled], share)[0] == first


def test_early_and_late_records_have_the_same_chance() -> None:
    """200 at the start, then 50 one by one: formerly 0.21 against 0.16."""
    batches = [[f"a{i}" for i in range(200)], *([f"b{i}"] for i in range(50))]
    counts: Counter[str] = Counter()
    keys = 200
    for number in range(keys):
        drawn, _ = draw_batches(f"{number:x}", batches, 20)
        counts.update(code[0] for code in drawn)
    assert counts["a"] == 40 * keys
    # The standard deviation is 0.004.
    assert counts["b"] / (50 * keys) == pytest.approx(0.2, abs=0.016)


def test_drawing_again_adds_nothing() -> None:
    codes = [f"r{i}" for i in range(300)]
    drawn, windows = draw_batches("k", [codes[:100], codes[100:]], 20)
    again = draw_once("k", codes, Decimal(20), drawn, windows)
    assert again.assignments == []
    assert again.windows == windows


@pytest.mark.parametrize("number", range(20))
def test_a_larger_percentage_keeps_the_sample_and_adds_to_it(number: int) -> None:
    codes = [f"r{i}" for i in range(200)]
    before, _ = draw_batches(str(number), [codes], 20)
    after, windows = draw_batches(str(number), [codes, []], 20, 50)
    assert before.keys() < after.keys()
    assert len(after) == pytest.approx(100, abs=8)
    documented = in_the_documented_rule(
        str(number), codes, Decimal(50), windows[2].start
    )
    assert set(after) == documented


def test_a_smaller_percentage_removes_nothing_and_holds_for_later_records() -> None:
    codes = [f"r{i}" for i in range(200)]
    late = [f"late{i}" for i in range(2000)]
    before, _ = draw_batches("k", [codes], 50)
    after, _ = draw_batches("k", [codes, late], 50, 10)
    assert before.keys() < after.keys()
    assert len(after) - len(before) == pytest.approx(200, abs=60)


def test_what_is_decided_is_neither_drawn_nor_counted() -> None:
    codes = [f"r{i}" for i in range(100)]
    found = draw_once("k", codes[:30], Decimal(50), {}, {})
    assert len(found.assignments) == 15
    assert {one.subject for one in found.assignments} <= set(codes[:30])


def test_several_members_share_a_draw_evenly() -> None:
    made = draw(
        [SamplingLine(1, Decimal(100), (BEN, CLEO))],
        key="k",
        undecided=[f"r{i}" for i in range(101)],
        standing={},
        windows={},
    )
    load = Counter(one.member for one in made.assignments)
    assert sorted(load.values()) == [50, 51]


def test_the_rule_does_not_change_between_versions() -> None:
    # docs/policy.md prints these values.
    assert position("k", 2, "record00001") == 0x35D59A92CB822853
    assert digest_of("k", ["b", "a"]) == sha256(b"k\na\nb\n").hexdigest()
    assert wave_key("k", 1) == sha256(b"k:wave:1").hexdigest()[:32]
