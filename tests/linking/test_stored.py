"""What a store holds to be linked, and the occupations that its crosswalk leads to. The store is a real one, on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from linking.small_vocabulary import BASE
from referentiel.linking import occupations
from referentiel.linking.concepts import Concept, Kind
from referentiel.linking.finder import Finder, NoConcepts
from referentiel.linking.stored import concepts_of, finder_of, texts_of
from referentiel.store import Engine, open_store
from stores import install

PREFIXES = f"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix ex: <http://example.org/> .
@prefix rome: <{BASE}vocabulary/rome/> .
@prefix fiche: <{BASE}vocabulary/rome/fiche/> .
@prefix title: <{BASE}vocabulary/rome/appellation/> .
@prefix scheme: <{BASE}vocabulary/> .
"""
GRAPHS = {
    "vocabulary/esco": """
ex:moor a esco:Skill, skos:Concept ; skos:prefLabel "amarrer un bateau"@fr, "moor a boat"@en ;
  skos:hiddenLabel "amarrage"@fr ; skos:altLabel "mettre à quai"@fr, "tie up"@en, "ein Boot festmachen"@de .
ex:sail a esco:Skill ; skos:prefLabel "sail"@en ; skos:altLabel "navigate under sail"@en .
ex:row a esco:Skill ; skos:prefLabel "ramer"@fr ; owl:deprecated true .
ex:mute a esco:Skill .
ex:group a skos:Concept ; skos:prefLabel "métiers de la mer"@fr .
ex:skipper a esco:Occupation ; skos:prefLabel "patron pêcheur/patronne pêcheuse"@fr .
ex:sailor a esco:Occupation ; skos:prefLabel "matelot"@fr .
ex:shipowner a esco:Occupation ; skos:prefLabel "armateur/armatrice"@fr .
""",
    "vocabulary/rome": """
<%(base)svocabulary/rome/savoir-faire/1> skos:prefLabel "Amarrer un navire"@fr ; skos:inScheme scheme:rome, rome:savoir-faire .
<%(base)svocabulary/rome/savoir/2> skos:prefLabel "Droit maritime"@fr ; skos:inScheme scheme:rome, rome:savoir .
<%(base)svocabulary/rome/domaine/A14> skos:prefLabel "Production"@fr ; skos:inScheme scheme:rome, rome:domaine .
fiche:A1415 skos:prefLabel "Marin pêcheur"@fr ; skos:inScheme scheme:rome, rome:fiche .
title:1 skos:prefLabel "Patron / Patronne de pêche"@fr ; skos:broader fiche:A1415 ; skos:inScheme scheme:rome, rome:appellation .
title:2 skos:prefLabel "Matelot à la pêche"@fr ; skos:broader fiche:A1415 ; skos:inScheme scheme:rome, rome:appellation .
title:3 skos:prefLabel "Mousse"@fr ; skos:broader fiche:A1415 ; skos:inScheme scheme:rome, rome:appellation .
""",
    "mapping-set/esco-rome": """
title:1 skos:exactMatch ex:skipper .
title:2 skos:exactMatch ex:sailor .
title:3 skos:broadMatch ex:sailor .
""",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_store(tmp_path_factory.mktemp("stored") / "store")
    graphs = {name: PREFIXES + text.replace("%(base)s", BASE) for name, text in GRAPHS.items()}
    engine.replace((URIRef(BASE + name), Graph().parse(data=text, format="turtle")) for name, text in graphs.items())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def finder(engine: Engine) -> Finder:
    return finder_of(engine, BASE)


def test_concepts_with_their_labels_the_best_first(engine: Engine) -> None:
    found = {concept.iri: concept for concept in concepts_of(engine, BASE)}
    moor = "http://example.org/moor"
    assert found[moor] == Concept(
        moor, ("amarrer un bateau", "mettre à quai", "amarrage"), Kind.SKILL, "esco", ("moor a boat", "tie up")
    )
    assert found["http://example.org/sail"].labels == ("sail", "navigate under sail")  # it has no French one
    kinds = {
        iri.removeprefix(f"{BASE}vocabulary/rome/"): concept.kind for iri, concept in found.items() if concept.scheme == "rome"
    }
    assert kinds == {
        "savoir-faire/1": Kind.SKILL,
        "savoir/2": Kind.SKILL,
        "fiche/A1415": Kind.OCCUPATION,
        **{f"appellation/{number}": Kind.OCCUPATION for number in (1, 2, 3)},
    }
    assert len(found) == 11


def test_withdrawn_and_mute_concepts_and_groups_are_left_out(engine: Engine) -> None:
    found = {concept.iri.rpartition("/")[2] for concept in concepts_of(engine, BASE)}
    assert found.isdisjoint({"row", "mute", "group", "A14"})


def test_a_store_without_vocabularies_has_nothing_to_find(engine: Engine) -> None:
    assert concepts_of(engine, "http://example.org/another/") == []
    with pytest.raises(NoConcepts):
        finder_of(engine, "http://example.org/another/")


def test_the_shipped_thesaurus_is_consulted(finder: Finder, engine: Engine) -> None:
    assert finder.candidates("Amarrage")[0].concept.iri == "http://example.org/moor"
    assert finder.concept("http://example.org/moor") is not None
    assert finder.concept("http://example.org/row") is None


def test_the_index_is_kept_where_it_is_told(engine: Engine, tmp_path: Path) -> None:
    finder_of(engine, BASE, tmp_path / "index")
    assert len(list((tmp_path / "index").iterdir())) == len(Kind)


def test_competencies_come_in_the_order_of_their_codes(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store")
    install(engine)
    found = texts_of(engine, f"{BASE}certification/000_dc92d59401fb9067", Kind.SKILL)
    assert [iri.rpartition("/")[2] for iri, _ in found] == [f"C{number}" for number in range(1, 22)]
    assert all(text for _, text in found)
    assert texts_of(engine, f"{BASE}certification/000_dc92d59401fb9067", Kind.OCCUPATION) == []  # its source has no title
    assert texts_of(engine, f"{BASE}certification/none", Kind.SKILL) == []
    engine.close()


def test_a_fiche_leads_where_its_titles_lead(engine: Engine) -> None:
    found = occupations.crosswalk(engine, BASE, ["A1415"])
    assert found.keys() == {f"{BASE}vocabulary/rome/fiche/A1415", "http://example.org/sailor", "http://example.org/skipper"}
    assert found["http://example.org/sailor"] == 1.0  # two titles lead there, one of them exactly
    assert 0 < found["http://example.org/skipper"] < 1
    assert occupations.crosswalk(engine, BASE, []) == {}


def test_occupations_come_by_crosswalk_and_by_title(engine: Engine, finder: Finder) -> None:
    leading = occupations.crosswalk(engine, BASE, ["A1415"])
    found = {each.concept.iri: each for each in occupations.candidates(finder, "Armateur", leading)}
    assert found["http://example.org/sailor"].parts[occupations.CROSSWALK] == 1
    assert found["http://example.org/shipowner"].parts[occupations.CROSSWALK] == 0
    assert next(iter(found)) in {"http://example.org/sailor", f"{BASE}vocabulary/rome/fiche/A1415"}
    scores = [each.score for each in found.values()]
    assert scores == sorted(scores, reverse=True)
    titled = occupations.candidates(finder, "Patron pêcheur", leading, 1, ["esco"])
    assert titled[0].concept.iri == "http://example.org/skipper"  # the title decides between those that the fiche leads to
    assert {each.concept.scheme for each in occupations.candidates(finder, "", leading, schemes=["rome"])} == {"rome"}
