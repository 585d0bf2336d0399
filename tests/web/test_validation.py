"""The sandbox as its visitors meet it: any data, our rules or theirs, a report that helps; and nothing that is sent can harm."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Literal as OneOf

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright
from rdflib import Graph, Literal
from rdflib.namespace import RDF, SH

from referentiel import resources
from referentiel.exports import table
from referentiel.model import Certification
from referentiel.settings import Settings, Writing
from referentiel.store import open_store
from referentiel.web import create_app

CHROMIUM = Path("/usr/bin/chromium")
REF = "https://w3id.org/referentiel/ns#"
BASE = "https://w3id.org/referentiel/id/certification/"
CODE = "000_dc92d59401fb9067"
TURTLE = {"Content-Type": "text/turtle"}
BARE = f"<{BASE}X> a <{REF}Certification> ; <{REF}hasBlock> <{BASE}X/block/1> . <{BASE}X/block/1> a <{REF}SkillBlock> ."
"""A certification that breaks rules."""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex.example/> .
ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:message "p manque" ] ."""
PERSON = "<http://ex.example/x> a <http://ex.example/T> ."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def turtle() -> bytes:
    """The shipped référentiel."""
    return next(path for path in resources.certification_files() if path.stem == CODE).read_bytes()


def post(client: httpx.Client, content: bytes | str, media_type: str, **headers: str) -> httpx.Response:
    return client.post("/validate", content=content, headers={"Content-Type": media_type, **headers})


def test_a_table_in_each_form_gets_the_report_of_its_rules(client: httpx.Client, seed: Certification, seed_file: Path) -> None:
    for content, media_type in (
        (seed_file.read_bytes(), "text/plain"),
        (table.to_csv(seed), "text/csv"),
        (table.to_xlsx(seed), XLSX),
    ):
        answer = post(client, content, media_type)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        report = answer.json()
        assert report["conforms"] is True
        assert report["contents"]["competencies"] == 21
        assert {result["severity"] for result in report["results"]} == {"info"}


