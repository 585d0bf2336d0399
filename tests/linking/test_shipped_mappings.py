"""The mapping sets that the project ships: whole, of one mind, and about what the référentiel and the vocabularies really hold."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from rdflib import RDF, Graph, URIRef

from referentiel import resources
from referentiel.linking import sssom, sssom_reading
from referentiel.linking.mapping import MANUAL, NO_MATCH, MappingSet
from referentiel.linking.standing import State, Verdict, standings, state
from referentiel.vocabulary import DEFAULT_BASE, ESCO_OCCUPATION, ESCO_SKILL, REF, SKOS

SEED: Final = "000_dc92d59401fb9067"
CERTIFICATION: Final = URIRef(f"{DEFAULT_BASE}certification/{SEED}")
ROME: Final = f"{DEFAULT_BASE}vocabulary/rome/"

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
ABSENT: Final = "the published vocabularies are not on this machine (../shared/data/esco, ../shared/data/rome)"
published = pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)


@pytest.fixture(scope="module")
def file() -> Path:
    return next(path for path in resources.mapping_files() if path.name == f"{SEED}{sssom.SUFFIX}")


@pytest.fixture(scope="module")
def shipped(file: Path) -> MappingSet:
    return sssom_reading.read(file.read_bytes())


@pytest.fixture(scope="module")
def described(root: Path) -> Graph:
    return Graph().parse(root / "data" / "graph" / f"{SEED}.ttl")


@pytest.fixture(scope="module")
def competencies(described: Graph) -> set[URIRef]:
    return {each for each in described.subjects(RDF.type, REF.Competency) if isinstance(each, URIRef)}


def test_the_file_is_as_it_would_be_written_again(file: Path, shipped: MappingSet) -> None:
    assert sssom.write(shipped) == file.read_bytes().decode()


def test_the_set_is_named_as_its_file(file: Path, shipped: MappingSet) -> None:
    assert shipped.iri == URIRef(f"{DEFAULT_BASE}mapping-set/{file.name.removesuffix(sssom.SUFFIX)}")


def test_subjects_are_the_certification_and_all_its_competencies(shipped: MappingSet, competencies: set[URIRef]) -> None:
    assert len(competencies) == 21
    assert {each.subject for each in shipped.mappings} == {CERTIFICATION, *competencies}


def test_no_pair_is_disputed_and_every_subject_is_decided(shipped: MappingSet) -> None:
    found = standings(shipped.mappings)
    assert not [each for each in found if each.verdict is Verdict.DISPUTED]
    for subject in {each.subject for each in found}:
        assert state([each for each in found if each.subject == subject]) in {State.DECIDED, State.NO_MATCH}, subject


def test_every_decision_says_on_what_ground_and_against_which_version(shipped: MappingSet) -> None:
    for each in shipped.mappings:
        assert each.justification == MANUAL
        assert each.comment.endswith("."), each
        assert each.object_source_version, each


def test_it_is_told_as_a_single_review(shipped: MappingSet) -> None:
    assert {each.author for each in shipped.mappings} == {f"{DEFAULT_BASE}agent/referentiel"}
    assert not [each for each in shipped.mappings if each.reviewer]
    assert "Une seule relecture" in shipped.description
    assert "One review only" in shipped.description


def test_a_certification_is_only_related_to_occupations(shipped: MappingSet) -> None:
    said = [each for each in shipped.mappings if each.subject == CERTIFICATION and not each.negated]
    assert {each.predicate for each in said} == {SKOS.relatedMatch}
    assert all(str(each.object).startswith((str(ESCO_OCCUPATION), f"{ROME}fiche/", f"{ROME}appellation/")) for each in said)


def test_a_competency_is_linked_to_skills_and_knowledge(shipped: MappingSet) -> None:
    skills = (str(ESCO_SKILL), f"{ROME}savoir-faire/", f"{ROME}savoir/", str(NO_MATCH))
    assert [each for each in shipped.mappings if each.subject != CERTIFICATION and not str(each.object).startswith(skills)] == []


def test_a_rejection_is_an_exact_match_denied(shipped: MappingSet) -> None:
    rejected = [each for each in shipped.mappings if each.negated]
    assert rejected, "what was refused is on record too"
    assert {each.predicate for each in rejected} == {SKOS.exactMatch}


@published
def test_objects_are_in_the_published_vocabularies_under_that_label(shipped: MappingSet) -> None:
    labels = dict(esco_labels()) | dict(rome_labels())
    wrong = [each for each in shipped.mappings if each.object != NO_MATCH and labels.get(str(each.object)) != each.object_label]
    assert wrong == []


@published
def test_knowledge_is_only_related_to_a_competency(shipped: MappingSet) -> None:
    knowledge = {row["conceptUri"] for row in table("esco/ESCO_dataset_v1.1.1_en_csv.zip", "skills_en.csv") if knows(row)}
    said = [each for each in shipped.mappings if not each.negated]
    about = [each for each in said if str(each.object) in knowledge or each.object.startswith(f"{ROME}savoir/")]
    assert about
    assert {each.predicate for each in about} == {SKOS.relatedMatch}


def knows(row: dict[str, str]) -> bool:
    return row["skillType"] == "knowledge"


def esco_labels() -> Iterator[tuple[str, str]]:
    """In English, then in French, which has precedence: some concepts of ESCO 1.1.1 have no French label in this file."""
    for language in ("en", "fr"):
        for kind in ("skills", "occupations"):
            for row in table(f"esco/ESCO_dataset_v1.1.1_{language}_csv.zip", f"{kind}_{language}.csv"):
                yield row["conceptUri"], row["preferredLabel"].strip()


def rome_labels() -> Iterator[tuple[str, str]]:
    """Of all that may be linked to, by the IRIs that the project gives."""
    for row in table("rome/rome_v460_referentiels_csv.zip", "unix_referentiel_code_rome_v460_utf8.csv"):
        yield f"{ROME}fiche/{row['code_rome']}", row["libelle_rome"]
    for row in table("rome/rome_v460_referentiels_csv.zip", "unix_referentiel_appellation_v460_utf8.csv"):
        yield f"{ROME}appellation/{row['code_ogr']}", row["libelle_appellation_long"]
    with zipfile.ZipFile(DATA / "rome/rome4_savoirs_savoir-faire_json.zip") as archive:
        for name, kind in (("ROME__allSkills.json", "savoir-faire"), ("ROME__allKnowledges.json", "savoir")):
            for term in json.loads(archive.read(name)):
                yield f"{ROME}{kind}/{term['id'].rpartition('/')[2]}", term["prefLabel"][0]["value"].strip()


def table(archive: str, name: str) -> Iterator[dict[str, str]]:
    """The rows of a published file."""
    with zipfile.ZipFile(DATA / archive) as opened:
        yield from csv.DictReader(io.StringIO(opened.read(name).decode("utf-8-sig")))
