"""A service where links are reviewed: two small vocabularies and a certification of our own making, and people with tokens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import httpx
from fastapi import FastAPI
from rdflib import Graph, URIRef

from referentiel.access import FILE, LOCAL, OPERATIONS, Operation, Tokens
from referentiel.gate import Gate
from referentiel.gate.proposals import Replace
from referentiel.review import Desk
from referentiel.settings import Settings
from referentiel.store import Engine, open_store
from referentiel.store.reading import statements
from referentiel.web import create_app
from stores import gate_of
from web.writing import BASE, small

Serve: TypeAlias = Callable[[FastAPI], AbstractContextManager[str]]

CODE = "R-1"
C1, C2 = f"/review/{CODE}/competency/C1", f"/review/{CODE}/competency/C2"
SKILL = "http://data.europa.eu/esco/skill/"
ROME_PLAN = f"{BASE}vocabulary/rome/savoir-faire/121"
_PREFIXES = f"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skill: <{SKILL}> .
@prefix occupation: <http://data.europa.eu/esco/occupation/> .
@prefix rome: <{BASE}vocabulary/rome/> .
@prefix know-how: <{BASE}vocabulary/rome/savoir-faire/> .
@prefix v: <{BASE}vocabulary/> .
"""
VOCABULARIES = {
    "esco": """
v:esco a skos:ConceptScheme ; owl:versionInfo "1.0" .
skill:s1 a esco:Skill, skos:Concept ; skos:prefLabel "planifier la production"@fr ; skos:inScheme v:esco ;
  skos:definition "Répartir dans le temps ce qu'un atelier doit produire."@fr .
skill:s2 a esco:Skill, skos:Concept ; skos:prefLabel "gérer une équipe"@fr ; skos:inScheme v:esco ;
  skos:altLabel "encadrer une équipe"@fr .
skill:s3 a esco:Skill, skos:Concept ; skos:prefLabel "rédiger un rapport"@fr ; skos:inScheme v:esco .
skill:s4 a esco:Skill, skos:Concept ; skos:prefLabel "réparer une machine"@fr ; skos:inScheme v:esco .
occupation:o1 a esco:Occupation, skos:Concept ; skos:prefLabel "chef d'atelier"@fr ; skos:inScheme v:esco .
""",
    "rome": """
v:rome a skos:ConceptScheme ; owl:versionInfo "2.0" .
know-how:121 a skos:Concept ; skos:prefLabel "Planifier une production"@fr ; skos:inScheme v:rome, rome:savoir-faire .
""",
}
TEXTS = {
    "Compétence C1": "Planifier la production de l'atelier en tenant compte des commandes",
    "Compétence C2": "Encadrer une équipe afin de respecter les délais",
}
FORM = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
"""What a browser says with a form of the same site."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A running service. `tokens`: the operator's."""

    address: str
    engine: Engine
    tokens: Tokens

    def token(self, name: str, operations: tuple[Operation, ...] = OPERATIONS) -> str:
        """A token for somebody."""
        return self.tokens.create(name, operations)

    def client(self, **headers: str) -> httpx.Client:
        """A browser's stand-in, which keeps cookies and says what a browser says with a form of ours."""
        return httpx.Client(base_url=self.address, timeout=30, headers=FORM | headers)

    @contextmanager
    def signed_in(self, name: str, **headers: str) -> Iterator[httpx.Client]:
        """Somebody who has signed in."""
        with self.client(**headers) as client:
            answer = client.post("/session", data={"token": self.token(name)})
            assert answer.status_code == 303, answer.text
            yield client

    def desk(self) -> Desk:
        """The same store, seen without the pages."""
        raise_if_asked: Callable[[], object] = lambda: None  # noqa: E731
        return Desk(gate_of(self.engine), raise_if_asked)  # type: ignore[arg-type]


def ready(client: httpx.Client, path: str) -> httpx.Response:
    """A page, once the index is built that it waits for."""
    deadline = time.monotonic() + 60
    while (answer := client.get(path)).status_code == 503:
        assert time.monotonic() < deadline, "the index is never ready"
        time.sleep(0.05)
    return answer


def fill(gate: Gate, codes: tuple[str, ...] = (CODE,), vocabularies: Mapping[str, str] = VOCABULARIES) -> None:
    """Put vocabularies and certifications in, through the gate."""
    for scheme, turtle in vocabularies.items():
        put(gate, f"{BASE}vocabulary/{scheme}", _PREFIXES + turtle)
    for code in codes:
        text = small(code)
        for former, label in TEXTS.items():
            text = text.replace(f'skos:prefLabel "{former}"', f'skos:prefLabel "{label}"')
        put(gate, f"{BASE}certification/{code}", text)


def put(gate: Gate, name: str, turtle: str) -> None:
    """Put a graph in the place of what bore its name."""
    gate.submit(Replace(URIRef(name), statements(Graph().parse(data=turtle, format="turtle"))), identity=LOCAL)


@contextmanager
def reviewing(folder: Path, serve: Serve, codes: tuple[str, ...] = (CODE,), settings: Settings | None = None) -> Iterator[Bench]:
    """A service over a store on disk, filled."""
    store = open_store(folder)
    fill(gate_of(store), codes)
    with serve(create_app(store, settings or Settings(store=folder))) as address:
        yield Bench(address, store, Tokens(folder / FILE))
    store.close()
