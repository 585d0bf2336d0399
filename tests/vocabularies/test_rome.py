"""ROME: addresses of ours, from its codes; what its files say in CSV and in JSON ends in one scheme."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from referentiel.vocabularies import UnreadableVocabulary
from referentiel.vocabulary import OWL, SKOS
from vocabulary_files import ROME, SAMPLES, SHARED, graph_of, needs_shared, said, write


@pytest.fixture(scope="module")
def rome() -> Graph:
    return graph_of(said(SAMPLES / "rome"))


def concept(path: str) -> URIRef:
    return URIRef(f"{ROME}/{path}")


def test_every_kind_has_its_addresses_and_its_scheme(rome: Graph) -> None:
    for path, label in {
        "fiche/Z1101": "Mécanicien / Mécanicienne cycles",
        "appellation/900002": "Réparateur / Réparatrice de cycles en atelier itinérant",
        "savoir-faire/990001": "Réparer un cycle",
        "savoir/00000000000000000000000000000000000000aa": "Mécanique des cycles",
        "domaine/Z11": "Réparation de cycles",
    }.items():
        assert list(rome.objects(concept(path), SKOS.prefLabel)) == [Literal(label, "fr")]
        assert set(rome.objects(concept(path), SKOS.inScheme)) == {URIRef(ROME), concept(path.partition("/")[0])}
        assert rome.value(concept(path), SKOS.notation) == Literal(path.rpartition("/")[2])


def test_the_hierarchy_is_that_of_the_fiches_and_their_codes(rome: Graph) -> None:
    assert list(rome.objects(concept("appellation/900003"), SKOS.broader)) == [concept("fiche/Z1102")]
    assert list(rome.objects(concept("fiche/Z1102"), SKOS.broader)) == [concept("fiche/Z1101")]
    assert list(rome.objects(concept("fiche/Z1101"), SKOS.broader)) == [concept("domaine/Z11")]
    assert list(rome.objects(concept("domaine/Z11"), SKOS.broader)) == [concept("domaine/Z")]


def test_short_and_former_names_are_kept(rome: Graph) -> None:
    assert list(rome.objects(concept("appellation/900003"), SKOS.altLabel)) == [Literal("Technicien(ne) VAE", "fr")]
    former = Literal("Réparation de cycles et de motocycles légers", "fr")
    assert list(rome.objects(concept("fiche/Z1101"), SKOS.hiddenLabel)) == [former]


def test_the_version_is_that_of_the_file_names(rome: Graph) -> None:
    assert rome.value(URIRef(ROME), OWL.versionInfo) == Literal("9.99")


def test_the_files_may_come_one_after_the_other() -> None:
    files = sorted((SAMPLES / "rome").iterdir())
    statements: frozenset[str] = frozenset()
    for file in files:
        statements = said(file, version="9.99", held=statements)
    assert statements == said(*reversed(files), version="9.99")


def test_the_tables_of_savoir_faire_and_savoirs_are_read_too(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "unix_referentiel_competence_v999_utf8.csv": "code_ogr,libelle_competence,cat_comp\n7,Tailler une haie,X\n",
            "unix_referentiel_savoir_v999_utf8.csv": "code_ogr_savoir,libelle_savoir\n8,Botanique\n",
            "unix_arborescence_v999_utf8.csv": "what,ever\n1,2\n",
        },
    )
    graph = graph_of(said(folder))
    assert graph.value(concept("savoir-faire/7"), SKOS.prefLabel) == Literal("Tailler une haie", "fr")
    assert graph.value(concept("savoir/8"), SKOS.prefLabel) == Literal("Botanique", "fr")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("unix_referentiel_code_rome_v460_utf8.csv", "code_rome,libelle_rome\nM18,x\n", "ligne 2, colonne « code_rome »"),
        ("unix_referentiel_appellation_v460_utf8.csv", "code_ogr,libelle_appellation_long,code_rome\nx,y,M1805\n", "comme 10200"),
        ("allSkills.json", "{", "du JSON valide"),
        ("allSkills.json", "{}", "une liste d'objets"),
        ("allSkills.json", json.dumps([{"id": "1", "prefLabel": [{"value": "x"}]}]), "rome:term/skill"),
        ("allSkills.json", json.dumps([{"id": "rome:term/skill/1", "prefLabel": []}]), "ligne 1"),
        ("ROME_names.json", json.dumps({"A1": "x"}), "un code comme A11"),
    ],
)
def test_a_bad_file_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(UnreadableVocabulary) as caught:
        said(write(tmp_path, {name: text}), version="4.60")
    assert told in str(caught.value)


@needs_shared
def test_all_of_rome_is_read() -> None:
    statements = said(*sorted((SHARED / "rome").glob("*.zip")))
    found = [
        sum(f"> <{SKOS.inScheme}> <{ROME}/{kind}> ." in line for line in statements)
        for kind in ("fiche", "appellation", "savoir-faire", "savoir", "domaine")
    ]
    assert found == [1_584, 13_120, 5_668, 5_287, 110 + 14]
    assert f'<{ROME}> <{OWL.versionInfo}> "4.60" .' in statements
