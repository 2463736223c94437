"""From judged pairs to clusters, one kept record each, and questions.

Pairs are united in falling score. A union that would put two references together
which were judged or declared different is refused and becomes a question, so that
no chain of likenesses joins what a direct look keeps apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from screening.records.rules.blocking import candidate_pairs
from screening.records.rules.cleaning import Cleaned, clean
from screening.records.rules.matching import CONTRADICTED, Judgement, judge
from screening.records.rules.reference import RecordId, Reference, id_order

Progress = Callable[[int, int], None]
IdPair = tuple[RecordId, RecordId]
KNOWN = Judgement("same", 1.0, ("they were known to be one",), ())
"""Why two references given as ``known_same`` are one."""
PROGRESS_EVERY = 2000


@dataclass(frozen=True, slots=True)
class Merge:
    """``record`` repeats ``of``, the kept record of its cluster."""

    record: RecordId
    of: RecordId
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Two references a person has to look at."""

    a: RecordId
    b: RecordId
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuplicateResult:
    """Certain merges, doubtful pairs, and the clusters of two or more records.

    The first record of a cluster is the kept one.
    """

    merges: list[Merge]
    questions: list[Question]
    clusters: list[tuple[RecordId, ...]]


@dataclass(frozen=True, slots=True)
class _Pair:
    a: int
    b: int
    judgement: Judgement


def find_duplicates(
    references: Iterable[Reference],
    *,
    known_different: Collection[IdPair] = (),
    known_same: Collection[IdPair] = (),
    progress: Progress | None = None,
) -> DuplicateResult:
    """Duplicates among all references; the same whatever their order.

    ``known_same`` and ``known_different`` are people's answers: the first are merged
    without judging, the second never end in one cluster.

    Raises:
        ValueError: an id occurs twice.
    """
    cleaned = [clean(reference) for reference in references]
    return match_new(
        cleaned, (), known_different=known_different, known_same=known_same,
        progress=progress,
    )  # fmt: skip


def match_new(
    new: Iterable[Reference | Cleaned],
    existing: Iterable[Reference | Cleaned],
    *,
    known_different: Collection[IdPair] = (),
    known_same: Collection[IdPair] = (),
    progress: Progress | None = None,
) -> DuplicateResult:
    """Duplicates of new references among themselves and all that exist.

    Existing references are not compared with each other: give their present
    clusters as ``known_same``. Questions have a new reference on one side.

    Raises:
        ValueError: an id occurs twice.
    """
    records = _in_order(existing)
    new_from = len(records)
    records += _in_order(new)
    places = {record.id: place for place, record in enumerate(records)}
    if len(places) < len(records):
        raise ValueError("A record id occurs twice.")
    clusters = _Clusters(records, _index_pairs(known_different, places))
    for a, b in sorted(_index_pairs(known_same, places)):
        clusters.unite_known(a, b)
    pairs = sorted(candidate_pairs(records, new_from=new_from))
    open_pairs = _judge_all(records, pairs, clusters, progress)
    open_pairs.sort(key=lambda p: (-p.judgement.score, p.a, p.b))
    merged, doubtful = _unite(open_pairs, clusters)
    return _result(records, clusters, merged, doubtful)


def _in_order(given: Iterable[Reference | Cleaned]) -> list[Cleaned]:
    cleaned = [r if isinstance(r, Cleaned) else clean(r) for r in given]
    cleaned.sort(key=lambda r: id_order(r.id))
    return cleaned


def _index_pairs(
    pairs: Collection[IdPair], places: dict[RecordId, int]
) -> set[tuple[int, int]]:
    """Pairs of places (lower first); pairs with an id not given are passed over."""
    found = set()
    for one, other in pairs:
        a, b = places.get(one), places.get(other)
        if a is not None and b is not None and a != b:
            found.add((a, b) if a < b else (b, a))
    return found


