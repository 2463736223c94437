"""The model that ranks records, compared with scikit-learn's own pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from screening.prioritisation.rules.corpus import Corpus, build_corpus
from screening.prioritisation.rules.ranking import (
    Votes,
    explain,
    fit,
    order_by_score,
    text_of,
)
from screening.prioritisation.rules.simulation import (
    Prior,
    draw_known,
    replay,
    votes_until_fit,
)

WORDS = ["peer", "support", "worker", "trial", "x", "Été", "été", "co", "52", "pain"]
texts = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), min_size=2, max_size=12
)


def as_dict(corpus: Corpus) -> list[dict[str, float]]:
    rows = []
    for row in corpus.weights:
        terms = {
            corpus.term(c): float(v) for c, v in zip(row.indices, row.data, strict=True)
        }
        rows.append({term: round(value, 4) for term, value in terms.items()})
    return rows


@given(texts)
def test_weights_are_those_of_scikit_learn(drawn: list[str]) -> None:
    vectoriser = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, min_df=2, max_df=0.95
    )
    try:
        matrix = vectoriser.fit_transform(drawn).tocsr()
    except ValueError:
        assert build_corpus(drawn).weights.nnz == 0
        return
    names = vectoriser.get_feature_names_out()
    expected = [
        {
            names[c]: round(float(v), 4)
            for c, v in zip(row.indices, row.data, strict=True)
        }
        for row in matrix
    ]
    found = as_dict(build_corpus(drawn))
    assert [row.keys() for row in found] == [row.keys() for row in expected]
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=2e-4)


@pytest.mark.parametrize("drawn", [[], [""], ["", ""], ["a b", "c"], ["one word"]])
def test_texts_without_terms_are_no_error(drawn: list[str]) -> None:
    corpus = build_corpus(drawn)
    assert corpus.size == len(drawn)
    assert corpus.weights.nnz == 0


LIKE = ["peer support workers in recovery", "support by peer workers", "peer workers"]
UNLIKE = ["beetles of the alps", "beetles in dry forests", "forests of the alps"]
CORPUS = build_corpus([*LIKE, *UNLIKE, "peer workers of the alps", ""])


def test_no_model_without_an_included_and_an_excluded_record() -> None:
    assert fit(CORPUS, Votes.of({})) is None
    assert fit(CORPUS, Votes.of({0: True, 1: True})) is None
    assert fit(CORPUS, Votes.of({0: False})) is None


def test_similar_records_come_first_and_the_terms_say_why() -> None:
    model = fit(CORPUS, Votes.of({0: True, 3: False}))
    assert model is not None
    order = list(order_by_score(model.scores(CORPUS), np.arange(CORPUS.size)))
    assert set(order[:3]) >= {1, 2}
    up, down = explain(CORPUS, model, 6)
    assert "peer" in {term.text for term in up} | {"workers"} & {t.text for t in up}
    assert {term.text for term in down} & {"the alps", "alps", "of the", "the"}
    assert explain(CORPUS, model, 7) == ((), ())


@given(st.dictionaries(st.integers(0, 7), st.booleans()))
def test_the_order_is_total_and_depends_on_the_given_votes_only(
    votes: dict[int, bool],
) -> None:
    keys = np.random.default_rng(5).permutation(CORPUS.size)

    def order(told: dict[int, bool]) -> list[int]:
        model = fit(CORPUS, Votes.of(told))
        scores = model.scores(CORPUS) if model else None
        return [int(row) for row in order_by_score(scores, keys)]

    assert sorted(order(votes)) == list(range(CORPUS.size))
    # In whatever order the votes were cast.
    assert order(dict(reversed(votes.items()))) == order(dict(sorted(votes.items())))


def test_equal_scores_follow_the_random_keys() -> None:
    scores = np.array([0.5, 1.0, 0.5, 0.5], dtype=np.float32)
    assert list(order_by_score(scores, np.array([3, 0, 1, 2]))) == [1, 2, 3, 0]
    assert list(order_by_score(None, np.array([3, 0, 1, 2]))) == [1, 2, 3, 0]


def test_a_replay_shows_each_record_once_and_finds_the_included_early() -> None:
    generator = np.random.default_rng(1)
    subjects = ["peer support recovery", "beetle forest alps"]
    truth = [bool(n < 20) for n in generator.permutation(200)]
    corpus = build_corpus(
        [
            text_of(subjects[not is_in], " ".join(generator.choice(WORDS, 6)))
            for is_in in truth
        ]
    )
    known = draw_known(truth, Prior(1, 1), seed=1)
    done = replay(corpus, truth, known=known, seed=1)
    assert sorted([*done.known, *done.screened]) == list(range(200))
    assert sum(truth[row] for row in done.screened[:40]) == 19


def test_the_model_is_fitted_more_often_at_the_beginning() -> None:
    steps = {n: votes_until_fit(n) for n in (0, 9, 10, 49, 50, 5000)}
    assert steps == {0: 1, 9: 1, 10: 5, 49: 5, 50: 10, 5000: 10}
    assert votes_until_fit(20, batch=2) == 2


def test_more_known_records_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="2 known records are wanted; 1 exist"):
        draw_known([True, False], Prior(2, 0), seed=1)
