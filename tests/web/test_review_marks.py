from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from referentiel.web.review_marks import Piece, pieces


def test_words_are_marked_whole_with_the_proposals_they_speak_for() -> None:
    text = "Gérer l'équipe, gérer les équipes"
    assert pieces(text, {1: ("équipe", "Gérer"), 3: ("équipe",), 4: ()}) == [
        Piece("Gérer", (1,)),
        Piece(" l'"),
        Piece("équipe", (1, 3)),
        Piece(", gérer les équipes"),
    ]


def test_the_longest_of_two_expressions_is_marked() -> None:
    found = pieces("chef d'équipe", {1: ("chef",), 2: ("chef d'équipe",)})
    assert found == [Piece("chef d'équipe", (2,))]


@given(st.text(max_size=60), st.dictionaries(st.integers(1, 9), st.lists(st.text(max_size=8), max_size=4), max_size=4))
def test_no_word_of_the_text_is_lost(text: str, matched: dict[int, list[str]]) -> None:
    assert "".join(piece.text for piece in pieces(text, matched)) == text
