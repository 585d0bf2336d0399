"""Clients that are programs of their own: curl, roqet and Comunica. `make clients` installs them; what is absent is skipped."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from rdflib import RDFS, Graph

from clients.questions import CODES, CONSTRUCT, CRITERIA, NO, PREFIXES, SELECT, YES, codes

COMUNICA = Path(__file__).parents[2] / ".clients" / "node_modules" / ".bin" / "comunica-sparql"
TABLE = "application/sparql-results+json"


def output(program: str | Path, *arguments: str, successes: Collection[int] = (0,)) -> str:
    """What a program prints. Skips the test where the program is absent."""
    if shutil.which(program) is None:
        pytest.skip(f"{Path(program).name} is not installed: make clients")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in successes, done.stderr
    return done.stdout


def curl(*arguments: str) -> str:
    """The body that curl gets; an error status fails."""
    return output("curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "30", *arguments)


def comunica(query: str, media_type: str, *sources: str) -> str:
    """The answer that Comunica writes."""
    if shutil.which("node") is None or int(output("node", "--version").lstrip("v").partition(".")[0]) < 20:
        pytest.skip("Comunica needs Node 20 or newer")
    return output(COMUNICA, *sources, "--query", query, "--outputType", media_type)


def form(query: str) -> list[str]:
    return ["--data-urlencode", f"query={query}"]


def direct(query: str) -> list[str]:
    return ["--header", "Content-Type: application/sparql-query", "--data-binary", query]


def get(query: str) -> list[str]:
    return ["--get", *form(query)]


@pytest.mark.parametrize("way", [get, form, direct])
@pytest.mark.parametrize("compression", [[], ["--compressed"]])
def test_curl_select(endpoint: str, way: Callable[[str], list[str]], compression: list[str]) -> None:
    text = curl(endpoint, "--header", "Accept: text/csv", *compression, *way(SELECT))
    assert dict(csv.reader(io.StringIO(text))) == {"code": "criterion", **CRITERIA}


@pytest.mark.parametrize("way", [get, form, direct])
def test_curl_ask_and_construct(endpoint: str, way: Callable[[str], list[str]]) -> None:
    assert json.loads(curl(endpoint, *way(YES)))["boolean"] is True
    assert json.loads(curl(endpoint, *way(NO)))["boolean"] is False
    graph = Graph().parse(data=curl(endpoint, "--header", "Accept: text/turtle", *way(CONSTRUCT)), format="turtle")
    assert sorted(codes(graph)) == sorted(CODES)


def test_curl_asks_again_and_is_told_that_nothing_changed(endpoint: str, tmp_path: Path) -> None:
    answer, tag = tmp_path / "answer.csv", tmp_path / "etag"
    question = [endpoint, *get(SELECT), "--header", "Accept: text/csv", "--output", str(answer), "--write-out", "%{http_code}"]
    assert curl(*question, "--etag-save", str(tag)) == "200"
    first = answer.read_bytes()
    assert curl(*question, "--etag-compare", str(tag)) == "304"
    assert answer.read_bytes() == first


def roqet(*arguments: str) -> str:
    """What roqet prints. It exits with 1 on failure, and after some successes with 2."""
    return output("roqet", "-q", *arguments, successes=(0, 2))


def test_roqet_select(endpoint: str) -> None:
    """Rasqal asks for SPARQL's XML whatever the query is, and reads neither booleans nor graphs from an endpoint."""
    text = roqet("-r", "csv", "-p", endpoint, "-e", SELECT)
    assert dict(csv.reader(io.StringIO(text))) == {"code": "criterion", **CRITERIA}


def test_roqet_reads_what_construct_answers(endpoint: str) -> None:
    """The answer as a graph that roqet fetches by its address, with raptor's long Accept, and asks itself."""
    graph = f"{endpoint}?{urlencode({'query': CONSTRUCT})}"
    text = roqet("-i", "sparql", "-r", "csv", "-D", graph, "-e", "SELECT ?code { ?c ?notation ?code }")
    assert sorted(text.split()) == sorted(["code", *CODES])


def test_roqet_calls_the_endpoint_as_a_service(endpoint: str) -> None:
    query = f"{PREFIXES} SELECT ?code {{ SERVICE <{endpoint}> {{ ?c a ref:Competency ; skos:notation ?code }} }}"
    text = roqet("-i", "sparql", "-r", "csv", "-e", query)
    assert sorted(text.split()) == sorted(["code", *CODES])


@pytest.mark.parametrize("prefix", ["", "sparql@"], ids=["finds out what the address is", "is told that it is an endpoint"])
def test_comunica_select(endpoint: str, prefix: str) -> None:
    bindings = json.loads(comunica(SELECT, TABLE, prefix + endpoint))["results"]["bindings"]
    assert {row["code"]["value"]: row["criterion"]["value"] for row in bindings} == CRITERIA
    assert {row["criterion"]["xml:lang"] for row in bindings} == {"fr"}


@pytest.mark.parametrize(("query", "expected"), [(YES, True), (NO, False)])
def test_comunica_ask(endpoint: str, query: str, expected: bool) -> None:
    assert json.loads(comunica(query, TABLE, endpoint))["boolean"] is expected


def test_comunica_construct(endpoint: str) -> None:
    graph = Graph().parse(data=comunica(CONSTRUCT, "application/n-triples", endpoint), format="nt")
    assert sorted(codes(graph)) == sorted(CODES)


def test_comunica_joins_the_endpoint_with_a_document(endpoint: str) -> None:
    """Two sources in one query: the labels of the ontology are in the document, the competencies behind the endpoint."""
    document = endpoint.removesuffix("sparql") + "ns.ttl"
    query = f'{PREFIXES} SELECT ?label {{ ?c skos:notation "C21" ; a ?class . ?class <{RDFS.label}> ?label }}'
    bindings = json.loads(comunica(query, TABLE, f"sparql@{endpoint}", document))["results"]["bindings"]
    assert {"value": "compétence", "xml:lang": "fr", "type": "literal"} in [row["label"] for row in bindings]


def test_what_npm_installs_is_pinned_and_comes_from_whatever_registry_one_uses() -> None:
    packages = json.loads(Path(__file__).with_name("package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = [package for name, package in packages.items() if name]
    assert len(installed) > 100
    assert all(package["integrity"].startswith("sha512-") for package in installed)
    assert not any("resolved" in package for package in installed)
