"""Random updates of random data do what the engine's own update does, where both mean the same: in graphs that are named."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from referentiel.store.changes import Changes, Name, Statements
from referentiel.store.reading import read, statements_of
from referentiel.store.update_syntax import check, operations
from referentiel.store.update_work import UpdateFailed, Work

SPACE = "http://x.example/"
GRAPHS = st.sampled_from(["x:g", "x:h", "x:k"])
NODES = st.sampled_from(["x:a", "x:b", "x:c"])
VALUES = st.sampled_from(["x:a", "x:b", "1", "01", '"t"', '"t"@fr', '"t"@FR', "1.0", "true"])
TRIPLES = st.builds("{} {} {} .".format, NODES, NODES, VALUES)
DATA = st.builds("GRAPH {} {{ {} }}".format, GRAPHS, st.lists(TRIPLES, max_size=3).map(" ".join))
QUADS = st.lists(DATA, max_size=3).map(" ".join)

VARIABLES = st.sampled_from(["?s", "?p", "?o"])
MADE = st.just("?n")
PATTERNS = st.builds("{} {} {} .".format, VARIABLES | NODES, VARIABLES | NODES, VARIABLES | VALUES)
GROUPS = st.lists(PATTERNS, min_size=1, max_size=2).map(" ".join)
TEMPLATES = st.builds("GRAPH {} {{ {} {} {} }}".format, GRAPHS | st.just("?g"), VARIABLES, VARIABLES | NODES, VARIABLES | MADE)
IN_GRAPHS = st.builds("GRAPH {} {{ {} }}".format, GRAPHS | st.just("?g"), GROUPS)
WHERE = st.builds("GRAPH ?g {{ {} }} {}".format, GROUPS, st.sampled_from(["", "FILTER(ISLITERAL(?o))", "BIND(STR(?o) AS ?n)"]))
SILENT = st.sampled_from(["", "SILENT"])

OPERATIONS = st.one_of(
    st.builds("INSERT DATA {{ {} }}".format, QUADS),
    st.builds("DELETE DATA {{ {} }}".format, QUADS),
    st.builds("DELETE WHERE {{ {} }}".format, IN_GRAPHS),
    st.builds("DELETE {{ {} }} INSERT {{ {} }} WHERE {{ {} }}".format, IN_GRAPHS, TEMPLATES, WHERE),
    st.builds("WITH {} DELETE {{ {} }} INSERT {{ {} }} WHERE {{ {} }}".format, GRAPHS, GROUPS, GROUPS, GROUPS),
    st.builds(
        "WITH {} INSERT {{ {} }} USING {} USING NAMED {} WHERE {{ {} {} }}".format, GRAPHS, GROUPS, GRAPHS, GRAPHS, GROUPS, WHERE
    ),
    st.builds("INSERT {{ {} }} USING {} WHERE {{ {} }}".format, IN_GRAPHS, GRAPHS, GROUPS),
    st.builds("{} {} GRAPH {}".format, st.sampled_from(["CLEAR", "DROP", "CREATE"]), SILENT, GRAPHS),
    st.builds("{} {} {}".format, st.sampled_from(["CLEAR", "DROP"]), SILENT, st.sampled_from(["NAMED", "ALL", "DEFAULT"])),
    st.builds(  # of a graph that is there: the engine takes one that is not for an empty one
        "INSERT DATA {{ GRAPH {2} {{ x:a x:a x:a }} }} ; {0} {1} {2} TO {3}".format,
        st.sampled_from(["ADD", "COPY", "MOVE"]),
        SILENT,
        GRAPHS,
        GRAPHS,
    ),
)
UPDATES = st.lists(OPERATIONS, min_size=1, max_size=4).map(" ;\n".join)
PREFIX = f"PREFIX x: <{SPACE}>\n"


def state(store: ox.Store) -> dict[Name, Statements]:
    """What graphs hold; those that hold nothing are as good as none."""
    names = [None, *(URIRef(name.value) for name in store.named_graphs() if isinstance(name, ox.NamedNode))]
    return {name: held for name in names if (held := statements_of(store, name))}


def done(store: ox.Store, update: str) -> Changes:
    """What an update changes, done to a store."""
    work = Work(store, lambda _: ox.DefaultGraph(), 10_000, SPACE)
    for operation in operations(update):
        check(operation, SPACE)
        work.do(operation, last=False)
    return work.changes()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(QUADS, UPDATES)
def test_the_same_as_the_engine_would_do(data: str, update: str) -> None:
    ours, theirs = ox.Store(), ox.Store()
    for store in (ours, theirs):
        store.update(f"{PREFIX} INSERT DATA {{ {data} }}")
    before = state(ours)
    try:
        theirs.update(PREFIX + update)
    except RuntimeError:
        with pytest.raises(UpdateFailed):
            done(ours, PREFIX + update)
        return
    changes = done(ours, PREFIX + update)
    assert state(ours) == state(theirs)
    for change in changes.graphs:
        held = before.get(change.name, frozenset())
        assert not change.added & held
        assert change.removed <= held
        before[change.name] = held - change.removed | change.added
    assert {name: held for name, held in before.items() if held} == state(theirs)
    for change in changes.graphs:
        lines = "\n".join(change.added).encode()
        assert read(lines, "application/n-triples", base="").get(None, frozenset()) == change.added
