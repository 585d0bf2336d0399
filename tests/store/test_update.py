"""What an update would change: every form of it, where its triples belong, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from rdflib import URIRef

from referentiel.store import Changes, GraphChange, ServiceRefused, StoreError, open_store
from referentiel.store.update import BadUpdate, BlankNodes, TooManyChanges, Update, UpdateFailed, work_out

BASE = "http://base.example/id/"
ENDPOINT = "http://base.example/sparql"
ONE, TWO = URIRef(f"{BASE}certification/RNCP1"), URIRef(f"{BASE}certification/RNCP2")
OTHER = URIRef("http://x.example/other")
PREFIXES = f"PREFIX x: <http://x.example/> PREFIX one: <{ONE}/> "

OLD = f'<{ONE}> <http://x.example/label> "old"@fr .'
BELOW = f'<{ONE}/block/1> <http://x.example/n> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .'
SECOND = f'<{TWO}> <http://x.example/label> "two"@fr .'
LOOSE = '<http://x.example/s> <http://x.example/label> "o" .'
UNNAMED = "<http://x.example/u> <http://x.example/p> <http://x.example/o> ."

Found = dict[str | None, tuple[set[str], set[str]]]
Asked = Callable[..., Found]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """What an update would add and remove, by graph."""
    folder = tmp_path_factory.mktemp("update")
    engine = open_store(folder / "store")
    held = {ONE: {OLD, BELOW}, TWO: {SECOND}, OTHER: {LOOSE}, None: {UNNAMED}}
    engine.apply(Changes.of(GraphChange(name, frozenset(lines)) for name, lines in held.items()))

    def ask(text: str, most: int = 100, kept: tuple[str, ...] = (), **graphs: tuple[str, ...]) -> Found:
        copy = Path(folder / f"copy-{len(list(folder.iterdir()))}")
        engine.checkpoint(copy)
        changes = work_out(copy, Update(PREFIXES + text, ENDPOINT, **graphs), BASE, most, kept)
        return {change.name: (set(change.added), set(change.removed)) for change in changes.graphs}

    return ask


NEW = f'<{ONE}> <http://x.example/label> "new"@fr .'
TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
FORMS: Mapping[str, Found] = {
    # Where a triple in no named graph belongs.
    'DELETE { ?c x:label ?old } INSERT { ?c x:label "new"@fr } WHERE { ?c x:label ?old FILTER(LANG(?old) = "fr") }': {
        ONE: ({NEW}, {OLD}),
        TWO: ({f'<{TWO}> <http://x.example/label> "new"@fr .'}, {SECOND}),
    },
    "INSERT DATA { one:block\\/1 x:p x:o . x:s x:p x:o }": {
        ONE: ({f"<{ONE}/block/1> <http://x.example/p> <http://x.example/o> ."}, set()),
        None: ({"<http://x.example/s> <http://x.example/p> <http://x.example/o> ."}, set()),
    },
    f"INSERT DATA {{ <{ONE}> x:p x:o . <{ONE}#x> x:p x:o . <{BASE}certification/> x:p x:o }}": {
        ONE: ({f"<{ONE}> <http://x.example/p> <http://x.example/o> ."}, set()),
        None: (
            {f"<{subject}> <http://x.example/p> <http://x.example/o> ." for subject in (f"{ONE}#x", f"{BASE}certification/")},
            set(),
        ),
    },
    'DELETE DATA { x:s x:label "o" }': {},
    'DELETE DATA { GRAPH x:other { x:s x:label "o" } }': {OTHER: (set(), {LOOSE})},
    # What is there already, or is not, does not change.
    'INSERT DATA { GRAPH x:other { x:s x:label "o" , "p" } }': {
        OTHER: ({'<http://x.example/s> <http://x.example/label> "p" .'}, set())
    },
    "INSERT DATA { one:block\\/1 x:n 007 }": {},
    "DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }": {None: ({LOOSE}, set())},
    # Data and templates as they may be written.
    'INSERT DATA { x:s a x:C ; x:p true , <rel> . GRAPH x:g { x:s x:p \'}{;\' } . # }\n x:t x:p """a"b # c""" . GRAPH x:h {} }': {
        None: (
            {
                "<http://x.example/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://x.example/C> .",
                f"<http://x.example/s> <http://x.example/p> {TRUE} .",
                "<http://x.example/s> <http://x.example/p> <http://base.example/rel> .",
                '<http://x.example/t> <http://x.example/p> "a\\"b # c" .',
            },
            set(),
        ),
        URIRef("http://x.example/g"): ({'<http://x.example/s> <http://x.example/p> "}{;" .'}, set()),
    },
    "DELETE WHERE { GRAPH ?g { ?s x:n ?n . } . GRAPH x:other { x:s x:label $o } }": {
        ONE: (set(), {BELOW}),
        OTHER: (set(), {LOOSE}),
    },
    "DELETE WHERE { ?s x:n ?n }": {ONE: (set(), {BELOW})},
    'INSERT { GRAPH ?g { ?o x:p ?s . ?s ?o x:p . ?s x:p ?nothing . ?s x:in ?g } } WHERE { GRAPH ?g { ?s x:label ?o, "o" } }': {
        OTHER: ({"<http://x.example/s> <http://x.example/in> <http://x.example/other> ."}, set())
    },
    "INSERT { GRAPH ?o { ?s ?p ?o } } WHERE { GRAPH x:other { ?s ?p ?o } }": {},
    "INSERT { x:s x:p x:o } WHERE { x:s x:label ?any }": {
        None: ({"<http://x.example/s> <http://x.example/p> <http://x.example/o> ."}, set())
    },
    "INSERT { x:s x:p x:o } WHERE { x:s x:absent ?any }": {},
    # The dataset.
    "WITH x:other DELETE { ?s ?p ?o } INSERT { ?s x:q ?o } WHERE { ?s ?p ?o }": {
        OTHER: ({'<http://x.example/s> <http://x.example/q> "o" .'}, {LOOSE})
    },
    "WITH x:other INSERT { ?s x:q ?n } WHERE { ?s x:label ?o . GRAPH ?g { ?b x:n ?n } }": {
        OTHER: ({'<http://x.example/s> <http://x.example/q> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .'}, set())
    },
    f"WITH x:other INSERT {{ ?s x:q ?o }} USING <{TWO}> WHERE {{ ?s ?p ?o }}": {
        OTHER: ({f'<{TWO}> <http://x.example/q> "two"@fr .'}, set())
    },
    "INSERT { GRAPH x:g { ?s ?p ?o } } USING NAMED x:other WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }": {
        URIRef("http://x.example/g"): ({LOOSE}, set())
    },
    # A later operation sees what the earlier ones did, and has their prefixes.
    "INSERT DATA { x:s x:p 1 } ; PREFIX y: <http://y.example/> BASE <http://z.example/> INSERT { ?s y:q <a> } WHERE { ?s x:p 1 } ;"
    " DELETE { ?s x:p ?o } WHERE { ?s y:q ?any ; x:p ?o };": {
        None: ({"<http://x.example/s> <http://y.example/q> <http://z.example/a> ."}, set())
    },
    "DROP GRAPH x:other ; CREATE GRAPH x:other ; INSERT DATA { GRAPH x:other { x:s x:label 'o' } }": {},
    "CREATE GRAPH x:new ; CLEAR GRAPH x:new ; DROP GRAPH x:new": {},
    # Graphs as a whole.
    "CLEAR DEFAULT": {None: (set(), {UNNAMED})},
    "drop graph x:other": {OTHER: (set(), {LOOSE})},
    "CLEAR NAMED": {ONE: (set(), {OLD, BELOW}), TWO: (set(), {SECOND}), OTHER: (set(), {LOOSE})},
    "DROP ALL": {ONE: (set(), {OLD, BELOW}), TWO: (set(), {SECOND}), OTHER: (set(), {LOOSE}), None: (set(), {UNNAMED})},
    "COPY x:other TO DEFAULT": {None: ({LOOSE}, {UNNAMED})},
    "ADD DEFAULT TO x:other": {OTHER: ({UNNAMED}, set())},
    "MOVE GRAPH x:other TO GRAPH x:new ; ADD x:new TO x:newer": {
        OTHER: (set(), {LOOSE}),
        URIRef("http://x.example/new"): ({LOOSE}, set()),
        URIRef("http://x.example/newer"): ({LOOSE}, set()),
    },
    "COPY x:other TO x:other": {},
    "MOVE x:other TO x:other ; CLEAR GRAPH x:other": {OTHER: (set(), {LOOSE})},
    "MOVE SILENT x:absent TO x:other": {},
    "CLEAR SILENT GRAPH x:absent": {},
    "CREATE SILENT GRAPH x:other": {},
    # Nothing at all.
    "": {},
    "# nothing but a comment": {},
    "INSERT DATA {}": {},
}


