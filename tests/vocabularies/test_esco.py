"""ESCO: what its tables say becomes what ESCO's own ontology has words for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from referentiel.store.changes import predicate_of
from referentiel.vocabularies import UnreadableVocabulary
from referentiel.vocabulary import DCT, DEFAULT_BASE, ESCO, ESCO_ISCO, OWL, RDF, SKOS, VOID
from vocabulary_files import ESCO_FILES, OCCUPATION, SAMPLES, SKILL, graph_of, needs_shared, said, write

SCHEME = URIRef(f"{DEFAULT_BASE}vocabulary/esco")
HEADER = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,modifiedDate,inScheme"
ROW = f"KnowledgeSkillCompetence,{SKILL}1,knowledge,transversal,cuire,,2024-01-01T00:00:00Z,http://example.org/s"


@pytest.fixture(scope="module")
def esco() -> Graph:
    return graph_of(said(SAMPLES / "esco", version="0.0.1"))


def skill(name: str) -> URIRef:
    return URIRef(SKILL + name)


def occupation(name: str) -> URIRef:
    return URIRef(OCCUPATION + name)


def test_skills_and_occupations_have_their_types_and_labels_in_each_language(esco: Graph) -> None:
    assert len(set(esco.subjects(RDF.type, ESCO.Skill))) == 12
    assert len(set(esco.subjects(RDF.type, ESCO.Occupation))) == 3
    assert set(esco.objects(skill("s2"), SKOS.prefLabel)) == {Literal("dévoiler une roue", "fr"), Literal("true a wheel", "en")}
    assert set(esco.objects(skill("s12"), SKOS.prefLabel)) == {Literal("train an apprentice", "en")}
    assert Literal("redresser une roue", "fr") in set(esco.objects(skill("s2"), SKOS.altLabel))
    assert set(esco.objects(skill("s1"), SKOS.hiddenLabel)) == {Literal("velo", "fr")}


def test_an_alternative_label_never_repeats_the_preferred_one(esco: Graph) -> None:
    assert set(esco.objects(skill("s1"), SKOS.altLabel)) == {
        Literal("dépanner un vélo", "fr"),
        Literal("remettre un vélo en état", "fr"),
        Literal("fix a bike", "en"),
    }


def test_relations_are_stored_from_both_ends(esco: Graph) -> None:
    assert (occupation("o2"), ESCO.relatedEssentialSkill, skill("s10")) in esco
    assert (skill("s10"), ESCO.isEssentialSkillFor, occupation("o2")) in esco
    assert (occupation("o1"), ESCO.relatedOptionalSkill, skill("s10")) in esco
    assert (skill("s10"), ESCO.isOptionalSkillFor, occupation("o1")) in esco
    assert (skill("s10"), ESCO.relatedEssentialSkill, skill("s9")) in esco
    assert len(list(esco.subject_objects(ESCO.relatedEssentialSkill))) == 5 + 3 + 2 + 1


def test_the_hierarchy_leads_to_what_is_described_only(esco: Graph) -> None:
    assert set(esco.objects(occupation("o2"), SKOS.broader)) == {occupation("o1")}
    assert set(esco.objects(occupation("o3"), SKOS.broader)) == {URIRef("http://example.org/esco/isco/C5223")}  # not C52
    assert (occupation("o1"), ESCO.memberOfISCOGroup, ESCO_ISCO.C7234) in esco
    assert (occupation("o1"), SKOS.notation, Literal("7234.1")) in esco


def test_the_scheme_says_what_it_is(esco: Graph) -> None:
    assert (SCHEME, OWL.versionInfo, Literal("0.0.1")) in esco
    assert {getattr(title, "language", None) for title in esco.objects(SCHEME, DCT.title)} == {"fr", "en"}
    concepts = set(esco.subjects(RDF.type, SKOS.Concept))
    assert int(str(esco.value(SCHEME, VOID.entities))) == len(concepts) == 12 + 3 + 3 + 3
    assert concepts == set(esco.subjects(SKOS.inScheme, SCHEME))


def test_each_language_may_come_by_itself(tmp_path: Path) -> None:
    """One after the other gives what both give at once, and again changes nothing."""
    parts = {
        language: write(
            tmp_path / language,
            {
                file.name: file.read_text(encoding="utf-8")
                for file in (SAMPLES / "esco").iterdir()
                if not file.stem.endswith("_fr" if language == "en" else "_en")
            },
        )
        for language in ("en", "fr")
    }
    english = said(parts["en"], version="0.0.1")
    both = said(parts["fr"], version="0.0.1", held=english)
    assert both == said(SAMPLES / "esco", version="0.0.1") == said(parts["fr"], version="0.0.1", held=both)
    assert said(parts["fr"], version="0.0.2", held=both) == said(parts["fr"], version="0.0.2")  # another version replaces it


@pytest.mark.parametrize(
    ("row", "column", "expected", "found"),
    [
        (ROW.replace(f"{SKILL}1", "skill 1"), "conceptUri", "une adresse (IRI)", "« skill 1 »"),
        (ROW.replace("knowledge,", "savoir,"), "skillType", "« skill/competence » ou « knowledge »", "« savoir »"),
        (ROW.replace("transversal", "wide"), "reuseLevel", "« transversal »", "« wide »"),
        (ROW.replace("cuire", " "), "preferredLabel", "un texte", "rien"),
        (ROW.replace("2024-01-01T00:00:00Z", "hier"), "modifiedDate", "un code comme 2016-12-20T17:43:43Z", "« hier »"),
        (ROW.replace("http://example.org/s", "http://example.org/s, x"), "inScheme", "une adresse (IRI)", "« x »"),
    ],
)
def test_a_bad_cell_is_told_with_its_place(tmp_path: Path, row: str, column: str, expected: str, found: str) -> None:
    cells = row.split(",", 7)
    text = f'{HEADER}\n{ROW.replace(f"{SKILL}1", f"{SKILL}0")}\n{",".join(cells[:7])},"{cells[7]}"\n'
    with pytest.raises(UnreadableVocabulary) as caught:
        said(write(tmp_path, {"skills_fr.csv": text}), version="1")
    fault = caught.value.fault
    assert (fault.row, fault.column) == (3, column)
    assert expected in fault.expected
    assert found in fault.found
    assert "skills_fr.csv" in fault.file


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("skills_fr.csv", "conceptUri,label\nx,y\n", "les colonnes « conceptUri », « preferredLabel »"),
        ("skills_fr.csv", "", "les colonnes"),
        ("skills_fr.csv", f"{HEADER}\n{ROW}\n{ROW}\n", "il est déjà à la ligne 2"),
        ("skills_fr.csv", f'{HEADER}\n{ROW}\n"jamais fermé\n', "ligne 3"),
        ("skills_fr.csv", f"{HEADER}\n{ROW},,,,\n", "8 cellules ; trouvé : 12"),
        ("skills.csv", f"{HEADER}\n{ROW}\n", "un nom qui dit la langue"),
        ("occupationSkillRelations.csv", "occupationUri,relationType,skillUri\nhttp://a/b,,http://a/c\n", "« essential »"),
    ],
)
def test_a_bad_table_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(UnreadableVocabulary, match="Pour corriger") as caught:
        said(write(tmp_path, {name: text}), version="1")
    assert told in str(caught.value)


@needs_shared
def test_all_of_esco_is_read() -> None:
    statements = said(*ESCO_FILES, version="1.1.1")
    ends = Counter(line.rpartition("> <")[2] for line in statements if predicate_of(line) == str(RDF.type))
    assert (ends[f"{ESCO.Skill}> ."], ends[f"{ESCO.Occupation}> ."]) == (13_896, 3_007)
    needed = Counter(
        predicate_of(line)
        for line in statements
        if line.startswith("<http://data.europa.eu/esco/occupation/") and "#related" in line
    )
    assert needed == {str(ESCO.relatedEssentialSkill): 64_946, str(ESCO.relatedOptionalSkill): 58_909}  # 123,855 in all
    french = [line for line in statements if f"<{SKOS.prefLabel}>" in line and line.endswith("@fr .")]
    assert len(french) == 13_384 + 2_939 + 619 + 17 - 5  # five groups are skills too
