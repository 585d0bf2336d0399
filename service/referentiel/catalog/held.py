"""What the graphs of a store say of themselves: how much they hold, what they are called, under which licence they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from rdflib import Literal, URIRef

from referentiel.catalog.names import Names
from referentiel.store import Engine, ResultFormat
from referentiel.vocabulary import DCT, OWL, RDFS, SKOS

_LABELS: Final = " ".join(predicate.n3() for predicate in (SKOS.prefLabel, DCT.title, RDFS.label))


@dataclass(frozen=True, slots=True)
class Held:
    """A named graph: how much it holds, and what it says of what it is named after."""

    name: str
    triples: int
    subjects: int
    titles: tuple[Literal, ...]
    code: str | None
    licences: tuple[URIRef, ...]


def held_graphs(engine: Engine, names: Names) -> list[Held]:
    """Every graph of the store but the catalogue's, and those that say only that a certification was withdrawn."""
    sizes = engine.query("SELECT ?g (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").rows()
    titles, codes, licences = defaultdict(set), {}, defaultdict(set)
    labels = f"SELECT ?g ?text (LANG(?text) AS ?tag) {{ VALUES ?p {{ {_LABELS} }} GRAPH ?g {{ ?g ?p ?text }} }}"
    for name, text, tag in engine.query(labels).rows():
        titles[str(name)].add(Literal(str(text), lang=tag or None))
    for name, code in engine.query(
        f"SELECT ?g (MIN(?id) AS ?code) {{ GRAPH ?g {{ ?g {DCT.identifier.n3()} ?id }} }} GROUP BY ?g"
    ).rows():
        codes[str(name)] = code
    for name, licence in engine.query(f"SELECT ?g ?l {{ GRAPH ?g {{ ?g {DCT.license.n3()} ?l }} FILTER(isIRI(?l)) }}").rows():
        licences[str(name)].add(URIRef(str(licence)))
    withdrawn = {name for (name,) in engine.query(f"SELECT ?g {{ GRAPH ?g {{ ?g {OWL.deprecated.n3()} true }} }}").rows()}
    return [
        Held(name, int(n or 0), int(m or 0), tuple(titles[name]), codes.get(name), tuple(licences[name]))
        for name, n, m in sorted((str(name), n, m) for name, n, m in sizes)
        if name != str(names.catalog) and name not in withdrawn
    ]


def version_of(engine: Engine, name: str) -> str:
    """The version of a named graph: a digest of its triples, the same in whatever order they came."""
    triples = engine.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}").serialize(ResultFormat.N_TRIPLES)
    return digest(triples.split(b"\n"))


def digest(lines: Iterable[bytes]) -> str:
    """A digest of lines in whatever order."""
    return sha256(b"\n".join(sorted(lines))).hexdigest()[:32]
