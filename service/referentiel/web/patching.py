"""Changing a part of a graph: by a tree of JSON (RFC 7396), or by an update of SPARQL that stays within that graph."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rdflib import URIRef

from referentiel.exports.jsonld import to_jsonld
from referentiel.gate.outcome import Unfit, Unknown, Withdrawn
from referentiel.gate.proposals import Alter
from referentiel.gate.working_out import is_notice
from referentiel.store import Changes, Engine, Statements
from referentiel.store.reading import BadData
from referentiel.validation import Bilingual
from referentiel.vocabulary import empty_graph
from referentiel.web.bodies import Body
from referentiel.web.reading import Reader

WorkOut = Callable[[str, Engine], Changes]
"""Works out what a SPARQL update would change, without changing anything."""


def merging(engine: Engine, name: URIRef, data: bytes, reader: Reader) -> Alter:
    """The change that a merge patch makes of a certification's JSON-LD tree.

    It is worked out here, and again when its turn comes only if another write came between. Raises BadData, ReadingLimit.
    """
    patch = _object(data)
    seen = engine.statements(name)
    merged = _merged(seen, name, patch, reader) if seen else seen

    def work_out(engine: Engine) -> Changes:
        held = engine.statements(name)
        if not held:
            raise Unknown(name)
        if is_notice(name, held):
            raise Withdrawn(name)
        after = merged if held == seen else _merged(held, name, patch, reader)
        return Changes.between({name: held}, {name: after})

    return Alter(work_out, name=name)


def updating(name: URIRef, work_out: Callable[[Engine], Changes]) -> Alter:
    """The change that an update makes, refused where it touches another graph than this one."""

    def confined(engine: Engine) -> Changes:
        if not (held := engine.statements(name)):
            raise Unknown(name)
        if is_notice(name, held):
            raise Withdrawn(name)
        changes = work_out(engine)
        if others := [str(other) for other in changes.names if other != name]:
            raise Unfit(
                Bilingual(
                    f"une modification envoyée ici ne touche que le graphe {name} ; celle-ci touche aussi {', '.join(others[:5])}",
                    f"a change that is sent here touches the graph {name} only; this one also touches {', '.join(others[:5])}",
                )
            )
        return changes

    return Alter(confined, name=name)


def merge_patch(target: Any, patch: Any) -> Any:
    """What a patch makes of a value (RFC 7396, section 2): null removes, objects are merged, all else takes its place."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def _object(data: bytes) -> dict[str, Any]:
    try:
        patch = json.loads(data)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
        raise BadData("JSON", str(getattr(error, "msg", error)), line, column) from error
    if not isinstance(patch, dict):
        raise BadData("JSON", f"a merge patch of a certification is an object, not {json.dumps(patch)[:80]}")
    return patch


def _merged(held: Statements, name: URIRef, patch: dict[str, Any], reader: Reader) -> Statements:
    graph = empty_graph().parse(data="".join(f"{line}\n" for line in held), format="nt")
    tree = json.loads(to_jsonld(graph, name, reader.context))
    try:
        document = json.dumps(merge_patch(tree, patch)).encode()
    except RecursionError as error:
        raise BadData("JSON", "the patch is nested too deeply") from error
    return reader.statements(Body("application/ld+json", document), name)
