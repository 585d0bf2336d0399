"""A desk before a small store: two certifications of tests/shapes, and a vocabulary of six skills and two occupations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rdflib import URIRef

from gate.registers import certification, name_of
from referentiel.access import LOCAL, OPERATIONS, Identity
from referentiel.gate import Alter, Gate, Replace
from referentiel.linking.stored import finder_of
from referentiel.review import Desk
from referentiel.store import Changes, Engine, Name, Statements, open_store
from referentiel.store.reading import read
from referentiel.vocabulary import DCT, DEFAULT_BASE, ESCO, OWL, SKOS
from stores import gate_of

ESCO_GRAPH = URIRef(f"{DEFAULT_BASE}vocabulary/esco")
ROME_GRAPH = URIRef(f"{DEFAULT_BASE}vocabulary/rome")
C1, C2 = (URIRef(f"{name_of('X')}/competency/C{number}") for number in (1, 2))
SKILL = "https://exemple.example/skill/"
SKILLS = ("rédiger une lettre", "tenir une compétence", "compter", "compétence en lecture", "parler", "chanter")
ANNE = Identity("anne", frozenset(OPERATIONS))
BEN = Identity("ben", frozenset(OPERATIONS))
READER = Identity("lectrice", frozenset({"write"}))


def esco(version: str = "1.0", labels: tuple[str, ...] = SKILLS, broader: str = "0") -> str:
    """A vocabulary in Turtle, of invented concepts: the second skill is below the one of number `broader`."""
    skills = "\n".join(
        f'<{number}> a esco:Skill , skos:Concept ; skos:prefLabel "{label}"@fr .' for number, label in enumerate(labels)
    )
    return f"""
    @prefix skos: <{SKOS}> . @prefix esco: <{ESCO}> . @prefix owl: <{OWL}> . @prefix dct: <{DCT}> . @base <{SKILL}> .
    <{ESCO_GRAPH}> a skos:ConceptScheme ; owl:versionInfo "{version}" .
    {skills}
    <1> skos:broader <{broader}> . <1> dct:description "La tenir bien."@fr , "To hold it."@en .
    <autre> a esco:Occupation ; skos:prefLabel "certification d'exemple"@fr .
    <facteur> a esco:Occupation ; skos:prefLabel "facteur"@fr .
    """


def rome() -> str:
    return f"""
    @prefix skos: <{SKOS}> . @prefix owl: <{OWL}> . @base <{ROME_GRAPH}/> .
    <{ROME_GRAPH}> a skos:ConceptScheme ; owl:versionInfo "4" .
    <savoir/1> a skos:Concept ; skos:inScheme <{ROME_GRAPH}/savoir> ; skos:prefLabel "Tenue d'une compétence"@fr .
    """


def statements(turtle: str) -> Statements:
    return read(turtle.encode(), "text/turtle", base="")[None]


def put(gate: Gate, name: URIRef, turtle: str) -> None:
    """Put a graph in the place of what bears its name."""
    gate.submit(Replace(name, statements(turtle)), identity=LOCAL)


def filled(engine: Engine) -> Gate:
    """A gate before a store that was filled in one revision."""
    gate = gate_of(engine)
    held: dict[Name, Statements] = {name_of(code): certification(code, f"RNCP{ord(code)}") for code in ("X", "Y")}
    held |= {ESCO_GRAPH: statements(esco()), ROME_GRAPH: statements(rome())}
    gate.submit(Alter(lambda _: Changes.between({}, held)), identity=LOCAL)
    return gate


@contextmanager
def desk(folder: Path | None = None) -> Iterator[tuple[Gate, Desk]]:
    """A gate and a desk before a store of its own."""
    engine = open_store(folder)
    gate = filled(engine)
    yield gate, Desk(gate, lambda: finder_of(gate.engine, DEFAULT_BASE))
    engine.close()
