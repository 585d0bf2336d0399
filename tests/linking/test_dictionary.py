"""A dictionary learned from labels in two languages."""

from __future__ import annotations

from referentiel.linking.dictionary import LEAST, MOST, learn

PAIRS = [
    (("nettoyer", "cuve"), ("clean", "tank")),
    (("nettoyer", "chambre"), ("clean", "room")),
    (("peindre", "cuve"), ("paint", "tank")),
    (("peindre", "chambre"), ("paint", "room")),
]


def test_words_are_told_apart_by_all_labels_together() -> None:
    firsts = {french: found[0][0] for french, found in learn(PAIRS).items()}
    assert firsts == {"nettoyer": "clean", "cuve": "tank", "peindre": "paint", "chambre": "room"}


def test_likelihoods_add_up_to_one_at_most_and_fall() -> None:
    for found in learn(PAIRS).values():
        likelihoods = [likelihood for _, likelihood in found]
        assert sum(likelihoods) <= 1 + 1e-9
        assert likelihoods == sorted(likelihoods, reverse=True)
        assert len(found) <= MOST
        assert likelihoods[-1] >= LEAST


def test_nothing_comes_from_nothing() -> None:
    assert learn([]) == {}
    assert learn([((), ("clean",)), (("nettoyer",), ())]) == {}
