"""Which SERVICE of a query is answered, and by which way: none but those that the operator allows, and by the relay alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyparsing import ParseResults
from rdflib import URIRef
from rdflib.plugins.sparql.algebra import translatePrologue
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Prologue

from referentiel.store.engine import BadQuery, ServiceRefused
from referentiel.store.inspection import TOKEN, disarm
from referentiel.store.outbound import Resolver, Service, addresses
from referentiel.store.relay import CONNECTIONS, Call, Calls, Relay

SECONDS: Final = 10.0
"""Seconds that one call of a service may take, unless said otherwise."""


class Federation:
    """The services that queries may call, each under the very IRI that the operator gave. Without any, it costs nothing."""

    def __init__(self, services: Iterable[str] = (), seconds: float = SECONDS, resolve: Resolver = addresses) -> None:
        self._services = {iri: Service(iri, resolve) for iri in services}
        self._relay = Relay(seconds) if self._services else None

    def prepare(self, query: str) -> Calls:
        """A query that calls services, with the relay's addresses in the place of theirs. Raises ServiceRefused, BadQuery."""
        if self._relay is None:
            raise ServiceRefused(
                "SERVICE is refused: this endpoint calls no other", "SERVICE est refusé : ce point d'accès n'en appelle aucun autre"
            )
        written = list(_written(query))
        if len(written) > CONNECTIONS:
            raise ServiceRefused(
                f"a query may hold SERVICE {CONNECTIONS} times; this one holds it {len(written)} times",
                f"une question peut contenir SERVICE {CONNECTIONS} fois ; celle-ci le contient {len(written)} fois",
            )
        calls = Calls()
        hrefs = [self._relay.address(calls, number) for number in range(len(written))]
        calls.text = _redirected(
            query, written, (f"SERVICE{' SILENT' * part.silent} <{href}>" for part, href in zip(written, hrefs, strict=True))
        )
        # GRAPH has the grammar of SERVICE, and the parser goes down for ever in a SERVICE inside another.
        parsed = _parsed(_redirected(query, written, (f"GRAPH <{href}>" for href in hrefs)))
        if Counter(term for name, term in _targets(parsed) if name == "ServiceGraphPattern" or term in hrefs) != Counter(hrefs):
            raise ServiceRefused(
                "SERVICE is refused: it must stand by itself, before an IRI or a prefixed name without escapes",
                "SERVICE est refusé : il doit être isolé, devant un IRI ou un nom préfixé sans échappement",
            )
        prologue = translatePrologue(parsed[0], None)
        calls.made = [Call(self._allowed(_resolved(part.target, prologue)), part.silent) for part in written]
        self._relay.admit(calls)
        return calls

    def close(self) -> None:
        """Stop the relay."""
        if self._relay is not None:
            self._relay.close()

    def _allowed(self, target: str) -> Service:
        if target not in self._services:
            allowed = ", ".join(f"<{iri}>" for iri in self._services)
            raise ServiceRefused(
                f"SERVICE <{target}> is refused; allowed: {allowed}", f"SERVICE <{target}> est refusé ; admis : {allowed}"
            )
        return self._services[target]


@dataclass(frozen=True, slots=True)
class _Written:
    """SERVICE as it is written: from where to where, the token of its target, and whether it is SILENT."""

    start: int
    end: int
    target: str
    silent: bool


def _written(query: str) -> Iterator[_Written]:
    """Each SERVICE of a query, in order. Raises ServiceRefused for what only looks like one."""
    tokens = [token for token in TOKEN.finditer(query) if not (token[0].isspace() or token[0].startswith("#"))]
    for place, token in enumerate(tokens):
        if "service" not in (token["keyword"] or token["word"] or "").lower():
            continue
        if token[0].lower() != "service":
            raise ServiceRefused(
                f"“{token[0]}”: SERVICE must stand by itself, and no prefix may hold that word",
                f"« {token[0]} » : SERVICE doit être isolé, et aucun préfixe ne peut contenir ce mot",
            )
        following = tokens[place + 1 : place + 3]
        silent = bool(following) and following[0][0].lower() == "silent"
        target = following[silent:][:1]
        if not target or target[0][0].startswith(("?", "$")):
            raise ServiceRefused(
                "SERVICE is refused before a variable: an IRI is expected",
                "SERVICE est refusé devant une variable : un IRI est attendu",
            )
        yield _Written(token.start(), target[0].end(), target[0][0], silent)


def _redirected(query: str, written: Iterable[_Written], clauses: Iterable[str]) -> str:
    """The query with a clause in the place of each SERVICE and its target."""
    pieces, done = [], 0
    for part, clause in zip(written, clauses, strict=True):
        pieces += [disarm(query[done : part.start]), clause]
        done = part.end
    return "".join(pieces) + disarm(query[done:])


def _parsed(query: str) -> ParseResults:
    try:
        return parseQuery(query)
    except Exception as error:  # the parser raises its own errors, pyparsing's, and RecursionError on deep nesting
        raise BadQuery(
            "a query that calls a service must be checked, and this one can't be parsed",
            "une question qui appelle un service doit être contrôlée, et celle-ci ne peut pas être lue",
        ) from error


def _targets(part: object) -> Iterator[tuple[str, str]]:
    """Every SERVICE and GRAPH of a parsed query, and what it names, without recursion: a hostile query nests deep."""
    pending = [part]
    while pending:
        item = pending.pop()
        if isinstance(item, CompValue):
            if item.name in {"ServiceGraphPattern", "GraphGraphPattern"}:
                yield item.name, str(item.term)
            pending.extend(item.values())
        elif not isinstance(item, str) and hasattr(item, "__iter__"):
            pending.extend(item)


def _resolved(target: str, prologue: Prologue) -> str:
    """The IRI that a token means after a prologue. Raises ServiceRefused."""
    try:
        if target.startswith("<"):
            return str(prologue.absolutize(URIRef(target[1:-1])))
        prefix, _, local = target.partition(":")
        return str(prologue.absolutize(CompValue("pname", prefix=prefix, localname=local)))
    except Exception as error:  # the parser has no other class for a prefix that is not declared
        raise ServiceRefused(
            f"SERVICE {target} is refused: its prefix is not declared",
            f"SERVICE {target} est refusé : son préfixe n'est pas déclaré",
        ) from error


NOWHERE: Final = Federation()
"""No service at all."""