class _Clusters:
    """Union of places with their members at hand and the contradictions kept."""

    def __init__(self, records: Sequence[Cleaned], different: set[tuple[int, int]]):
        self.records = records
        self.different = different
        self.root = list(range(len(records)))
        self.members: dict[int, list[int]] = {}
        self.judged: dict[tuple[int, int], Judgement] = {}

    def of(self, place: int) -> list[int]:
        return self.members.get(self.root[place], [place])

    def together(self, a: int, b: int) -> bool:
        return self.root[a] == self.root[b]

    def unite_known(self, a: int, b: int) -> None:
        if not self.together(a, b) and not self._declared(self.of(a), self.of(b)):
            self.unite(a, b)

    def unite(self, a: int, b: int) -> None:
        joined = sorted(self.of(a) + self.of(b))
        for place in joined:
            self.root[place] = joined[0]
        self.members[joined[0]] = joined

    def contradicted(self, a: int, b: int) -> bool:
        """Whether any member of one cluster is different from any of the other."""
        left, right = self.of(a), self.of(b)
        if self._declared(left, right):
            return True
        if len(left) == len(right) == 1:
            return False
        return any(
            self.judgement(x, y).score < CONTRADICTED for x in left for y in right
        )

    def judgement(self, a: int, b: int) -> Judgement:
        key = (a, b) if a < b else (b, a)
        if key not in self.judged:
            self.judged[key] = judge(self.records[key[0]], self.records[key[1]])
        return self.judged[key]

    def declared(self, a: int, b: int) -> bool:
        return self._declared(self.of(a), self.of(b))

    def _declared(self, left: list[int], right: list[int]) -> bool:
        return bool(self.different) and any(
            ((x, y) if x < y else (y, x)) in self.different for x in left for y in right
        )


def _judge_all(
    records: Sequence[Cleaned],
    pairs: Sequence[tuple[int, int]],
    clusters: _Clusters,
    progress: Progress | None,
) -> list[_Pair]:
    """Every pair that is not plainly different."""
    kept = []
    for done, (a, b) in enumerate(pairs):
        if progress and done % PROGRESS_EVERY == 0:
            progress(done, len(pairs))
        judgement = judge(records[a], records[b])
        if judgement.answer != "different":
            clusters.judged[a, b] = judgement
            kept.append(_Pair(a, b, judgement))
    if progress:
        progress(len(pairs), len(pairs))
    return kept


def _unite(pairs: list[_Pair], clusters: _Clusters) -> tuple[list[_Pair], list[_Pair]]:
    """Unite what is the same in falling score; what is refused becomes doubtful."""
    merged, doubtful = [], []
    for pair in pairs:
        if clusters.together(pair.a, pair.b):
            continue
        if pair.judgement.answer == "ask" or clusters.contradicted(pair.a, pair.b):
            doubtful.append(pair)
        else:
            clusters.unite(pair.a, pair.b)
            merged.append(pair)
    return merged, _one_question_each(doubtful, clusters)


def _one_question_each(doubtful: list[_Pair], clusters: _Clusters) -> list[_Pair]:
    """The likeliest pair between each two clusters that nobody has told apart."""
    asked: dict[frozenset[int], _Pair] = {}
    for pair in doubtful:
        if not clusters.together(pair.a, pair.b) and not clusters.declared(
            pair.a, pair.b
        ):
            between = frozenset((clusters.root[pair.a], clusters.root[pair.b]))
            asked.setdefault(between, pair)
    return list(asked.values())


def _kept_first(record: Cleaned) -> tuple[int, int, tuple[int, int, str]]:
    return (record.priority, -record.completeness, id_order(record.id))


def _result(
    records: Sequence[Cleaned],
    clusters: _Clusters,
    merged: list[_Pair],
    doubtful: list[_Pair],
) -> DuplicateResult:
    groups = [
        sorted(clusters.members[root], key=lambda place: _kept_first(records[place]))
        for root in sorted(set(clusters.root) & set(clusters.members))
    ]
    return DuplicateResult(
        _merges(records, groups, merged),
        [_question(records, pair) for pair in doubtful],
        [tuple(records[place].id for place in group) for group in groups],
    )


def _merges(
    records: Sequence[Cleaned], groups: list[list[int]], merged: list[_Pair]
) -> list[Merge]:
    """One merge per record that is not kept, with the evidence that brought it in."""
    best: dict[int, Judgement] = {}
    for pair in merged:
        best.setdefault(pair.a, pair.judgement)
        best.setdefault(pair.b, pair.judgement)
    merges = []
    for group in groups:
        for place in group[1:]:
            why = best.get(place, KNOWN)
            merges.append(
                Merge(
                    records[place].id, records[group[0]].id, why.score, why.reasons_for
                )
            )
    return merges


def _question(records: Sequence[Cleaned], pair: _Pair) -> Question:
    found = pair.judgement
    return Question(
        records[pair.a].id,
        records[pair.b].id,
        found.score,
        found.reasons_for,
        found.reasons_against,
    )
