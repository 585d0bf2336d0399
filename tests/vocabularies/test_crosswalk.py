"""The crosswalk: ROME's appellations are the subjects, ESCO's occupations the objects."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from referentiel.vocabularies import UnreadableVocabulary
from referentiel.vocabulary import DEFAULT_BASE, OWL, RDF, SKOS, SSSOM
from vocabulary_files import OCCUPATION, ROME, SAMPLES, SHARED, graph_of, needs_shared, said, write

SET = URIRef(f"{DEFAULT_BASE}mapping-set/esco-rome")
HEADER = "classification 1 ID,classification 2 ID,mapping relation\n"


def test_a_row_is_a_mapping_from_rome_to_esco() -> None:
    graph = graph_of(said(SAMPLES / "crosswalk"))
    assert (URIRef(f"{ROME}/appellation/900002"), SKOS.broadMatch, URIRef(f"{OCCUPATION}o1")) in graph
    assert len(list(graph.subject_objects(SKOS.exactMatch))) == 2
    assert (SET, RDF.type, SSSOM.MappingSet) in graph
    assert graph.value(SET, OWL.versionInfo) == Literal("V0")
    assert graph.value(SET, SSSOM.subject_source) == URIRef(ROME)
    assert graph.value(SET, SSSOM.subject_source_version) == Literal("9.99")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("http://a/b,x,skos:exactMatch", "classification 2 ID"),
        ("http://a/b,1,skos:sameAs", "mapping relation"),
        ("b,1,skos:exactMatch", "classification 1 ID"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, row: str, column: str) -> None:
    with pytest.raises(UnreadableVocabulary) as caught:
        said(write(tmp_path, {"x.csv": HEADER + row}))
    assert (caught.value.fault.row, caught.value.fault.column) == (2, column)


@needs_shared
def test_the_whole_crosswalk_is_read() -> None:
    statements = said(*(SHARED / "linking").glob("crosswalk_*.zip"))
    assert sum("Match> <http://data.europa.eu/esco/occupation/" in line for line in statements) == 11_118
