"""An inverted file, and the sums over it, beside the same worked out label by label."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referentiel.linking.pooled import Pooled
from referentiel.linking.postings import Postings

LABELS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=5), min_size=1, max_size=12)
QUERIES = st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 3), max_size=5)


def by_hand(labels: list[list[str]], query: dict[str, int]) -> list[float]:
    return [float(sum(label.count(term) * weight for term, weight in query.items())) for label in labels]


@settings(deadline=None)
@given(labels=LABELS, query=QUERIES)
def test_scores_are_sums_over_shared_terms(labels: list[list[str]], query: dict[str, int]) -> None:
    postings = Postings.of(labels)
    assert postings.scores(*postings.numbers(query)).tolist() == by_hand(labels, query)


@settings(deadline=None)
@given(labels=LABELS, queries=st.lists(QUERIES, min_size=1, max_size=3), data=st.data())
def test_a_concept_has_the_score_of_its_best_label(
    labels: list[list[str]], queries: list[dict[str, int]], data: st.DataObject
) -> None:
    starts = sorted({0, *data.draw(st.lists(st.integers(0, len(labels) - 1)))})
    bounds = list(zip(starts, [*starts[1:], len(labels)], strict=True))
    expected = [[max(by_hand(labels, query)[start:end]) for start, end in bounds] for query in queries]
    postings = Postings.of(labels)
    pooled = Pooled(postings, np.asarray(starts))
    asked = [postings.numbers(query) for query in queries]
    assert [pooled.of_all(query).tolist() for query in asked] == expected
    some = data.draw(st.lists(st.integers(0, len(starts) - 1), min_size=1))
    assert pooled.of_some(asked, np.asarray(some)).tolist() == [[scores[number] for number in some] for scores in expected]


@settings(deadline=None)
@given(labels=LABELS)
def test_arrays_come_back(labels: list[list[str]]) -> None:
    postings = Postings.of(labels)
    again = Postings.from_arrays({f"x.{name}": array for name, array in postings.arrays().items()}, "x.")
    assert again.terms == postings.terms
    assert again.size == len(labels)
    for name in ("starts", "labels", "weights"):
        assert np.array_equal(getattr(again, name), getattr(postings, name))


@pytest.mark.parametrize("part", ["starts", "labels", "terms"])
def test_arrays_that_do_not_fit_together_are_refused(part: str) -> None:
    arrays = {f"x.{name}": array for name, array in Postings.of([["a", "b"], ["b"]]).arrays().items()}
    with pytest.raises(ValueError, match="terms"):
        Postings.from_arrays({**arrays, f"x.{part}": arrays[f"x.{part}"][:-1] if part != "terms" else np.zeros(0, np.uint8)}, "x.")
