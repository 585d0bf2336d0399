"""Stores to test with: filled through the gate, the rules being applied in this process."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from rdflib import Graph

from referentiel import resources
from referentiel.gate import Gate, installation
from referentiel.history import History
from referentiel.settings import Settings
from referentiel.store import Engine
from referentiel.validation import Report
from referentiel.validation.engine import judge
from referentiel.validation.shapes import Shapes
from referentiel.vocabulary import DEFAULT_BASE


def gate_of(engine: Engine, base: str = DEFAULT_BASE) -> Gate:
    """A gate before a store."""
    return Gate(engine, Settings(base=base), History(engine, base), apply_rules)


def install(engine: Engine, base: str = DEFAULT_BASE) -> Gate:
    """Put in what the project ships; the gate that let it in."""
    gate = gate_of(engine, base)
    installation.install(gate)
    return gate


def apply_rules(data: Iterable[str], *, background: Iterable[str] = (), shapes: bytes | None = None) -> Report:
    """What a validation process does, in this one."""
    more = [_ontology(), *background]
    rules = resources.shapes() if shapes is None else Graph().parse(data=shapes, format="nt")
    return judge("\n".join(data).encode(), "\n".join(more).encode(), _ready(rules))


@cache
def _ready(shapes: Graph) -> Shapes:
    return Shapes(shapes)


@cache
def _ontology() -> str:
    return resources.background().serialize(format="nt")
