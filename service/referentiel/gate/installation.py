"""What a store holds from the start: vocabularies, certifications and their links that the project ships, let in like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rdflib import URIRef

from referentiel import resources
from referentiel.access import OPERATIONS, Identity
from referentiel.gate.gate import Gate
from referentiel.gate.outcome import Accepted, Refusal
from referentiel.gate.proposals import Alter, Replace
from referentiel.gate.working_out import source_of
from referentiel.history import Kind
from referentiel.linking.mapping import MappingSet
from referentiel.linking.mapping_graph import to_statements
from referentiel.linking.sssom_reading import read as read_mappings
from referentiel.store import Changes, Engine
from referentiel.store.deposit import Document, install_vocabularies, provenance_name
from referentiel.store.reading import read
from referentiel.validation import ValidationLimit
from referentiel.vocabulary import DEFAULT_BASE, REF

INSTALLER: Final = Identity("referentiel", frozenset(OPERATIONS))


def install(gate: Gate) -> dict[str, Accepted | Exception]:
    """Put in what the project ships; what became of each certification by its identifier, of each mapping set by its file.

    A certification that the store holds from another document than ours, or that was written to since, is left as it is; one that
    the rules in force or what others say of it keep out is left out, with the reason. So are mapping sets. Raises StorageFull,
    StoreUnavailable.
    """
    install_vocabularies(gate.engine)
    gate.rules.read()
    done: dict[str, Accepted | Exception] = {}
    for path in resources.certification_files():
        name = gate.space.certification(path.stem)
        source = resources.source_file(path.stem)
        document = Document.of(source.name, source.read_bytes())
        if _is_ours(gate, name, document):
            text = path.read_text(encoding="utf-8").replace(DEFAULT_BASE, gate.space.base)
            statements = read(text.encode(), "text/turtle", base=gate.space.base)[None]
            try:
                done[path.stem] = gate.submit(Replace(name, statements, document, Kind.INSTALL), identity=INSTALLER)
            except (Refusal, ValidationLimit) as error:
                done[path.stem] = error
    for path in resources.mapping_files():
        found = _mapping_set(path, gate.space.base)
        if _is_untouched(gate, found.iri):
            try:
                done[path.name] = gate.submit(_installing(found, gate), identity=INSTALLER)
            except (Refusal, ValidationLimit) as error:
                done[path.name] = error
    return done


def _mapping_set(path: Path, base: str) -> MappingSet:
    return read_mappings(path.read_text(encoding="utf-8").replace(DEFAULT_BASE, base).encode())


def _installing(found: MappingSet, gate: Gate) -> Alter:
    """Puts a mapping set in. A certification may be left out, or gone: what links from it then stays a record without effect."""

    def work_out(engine: Engine) -> Changes:
        def is_described(subject: URIRef) -> bool:
            graph = gate.space.unit(subject)
            return bool(engine.query(f"SELECT ?c {{ GRAPH <{graph}> {{ {subject.n3()} a ?c }} }} LIMIT 1").rows())

        return Changes.between({found.iri: engine.statements(found.iri)}, {found.iri: to_statements(found, is_described)})

    return Alter(work_out, Kind.INSTALL, found.iri)


def _is_ours(gate: Gate, name: URIRef, document: Document) -> bool:
    """Whether nobody but us has written to a certification, and what is held of it was read from our document, if anything is."""
    if not _is_untouched(gate, name):
        return False
    graph, source = provenance_name(gate.space.base), source_of(name)
    rows = gate.engine.query(f"SELECT ?digest {{ GRAPH {graph.n3()} {{ {source.n3()} {REF.sha256.n3()} ?digest }} }}").rows()
    return rows[0][0] == document.sha256 if rows else not gate.engine.statements(name)


def _is_untouched(gate: Gate, name: URIRef) -> bool:
    """Whether nobody but us has written to a graph."""
    return all(revision.kind is Kind.INSTALL for revision in gate.history.revisions(name))
