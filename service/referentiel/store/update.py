"""What a SPARQL 1.1 Update would do to a store, worked out on a copy of it: the store itself is not written to.

The default graph. A pattern without WITH or USING is asked of the union of all graphs, as a query is. A triple that is to be
written or removed in no graph that is named belongs to the graph of the certification that its subject is, or lies below; about any
other subject, to the unnamed graph. So `DELETE { ?c skos:prefLabel ?old } INSERT { ?c skos:prefLabel "new"@fr } WHERE { … }` does
what its author means. DEFAULT, in CLEAR, DROP, COPY, MOVE and ADD, is the unnamed graph.

ALL and NAMED are the graphs that may be written; those that the service keeps itself are left as they are.

What the engine's own update would do is never asked of it: its LOAD and its SERVICE call out. Its parser reads each operation and
does nothing of it, its reader reads data and templates, and it answers each WHERE as a query that is inspected as all are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from referentiel.model import CODE
from referentiel.store.changes import Changes
from referentiel.store.engine import BadQuery, ServiceRefused
from referentiel.store.oxigraph import told
from referentiel.store.stacks import QUERY_LIMIT
from referentiel.store.update_syntax import BadUpdate, Operation, check, operations
from referentiel.store.update_templates import BlankNodes, Home
from referentiel.store.update_work import TooManyChanges, UpdateFailed, Work

__all__ = ["BadUpdate", "BlankNodes", "TooManyChanges", "Update", "UpdateFailed", "work_out"]

_NO_LOAD: Final = (
    "LOAD is refused: this service fetches nothing; send the data themselves",
    "LOAD est refusé : ce service ne va rien chercher ; envoyer les données elles-mêmes",
)


@dataclass(frozen=True, slots=True)
class Update:
    """An update as it was sent. `base`: of relative IRIs.

    `default_graphs`, `named_graphs`: what WHERE is asked of, as USING and USING NAMED would say it (SPARQL 1.1 Protocol, 2.2.3).
    """

    text: str
    base: str
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()


def work_out(
    copy: Path, update: Update, base: str, most: int, kept: Collection[str] = (), opened: Callable[[], object] = lambda: None
) -> Changes:
    """The changes that an update would make to a store, given a checkpoint of it, which is written to on the way.

    `base`: where our resources live. `most`: statements that one operation may touch, and the update add and remove. `kept`: graphs
    that are not meant by ALL and NAMED, since nobody may write them. `opened`: called once the copy is open, before the engine is
    given anything of the update.
    Raises BadUpdate, ServiceRefused, BlankNodes, UpdateFailed, TooManyChanges, StoreUnavailable.
    """
    try:
        steps = list(operations(update.text))
        with told(SyntaxError, ValueError):
            store = ox.Store(str(copy)) if len(steps) > 1 else ox.Store.read_only(str(copy))
            opened()
            for step in steps:
                _require_fit(step, update)
                check(step, update.base)
                if step.words[0] == "load":
                    raise ServiceRefused(*_NO_LOAD)
            work = Work(store, _homes(base), most, update.base, update.default_graphs, update.named_graphs, kept)
            for number, step in enumerate(steps, start=1):
                work.do(step, last=number == len(steps))
            return work.changes()
    except ServiceRefused:
        raise
    except BadQuery as error:
        raise BadUpdate(str(error), error.french) from error


def _require_fit(operation: Operation, update: Update) -> None:
    """Refuse what may be too deep to be parsed, and two datasets at once."""
    words = operation.words
    if words[1:2] != ("data",) and len((operation.declarations + operation.text).encode()) > QUERY_LIMIT:
        raise BadUpdate(
            f"an operation other than INSERT DATA and DELETE DATA is at most {QUERY_LIMIT} bytes long",
            f"une opération autre que INSERT DATA et DELETE DATA compte au plus {QUERY_LIMIT} octets",
        )
    if (update.default_graphs or update.named_graphs) and {"with", "using"} & set(words):
        raise BadUpdate(
            "using-graph-uri and using-named-graph-uri do not go with USING and WITH in the update",
            "using-graph-uri et using-named-graph-uri ne vont pas avec USING et WITH dans la mise à jour",
        )


def _homes(base: str) -> Home:
    """Which graph a subject's statements are in when none is named."""
    certified = re.compile(rf"({re.escape(base)}certification/(?:{CODE.pattern}))(?:/.*)?", re.DOTALL)

    def home(subject: ox.NamedNode) -> ox.NamedNode | ox.DefaultGraph:
        found = certified.fullmatch(subject.value)
        return ox.NamedNode(found[1]) if found else ox.DefaultGraph()

    return home