@pytest.mark.parametrize("text", FORMS)
def test_every_form(asked: Asked, text: str) -> None:
    assert asked(text) == FORMS[text]


def test_the_protocol_names_the_dataset(asked: Asked) -> None:
    copied = "INSERT { GRAPH x:g { ?s ?p ?o } } WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    found = asked(copied, default_graphs=(str(OTHER),), named_graphs=(str(TWO),))
    assert found == {URIRef("http://x.example/g"): ({LOOSE, SECOND}, set())}


def test_graphs_that_are_kept_are_not_all(asked: Asked) -> None:
    assert asked("DROP ALL", kept=(str(ONE), str(TWO))) == {OTHER: (set(), {LOOSE}), None: (set(), {UNNAMED})}
    assert asked("DROP GRAPH x:other", kept=(str(OTHER),)) == {OTHER: (set(), {LOOSE})}


def test_variables_are_told_apart_from_what_looks_like_them(asked: Asked) -> None:
    found = asked("INSERT { ?s x:p '?o', ?o } WHERE { GRAPH x:other { ?s ?p ?o } }")
    assert found == {None: ({f'<http://x.example/s> <http://x.example/p> "{text}" .' for text in ("o", "?o")}, set())}


REFUSED: Mapping[str, tuple[type[StoreError], str]] = {
    "LOAD <http://127.0.0.1:9/>": (ServiceRefused, "LOAD"),
    "INSERT DATA {} ; lOaD SILENT <http://127.0.0.1:9/> INTO GRAPH x:g": (ServiceRefused, "LOAD"),
    "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": (ServiceRefused, "SERVICE"),
    "DELETE { ?s ?p ?o } WHERE { SERVICE SILENT ?s { ?s ?p ?o } }": (ServiceRefused, "SERVICE"),
    "INSERT { ?s ?p ?o } WHERE { { SELECT * { SERVICESILENT<http://127.0.0.1:9/>{ ?s ?p ?o } } } }": (ServiceRefused, "SERVICE"),
    "INSERT DATA { x:s x:p [] }": (BlankNodes, "IRI"),
    "INSERT DATA { x:s x:p (1 2) }": (BlankNodes, "IRI"),
    "INSERT { _:b x:p ?o } WHERE { ?s ?p ?o }": (BlankNodes, "IRI"),
    "INSERT { x:s x:p ?b } WHERE { BIND(BNODE() AS ?b) }": (BlankNodes, "IRI"),
    "INSERT { ?s x:says <<( ?s ?p ?o )>> } WHERE { ?s ?p ?o }": (BadUpdate, "RDF 1.2"),
    'INSERT { "a" x:p ?o } WHERE { ?s ?p ?o }': (BadUpdate, "subject"),
    "CREATE GRAPH x:other": (UpdateFailed, "CREATE SILENT"),
    "DROP GRAPH x:absent": (UpdateFailed, "DROP SILENT"),
    "CLEAR GRAPH x:absent": (UpdateFailed, "CLEAR SILENT"),
    "ADD x:absent TO DEFAULT": (UpdateFailed, "ADD SILENT"),
    "INSERT { ?s x:p ?o } WHERE { ?s <http://jena.apache.org/text#query> 'word' }": (BadUpdate, "text index"),
    "INSERT { ?s x:p ?m } WHERE { ?s ?p ?o BIND(x:unknown(?o) AS ?m) }": (BadUpdate, "not supported"),
    f"INSERT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(?o != '{'a' * 2**17}') }}": (BadUpdate, "131072"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused(asked: Asked, text: str) -> None:
    kind, word = REFUSED[text]
    with pytest.raises(kind, match=word) as caught:
        asked(text)
    assert type(caught.value) is kind


PLACES = {
    "INSERT DATA { x:s x:p }": (1, len(PREFIXES) + 23),
    "INSERT DATA { x:s x:p ?v }": (1, len(PREFIXES) + 27),
    "\nINSERT DATA {} ;\n  PREFIX y: <http://y.example/>\n INSERT DATA { y:s\n ! x:p }": (5, 2),
    "INSERT DATA {} ; BASE <a b> INSERT DATA {}": (1, len(PREFIXES) + 24),
    "INSERT DATA {} ;; INSERT DATA {}": (1, len(PREFIXES) + 17),
    "PREFIX y:": (1, len(PREFIXES) + 10),
    "INSERT DATA {": (1, len(PREFIXES) + 14),
}


@pytest.mark.parametrize("text", PLACES)
def test_faults_are_told_with_their_place(asked: Asked, text: str) -> None:
    line, column = PLACES[text]
    with pytest.raises(BadUpdate, match=rf"^error at {line}:{column}: expected "):
        asked(text)


NEGATIVE = [
    "SELECT * { ?s ?p ?o }",
    "INSERT DATA { x:s x:p x:o } INSERT DATA { x:s x:p x:o }",
    "DELETE DATA { _:b x:p x:o }",
    "DELETE WHERE { _:b x:p x:o }",
    "DELETE { _:b x:p x:o } WHERE { ?s ?p ?o }",
    "INSERT DATA { GRAPH ?g { x:s x:p x:o } }",
    "INSERT DATA { GRAPH x:g { GRAPH x:h { x:s x:p x:o } } }",
    "INSERT { ?s ?p ?o }",
    "CLEAR XYZ",
    "COPY x:a",
    "INSERT DATA { x:s x:p x:o } }",
    "LOADED <http://127.0.0.1:9/>",
    "\\u004cOAD <http://127.0.0.1:9/>",
    "INSERT DATA { x:s x:p 'LOAD' } LOAD <http://127.0.0.1:9/>",
]


@pytest.mark.parametrize("text", NEGATIVE)
def test_what_is_no_update_is_refused(asked: Asked, text: str) -> None:
    with pytest.raises(BadUpdate):
        asked(text)


@pytest.mark.parametrize("text", ["INSERT { ?s ?p ?o } USING x:other WHERE { ?s ?p ?o }", "WITH x:g DELETE { ?s ?p ?o } WHERE { }"])
def test_two_datasets_at_once_are_refused(asked: Asked, text: str) -> None:
    with pytest.raises(BadUpdate, match="using-graph-uri"):
        asked(text, named_graphs=(str(OTHER),))


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { x:s x:p 1, 2, 3, 4 }",
        "DELETE { ?s ?p ?o } INSERT { ?s x:q ?o } WHERE { ?s x:label ?o BIND(x:label AS ?p) }",
        "INSERT DATA { x:s x:p 1, 2 } ; INSERT DATA { x:s x:p 3, 4 }",
        "DROP ALL",
    ],
)
def test_statements_are_counted(asked: Asked, text: str) -> None:
    with pytest.raises(TooManyChanges, match="3"):
        asked(text, most=3)
    assert asked(text, most=6)


def test_what_comes_and_goes_again_is_not_counted(asked: Asked) -> None:
    assert asked("INSERT DATA { x:s x:p 1, 2 } ; DELETE DATA { x:s x:p 1, 2 } ; INSERT DATA { x:s x:p 3, 4 }", most=2)