@pytest.mark.parametrize("media_type", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/trig"])
def test_rdf_gets_the_same_report_in_every_syntax(client: httpx.Client, turtle: bytes, media_type: str) -> None:
    syntax = {"application/n-triples": "nt", "application/rdf+xml": "xml"}.get(media_type, "turtle")
    graph = Graph().parse(data=turtle, format="turtle")
    report = post(client, graph.serialize(format=syntax), media_type).json()
    assert report["conforms"] is True
    assert report["counts"] == {"violation": 0, "warning": 0, "info": 5}


def test_what_the_service_serves_as_json_ld_can_be_sent(client: httpx.Client) -> None:
    served = client.get(f"/doc/certification/{CODE}", headers={"Accept": "application/ld+json"})
    report = post(client, served.content, "application/ld+json").json()
    assert report["contents"]["competencies"] == 21


def test_broken_rules_are_an_answer_and_say_how_to_mend(client: httpx.Client) -> None:
    answer = post(client, BARE, "text/turtle")
    assert answer.status_code == 200
    report = answer.json()
    assert report["conforms"] is False
    broken = next(result for result in report["results"] if result["severity"] == "violation")
    assert broken["message"]["fr"]
    assert broken["message"]["en"]
    assert broken["place"]["fr"].startswith(("bloc", "certification"))


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples"])
def test_the_w3c_report_in_each_format(client: httpx.Client, parsed: Callable[[httpx.Response], Graph], accept: str) -> None:
    answer = post(client, BARE, "text/turtle", Accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == accept
    graph = parsed(answer)
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == Literal(False)
    assert len(list(graph.objects(report, SH.result))) == len(post(client, BARE, "text/turtle").json()["results"])


def test_a_format_that_is_not_offered(client: httpx.Client) -> None:
    assert post(client, BARE, "text/turtle", Accept="image/png").status_code == 406


def test_data_without_a_certification(client: httpx.Client) -> None:
    report = post(client, PERSON, "text/turtle").json()
    assert report["conforms"] is True
    assert report["contents"]["certifications"] == 0


def test_the_senders_own_shapes(client: httpx.Client) -> None:
    files = {"data": ("d", PERSON, "text/turtle"), "shapes": ("s", SHAPES, "text/turtle")}
    report = client.post("/validate", files=files).json()
    assert report["conforms"] is False
    assert [(result["focus"], result["message"]) for result in report["results"]] == [("http://ex.example/x", "p manque")]
    files["data"] = ("d", PERSON.replace(" .", " ; <http://ex.example/p> 1 ."), "text/turtle")
    assert client.post("/validate", files=files).json() == {"conforms": True, "count": 0, "results": []}


@pytest.mark.parametrize(
    "shapes",
    [
        "<urn:s> a sh:NodeShape ; sh:targetNode <urn:x> ; sh:property [ sh:minCount 1 ] .",
        "<urn:s> a sh:NodeShape ; sh:targetNode <urn:x> ; sh:minInclusive <urn:y>, 3 .",
    ],
)
def test_shapes_that_make_no_sense(client: httpx.Client, shapes: str) -> None:
    prefixed = f"@prefix sh: <http://www.w3.org/ns/shacl#> . {shapes}"
    files = {"data": ("d", "<urn:x> a <urn:T> .", "text/turtle"), "shapes": ("s", prefixed, "text/turtle")}
    answer = client.post("/validate", files=files)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/problems/invalid-shapes")


def test_shapes_are_never_fetched(client: httpx.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        place = f"http://127.0.0.1:{listener.getsockname()[1]}/s.ttl"
        assert client.post("/validate", params={"shapes": place}, content=BARE, headers=TURTLE).json()["conforms"] is False
        imports = f"<> <http://www.w3.org/2002/07/owl#imports> <{place}> ."
        select = f"SELECT $this WHERE {{ SERVICE <{place}> {{ ?s ?p ?o }} $this a ?t }}"
        calling = SHAPES.replace("sh:property [", f'sh:sparql [ sh:select "{select}" ] ; sh:property [')
        for shapes in (SHAPES + imports, calling):
            client.post("/validate", files={"data": ("d", PERSON + imports, "text/turtle"), "shapes": ("s", shapes, "text/turtle")})
        with pytest.raises(TimeoutError):
            listener.accept()


def test_data_that_cannot_be_read_names_the_place(client: httpx.Client) -> None:
    answer = post(client, "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .", "text/turtle")
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"].endswith("/problems/bad-data")
    assert problem["line"] == 2
    assert "ligne 2" in problem["messages"]["fr"]["detail"]


def test_a_table_that_cannot_be_read_gets_all_its_faults(client: httpx.Client) -> None:
    header = "Bloc;Activité;Compétence;Libellé de la compétence;Évaluation;Critère;Libellé du critère"
    rows = f"{header}\n1;A1;C 1;Un;1;CE1;x\n1;A1;C2;Deux;1;CE 2;y\n"
    answer = client.post("/validate", params={"name": "../../etc/mon.csv"}, content=rows, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["file"] == "mon.csv"
    assert [(fault["row"], fault["column"]) for fault in problem["faults"]] == [(2, "Compétence"), (3, "Critère")]
    assert all(fault["expected"] and fault["found"] and fault["remedy"] for fault in problem["faults"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "image/png"}, 415),
        ({"Content-Type": "text/turtle", "Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "multipart/form-data"}, 400),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 400),
        ({}, 415),
    ],
)
def test_what_is_not_read_is_said(client: httpx.Client, headers: dict[str, str], status: int) -> None:
    answer = client.post("/validate", content=BARE.encode(), headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_form_that_sends_nothing_or_too_much(client: httpx.Client) -> None:
    assert client.post("/validate", files={"data": ("", b"")}).status_code == 400
    two = [("data", ("a.ttl", BARE)), ("text", (None, BARE))]
    assert client.post("/validate", files=two).status_code == 400
    many = [("data", (f"{number}.ttl", BARE)) for number in range(20)]
    assert client.post("/validate", files=many).status_code == 400


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.ttl", BARE),
        (None, BARE),
        ("x.bin", f"@prefix ref: <{REF}> . <{BASE}X> a ref:Certification ."),
        ("x.json", json.dumps({"@id": f"{BASE}X", "@type": f"{REF}Certification"})),
        (None, json.dumps([{"@id": f"{BASE}X", "@type": f"{REF}Certification"}])),
    ],
)
def test_a_browser_need_not_know_what_it_sends(client: httpx.Client, name: str | None, content: str) -> None:
    part = "text" if name is None else "data"
    answer = client.post("/validate", files={part: (name, content.encode(), "application/octet-stream" if name else None)})
    assert answer.status_code == 200, answer.text
    assert answer.json()["contents"]["certifications"] == 1


def test_title_and_number_complete_a_table(client: httpx.Client, seed_file: Path) -> None:
    form = {"title": "Manager de projets", "number": "RNCP99999"}
    report = client.post("/validate", files={"data": (seed_file.name, seed_file.read_bytes())}, data=form).json()
    assert not {"SRC-05", "SRC-06"} & {result["code"] for result in report["results"]}
    assert any(result["label"] for result in report["results"])


def test_the_page_tells_a_certifying_body_what_to_mend(client: httpx.Client) -> None:
    page = client.get("/validate", headers={"Accept": "text/html"}).text
    assert '<form action="/validate" method="post" enctype="multipart/form-data">' in page
    assert '<html lang="fr">' in page
    asked = {"Accept": "text/html"}
    told = client.post("/validate", files={"data": ("x.ttl", BARE)}, headers=asked)
    assert told.status_code == 200
    assert "À corriger : obligations" in told.text
    assert "bloc" in told.text
    english = client.post("/validate", params={"lang": "en"}, files={"data": ("x.ttl", BARE)}, headers=asked).text
    assert "To mend: obligations" in english
    bad = client.post("/validate", files={"data": ("x.csv", "Bloc;Activité;Compétence\n1;A1;C 1\n")}, headers=asked)
    assert bad.status_code == 422
    assert "Pour corriger" in bad.text
    assert "x.csv" in bad.text
    theirs = {"data": ("d.ttl", PERSON), "shapes": ("s.ttl", SHAPES)}
    assert "p manque" in client.post("/validate", files=theirs, headers=asked).text
    assert client.post("/validate", files={"data": ("x.ttl", "<")}, headers=asked).status_code == 400


def test_the_page_shows_no_markup_of_the_sender(client: httpx.Client) -> None:
    data = BARE + f' <{BASE}X> <http://www.w3.org/2004/02/skos/core#prefLabel> "<script>alert(1)</script>"@fr .'
    for content in (data, "<script>alert(1)</script><table>"):
        shown = client.post("/validate", files={"data": ("<script>x.ttl", content)}, headers={"Accept": "text/html"}).text
        assert "<script" not in shown


@pytest.fixture(scope="module")
def narrow(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[[FastAPI], AbstractContextManager[str]]
) -> Iterator[httpx.Client]:
    """A client of a service with narrow limits."""
    settings = replace(Settings(), writing=Writing(body=1, seconds=1, memory=256, validators=1))
    store = open_store(tmp_path_factory.mktemp("narrow") / "store")
    with serve(create_app(store, settings)) as address, httpx.Client(base_url=address, timeout=60) as client:
        post(client, BARE, "text/turtle")  # whoever comes first waits for what is started
        yield client
    store.close()


SLOW = SHAPES.replace('sh:message "p manque"', 'sh:pattern "^(([a-z])+.)+[A-Z]([a-z])+$"')


def test_more_than_is_read_is_refused(narrow: httpx.Client) -> None:
    answer = post(narrow, b"#" * (2**20 + 1), "text/turtle")
    assert answer.status_code == 413
    assert answer.json()["type"].endswith("/problems/body-too-large")

    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b"#" * 2**15

    assert narrow.post("/validate", content=chunks(), headers=TURTLE).status_code == 413


def test_shapes_that_take_for_ever_end_at_the_limit(narrow: httpx.Client) -> None:
    data = f'<http://ex.example/x> a <http://ex.example/T> ; <http://ex.example/p> "{"a" * 60}" .'
    answer = narrow.post("/validate", files={"data": ("d.ttl", data), "shapes": ("s.ttl", SLOW)})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/problems/validation-limit")
    assert post(narrow, BARE, "text/turtle").status_code == 200


def test_a_document_that_takes_too_much_to_read_ends_at_the_limit(narrow: httpx.Client) -> None:
    answer = post(narrow, b"<a:a> <a:b> " + b"(" * 500_000 + b")" * 500_000 + b" .", "text/turtle")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/problems/validation-limit")
    assert post(narrow, BARE, "text/turtle").status_code == 200


def test_too_many_at_once_are_asked_to_come_again(narrow: httpx.Client) -> None:
    data = f'<http://ex.example/x> a <http://ex.example/T> ; <http://ex.example/p> "{"a" * 60}" .'

    def send(_: int) -> httpx.Response:
        return narrow.post("/validate", files={"data": ("d.ttl", data), "shapes": ("s.ttl", SLOW)})

    with ThreadPoolExecutor(7) as threads:
        answers = list(threads.map(send, range(7)))
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert {answer.status_code for answer in answers} <= {422, 503}
    assert narrow.get("/healthz").status_code == 200


def test_a_body_that_never_ends_is_not_waited_for(narrow: httpx.Client) -> None:
    host, port = narrow.base_url.host, narrow.base_url.port
    with socket.create_connection((host, port or 80), timeout=30) as connection:
        connection.sendall(
            b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\nContent-Length: 1000\r\n\r\n<urn:a>"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_the_service_goes_on_while_a_document_is_judged(narrow: httpx.Client) -> None:
    data = f'<http://ex.example/x> a <http://ex.example/T> ; <http://ex.example/p> "{"a" * 60}" .'
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(narrow.post, "/validate", files={"data": ("d.ttl", data), "shapes": ("s.ttl", SLOW)})
        while not slow.done():
            assert narrow.get("/healthz").status_code == 200
            time.sleep(0.05)
        assert slow.result().status_code == 422


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_without_script(
    browser: Browser, address: str, tmp_path: Path, scheme: OneOf["light", "dark"]
) -> None:
    sent = {"broken.ttl": BARE, "mon.csv": "Bloc;Activité;Compétence\n1;A1;C 1\n", "": "", "not.ttl": "<"}
    with browser.new_context(color_scheme=scheme, locale="fr-FR", viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        for name, content in sent.items():
            page.goto(f"{address}/validate")
            if name:
                (tmp_path / name).write_text(content, encoding="utf-8")
                page.get_by_label("Fichier", exact=True).set_input_files(tmp_path / name)
            page.get_by_role("button", name="Contrôler").click()
            page.wait_for_load_state()
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            result = Axe().run(page)
            assert result.violations_count == 0, result.generate_report()
        assert all("status of 4" in line for line in said), said
    with browser.new_context(java_script_enabled=False, locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"{address}/validate")
        page.get_by_label("Ou collez le texte ici").fill(BARE)
        page.get_by_role("button", name="Contrôler").click()
        assert page.get_by_role("heading", name="À corriger : obligations").is_visible()
        assert page.get_by_role("status").is_visible()
