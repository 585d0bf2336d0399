"""What the graph `<base>history` says of each revision, and of the versions of certifications that it made (PROV-O).

A revision is an activity, by an agent, that generated versions: entities, each a specialization of its certification and a revision
of the former one. It invalidated the elements that a certification no longer describes, so that what is gone can be told from what
never was. Nothing has a label: a search of all texts would find those of the revisions before any competency.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote, unquote

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from referentiel.history.revision import Kind, Revision
from referentiel.store import Name, Statements
from referentiel.vocabulary import FOAF, PROV, RDF, RDFS, REF, XSD


def history_name(base: str) -> URIRef:
    """The graph that describes the revisions."""
    return URIRef(f"{base}history")


def revision_iri(base: str, number: int) -> URIRef:
    """The IRI of a revision."""
    return URIRef(f"{base}revision/{number}")


def revision_number(iri: str) -> int:
    """The number of a revision, from its IRI."""
    return int(iri.rpartition("/")[2])


def version_iri(certification: str, number: int) -> URIRef:
    """The IRI of the version of a certification that a revision made."""
    return URIRef(f"{certification}/version/{number}")


def is_certification(base: str, name: Name) -> bool:
    """Whether a graph is that of a certification: only these have versions with IRIs of their own."""
    above = f"{base}certification/"
    return name is not None and str(name).startswith(above) and "/" not in name.removeprefix(above)


def graph_name(name: Name) -> Literal:
    """What a record calls a graph: by its name, which is no resource of its own; empty for the unnamed one."""
    return Literal(name or "", datatype=XSD.anyURI)


def agent_iri(base: str, who: str) -> URIRef:
    """The IRI of an identity, from its name."""
    return URIRef(f"{base}agent/{quote(who, safe='')}")


def latest(base: str, number: int, name: Name) -> str:
    """The statement that a revision is the latest of a graph. It moves with each revision of that graph."""
    return _value(revision_iri(base, number), REF.latestRevisionOf, graph_name(name), XSD.anyURI)


def described(base: str, revision: Revision, former: Mapping[Name, int | None], vanished: Iterable[str]) -> Statements:
    """A revision and the versions that it made. `former`: the latest revision before it of each graph that it changed;
    `vanished`: what the certifications that it changed no longer describe."""
    statements = set(_activity(base, revision))
    statements.update(_triple(revision.iri, PROV.invalidated, URIRef(iri)) for iri in vanished)
    for name in revision.graphs:
        statements.add(_value(revision.iri, REF.changedGraph, graph_name(name), XSD.anyURI))
        if name is not None and is_certification(base, name):
            statements.update(_version(name, revision, former.get(name)))
    return frozenset(statements)


def _activity(base: str, revision: Revision) -> Iterator[str]:
    this, agent = revision.iri, agent_iri(base, revision.who)
    yield _triple(this, RDF.type, REF.Revision)
    yield _triple(this, RDF.type, PROV.Activity)
    yield _triple(this, PROV.wasAssociatedWith, agent)
    yield _triple(agent, RDF.type, PROV.Agent)
    yield _value(agent, FOAF.name, revision.who)
    for predicate, (name, datatype) in _VALUES.items():
        if (value := getattr(revision, name)) is not None:
            yield _value(this, predicate, _lexical(value), datatype)


def _version(certification: URIRef, revision: Revision, former: int | None) -> Iterator[str]:
    this = version_iri(certification, revision.number)
    yield _triple(this, RDF.type, PROV.Entity)
    yield _triple(this, PROV.specializationOf, certification)
    yield _triple(this, PROV.wasGeneratedBy, revision.iri)
    yield _value(this, PROV.generatedAtTime, _lexical(revision.at), XSD.dateTime)
    if former is not None:
        yield _triple(this, PROV.wasRevisionOf, version_iri(certification, former))


_VALUES: Final[dict[URIRef, tuple[str, URIRef | None]]] = {
    REF.revisionNumber: ("number", XSD.integer),
    PROV.endedAtTime: ("at", XSD.dateTime),
    REF.revisionKind: ("kind", XSD.token),
    RDFS.comment: ("why", None),
    REF.addedStatements: ("added", XSD.integer),
    REF.removedStatements: ("removed", XSD.integer),
    REF.shapesVersion: ("shapes", XSD.token),
    REF.patchDigest: ("digest", XSD.hexBinary),
    REF.idempotencyKey: ("key", None),
    REF.requestDigest: ("request", XSD.hexBinary),
}
"""Property -> the field of a Revision that it gives, and its datatype; no datatype for a text."""


def restored(base: str, iri: str, rows: Iterable[tuple[str, str]]) -> Revision:
    """A revision from its properties and their values, lexical forms and IRIs."""
    graphs: list[Name] = []
    fields: dict[str, str] = {}
    for predicate, value in rows:
        if predicate == str(REF.changedGraph):
            graphs.append(URIRef(value) if value else None)
        elif predicate == str(PROV.wasAssociatedWith):
            fields["who"] = unquote(value.removeprefix(f"{base}agent/"))
        elif (found := _VALUES.get(URIRef(predicate))) is not None:
            fields[found[0]] = value
    return Revision(
        number=int(fields["number"]),
        iri=URIRef(iri),
        at=datetime.fromisoformat(fields["at"]),
        who=fields["who"],
        kind=Kind(fields["kind"]),
        graphs=tuple(sorted(graphs, key=lambda name: name or "")),
        added=int(fields["added"]),
        removed=int(fields["removed"]),
        shapes=fields["shapes"],
        digest=fields["digest"],
        why=fields.get("why"),
        key=fields.get("key"),
        request=fields.get("request"),
    )


def _triple(subject: URIRef, predicate: URIRef, value: URIRef) -> str:
    return f"<{subject}> <{predicate}> <{value}> ."


def _value(subject: URIRef, predicate: URIRef, text: str, datatype: Identifier | None = None) -> str:
    written = json.dumps(text, ensure_ascii=False)  # its escapes are those of N-Triples (section 2.4)
    return f"<{subject}> <{predicate}> {written}{f'^^<{datatype}>' if datatype else ''} ."


def _lexical(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value.value if isinstance(value, Kind) else value)
