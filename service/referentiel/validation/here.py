"""The rules applied in this process: for a command, which nobody else waits for and which ends when its user ends it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from referentiel import resources
from referentiel.validation.engine import judge
from referentiel.validation.report import Report
from referentiel.validation.shapes import Shapes


def apply_rules(data: Iterable[str], *, background: Iterable[str] = (), shapes: bytes | None = None) -> Report:
    """What Validators.validate says, without its limits. Raises InvalidShapes, and BadData for what is no RDF 1.1."""
    more = "\n".join([_ontology(), *background])
    rules = _bundled() if shapes is None else _parsed(shapes)
    return judge("\n".join(data).encode(), more.encode(), rules)


@cache
def _bundled() -> Shapes:
    return Shapes(resources.shapes())


_parsed = lru_cache(2)(Shapes.parse)


@cache
def _ontology() -> str:
    return resources.background().serialize(format="nt")
