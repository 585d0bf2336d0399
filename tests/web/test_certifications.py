"""Certifications as clients write them: made, read, replaced, completed, changed, withdrawn, restored; and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyld import jsonld
from rdflib import DCTERMS, RDF, Graph, Literal, URIRef

from referentiel.access import FILE, Tokens
from referentiel.exports import table
from referentiel.gate.working_out import described_as
from referentiel.graph import from_graph
from referentiel.model import Certification
from referentiel.settings import Settings, Writing
from referentiel.store import Changes, Engine, GraphChange
from referentiel.vocabulary import HYDRA, REF, SH, SKOS
from referentiel.web.patching import TREE_LIMIT
from web.writing import BASE, TURTLE, Serve, broken, small, writable

FORMATS = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}
MERGE = {"Content-Type": "application/merge-patch+json"}
UPDATE = {"Content-Type": "application/sparql-update"}
_numbers = count(1)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[tuple[httpx.Client, Engine]]:
    with writable(tmp_path_factory.mktemp("certifications") / "store", serve) as served:
        yield served


@pytest.fixture(scope="module")
def client(service: tuple[httpx.Client, Engine]) -> httpx.Client:
    return service[0]


@pytest.fixture(scope="module")
def store(service: tuple[httpx.Client, Engine]) -> Engine:
    return service[1]


@pytest.fixture
def code() -> str:
    """An identifier that nothing bears yet."""
    return f"T{next(_numbers)}"


@pytest.fixture
def held(client: httpx.Client, code: str) -> str:
    """The identifier of a certification that was just put in."""
    assert client.put(f"/certifications/{code}", content=small(code), headers=TURTLE).status_code == 201
    return code


@pytest.fixture(scope="module")
def steady(client: httpx.Client) -> str:
    """The identifier of a certification that no test changes."""
    assert client.put("/certifications/STEADY", content=small("STEADY"), headers=TURTLE).status_code == 201
    return "STEADY"


def name_of(code: str) -> URIRef:
    return URIRef(f"{BASE}certification/{code}")


def read(code: str) -> Certification:
    """The records of a small certification."""
    return from_graph(Graph().parse(data=small(code), format="turtle"), name_of(code))


def label_of(store: Engine, code: str) -> str | None:
    return str(store.graph(name_of(code)).value(name_of(code), SKOS.prefLabel))


def test_put_makes_a_certification_then_replaces_it(client: httpx.Client, store: Engine, code: str) -> None:
    made = client.put(f"/certifications/{code}", content=small(code), headers=TURTLE)
    assert made.status_code == 201
    assert made.headers["location"].endswith(f"/certifications/{code}")
    told = made.json()
    assert told["added"] == len(store.statements(name_of(code))) == len(Graph().parse(data=small(code), format="turtle"))
    assert told["removed"] == 0
    assert told["version"] == told["revision"]["number"]
    assert told["revision"]["who"] == "essai"
    assert told["report"]["conforms"] is True

    again = client.put(f"/certifications/{code}", content=small(code), headers=TURTLE)
    assert again.status_code == 200
    assert again.json()["revision"] is None, "there was nothing to change"
    assert again.json()["version"] == told["version"]
    assert "location" not in again.headers

    changed = small(code).replace("Certification d'exemple", "Autre titre")
    replaced = client.put(f"/certifications/{code}", content=changed, headers=TURTLE)
    assert replaced.status_code == 200
    assert (replaced.json()["added"], replaced.json()["removed"]) == (1, 1)
    assert label_of(store, code) == "Autre titre"


@pytest.mark.parametrize("media_type", [*FORMATS, "application/ld+json", "application/trig", "application/n-quads"])
def test_what_is_read_in_a_format_can_be_written_back_in_it(
    client: httpx.Client, store: Engine, held: str, media_type: str
) -> None:
    before = store.statements(name_of(held))
    if media_type in {"application/trig", "application/n-quads"}:
        lines = (line.removesuffix(" .") for line in before)
        body = "\n".join(f"{line} {name_of(held).n3()} ." for line in lines)
        body = f"{name_of(held).n3()} {{ {' '.join(before)} }}" if media_type == "application/trig" else body
    else:
        read = client.get(f"/certifications/{held}", headers={"Accept": media_type})
        assert read.headers["content-type"].partition(";")[0] == media_type
        body = read.text
    client.patch(f"/certifications/{held}", json={"prefLabel": {"fr": "Changé"}}, headers=MERGE)
    answer = client.put(f"/certifications/{held}", content=body.encode(), headers={"Content-Type": media_type})
    assert answer.status_code == 200, answer.text
    assert store.statements(name_of(held)) == before


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_table_is_a_certification(client: httpx.Client, store: Engine, code: str, suffix: str) -> None:
    record = replace(read(code), label="Par tableau")
    data = table.to_csv(record) if suffix == "csv" else table.to_xlsx(record)
    media_type = "text/csv" if suffix == "csv" else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Type": media_type, "Content-Disposition": f"attachment; filename*=UTF-8''mod%C3%A8le.{suffix}"}
    answer = client.put(f"/certifications/{code}", content=data, headers=headers)
    assert answer.status_code == 201, answer.text
    assert label_of(store, code) == "Par tableau"
    graph = store.graph(URIRef(f"{BASE}provenance"))
    assert str(graph.value(URIRef(f"{name_of(code)}/source"), REF.fileName)) == f"modèle.{suffix}"


def test_the_official_table_needs_its_title_beside_it(client: httpx.Client, store: Engine, code: str, seed_file: Path) -> None:
    answer = client.put(
        f"/certifications/{code}",
        params={"title": "Chargé d'essais", "number": "RNCP88", "name": "/tmp/../tableau.txt", "why": "première version"},
        content=seed_file.read_bytes(),
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["revision"]["why"] == "première version"
    assert label_of(store, code) == "Chargé d'essais"
    assert (name_of(code), REF.registerNumber, Literal("RNCP88")) in store.graph(name_of(code))
    provenance = store.graph(URIRef(f"{BASE}provenance"))
    assert str(provenance.value(URIRef(f"{name_of(code)}/source"), REF.fileName)) == "tableau.txt"


def test_a_table_that_cannot_be_read_is_refused_with_each_fault(client: httpx.Client, code: str) -> None:
    faulty = "Bloc;Activité;Compétence\n1;A1;C 1\n".encode()
    answer = client.put(f"/certifications/{code}", content=faulty, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"].endswith("/problems/unreadable-table")
    assert len(problem["faults"]) == 4
    assert all(fault["expected"] and fault["found"] and fault["remedy"] and fault["row"] for fault in problem["faults"])
    assert client.get(f"/certifications/{code}").status_code == 404
    page = client.put(f"/certifications/{code}", content=faulty, headers={"Content-Type": "text/csv", "Accept": "text/html"})
    assert page.status_code == 422
    assert problem["faults"][0]["column"] in page.text


def test_a_certification_that_breaks_rules_is_refused_with_what_to_mend(client: httpx.Client, store: Engine, code: str) -> None:
    def send(**headers: str) -> httpx.Response:
        content = broken(code).encode()
        return client.put(f"/certifications/{code}", content=content, headers={"Content-Type": "application/n-triples", **headers})

    for language, words in (("fr", "aucun critère d'évaluation. Ajoutez"), ("en", "has no assessment criterion. Add")):
        refused = send(**{"Accept-Language": language})
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
        problem = refused.json()
        (result,) = [result for result in problem["results"] if result["rule"] == "CORE-01"]
        assert result["severity"] == "violation"
        assert (result["certification"], result["competency"]) == (code, "C2")
        assert words in result["message"]
        assert result["messages"].keys() == {"fr", "en"}
        assert problem["report"]["conforms"] is False
        assert problem["report"]["counts"]["violation"] >= 1
    assert not store.statements(name_of(code)), "nothing was written"
    page = send(**{"Accept": "text/html", "Accept-Language": "fr"})
    assert page.status_code == 422
    assert page.headers["content-type"].startswith("text/html")
    assert "CORE-01" in page.text
    assert "aucun critère d&#39;évaluation. Ajoutez" in page.text
    assert "compétence C2, bloc 2" in page.text


@pytest.mark.parametrize("media_type", [*FORMATS, "application/ld+json"])
def test_the_report_is_had_as_the_w3c_defines_it(client: httpx.Client, code: str, media_type: str) -> None:
    headers = {"Content-Type": "application/n-triples", "Accept": media_type}
    answer = client.put(f"/certifications/{code}", content=broken(code).encode(), headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"].partition(";")[0] == media_type
    content: Any = answer.content
    if media_type not in FORMATS:
        content = jsonld.to_rdf(answer.json(), {"format": "application/n-quads"})
    graph = Graph().parse(data=content, format=FORMATS.get(media_type, "nt"))
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    focuses = {str(focus) for result in graph.objects(report, SH.result) for focus in graph.objects(result, SH.focusNode)}
    assert f"{name_of(code)}/competency/C2" in focuses


def test_an_accepted_write_tells_what_the_rules_find_short_of_refusing(client: httpx.Client, held: str) -> None:
    answer = client.patch(f"/certifications/{held}", json={"registerNumber": None}, headers=MERGE)
    assert answer.status_code == 200
    assert [result["severity"] for result in answer.json()["results"]] == ["info"]
    turtle = client.patch(f"/certifications/{held}", json={"prefLabel": {"fr": "x"}}, headers=MERGE | {"Accept": "text/turtle"})
    assert turtle.status_code == 200
    graph = Graph().parse(data=turtle.content, format="turtle")
    assert list(graph.subjects(RDF.type, SH.ValidationReport))


def test_a_merge_patch_changes_the_tree_that_is_read(client: httpx.Client, store: Engine, held: str) -> None:
    before = store.statements(name_of(held))
    patch = {"prefLabel": {"fr": "Titre changé", "en": "Changed title"}, "registerNumber": None}
    answer = client.patch(f"/certifications/{held}?why=titre", json=patch, headers=MERGE)
    assert answer.status_code == 200, answer.text
    tree = client.get(f"/certifications/{held}", headers={"Accept": "application/ld+json"}).json()
    assert tree["prefLabel"] == patch["prefLabel"]
    assert "registerNumber" not in tree
    after = store.statements(name_of(held))
    assert len(before - after) == 2
    assert len(after - before) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "JSON"),
        (b"[]", "object"),
        (b'{"@context": "https://evil.example/context"}', "evil.example"),
        (b'{"@context": null}', "@context"),
        (b'{"@context": [{"prefLabel": "urn:a"}]}', "@context"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "JSON"),
    ],
)
def test_a_merge_patch_that_cannot_be_read_is_refused(client: httpx.Client, steady: str, body: bytes, words: str) -> None:
    answer = client.patch(f"/certifications/{steady}", content=body, headers=MERGE)
    assert answer.status_code == 400, answer.text
    assert words in answer.json()["detail"]


def test_a_merge_patch_changes_a_certification_that_does_not_link_to_all_it_holds(
    client: httpx.Client, store: Engine, held: str
) -> None:
    note = f"<{name_of(held)}/note> {RDF.type.n3()} <urn:example:Note> ."
    assert client.post(f"/certifications/{held}", content=note, headers=TURTLE).status_code == 200
    before = store.statements(name_of(held))
    tree = client.get(f"/certifications/{held}", headers={"Accept": "application/ld+json"}).json()
    assert "@graph" in tree
    patch = {"@context": tree["@context"], "prefLabel": {"fr": "Changé"}, "skos:altLabel": {"@value": "Autre", "@language": "fr"}}
    answer = client.patch(f"/certifications/{held}", json=patch, headers=MERGE)
    assert answer.status_code == 200, answer.text
    after = store.statements(name_of(held))
    assert {line.split(" ", 2)[2] for line in after - before} == {'"Changé"@fr .', '"Autre"@fr .'}
    assert len(before - after) == 1
    assert note in after


@pytest.mark.parametrize("key", ["titre", "@id", "@graph", "@version", "_:x", "", "\ud800"])
def test_a_key_that_the_context_does_not_know_is_named(client: httpx.Client, store: Engine, steady: str, key: str) -> None:
    before = store.statements(name_of(steady))
    patch = json.dumps({"prefLabel": {"fr": "Changé"}, key: "x"})
    answer = client.patch(f"/certifications/{steady}", content=patch, headers=MERGE)
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"].endswith("/problems/unfit-data")
    for message in answer.json()["messages"].values():
        assert (key if key.isprintable() and key else "") in message["detail"]
        assert "prefLabel" not in message["detail"]
    assert store.statements(name_of(steady)) == before


def test_the_tree_of_a_huge_certification_is_not_patched(client: httpx.Client, store: Engine, held: str) -> None:
    name = name_of(held)
    notes = frozenset(f'{name.n3()} {SKOS.hiddenLabel.n3()} "{number}" .' for number in range(TREE_LIMIT))
    store.apply(Changes.of([GraphChange(name, added=notes)]))
    answer = client.patch(f"/certifications/{held}", json={"prefLabel": {"fr": "Changé"}}, headers=MERGE)
    assert answer.status_code == 422
    assert str(TREE_LIMIT) in answer.json()["detail"]
    assert "SPARQL" in answer.json()["detail"]


def test_json_ld_that_takes_too_long_is_given_up(tmp_path: Path, serve: Serve) -> None:
    terms = {f"t{number}": "urn:t" for number in range(10_000)}
    nodes = [{"@context": {"a": "urn:a"}} for _ in range(10_000)]  # half a megabyte, a minute
    settings = Settings(store=tmp_path / "store", writing=Writing(seconds=0.5))
    with writable(tmp_path / "store", serve, settings) as (client, store):
        name = name_of("X")
        store.apply(Changes.of([GraphChange(name, added=frozenset({described_as(name)}))]))
        whole = {"@context": terms, "urn:p": nodes}
        patch = {"urn:p": [{"@context": terms, "urn:p": nodes}]}
        for method, media_type, body in (("PUT", "application/ld+json", whole), ("PATCH", MERGE["Content-Type"], patch)):
            answer = client.request(method, "/certifications/X", content=json.dumps(body), headers={"Content-Type": media_type})
            assert answer.status_code == 422, answer.text
            assert answer.json()["type"].endswith("/problems/validation-limit")


def test_an_update_changes_a_part_and_stays_within(client: httpx.Client, store: Engine, held: str) -> None:
    def send(text: str) -> httpx.Response:
        return client.patch(f"/certifications/{held}", content=text.encode(), headers=UPDATE)

    name = name_of(held).n3()
    label = SKOS.prefLabel.n3()
    done = send(f'DELETE {{ {name} {label} ?old }} INSERT {{ {name} {label} "Nouveau"@fr }} WHERE {{ {name} {label} ?old }}')
    assert done.status_code == 200, done.text
    assert label_of(store, held) == "Nouveau"
    beyond = send("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    assert beyond.status_code == 422
    assert str(name_of(held)) in beyond.json()["detail"]
    assert beyond.json()["messages"]["fr"]["detail"].endswith("touche aussi : le graphe sans nom")
    assert beyond.json()["messages"]["en"]["detail"].endswith("also touches: the unnamed graph")
    unread = send("INSERT {")
    assert unread.status_code == 400
    assert unread.json()["type"].endswith("/problems/bad-update")
    assert send("LOAD <http://127.0.0.1:1/>").status_code == 403
    breaking = send(f"DELETE WHERE {{ {name} {REF.hasBlock.n3()} ?b }}")
    assert breaking.status_code == 422
    assert breaking.json()["type"].endswith("/problems/rules-broken")


def test_post_adds(client: httpx.Client, store: Engine, held: str) -> None:
    note = f'{name_of(held).n3()} {SKOS.altLabel.n3()} "Autre nom"@fr .'
    before = store.statements(name_of(held))
    answer = client.post(f"/certifications/{held}", content=note.encode(), headers=TURTLE)
    assert answer.status_code == 200, answer.text
    assert store.statements(name_of(held)) - before == {note}
    assert client.post(f"/certifications/{held}", content=b"a;b", headers={"Content-Type": "text/csv"}).status_code == 415


def test_what_is_withdrawn_is_gone_until_it_is_restored(client: httpx.Client, store: Engine, held: str) -> None:
    before = store.statements(name_of(held))
    version = client.get(f"/certifications/{held}").headers["etag"].strip('"').partition("-")[0]
    withdrawn = client.delete(f"/certifications/{held}", params={"replaced-by": "https://example.org/other"})
    assert withdrawn.status_code == 200
    assert withdrawn.json()["revision"]["kind"] == "withdraw"
    gone = client.get(f"/certifications/{held}")
    assert gone.status_code == 410
    assert "https://example.org/other" in json.dumps(gone.json())
    assert client.delete(f"/certifications/{held}").status_code == 410
    assert client.patch(f"/certifications/{held}", json={}, headers=MERGE).status_code == 410
    listed = client.get("/certifications", headers={"Accept": "application/n-triples"}).text
    assert f"/certification/{held}>" not in listed

    restored = client.post(f"/certifications/{held}/restore", params={"version": version})
    assert restored.status_code == 201, restored.text
    assert store.statements(name_of(held)) == before
    assert client.get(f"/certifications/{held}").status_code == 200


def test_the_last_version_is_told_of_what_was_withdrawn_and_then_given_a_successor(
    client: httpx.Client, store: Engine, held: str
) -> None:
    version = client.get(f"/certifications/{held}").headers["etag"].strip('"').partition("-")[0]
    assert client.delete(f"/certifications/{held}").status_code == 200
    notice = store.statements(name_of(held))
    for successor in ("urn:a:b", "urn:a:c"):
        completed = notice | {f"{name_of(held).n3()} {DCTERMS.isReplacedBy.n3()} <{successor}> ."}
        assert client.put(f"/certifications/{held}", content="\n".join(completed), headers=TURTLE).status_code in {200, 201}
    gone = client.get(f"/certifications/{held}")
    assert gone.status_code == 410
    assert gone.json()["last_version"].endswith(f"/certifications/{held}?version={version}")
    assert "Accept-Datetime" in gone.headers["vary"]


@pytest.mark.parametrize(
    "replaced_by",
    ["", "x", "javascript:alert(1)", "http:x", "http://", "urn:x", "https://a b", "https://a/\x00", "mailto:a@b.fr", None],
)
def test_what_takes_its_place_is_something_else_that_can_be_followed(
    client: httpx.Client, steady: str, replaced_by: str | None
) -> None:
    sent = str(name_of(steady)) if replaced_by is None else replaced_by
    answer = client.delete(f"/certifications/{steady}", params={"replaced-by": sent})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/problems/invalid-parameter")
    assert "replaced-by" in answer.json()["detail"]


@pytest.mark.parametrize("replaced_by", ["URN:isbn:0451450523", "HTTP://example.org", "https://exemple.fr/é"])
def test_what_takes_its_place_may_be_a_name_or_an_address(client: httpx.Client, held: str, replaced_by: str) -> None:
    assert client.delete(f"/certifications/{held}", params={"replaced-by": replaced_by}).status_code == 200
    assert client.get(f"/certifications/{held}").json()["replaced_by"] == replaced_by


@pytest.mark.parametrize("version", ["0", "999999", "x", "9" * 30])
def test_what_never_was_cannot_be_restored(client: httpx.Client, steady: str, version: str) -> None:
    assert client.post(f"/certifications/{steady}/restore", params={"version": version}).status_code in {404, 422}


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_what_is_not_there_cannot_be_changed(client: httpx.Client, code: str, method: str) -> None:
    answer = client.request(method, f"/certifications/{code}", content=b"{}", headers=MERGE)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_nobody_overwrites_what_they_have_not_seen(client: httpx.Client, store: Engine, held: str) -> None:
    tag = client.get(f"/certifications/{held}", headers={"Accept": "text/turtle"}).headers["etag"]
    first = client.patch(f"/certifications/{held}", json={"prefLabel": {"fr": "Un"}}, headers=MERGE | {"If-Match": tag})
    assert first.status_code == 200
    second = client.patch(f"/certifications/{held}", json={"prefLabel": {"fr": "Deux"}}, headers=MERGE | {"If-Match": tag})
    assert second.status_code == 412
    assert second.headers["etag"] == first.json()["etag"]
    assert label_of(store, held) == "Un"
    third = client.patch(
        f"/certifications/{held}", json={"prefLabel": {"fr": "Deux"}}, headers=MERGE | {"If-Match": second.headers["etag"]}
    )
    assert third.status_code == 200


@pytest.mark.parametrize(
    ("headers", "on_held", "on_nothing"),
    [
        ({"If-Match": "*"}, 200, 412),
        ({"If-None-Match": "*"}, 412, 201),
        ({"If-Match": '"none-of-ours"'}, 412, 412),
        ({"If-Match": "rubbish"}, 412, 412),
    ],
)
def test_conditions_on_there_being_something(
    client: httpx.Client, held: str, headers: dict[str, str], on_held: int, on_nothing: int
) -> None:
    changed = small(held).replace("Certification d'exemple", "Changée")
    assert client.put(f"/certifications/{held}", content=changed, headers=TURTLE | headers).status_code == on_held
    other = f"{held}b"
    assert client.put(f"/certifications/{other}", content=small(other), headers=TURTLE | headers).status_code == on_nothing


def test_a_weak_tag_matches_nothing_that_is_written(client: httpx.Client, steady: str) -> None:
    tag = client.get(f"/certifications/{steady}").headers["etag"]
    answer = client.put(f"/certifications/{steady}", content=small(steady), headers=TURTLE | {"If-Match": f"W/{tag}"})
    assert answer.status_code == 412


def test_a_request_that_is_sent_again_is_not_done_again(client: httpx.Client, store: Engine, code: str) -> None:
    headers = TURTLE | {"Idempotency-Key": f'"{code}-1"'}
    first = client.post("/certifications", content=small(code), headers=headers)
    again = client.post("/certifications", content=small(code), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["location"] == again.headers["location"]
    assert first.json()["version"] == again.json()["version"]
    assert again.json()["replayed"] is True
    other = client.post("/certifications", content=small(f"{code}b"), headers=headers)
    assert other.status_code == 409
    assert not store.statements(name_of(f"{code}b"))
    unfit = client.put(f"/certifications/{code}", content=small(code), headers=TURTLE | {"Idempotency-Key": "two words"})
    assert unfit.status_code == 400


def test_post_finds_the_identifier_in_what_is_sent(client: httpx.Client, store: Engine, code: str) -> None:
    made = client.post("/certifications", content=small(code), headers=TURTLE)
    assert made.status_code == 201, made.text
    assert made.headers["location"].endswith(f"/certifications/{code}")
    taken = client.post("/certifications", content=small(code), headers=TURTLE)
    assert taken.status_code == 409
    assert taken.json()["address"].endswith(f"/certifications/{code}")

    by_table = client.post("/certifications", content=table.to_csv(read(f"{code}t")), headers={"Content-Type": "text/csv"})
    assert by_table.status_code == 201, by_table.text
    assert store.statements(name_of(f"{code}t"))


def test_post_takes_the_identifier_of_the_file_or_of_the_address(client: httpx.Client, seed_file: Path, code: str) -> None:
    data, plain = seed_file.read_bytes(), {"Content-Type": "text/plain"}
    none = client.post("/certifications", content=data, headers=plain)
    assert none.status_code == 422
    assert "id" in none.json()["detail"]
    named = client.post(f"/certifications?name=Mon%20{code}.txt", content=data, headers=plain)
    assert named.headers["location"].endswith(f"/certifications/Mon-{code}")
    given = client.post(f"/certifications?id={code}", content=data, headers=plain)
    assert given.headers["location"].endswith(f"/certifications/{code}")


@pytest.mark.parametrize("body", ["", "<urn:a> <urn:b> <urn:c> .", "{a}{b}"])
def test_post_wants_one_certification(client: httpx.Client, code: str, body: str) -> None:
    content = body.replace("{a}", small(code)).replace("{b}", small(f"{code}b")).encode()
    answer = client.post("/certifications", content=content, headers=TURTLE)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        *("..", ".", "...", "a..b", "-a", "a-", "%20", "a%20b", "%C3%A9", "a%2Fb", "a%2F..%2Fb", "%2e%2e", "a%00", "a%0A", "a%3Fb"),
        *("x" * 101, "%", "%ff", "a;b", "a%23b", "*", "a%252Fb"),
    ],
)
def test_an_identifier_that_is_none_is_refused(client: httpx.Client, store: Engine, path: str) -> None:
    before = store.graph_names()
    request = client.build_request("PUT", "/certifications/x", content=small("x"), headers=TURTLE)
    request.url = request.url.copy_with(raw_path=f"/certifications/{path}".encode())
    answer = client.send(request)
    assert answer.status_code in {400, 404, 405, 422}
    assert store.graph_names() == before


def test_what_lies_elsewhere_has_no_place_in_a_certification(client: httpx.Client, steady: str) -> None:
    for subject in (f"{name_of(steady)}2", f"{BASE}certification/OTHER", "urn:x"):
        body = f"{small(steady)}\n<{subject}> {SKOS.prefLabel.n3()} 'x'@fr ."
        answer = client.put(f"/certifications/{steady}", content=body, headers=TURTLE)
        assert answer.status_code == 422, subject
        assert answer.json()["type"].endswith("/problems/unfit-data")
        assert subject in answer.json()["found"][0]
    quads = f'{name_of(steady).n3()} {SKOS.altLabel.n3()} "x" <urn:other> .'
    answer = client.post(f"/certifications/{steady}", content=quads.encode(), headers={"Content-Type": "application/n-quads"})
    assert answer.status_code == 422
    assert "urn:other" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "headers", "told"),
    [
        ("PUT", {"Content-Type": "image/png"}, "accept"),
        ("PUT", {}, "accept"),
        ("PUT", {"Content-Type": "text/turtle; charset=utf-16"}, "accept"),
        ("POST", {"Content-Type": "application/json"}, "accept-post"),
        ("PATCH", TURTLE, "accept-patch"),
        ("PUT", TURTLE | {"Content-Encoding": "gzip"}, "accept-encoding"),
    ],
)
def test_a_media_type_that_is_not_read_is_named_with_those_that_are(
    client: httpx.Client, steady: str, method: str, headers: dict[str, str], told: str
) -> None:
    answer = client.request(method, f"/certifications/{steady}", content=small(steady).encode(), headers=headers)
    assert answer.status_code == 415
    assert answer.headers[told]


@pytest.mark.parametrize(("method", "kind"), [("PUT", TURTLE), ("POST", TURTLE), ("PATCH", UPDATE)])
@pytest.mark.parametrize("body", [b"", b"<a> <b", b"\xff\xfe\x00", b'<a> <b> "' + b"\\" * 9])
def test_a_body_that_cannot_be_read_is_a_bad_request(
    client: httpx.Client, steady: str, method: str, kind: dict[str, str], body: bytes
) -> None:
    answer = client.request(method, f"/certifications/{steady}", content=body, headers=kind)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_xml_entity_is_refused(client: httpx.Client, steady: str) -> None:
    body = b'<!DOCTYPE rdf:RDF [<!ENTITY a "aaaa">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    answer = client.put(f"/certifications/{steady}", content=body, headers={"Content-Type": "application/rdf+xml"})
    assert answer.status_code == 400
    assert "DOCTYPE" in answer.json()["detail"]


def test_a_body_is_read_within_its_bound(tmp_path: Path, serve: Serve) -> None:
    folder = tmp_path / "store"

    def parts() -> Iterator[bytes]:
        for _ in range(20):
            yield b"#" * 100_000

    with writable(folder, serve, Settings(store=folder, writing=Writing(body=1))) as (client, _):
        for content in (b"#" * 1_100_000, parts()):
            answer = client.put("/certifications/X", content=content, headers=TURTLE)
            assert answer.status_code == 413
            assert "1 M" in answer.json()["detail"]


def test_who_has_no_token_or_a_narrow_one_is_refused_before_the_body_is_read(
    service: tuple[httpx.Client, Engine], held: str
) -> None:
    client, store = service
    assert store.folder is not None
    tokens = Tokens(store.folder / FILE)
    narrow = tokens.create("étroit", ("write",), (f"{held}*",))

    def send(method: str, path: str, token: str | None) -> httpx.Response:
        headers = TURTLE | ({"Authorization": f"Bearer {token}"} if token else {})
        with httpx.Client(base_url=client.base_url) as other:
            return other.request(method, path, content=b"not even Turtle", headers=headers)

    for method, path in (("PUT", held), ("POST", held), ("PATCH", held), ("DELETE", held), ("POST", f"{held}/restore?version=1")):
        answer = send(method, f"/certifications/{path}", None)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert send(method, f"/certifications/{path}", "ref_x_y").status_code == 401
    assert send("POST", "/certifications", None).status_code == 401
    assert send("PUT", "/certifications/OTHER", narrow).status_code == 403
    assert send("DELETE", f"/certifications/{held}", narrow).status_code == 403
    assert send("PUT", f"/certifications/{held}", narrow).status_code == 400, "it may; the body is bad"
    elsewhere = httpx.post(
        f"{client.base_url}/certifications", content=small("ELSEWHERE"), headers=TURTLE | {"Authorization": f"Bearer {narrow}"}
    )
    assert elsewhere.status_code == 403, "the gate asks again, once the body has told which certification"


def test_prefer_minimal_answers_without_an_account(client: httpx.Client, code: str) -> None:
    minimal = TURTLE | {"Prefer": "return=minimal"}
    made = client.put(f"/certifications/{code}", content=small(code), headers=minimal)
    assert (made.status_code, made.content) == (201, b"")
    changed = small(code).replace("Certification d'exemple", "Changée")
    done = client.put(f"/certifications/{code}", content=changed, headers=minimal)
    assert (done.status_code, done.content) == (204, b"")
    assert done.headers["preference-applied"] == "return=minimal"


def test_reading_is_conditional_negotiated_and_headed(client: httpx.Client, steady: str) -> None:
    path = f"/certifications/{steady}"
    tags = {client.get(path, headers={"Accept": accept}).headers["etag"] for accept in (*FORMATS, "text/html")}
    assert len(tags) == 4
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert {"Accept", "Accept-Datetime"} <= set(answer.headers["vary"].split(", "))
    assert "application/merge-patch+json" in answer.headers["accept-patch"]
    assert all(relation in answer.headers["link"] for relation in ('rel="alternate"', 'timegate"', 'rel="timemap"'))
    assert len(answer.headers.get_list("link")) == 1
    assert client.get(path, headers={"Accept": "text/turtle", "If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.get(path, headers={"Accept": "text/html", "If-None-Match": answer.headers["etag"]}).status_code == 200
    head = client.head(path, headers={"Accept": "text/turtle"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == answer.headers["etag"]
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
    assert {"PUT", "POST", "PATCH", "DELETE"} <= set(client.options(path).headers["allow"].split(", "))


def test_the_list_tells_what_is_held(client: httpx.Client, steady: str) -> None:
    graph = Graph().parse(data=client.get("/certifications").content, format="turtle")
    (collection,) = graph.subjects(RDF.type, HYDRA.Collection)
    assert (collection, HYDRA.member, name_of(steady)) in graph
    assert str(graph.value(name_of(steady), SKOS.prefLabel)) == "Certification d'exemple"
    page = client.get("/certifications", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "Certifications held" in page.text
    assert steady in page.text
    assert client.get("/certifications?page=999").status_code == 404
    assert client.get("/certifications?page=0").status_code == 422


def test_writers_take_turns_and_none_is_lost(client: httpx.Client, store: Engine, held: str) -> None:
    def write(number: int) -> int:
        note = f'{name_of(held).n3()} {SKOS.altLabel.n3()} "Nom {number}"@fr .'
        return client.post(f"/certifications/{held}", content=note.encode(), headers=TURTLE).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(16))) == {200}
    assert len(list(store.graph(name_of(held)).objects(name_of(held), SKOS.altLabel))) == 16


def test_a_reason_is_bounded(client: httpx.Client, steady: str) -> None:
    path = f"/certifications/{steady}"
    assert client.patch(path, params={"why": "x" * 501}, json={}, headers=MERGE).status_code == 422
    unprintable = client.patch(path, params={"why": "\x00"}, json={}, headers=MERGE)
    assert unprintable.status_code == 422
    assert "trouvé : U+0000, qui n'est pas imprimable" in unprintable.json()["messages"]["fr"]["detail"]
    assert "found: U+0000, which is not printable" in unprintable.json()["messages"]["en"]["detail"]
