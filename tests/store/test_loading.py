"""Bulk loading: every syntax, compressed or not; a file whole or not at all; where its fault is."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDF, Literal, URIRef

from referentiel.store.embedded import EmbeddedStore
from referentiel.store.loading import SYNTAXES, BadFile, UnknownSuffix, is_iri, load, names_graphs, syntax_of

G, S, P = URIRef("urn:g"), URIRef("urn:s"), URIRef("urn:p")
RDF_XML = """<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="urn:">
  <r:Description r:about="urn:s"><p xml:lang="fr">é</p></r:Description>
</r:RDF>"""
TRIPLE = '<urn:s> <urn:p> "é"@fr'
TEXTS = {
    ".ttl": f"{TRIPLE} .",
    ".nt": f"{TRIPLE} .",
    ".n3": f"{TRIPLE} .",
    ".rdf": RDF_XML,
    ".xml": RDF_XML,
    ".owl": RDF_XML,
    ".jsonld": '{"@id": "urn:s", "urn:p": {"@value": "é", "@language": "fr"}}',
    ".nq": f"{TRIPLE} <urn:g> .",
    ".trig": f"<urn:g> {{ {TRIPLE} }}",
}


def untold(read: int, size: int) -> None:
    """Progress that nobody asked for."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "store")
    yield opened
    opened.close()


@pytest.mark.parametrize("compressed", ["", ".gz"])
@pytest.mark.parametrize("suffix", SYNTAXES)
def test_every_syntax_is_read(store: EmbeddedStore, tmp_path: Path, suffix: str, compressed: str) -> None:
    text = TEXTS[suffix].encode()
    path = tmp_path / f"Données.{suffix[1:].upper()}{compressed}"
    path.write_bytes(gzip.compress(text, mtime=0) if compressed else text)
    load(store, path, graph=G if not names_graphs(path) else None, progress=untold)
    assert set(store.graph(G)) == {(S, P, Literal("é", lang="fr"))}
    assert len(store) == 1


def test_what_names_no_graph_is_seen_by_plain_queries(store: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "a.nq"
    path.write_text('<urn:s> <urn:p> "a" .\n<urn:s> <urn:p> "b" <urn:g> .\n')
    load(store, path, progress=untold)
    assert set(store.query("SELECT ?o { ?s ?p ?o }").rows()) == {("a",), ("b",)}
    assert store.graph_names() == (G,)


def test_named_graphs_of_json_ld_keep_their_names(store: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text('[{"@id": "urn:h", "@graph": [{"@id": "urn:s", "urn:p": "in h"}]}, {"@id": "urn:s", "urn:p": "in none"}]')
    load(store, path, graph=G, progress=untold)
    assert {str(value) for value in store.graph(G).objects()} == {"in none"}
    assert {str(value) for value in store.graph(URIRef("urn:h")).objects()} == {"in h"}


@pytest.mark.parametrize("base", [None, "https://x.example/d/"])
def test_relative_iris_have_the_files_iri_or_another_as_base(store: EmbeddedStore, tmp_path: Path, base: str | None) -> None:
    path = tmp_path / "a b.ttl"
    path.write_text("<> a <#c> .")
    load(store, path, graph=G, base=base, progress=untold)
    own = base or path.as_uri()
    assert set(store.graph(G)) == {(URIRef(own), RDF.type, URIRef(f"{own}#c"))}


def test_a_blank_node_is_its_files_own(store: EmbeddedStore, tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text('_:x <urn:p> "same" .\n')
        load(store, tmp_path / name, graph=G, progress=untold)
    assert len(store) == 2


@pytest.mark.parametrize(
    ("name", "text", "line", "column", "excerpt"),
    [
        ("a.ttl", "<urn:s> <urn:p> 1 .\n<urn:s> foo 2 .\n", 2, 9, "foo 2 ."),
        ("a.nt", '<urn:s> <urn:p> "é" .\n<urn:s> <urn:p> \x1b[31m .\n', 2, 17, "\N{REPLACEMENT CHARACTER}[31m ."),
        ("a.rdf", "<a>\n<b>\n</a>", 3, 3, "a>"),
        ("a.jsonld", '{"@id": "urn:s",\n"urn:p": tru }', 2, 10, "tru }"),
        ("a.rdf", '<a xmlns="urn:a">text</a>', None, None, ""),
    ],
)
def test_a_fault_has_its_place_and_nothing_of_the_file_stays(
    store: EmbeddedStore, tmp_path: Path, name: str, text: str, line: int | None, column: int | None, excerpt: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        load(store, tmp_path / name, progress=untold)
    fault = caught.value
    assert (fault.line, fault.column, fault.excerpt) == (line, column, excerpt)
    assert fault.reason
    assert len(store) == 0


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(b'<urn:s> <urn:p> "x" .\n' * 9, mtime=0)[:-9]])
def test_a_broken_archive_is_a_fault_of_the_file(store: EmbeddedStore, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.nt.gz").write_bytes(data)
    with pytest.raises(BadFile):
        load(store, tmp_path / "a.nt.gz", progress=untold)
    assert len(store) == 0


def test_progress_is_told_to_the_end_and_can_stop_it(store: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_text("".join(f'<urn:s> <urn:p> "{number}" .\n' for number in range(500)))
    told: list[tuple[int, int]] = []
    load(store, path, progress=lambda read, size: told.append((read, size)))
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
    assert told == sorted(told)

    def stop(read: int, size: int) -> None:
        if read > size // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(store, path, graph=G, progress=stop)
    assert len(store) == 500
    assert store.graph_names() == ()


def test_names_and_iris_are_judged() -> None:
    with pytest.raises(UnknownSuffix):
        syntax_of(Path("a.csv.gz"))
    assert is_iri("urn:x")
    assert is_iri("https://é.example/ù")
    assert not is_iri("x")
    assert not is_iri("urn:a b")
