"""NSF: codes of one to three digits, and a letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from referentiel.vocabularies import UnreadableVocabulary
from referentiel.vocabulary import DCT, DEFAULT_BASE, OWL, RDF, SKOS
from vocabulary_files import SAMPLES, SHARED, graph_of, needs_shared, said, write

NSF = f"{DEFAULT_BASE}vocabulary/nsf"


def test_a_code_is_narrower_than_the_one_it_continues() -> None:
    graph = graph_of(said(SAMPLES / "nsf"))
    up = {str(code): str(broader) for code, broader in graph.subject_objects(SKOS.broader)}
    assert up == {f"{NSF}/998r": f"{NSF}/998", f"{NSF}/998": f"{NSF}/99", f"{NSF}/99": f"{NSF}/9"}
    assert graph.value(URIRef(f"{NSF}/998r"), SKOS.prefLabel) == Literal("Contrôle, entretien des cycles", "fr")
    assert graph.value(URIRef(NSF), OWL.versionInfo) == Literal("1994")
    assert str(graph.value(URIRef(NSF), DCT.issued)) == "1994-06-21"


@pytest.mark.parametrize(("row", "column"), [("3261,x", "code"), ("32-6,x", "code"), ("326,", "libelle")])
def test_a_bad_row_is_told(tmp_path: Path, row: str, column: str) -> None:
    with pytest.raises(UnreadableVocabulary) as caught:
        said(write(tmp_path, {"nsf.csv": f"code,libelle\n100,x\n{row}\n"}))
    assert (caught.value.fault.row, caught.value.fault.column) == (3, column)


@needs_shared
def test_the_whole_nsf_is_read() -> None:
    graph = graph_of(said(SHARED / "nsf" / "nsf_codes.csv"))
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == 93
