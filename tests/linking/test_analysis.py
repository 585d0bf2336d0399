"""A French text as words and stems."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referentiel.linking.analysis import Query, english_stems, fold, grams, label_stems, stem, words


def folded(text: str) -> list[str]:
    return [word.folded for word in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'Œuvre d’art qu'il achète", ["oeuvre", "art", "achete"]),
        ("Élaborer le cahier des charges du SI", ["elaborer", "cahier", "charges", "si"]),
        ("s'il si si", []),
        ("Chargé(e) d'affaires, artisan.e·s", ["charge", "affaires", "artisan"]),
        ("boulanger(ère)s et ingénieur·e·s", ["boulanger", "ingenieur"]),
        ("Développer en C++ et C#", ["developper", "c++", "c#"]),
        ("le, la, les : à l'", []),
        ("", []),
    ],
)
def test_words_that_count(text: str, expected: list[str]) -> None:
    assert folded(text) == expected


@pytest.mark.parametrize(
    "forms",
    [
        ("directeur", "directrice", "directeurs", "directrices"),
        ("acheteur", "acheteuse", "acheteuses"),
        ("infirmier", "infirmière", "infirmières"),
        ("technicien", "technicienne"),
        ("boulanger", "boulangère"),
        ("gérer", "gérant", "gère"),
        ("soudure", "soudures"),
        ("boucher", "bouchère"),
        ("conseiller", "conseillères"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(fold(form)) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("porte", "portail"), ("équipe", "équipement"), ("si", "RGPD"), ("moa", "moe")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert stem(fold(one)) != stem(fold(other))


def test_a_title_in_both_genders_says_one_thing() -> None:
    assert label_stems("Acheteur / Acheteuse") == label_stems("acheteur") == label_stems("Acheteur(euse)")


def test_english_stems_come_once_without_small_words() -> None:
    assert english_stems("Manage the management of teams and a team") == ("manag", "team")


def test_grams_mark_the_edges_of_a_word() -> None:
    assert grams(["as"]) == [" as", "as ", " as "]


def test_a_query_weighs_what_may_stand_for_its_words_less() -> None:
    query = Query.of("Gérer le SI", lambda said: [("systèmes d'information", 0.9), ("gérer", 0.5)] if "si" in said else [])
    assert query.words == {"gerer": 1.0, "si": 1.0, "systemes": 0.9, "information": 0.9}
    assert query.stems[stem("systeme")] == 0.9


@settings(deadline=None)
@given(st.text(max_size=300))
def test_words_stand_in_the_text_where_they_say(text: str) -> None:
    found = words(text)
    assert [fold(text[word.start : word.end]) for word in found] == [word.folded for word in found]
    assert all(before.end <= after.start for before, after in pairwise(found))
