"""Every question of the library at its address: typed, in every format, on a page, and deaf to what is no value."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import httpx
import pandas
import pytest
from lxml import html
from rdflib import Graph
from rdflib.compare import isomorphic

from referentiel import library, resources
from referentiel.library import LibraryQuestion, Type
from referentiel.store import Engine
from referentiel.vocabulary import LIBRARY_GRAPH

QUESTIONS = resources.questions()
EACH = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
FOLDER = resources.HOME / "queries" / "library"
PAGE = {"Accept": "text/html"}
CRITERIA = {"certification": "000_dc92d59401fb9067", "competency": "C5"}
HOSTILE = ['"} DROP ALL #', "'", "{{7*7}}", "<script>alert(1)</script>", "\\", "?x", "x" * 5000, "", "\x00", "é\u202e"]


def page_of(answer: httpx.Response) -> html.HtmlElement:
    return html.fromstring(answer.content.decode())


def found(page: html.HtmlElement, path: str) -> list[Any]:
    """What an XPath finds."""
    elements = page.xpath(path)
    assert isinstance(elements, list)
    return elements


def recorded(question: LibraryQuestion) -> str:
    return (FOLDER / f"{question.name}.csv").read_bytes().decode()


def tables(form: str) -> dict[str, str]:
    if form == "CONSTRUCT":
        return {
            "ttl": "text/turtle; charset=utf-8",
            "jsonld": "application/ld+json",
            "rdf": "application/rdf+xml",
            "nt": "application/n-triples",
        }
    return {
        "json": "application/sparql-results+json",
        "xml": "application/sparql-results+xml",
        "csv": "text/csv; charset=utf-8",
        "tsv": "text/tab-separated-values; charset=utf-8",
    }


@EACH
def test_the_example_has_its_recorded_answer(client: httpx.Client, question: LibraryQuestion) -> None:
    address = f"/queries/{question.name}"
    if question.form == "CONSTRUCT":
        given = client.get(address, params=question.example).text
        assert isomorphic(Graph().parse(data=given), Graph().parse(FOLDER / f"{question.name}.ttl"))
        return
    for answer in (
        client.get(f"{address}.csv", params=question.example),
        client.get(address, params={**question.example, "format": "csv"}),
        client.get(address, params=question.example, headers={"Accept": "text/csv"}),
    ):
        assert answer.status_code == 200
        assert answer.text.replace("\r\n", "\n") == recorded(question)


@EACH
def test_it_comes_in_every_format_of_its_form(client: httpx.Client, question: LibraryQuestion) -> None:
    for suffix, media_type in tables(question.form).items():
        answer = client.get(f"/queries/{question.name}.{suffix}", params=question.example)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    for suffix in ("exe", "csv.csv", "csv" if question.form == "CONSTRUCT" else "ttl"):
        assert client.get(f"/queries/{question.name}.{suffix}", params=question.example).status_code == 404


@EACH
def test_a_browser_gets_the_form_and_the_answer(client: httpx.Client, question: LibraryQuestion) -> None:
    for language in ("fr", "en"):
        answer = client.get(f"/queries/{question.name}", params={**question.example, "lang": language}, headers=PAGE)
        assert answer.status_code == 200
        page = page_of(answer)
        assert page.findtext(".//h1") == question.title[language]
        fields = {field.get("name"): field for field in found(page, "//form//*[@name]")}
        assert {*question.example, "lang"} <= set(fields)
        for name in (parameter.name for parameter in question.parameters):
            (label,) = found(page, f"//label[@for='{name}']")
            assert next(each for each in question.parameters if each.name == name).description[language] in label.text_content()
            assert found(page, f"//*[@id='{fields[name].get('aria-describedby')}']/code[1]/text()") == [name]
        if question.form == "SELECT" and not question.expects_none:
            shown = len(found(page, "//table/tbody/tr"))
            assert shown == len(pandas.read_csv(StringIO(recorded(question))))
        assert "<script" not in answer.text


@EACH
def test_its_parameters_are_in_openapi(client: httpx.Client, question: LibraryQuestion) -> None:
    operation = openapi(client)["paths"][f"/queries/{question.name}"]["get"]
    assert operation["summary"] == question.title["en"]
    described = {parameter["name"]: parameter for parameter in operation["parameters"]}
    assert set(described) == {parameter.name for parameter in question.parameters} | {"format"}
    for token in described["format"]["schema"]["enum"]:
        assert client.get(f"/queries/{question.name}", params={**question.example, "format": token}).status_code == 200
    assert {"304", "404", "406", "413", "422", "429", "503", "504"} <= set(operation["responses"])
    for parameter in question.parameters:
        operand = described[parameter.name]
        assert operand["required"] == parameter.required
        assert parameter.description["fr"] in operand["description"]
        assert parameter.description["en"] in operand["description"]
        assert str(operand["example"]) == parameter.example
        assert operand["schema"]["type"] == ("integer" if parameter.type is Type.INTEGER else "string")
    assert {"text/html", "text/turtle" if question.form == "CONSTRUCT" else "text/csv"} <= set(
        operation["responses"]["200"]["content"]
    )


def openapi(client: httpx.Client) -> Any:
    return client.get("/openapi.json").json()


def test_the_documentation_page_shows_them(client: httpx.Client) -> None:
    text = client.get("/docs", headers=PAGE).text
    assert all(f"/queries/{question.name}" in text for question in QUESTIONS)


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("criteria", {}, ["certification", "code", "000_dc92d59401fb9067", "rien n'est donné"]),
        ("criteria", {"certification": ""}, ["certification", "rien n'est donné"]),
        ("criteria", {"certification": "a b"}, ["certification", "sans espace", "« a b »"]),
        ("few-criteria", {"most": "x"}, ["most", "nombre entier", "« 1 »", "« x »"]),
        ("terms", {"language": "de"}, ["language", "« fr » ou « en »", "« de »"]),
        ("terms", {"term": "Competency"}, ["term", "IRI", "ref:Competency", "« Competency »"]),
        ("search", {"text": "x" * 201}, ["text", "200", "…"]),
        ("terms", {"terme": "x"}, ["language, term", "« terme »"]),
        ("terms", [("language", "fr"), ("language", "en")], ["language", "une seule valeur"]),
    ],
)
def test_an_unfit_value_is_told(client: httpx.Client, name: str, parameters: Any, words: list[str]) -> None:
    query = urlencode(parameters)
    answer = client.get(f"/queries/{name}.csv?{query}", headers={"Accept-Language": "fr"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["type"].endswith("/problems/invalid-parameter")
    assert all(word in document["detail"] for word in words), document["detail"]
    assert document["messages"]["en"]["detail"] != document["messages"]["fr"]["detail"]
    assert len(document["detail"]) < 400
    assert client.get(f"/queries/{name}?{query or 'certification='}", headers=PAGE).status_code == 422


def test_a_parameter_that_is_not_utf_8_is_told(client: httpx.Client) -> None:
    assert client.get("/queries/criteria.csv?certification=%FF").status_code == 400


def test_an_unknown_or_unfit_format_is_told(client: httpx.Client) -> None:
    for name, token, known in (
        ("criteria", "nonsense", "csv"),
        ("criteria", "ttl", "csv"),
        ("competency-description", "csv", "ttl"),
    ):
        answer = client.get(f"/queries/{name}", params={**CRITERIA, "format": token})
        assert answer.status_code == 422
        assert all(f" {word}" in answer.json()["detail"] for word in ("json", "xml", known))
        assert f"« {token} »" in answer.json()["detail"]


def test_a_number_has_an_upper_bound(client: httpx.Client) -> None:
    detail = client.get("/queries/few-criteria.csv", params={"most": "3000000000000"}).json()["detail"]
    assert detail.startswith(f"most : un nombre entier de 0 à {library.INTEGER_LIMIT} est attendu, par exemple")
    assert client.get("/queries/few-criteria.csv", params={"most": str(library.INTEGER_LIMIT)}).status_code == 200


def test_a_page_without_parameters_asks_for_them(client: httpx.Client) -> None:
    answer = client.get("/queries/criteria", headers=PAGE)
    assert answer.status_code == 200
    assert not page_of(answer).xpath("//table | //*[@role='alert']")


def test_what_clients_of_endpoints_send_beside_is_passed_over(client: httpx.Client) -> None:
    beside = {"output": "json", "results": "json", "format": "", "lang": "en"}
    assert client.get("/queries/criteria", params={**CRITERIA, **beside}, headers={"Accept": "text/csv"}).status_code == 200


def test_an_empty_field_of_a_form_is_no_value(client: httpx.Client) -> None:
    whole = client.get("/queries/criteria.csv", params={"certification": CRITERIA["certification"]})
    assert client.get("/queries/criteria.csv", params={**CRITERIA, "competency": ""}).text == whole.text
    assert whole.text.count("\n") == 43


@EACH
def test_a_hostile_value_is_only_a_value(client: httpx.Client, question: LibraryQuestion, engine: Engine) -> None:
    size = len(engine)
    for parameter in question.parameters:
        for value in HOSTILE:
            asked = {**question.example, parameter.name: value}
            address = f"/queries/{question.name}"
            answer = client.get(address, params=asked)
            assert answer.status_code in {200, 422}, answer.text
            assert (answer.status_code == 422) == (not fits(question, asked))
            page = client.get(address, params=asked, headers=PAGE)
            assert page.status_code == answer.status_code
            assert "<script" not in page.text
            assert "49" not in page.text.partition("<h1")[0]
    assert len(engine) == size


def fits(question: LibraryQuestion, values: dict[str, str]) -> bool:
    try:
        question.bindings(values)
    except library.BadValue:
        return False
    return True


def test_a_value_that_is_shown_again_is_text(client: httpx.Client) -> None:
    value = '"><script>alert(1)</script>'
    page = page_of(client.get("/queries/search", params={"text": value}, headers=PAGE))
    assert found(page, "//input[@name='text']/@value") == [value]
    assert not found(page, "//script")


def test_the_index_has_a_form_for_each_question(client: httpx.Client) -> None:
    for language in ("fr", "en"):
        page = page_of(client.get("/queries", params={"lang": language}, headers=PAGE))
        forms = {form.get("action").rpartition("/")[2]: form for form in found(page, "//form")}
        assert set(forms) == {question.name for question in QUESTIONS}
        identifiers = found(page, "//*/@id")
        assert len(identifiers) == len(set(identifiers))
        text = page.text_content()
        for question in QUESTIONS:
            assert question.title[language] in text
            form = forms[question.name]
            labels = set(found(form, ".//label/@for"))
            assert labels == {field.get("id") for field in found(form, ".//input[@type='text'] | .//select")}
            assert len(labels) == len(question.parameters)


def test_a_form_of_the_index_leads_to_the_recorded_answer(client: httpx.Client) -> None:
    page = page_of(client.get("/queries", headers=PAGE))
    for question in QUESTIONS:
        (form,) = found(page, f"//form[@action='/queries/{question.name}']")
        assert client.get(form.get("action"), params=dict(form.form_values()), headers=PAGE).status_code == 200


def test_the_index_for_machines(client: httpx.Client) -> None:
    listed = client.get("/queries").json()
    assert listed == json.loads(client.get("/queries.json").content)
    assert {entry["name"] for entry in listed} == {question.name for question in QUESTIONS}
    for entry in listed:
        assert client.get(entry["example"]).status_code == 200
    assert client.get("/queries", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/queries.exe").status_code == 404
    assert client.get("/queries/nothing").status_code == 404


def test_the_graph_of_the_library_is_in_the_store_and_at_its_address(client: httpx.Client, engine: Engine) -> None:
    held = engine.graph(LIBRARY_GRAPH)
    for address in ("/library.ttl", "/queries.ttl"):
        assert isomorphic(Graph().parse(data=client.get(address).content, format="turtle"), held)
    page = client.get("/library", headers=PAGE)
    assert 'id="criteria"' in page.text
    assert 'id="parameter/competency"' in page.text


def test_a_public_address_is_the_target_of_the_questions(moved: httpx.Client) -> None:
    assert "https://certif.example/graphe/sparql" in moved.get("/queries.ttl").text
    assert moved.get("/queries").json()[0]["address"].startswith("https://certif.example/graphe/queries/")
    assert 'action="/graphe/queries/criteria"' in moved.get("/queries", headers=PAGE).text
    assert moved.get("/queries/criteria.csv", params=CRITERIA).text.count("\n") == 4
