"""What is found for a text, why, and the index that is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linking.small_vocabulary import CONCEPTS, KNOW_HOW, SKILLS
from referentiel.linking.candidate import Candidate
from referentiel.linking.clauses import Clause
from referentiel.linking.concepts import Concept, Kind
from referentiel.linking.finder import SCORERS, Finder, NoConcepts, whole
from referentiel.linking.index import Index
from referentiel.linking.scorers import Bm25, LikeWords


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(CONCEPTS)


def best(found: list[Candidate]) -> str:
    return found[0].concept.iri.rpartition(":")[2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nettoyer des cuves", "clean-tank"),
        ("Le nettoyage de la cuve", "clean-tank"),  # inflexion, and a noun for a verb
        ("netoyer les cuve", "clean-tank"),  # misspelt
        ("Encadrer une équipe", "manage-team"),  # not its preferred label
        ("Lettres à rédiger", "write-letter"),  # rédiger and écrire are both write
        ("DROIT MARITIME", "boat-law"),
    ],
)
def test_the_nearest_skill_comes_first(finder: Finder, text: str, expected: str) -> None:
    assert best(finder.candidates(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Directrice technique", "director"), ("Acheteuses", "buyer"), ("Responsable achat", "buyer")]
)
def test_the_nearest_occupation_comes_first_in_any_gender(finder: Finder, text: str, expected: str) -> None:
    assert best(finder.candidates(text, kind=Kind.OCCUPATION)) == expected


def test_parts_of_a_sentence_are_found_apart(finder: Finder) -> None:
    text = "Gérer les stocks du chantier naval en rédigeant des rapports, afin de réparer des bateaux"
    found = {each.concept.iri: each for each in finder.candidates(text, 5)}
    assert {"urn:skill:manage-stock", "urn:skill:write-report", "urn:skill:repair-boat"} <= set(found)
    assert "rédiger" in found["urn:skill:write-report"].clause
    assert "stocks" not in found["urn:skill:write-report"].clause


def test_a_candidate_says_why(finder: Finder) -> None:
    (found,) = finder.candidates("L'encadrement d'ÉQUIPES", 1, schemes=["esco"])
    assert found.label == "encadrer une équipe"
    assert found.concept.label == "gérer une équipe"
    assert found.matched == ("encadrement", "ÉQUIPES")
    assert found.clause == "L'encadrement d'ÉQUIPES"
    assert set(found.parts) == {"like words", "bm25", "translated"}
    assert found.score == pytest.approx(sum(found.parts.values()) / 3, abs=1e-3)


def test_a_word_that_only_the_translation_knows_is_matched(finder: Finder) -> None:
    found = next(each for each in finder.candidates("Rédiger une lettre") if each.concept.iri == "urn:skill:write-letter")
    assert found.matched == ("Rédiger", "lettre")


def test_one_vocabulary_alone(finder: Finder) -> None:
    both = finder.candidates("Encadrer une équipe de soudeurs", 20)
    assert {each.concept.scheme for each in both} == {"esco", "rome"}
    rome = finder.candidates("Encadrer une équipe de soudeurs", 20, schemes=["rome"])
    assert rome[0].concept == KNOW_HOW[0]
    assert {each.concept.scheme for each in rome} == {"rome"}
    assert finder.candidates("Encadrer une équipe", schemes=["nsf"]) == []


def test_scores_fall_within_bounds_and_no_concept_comes_twice(finder: Finder) -> None:
    found = finder.candidates("Rédiger un contrat, un rapport et une lettre pour gérer une équipe et les stocks", 50)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] <= scores[0] <= 1
    assert len({each.concept for each in found}) == len(found)


def test_the_label_itself_is_told_by_its_score(finder: Finder) -> None:
    (found,) = finder.candidates("souder de l'acier", 1)
    assert found.parts["like words"] == 1
    assert found.score > 0.7


@pytest.mark.parametrize("text", ["", "   ", "le la les", "?!", "zzzzqqq xxwwkk"])
def test_nothing_is_found_for_nothing(finder: Finder, text: str) -> None:
    assert finder.candidates(text) == []
    assert finder.search(text) == []


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_may_come(text: str) -> None:
    assert all(0 <= each.score <= 1 for each in _SHARED.candidates(text, 3))


_SHARED = Finder(SKILLS)


def test_no_concepts_are_refused() -> None:
    with pytest.raises(NoConcepts):
        Finder([])


def test_a_kind_without_concepts_finds_nothing() -> None:
    assert Finder(SKILLS).candidates("soudeur", kind=Kind.OCCUPATION) == []


def test_french_alone_will_do() -> None:
    french = [Concept(each.iri, each.labels, each.kind, each.scheme) for each in SKILLS]
    assert best(Finder(french).candidates("Nettoyage de cuves")) == "clean-tank"


def test_search_takes_the_words_as_they_stand(finder: Finder) -> None:
    found = finder.search("soudeur")
    assert {each.concept.kind for each in found} == {Kind.SKILL, Kind.OCCUPATION}
    assert {each.concept.kind for each in finder.search("soudeur", kind=Kind.OCCUPATION)} == {Kind.OCCUPATION}
    assert len(finder.search("soudeur", 1)) == 1


def test_the_thesaurus_is_asked(finder: Finder) -> None:
    assert "urn:skill:repair-boat" not in {each.concept.iri for each in finder.candidates("Radouber")}
    taught = Finder(CONCEPTS, expand=lambda said: [("réparer un bateau", 0.7)] if "radouber" in said else [])
    assert best(taught.candidates("Radouber")) == "repair-boat"


def test_cut_and_scorers_are_chosen() -> None:
    only = Finder(CONCEPTS, cut=whole, scorers=[Bm25]).candidates("Souder l'acier, gérer les stocks")
    assert {each.clause for each in only} == {"Souder l'acier, gérer les stocks"}
    assert set(only[0].parts) == {"bm25"}
    half = Finder(CONCEPTS, cut=lambda text: [Clause(text, 0.5)], scorers=[LikeWords]).candidates("souder de l'acier", 1)
    assert half[0].score == pytest.approx(0.5)


def test_threads_find_the_same(finder: Finder) -> None:
    texts = [concept.label for concept in CONCEPTS] * 5
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(finder.candidates, texts)) == [finder.candidates(text) for text in texts]


def test_the_index_is_kept_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Finder(CONCEPTS, cache=tmp_path).candidates("Nettoyer des cuves")
    assert len(list(tmp_path.iterdir())) == len(Kind)
    monkeypatch.setattr(Index, "of", None)  # making it anew would fail
    assert Finder(CONCEPTS, cache=tmp_path).candidates("Nettoyer des cuves") == made


def test_other_concepts_have_another_index(tmp_path: Path) -> None:
    Finder(CONCEPTS, cache=tmp_path)
    relabelled = [Concept("urn:skill:weld", ("braser du cuivre",), Kind.SKILL, "esco"), *SKILLS[:-1]]
    assert best(Finder(relabelled, cache=tmp_path).candidates("braser du cuivre")) == "weld"


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"nothing of the kind"])
def test_a_damaged_index_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    expected = Finder(CONCEPTS, cache=tmp_path).candidates("Nettoyer des cuves")
    for path in tmp_path.iterdir():
        path.write_bytes(damage)
    assert Finder(CONCEPTS, cache=tmp_path).candidates("Nettoyer des cuves") == expected
    assert all(path.stat().st_size > len(damage) for path in tmp_path.iterdir())


def test_a_cut_index_is_made_anew(tmp_path: Path) -> None:
    expected = Finder(CONCEPTS, cache=tmp_path).candidates("Nettoyer des cuves")
    for path in tmp_path.iterdir():
        with np.load(path) as kept:
            arrays = dict(kept)
        np.savez(path, **{**arrays, "stems.labels": arrays["stems.labels"][:-1]})
    assert Finder(CONCEPTS, cache=tmp_path).candidates("Nettoyer des cuves") == expected


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert Finder(CONCEPTS, cache=tmp_path / "file", scorers=SCORERS).candidates("Nettoyer des cuves")


def test_old_indices_are_removed(tmp_path: Path) -> None:
    for number in range(6):
        Finder([Concept(f"urn:{number}", ("souder",), Kind.SKILL, "esco")], cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
