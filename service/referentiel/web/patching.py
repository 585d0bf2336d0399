"""Changing a part of a graph: by a tree of JSON (RFC 7396), or by an update of SPARQL that stays within that graph."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from rdflib import URIRef

from referentiel.exports.jsonld import CONTEXT, to_jsonld
from referentiel.gate.outcome import Unfit, Unknown, Withdrawn
from referentiel.gate.proposals import Alter
from referentiel.gate.working_out import is_notice
from referentiel.store import Changes, Engine, Statements
from referentiel.store.loading import is_iri
from referentiel.store.reading import BadData
from referentiel.validation import Bilingual
from referentiel.vocabulary import empty_graph
from referentiel.web.bodies import Body, contexts
from referentiel.web.reading import Reader

WorkOut = Callable[[str, Engine], Changes]
"""Works out what a SPARQL update would change, without changing anything."""

TREE_LIMIT: Final = 10_000
"""Statements of the largest certification whose tree is patched: making a tree takes, at worst, the square of them in time."""

_KEYS: Final = CONTEXT.keys() - {"@version"}
_SHOWN: Final = 5


def merging(engine: Engine, name: URIRef, data: bytes, reader: Reader) -> Alter:
    """The change that a merge patch makes of a certification's JSON-LD tree.

    It is worked out here, and again when its turn comes only if another write came between. Raises BadData, ReadingLimit, Unfit.
    """
    patch = _readable(_object(data), reader.context)
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
        if others := [other for other in changes.names if other != name]:
            shown = sorted(others, key=str)[:_SHOWN]
            french = ", ".join("le graphe sans nom" if other is None else other for other in shown)
            english = ", ".join("the unnamed graph" if other is None else other for other in shown)
            raise Unfit(
                Bilingual(
                    f"une modification envoyée ici ne touche que le graphe {name} ; celle-ci touche aussi : {french}",
                    f"a change that is sent here touches the graph {name} only; this one also touches: {english}",
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


def _readable(patch: dict[str, Any], context: str) -> dict[str, Any]:
    """The patch without the name of our context, once it is sure that JSON-LD passes over nothing that it says.

    Raises BadData for another context, Unfit for keys that ours does not know.
    """
    named = patch.get("@context", context)
    if named not in [*contexts(context)]:
        found = json.dumps(named)[:200] if isinstance(named, str) else "another one"
        raise BadData("JSON", f"a merge patch leaves the @context what it is, {context}, not {found}")
    said = {key: value for key, value in patch.items() if key != "@context"}
    if unknown := [key for key in said if key not in _KEYS and not is_iri(key)]:
        shown = ", ".join(map(_shown, unknown[:_SHOWN]))
        raise Unfit(
            Bilingual(
                f"des clés que définit le contexte {context} sont attendues ; trouvé aussi : {shown}",
                f"keys that the context {context} defines are expected; found as well: {shown}",
            )
        )
    return said


def _shown(key: str) -> str:
    """A key as a message can hold it."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in key[:80]) or '""'


def _merged(held: Statements, name: URIRef, patch: dict[str, Any], reader: Reader) -> Statements:
    if len(held) > TREE_LIMIT:
        raise Unfit(
            Bilingual(
                f"un patch d'arbre se fait sur {TREE_LIMIT} triplets au plus ; {name} en a {len(held)} : envoyer du SPARQL",
                f"a merge patch is made on {TREE_LIMIT} triples at most; {name} has {len(held)}: send a SPARQL update",
            )
        )
    graph = empty_graph().parse(data="".join(f"{line}\n" for line in held), format="nt")
    tree = json.loads(to_jsonld(graph, name, reader.context))
    try:
        document = json.dumps(_patched(tree, name, patch)).encode()
    except RecursionError as error:
        raise BadData("JSON", "the patch is nested too deeply") from error
    return reader.statements(Body("application/ld+json", document), name)


def _patched(tree: dict[str, Any], name: URIRef, patch: dict[str, Any]) -> Any:
    """The tree with the certification patched: its root, or one of the things beside one another where no link leads to some."""
    if "@graph" not in tree:
        return merge_patch(tree, patch)
    return tree | {"@graph": [merge_patch(node, patch) if node.get("id") == str(name) else node for node in tree["@graph"]]}
