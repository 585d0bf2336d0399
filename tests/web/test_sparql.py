"""The names of the tests follow the checklist of the SPARQL 1.1 Protocol."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from referentiel.store import QUERY_LIMIT, Engine
from referentiel.vocabulary import ONTOLOGY, REF, SKOS, TEXT_INDEX
from referentiel.web.questions import MAX_BODY
from referentiel.web.sparql import is_update
from referentiel.web.syntax import explained

SELECT = f"SELECT ?c ?l {{ ?c a <{REF.Competency}> ; <{SKOS.prefLabel}> ?l }} ORDER BY ?c"
ASK = f"ASK {{ ?c a <{REF.Competency}> }}"
CONSTRUCT = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{ONTOLOGY}> {{ ?s ?p ?o }} }}"
DESCRIBE = f"DESCRIBE <{REF.Competency}>"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def ask(client: httpx.Client, query: str, accept: str = "*/*", **parameters: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": accept})


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (SELECT, BROWSER, "text/html; charset=utf-8"),
        (ASK, "*/*", "application/sparql-results+json"),
        (ASK, "application/sparql-results+xml, application/rdf+xml", "application/sparql-results+xml"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/sparql-results+xml, application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, BROWSER, "text/html; charset=utf-8"),
        (DESCRIBE, "text/turtle", "text/turtle; charset=utf-8"),
    ],
)
def test_content_negotiation_by_query_form(client: httpx.Client, query: str, accept: str, media_type: str) -> None:
    answer = ask(client, query, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["vary"] == "Accept, Accept-Encoding, Accept-Language"


def test_select_says_the_same_in_every_format(client: httpx.Client) -> None:
    expected = {row["c"]["value"] for row in ask(client, SELECT).json()["results"]["bindings"]}
    assert len(expected) == 21
    xml = ElementTree.fromstring(ask(client, SELECT, "application/sparql-results+xml").content)
    assert {node.text for node in xml.iter("{http://www.w3.org/2005/sparql-results#}uri")} == expected
    rows = csv.DictReader(io.StringIO(ask(client, SELECT, "text/csv").text))
    assert {row["c"] for row in rows} == expected
    tsv = ask(client, SELECT, "text/tab-separated-values").text.splitlines()[1:]
    assert {line.partition("\t")[0].strip("<>") for line in tsv} == expected


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_ask_in_csv_and_tsv_is_one_word(client: httpx.Client, suffix: str) -> None:
    assert ask(client, ASK, format=suffix).text.strip() == "true"


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "xml", "jsonld"])
def test_construct_says_the_same_in_every_format(
    client: httpx.Client, parsed: Callable[[httpx.Response], Graph], engine: Engine, suffix: str
) -> None:
    assert isomorphic(parsed(ask(client, CONSTRUCT, format=suffix)), engine.graph(ONTOLOGY))


@pytest.mark.parametrize(
    ("accept", "token", "media_type"),
    [
        ("*/*", "csv", "text/csv"),
        (BROWSER, "csv", "text/csv"),
        ("application/sparql-results+xml", "json", "application/sparql-results+xml"),
        ("*/*", "ttl", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json", "application/sparql-results+json"),
        ("image/png", "json", "application/sparql-results+json"),
    ],
)
def test_format_decides_where_accept_names_none(client: httpx.Client, accept: str, token: str, media_type: str) -> None:
    assert ask(client, SELECT, accept, format=token).headers["content-type"].startswith(media_type)


def test_unknown_parameters_are_passed_over(client: httpx.Client) -> None:
    assert ask(client, SELECT, output="json", results="json", timeout="0").status_code == 200


def test_query_via_post_of_a_form(client: httpx.Client) -> None:
    assert client.post("/sparql", data={"query": ASK}).json()["boolean"] is True


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="UTF-8"'])
def test_query_via_post_directly(client: httpx.Client, charset: str) -> None:
    query = 'ASK { FILTER(STRLEN("é") = 1) }'
    headers = {"Content-Type": f"application/sparql-query{charset}"}
    assert client.post("/sparql", content=query.encode(), headers=headers).json()["boolean"] is True


def test_default_graph_uri_and_named_graph_uri(client: httpx.Client) -> None:
    query = {"query": f"ASK {{ <{REF.Competency}> ?p ?o }}"}
    scheme = "https://w3id.org/referentiel/scheme/assessment-mode"
    assert client.get("/sparql", params=query | {"default-graph-uri": scheme}).json()["boolean"] is False
    assert client.get("/sparql", params=query | {"default-graph-uri": [scheme, str(ONTOLOGY)]}).json()["boolean"] is True
    count = {"query": "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": [scheme, str(ONTOLOGY)]}
    assert client.get("/sparql", params=count).json()["results"]["bindings"][0]["n"]["value"] == "2"
    posted = client.post("/sparql", params={"default-graph-uri": scheme}, data=query)
    assert posted.json()["boolean"] is False


@pytest.mark.parametrize(
    ("content", "content_type", "slug"),
    [
        (b"", "application/sparql-query", "missing-query"),
        (b"", "application/x-www-form-urlencoded", "missing-query"),
        (b"query=ASK{}&query=ASK{}", "application/x-www-form-urlencoded", "repeated-query"),
        (b"query=%FF", "application/x-www-form-urlencoded", "bad-request"),
        (b"\xff", "application/sparql-query", "bad-request"),
        (b"ASK {}", "application/sparql-query; charset=latin-1", "unsupported-media-type"),
        (b"ASK {}", "text/plain", "unsupported-media-type"),
        (b"ASK {}", "", "unsupported-media-type"),
        (b"SELECT", "application/sparql-query", "bad-query"),
        (b"DROP ALL", "application/sparql-update", "token-needed"),
        (b"update=DROP+ALL", "application/x-www-form-urlencoded", "token-needed"),
        (b"#c\nPREFIX a: <b#>\n DROP ALL", "application/sparql-query", "bad-query"),
        (b"a=b&" * 1001, "application/x-www-form-urlencoded", "bad-request"),
        (b" " * (MAX_BODY + 1), "application/sparql-query", "too-large"),
    ],
)
def test_what_is_refused_in_a_body(client: httpx.Client, content: bytes, content_type: str, slug: str) -> None:
    answer = client.post("/sparql", content=content, headers={"Content-Type": content_type})
    assert answer.json()["type"] == f"/problems/{slug}"
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    ("query_string", "slug"),
    [
        ("format=csv", "missing-query"),
        ("query=", "missing-query"),
        ("query=ASK{}&query=ASK{}", "repeated-query"),
        ("query=%FF", "bad-request"),
        ("update=DROP%20ALL", "bad-request"),
        ("query=CLEAR%20ALL", "bad-query"),
        ("query=ASK%7B%7D&default-graph-uri=not%20an%20iri", "bad-request"),
        ("query=" + quote("ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), "service-refused"),
        ("query=" + quote("SELECT (<http://no.example/function>(1) AS ?x) {}"), "bad-query"),
    ],
)
def test_what_is_refused_in_an_address(client: httpx.Client, query_string: str, slug: str) -> None:
    answer = client.get(f"/sparql?{query_string}")
    assert answer.json()["type"] == f"/problems/{slug}"


@pytest.mark.parametrize(
    ("query", "fr", "en"),
    [
        (
            "SELECT ?x {\n  ?x a skos:Concept }",
            f"ligne 2, colonne 8 : le préfixe « skos: » n'est pas déclaré ; ajouter PREFIX skos: <{SKOS}>",
            f"line 2, column 8: the prefix “skos:” is not declared; add PREFIX skos: <{SKOS}>",
        ),
        (
            "PREFIX a: <urn:a> ASK { a:x a:y _:z . FILTER(?x = unheard:of) } # no:name",
            "ligne 1, colonne 51 : le préfixe « unheard: » n'est pas déclaré ; ajouter PREFIX unheard: <…>",
            "line 1, column 51: the prefix “unheard:” is not declared; add PREFIX unheard: <…>",
        ),
        ("SELEC", "ligne 1, colonne 1 : « SELEC » n'est pas compris ici", "line 1, column 1: “SELEC” is not understood here"),
        ("ASK {} LIMIT x", "ligne 1, colonne 14 : « x » n'est pas compris ici", "line 1, column 14: “x” is not understood here"),
        (
            "ASK {\n} garbage",
            "ligne 2, colonne 3 : trouvé « garbage » ; attendu HAVING, OFFSET, VALUES",
            "line 2, column 3: found “garbage”; expected HAVING, OFFSET, VALUES",
        ),
        (
            "SELECT",
            'ligne 1, colonne 7 : la question s\'arrête ici ; attendu "$", "(", "*", "?"',
            'line 1, column 7: the query ends here; expected "$", "(", "*", "?"',
        ),
        (
            "SELECT ?x { ?x ?y ?z } GROUP BY ?z",
            "ligne 1, colonne 35 : SELECT nomme une variable qui n'est ni groupée ni agrégée",
            "line 1, column 35: SELECT names a variable that is neither grouped nor aggregated",
        ),
    ],
)
def test_a_syntax_error_is_told_in_words(client: httpx.Client, query: str, fr: str, en: str) -> None:
    messages = ask(client, query).json()["messages"]
    assert (messages["fr"]["detail"], messages["en"]["detail"]) == (fr, en)


@settings(deadline=None)
@given(st.lists(st.sampled_from([*"{}()[]<>?.;,'\"\\\n#:é_ ", "SELECT", "x:y", "?x", "WHERE", "FILTER"]), max_size=12))
def test_no_text_makes_the_words_fail(parts: list[str]) -> None:
    query = "".join(parts)
    for message in (
        f"error at 1:{len(query) + 1}: expected [_]",
        "error at 7:9: expected one of \"{\", HAVING, [_], ['a' ..= 'b' | ']'], Some thing",
        "error at 1:3: expected one of HAVING, OFFSET",
        "error at 1:1: expected ['%']",
    ):
        told = explained(query, message)
        assert told is not None
        assert "[_]" not in told.en
    assert explained(query, "no message of a parser") is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE est refusé : ce point d'accès n'en appelle aucun autre"),
        (f"PREFIX text: <{TEXT_INDEX}> SELECT * {{ ?s text:query 12 }}", "text:query : après lui se met ce qui est cherché"),
        (f"PREFIX text: <{TEXT_INDEX}> SELECT * {{ ?s text:query '\"a' }}", 'text:query : il manque un guillemet dans « "a »'),
        (f"PREFIX text: <{TEXT_INDEX}> SELECT * {{ ?s text:query 'a' ", "« { » n'est jamais fermé"),
    ],
)
def test_what_a_worker_refuses_is_told_in_french_too(client: httpx.Client, query: str, words: str) -> None:
    messages = ask(client, query).json()["messages"]
    assert words in messages["fr"]["detail"]
    assert messages["fr"]["detail"] != messages["en"]["detail"]


def test_the_endpoint_is_described(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for path in ("/sparql", "/sparql.{suffix}"):
        for operation in paths[path].values():
            responses = operation["responses"]
            assert {"200", "304", "400", "403", "406", "413", "415", "429", "502", "503", "504"} <= set(responses)
            assert all("Retry-After" in responses[status]["headers"] for status in ("429", "503", "504"))
            assert {"ETag", "Query-Limits", "RateLimit"} <= set(responses["200"]["headers"])
            assert f"{QUERY_LIMIT // 1024} KiB" in responses["413"]["description"]
    assert "text:query" in paths["/sparql"]["get"]["description"]
    (suffix,) = (parameter for parameter in paths["/sparql.{suffix}"]["get"]["parameters"] if parameter["in"] == "path")
    for token in suffix["schema"]["enum"]:
        statuses = {client.get(f"/sparql.{token}", params={"query": query}).status_code for query in (ASK, CONSTRUCT)}
        assert statuses <= {200, 406}
        assert 200 in statuses


def test_nothing_on_offer_fits(client: httpx.Client) -> None:
    answer = ask(client, SELECT, "image/png")
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["detail"]


def test_a_browser_gets_a_form_and_the_error_beside_its_query(client: httpx.Client) -> None:
    form = client.get("/sparql", headers={"Accept": BROWSER})
    assert form.status_code == 200
    assert '<label for="query">' in form.text
    refused = ask(client, "SELEC <b>", BROWSER)
    assert refused.status_code == 400
    assert "SELEC &lt;b&gt;" in refused.text


def test_a_page_shows_no_more_rows_than_people_read(client: httpx.Client) -> None:
    for query in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        page = ask(client, query, BROWSER).text
        assert page.count("<tr>") == 1001
        assert "Seules les premières lignes" in page
    page = ask(client, SELECT, BROWSER).text
    assert page.count("<tr>") == 22
    assert "Seules" not in page


TERMS = {
    "triple": "<<( <a:s> <a:p> <a:o> )>>",
    "direction": '"a"@en--ltr',
    "ill-typed": '"x"^^<http://www.w3.org/2001/XMLSchema#integer>',
}


@pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)
def test_a_page_shows_any_term(client: httpx.Client, term: str) -> None:
    page = ask(client, f"CONSTRUCT {{ <a:s> <a:p> {term}, 1, 2.5, true }} WHERE {{}}", BROWSER)
    assert page.status_code == 200
    assert "a:p" in page.text


def test_a_page_cuts_a_long_text(client: httpx.Client) -> None:
    longer = [f"BIND(CONCAT({', '.join([f'?t{number}'] * 20)}) AS ?t{number + 1})" for number in range(4)]
    query = f'SELECT ?t4 {{ BIND("0123456789" AS ?t0) {" ".join(longer)} }}'
    assert len(ask(client, query).json()["results"]["bindings"][0]["t4"]["value"]) == 1_600_000
    page = ask(client, query, BROWSER).text
    assert "0123456789…" in page
    assert len(page) < 50_000


def test_what_a_format_cannot_write_is_the_senders_fault(client: httpx.Client) -> None:
    answer = ask(client, "CONSTRUCT { <a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> } WHERE {}", "application/ld+json")
    assert answer.status_code == 400


def test_a_prefix_may_begin_like_a_keyword(client: httpx.Client) -> None:
    query = f"PREFIX fromage: <{SKOS}> ASK {{ ?s fromage:prefLabel ?o }}"
    assert ask(client, query).json()["boolean"] is True


def test_our_iris_in_a_table_lead_to_their_pages(client: httpx.Client) -> None:
    page = ask(client, SELECT, BROWSER).text
    assert 'href="/doc/certification/000_dc92d59401fb9067/competency/C1"' in page


def test_pandas_reads_an_address(address: str) -> None:
    frame = pandas.read_csv(f"{address}/sparql?query={quote(SELECT)}&format=csv")
    assert list(frame.columns) == ["c", "l"]
    assert len(frame) == 21


def test_rdflib_asks_every_form(address: str) -> None:
    store = SPARQLStore(f"{address}/sparql")
    assert len(store.query(SELECT)) == 21
    assert store.query(ASK).askAnswer is True
    assert len(store.query(CONSTRUCT)) > 300


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSERT DATA {}", True),
        ("BASE <http://a/> PREFIX : <b> # c\n delete where {}", True),
        ("SELECT * { ?insert ?p ?o }", False),
        ("# INSERT\nASK {}", False),
        ("", False),
        ("#" * 100_000, False),
    ],
)
def test_an_update_is_known_by_its_first_word(text: str, expected: bool) -> None:
    assert is_update(text) is expected
