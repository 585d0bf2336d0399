"""Certifications as they were: by number and by moment, listed, compared; and what is no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TypeAlias

import httpx
import pytest
from rdflib import DCTERMS, OWL, Graph, Literal, URIRef

from referentiel.history import History
from referentiel.store import Engine, Statements
from referentiel.store.reading import read
from referentiel.vocabulary import PROV, REF, SKOS
from web.writing import BASE, TURTLE, Serve, small, writable

Reader: TypeAlias = Callable[[httpx.Response], Graph]

A = URIRef(f"{BASE}certification/A")
C1, CRITERION = f"{A}/competency/C1", f"{A}/competency/C1/criterion/CE1.2"
RENAMED = small("A").replace('"Tâche T1"', '"Tâche T1 <b>revue</b>"')
FORMATS = {"ttl": "text/turtle", "jsonld": "application/ld+json", "rdf": "application/rdf+xml", "nt": "application/n-triples"}
FUTURE = "Thu, 31 May 2525 20:35:00 GMT"


def without_criterion(turtle: str) -> str:
    """The same certification without the second criterion of its first competency."""
    graph = Graph().parse(data=turtle, format="turtle", publicID=f"{BASE}certification/")
    graph.remove((URIRef(CRITERION), None, None))
    graph.remove((None, None, URIRef(CRITERION)))
    return graph.serialize(format="turtle")


STATES = {1: small("A"), 2: RENAMED, 3: without_criterion(RENAMED), 4: small("A")}
"""What is put, one version after the other; a fifth withdraws it."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[tuple[httpx.Client, Engine]]:
    with writable(tmp_path_factory.mktemp("versions") / "store", serve) as (reader, store):
        for number, state in STATES.items():
            answer = reader.put("/certifications/A", content=state, headers=TURTLE, params={"why": f"raison {number}"})
            assert answer.json()["version"] == number
        assert reader.put("/certifications/B", content=small("B"), headers=TURTLE).status_code == 201
        withdrawn = reader.delete("/certifications/B", params={"replaced-by": str(A)})
        assert withdrawn.json()["version"] == 6
        yield reader, store


@pytest.fixture(scope="module")
def reader(service: tuple[httpx.Client, Engine]) -> httpx.Client:
    return service[0]


@pytest.fixture(scope="module")
def history(service: tuple[httpx.Client, Engine]) -> History:
    return History(service[1], BASE)


def expected(number: int) -> Statements:
    return read(STATES[number].encode(), "text/turtle", base=f"{BASE}certification/")[None]


def statements(answer: httpx.Response) -> Statements:
    assert answer.status_code == 200
    return read(answer.content, answer.headers["content-type"].partition(";")[0], base="x:")[None]


def links(answer: httpx.Response) -> dict[str, tuple[str, str | None]]:
    """Relation -> address and date, of the header Link."""
    found = {}
    for value in re.findall(r'<[^>]*>(?:; \w+="[^"]*")*', answer.headers["link"]):
        address, parameters = value[1:].split(">", 1)
        named = dict(re.findall(r'(\w+)="([^"]*)"', parameters))
        for relation in named["rel"].split():
            if relation != "memento":
                found[relation] = (address, named.get("datetime"))
    return found


@pytest.mark.parametrize("number", STATES)
@pytest.mark.parametrize("media_type", FORMATS.values())
def test_a_version_is_what_was_written(reader: httpx.Client, parsed: Reader, number: int, media_type: str) -> None:
    answer = reader.get("/certifications/A", params={"version": number}, headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "immutable" in answer.headers["cache-control"]
    wanted = Graph().parse(data="\n".join(expected(number)), format="nt")
    assert set(parsed(answer)) == set(wanted)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_version_is_a_document_too(reader: httpx.Client, parsed: Reader, suffix: str) -> None:
    by_number = reader.get("/certifications/A?version=3", headers={"Accept": FORMATS[suffix]})
    assert reader.get(f"/doc/certification/A/version/3.{suffix}").content == by_number.content
    assert by_number.headers["content-location"] == f"/doc/certification/A/version/3.{suffix}"
    led = reader.get("/id/certification/A/version/3", headers={"Accept": FORMATS[suffix]}, follow_redirects=True)
    assert [hop.status_code for hop in led.history] == [303]
    assert led.content == by_number.content


@pytest.mark.parametrize(
    "path", ["version/9", "version/0", "version/5", "version/3.xyz", "version/x", "version/³", "version/-1", "version/" + "9" * 40]
)
def test_there_is_no_other_version(reader: httpx.Client, path: str) -> None:
    assert reader.get(f"/doc/certification/A/{path}").status_code == 404


@pytest.mark.parametrize("number", [5, 9, 2**62])
def test_a_version_that_there_is_not_is_told(reader: httpx.Client, number: int) -> None:
    answer = reader.get("/certifications/A", params={"version": number})
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/no-such-version")
    assert str(number) in answer.json()["detail"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_people_see_a_former_version_as_the_table_that_it_was(reader: httpx.Client, language: str) -> None:
    page = reader.get("/certifications/A?version=2", headers={"Accept": "text/html", "Accept-Language": language}).text
    assert "Tâche T1 &lt;b&gt;revue&lt;/b&gt;" in page
    assert "raison 2" in page
    assert ("Version conservée" in page or "telle qu" in page) if language == "fr" else "as it stood" in page
    assert '/certifications/A?version=1" rel="prev"' in page
    assert '/certifications/A?version=3" rel="next"' in page
    assert "/doc/certification/A/version/2.ttl" in page
    assert "CE1.2" in page
    assert "CE1.2" not in reader.get("/certifications/A?version=3", headers={"Accept": "text/html"}).text


def test_a_version_that_withdraws_says_so(reader: httpx.Client) -> None:
    page = reader.get("/certifications/B?version=6", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "retire la certification" in page.text
    assert str(A) in page.text
    deprecated = statements(reader.get("/certifications/B?version=6", headers={"Accept": "application/n-triples"}))
    assert any("deprecated" in line for line in deprecated)


def test_a_version_has_the_headers_of_a_memento(reader: httpx.Client, history: History) -> None:
    answer = reader.get("/certifications/A?version=2", headers={"Accept": "text/turtle"})
    revision = history.revision(2)
    assert revision
    assert parsedate_to_datetime(answer.headers["memento-datetime"]) == revision.at.replace(microsecond=0)
    found = links(answer)
    assert found["original"][0] == found["timegate"][0] == "/certifications/A"
    assert found["timemap"][0] == "/certifications/A/timemap"
    assert {name: found[name][0] for name in ("first", "prev", "next", "last")} == {
        "first": "/certifications/A?version=1",
        "prev": "/certifications/A?version=1",
        "next": "/certifications/A?version=3",
        "last": "/certifications/A?version=4",
    }
    for name in ("first", "prev", "next", "last"):
        address, date = found[name]
        assert date == reader.get(address, headers={"Accept": "text/turtle"}).headers["memento-datetime"]


def test_the_present_leads_to_its_versions(reader: httpx.Client) -> None:
    answer = reader.get("/certifications/A", headers={"Accept": "text/turtle"})
    assert "memento-datetime" not in answer.headers
    found = links(answer)
    assert found["timegate"][0] == "/certifications/A"
    assert found["last"][0] == "/certifications/A?version=4"


def at(moment: datetime) -> dict[str, str]:
    return {"Accept-Datetime": format_datetime(moment, usegmt=True)}


def test_a_moment_leads_to_the_version_of_then(reader: httpx.Client, history: History) -> None:
    for number in history.numbers(A):
        revision = history.revision(number)
        assert revision
        second = revision.at.replace(microsecond=0)
        answer = reader.get("/certifications/A", headers=at(second))
        assert answer.status_code == 302
        assert "accept-datetime" in answer.headers["vary"].lower()
        memento = reader.get(answer.headers["location"], headers={"Accept": "text/turtle"})
        assert parsedate_to_datetime(memento.headers["memento-datetime"]) == second
        assert {"original", "timegate", "timemap"} <= set(links(answer))


@pytest.mark.parametrize(
    ("moment", "version"), [("Mon, 01 Jan 1990 00:00:00 GMT", 1), (FUTURE, 4), ("Sun, 31 Dec 9999 23:59:59 GMT", 4)]
)
def test_a_moment_outside_leads_to_the_nearest(reader: httpx.Client, moment: str, version: int) -> None:
    answer = reader.get("/certifications/A", headers={"Accept-Datetime": moment})
    assert answer.headers["location"] == f"/certifications/A?version={version}"


@pytest.mark.parametrize(
    "moment", ["", "demain", "2026-05-31", "Thu, 99 May 2026 20:35:00 GMT", "9" * 5000, "Thu, 31 May 2026 20:35:00 +9999"]
)
def test_what_is_no_moment_is_refused(reader: httpx.Client, moment: str) -> None:
    answer = reader.get("/certifications/A", headers={"Accept-Datetime": moment})
    assert answer.status_code == 400
    assert "Accept-Datetime" in answer.json()["detail"]


def test_a_withdrawn_certification_is_still_found_by_a_moment(reader: httpx.Client, history: History) -> None:
    answer = reader.get("/certifications/B", headers={"Accept-Datetime": FUTURE})
    assert answer.headers["location"] == "/certifications/B?version=6"
    assert reader.get("/certifications/NONE", headers={"Accept-Datetime": FUTURE}).status_code == 404


def test_the_timemap_lists_all_versions(reader: httpx.Client) -> None:
    answer = reader.get("/certifications/A/timemap")
    assert answer.headers["content-type"] == "application/link-format"
    entries = answer.text.strip().split(",\n")
    mementos = [entry for entry in entries if "memento" in entry]
    assert [entry[: entry.index(">") + 1] for entry in mementos] == [f"</certifications/A?version={n}>" for n in STATES]
    assert 'rel="first memento"' in mementos[0]
    assert 'rel="last memento"' in mementos[-1]
    assert entries[0] == '</certifications/A>; rel="original timegate"'
    for entry in mementos:
        address = entry[1 : entry.index(">")]
        date = reader.get(address, headers={"Accept": "text/turtle"}).headers["memento-datetime"]
        assert f'datetime="{date}"' in entry
    assert reader.get("/certifications/NONE/timemap").status_code == 404


def test_the_history_is_told_in_json(reader: httpx.Client) -> None:
    told = reader.get("/certifications/A/history", headers={"Accept": "application/json"}).json()
    assert told["total"] == 4
    assert told["next"] is None
    assert [version["number"] for version in told["versions"]] == [4, 3, 2, 1]
    second = told["versions"][2]
    assert (second["who"], second["why"], second["kind"]) == ("essai", "raison 2", "replace")
    assert (second["added"], second["removed"]) == (1, 1)
    assert datetime.fromisoformat(second["at"]) <= datetime.now(UTC) + timedelta(minutes=1)
    assert second["version"] == f"{A}/version/2"
    assert reader.get(second["address"]).status_code == reader.get(second["diff"]).status_code == 200


@pytest.mark.parametrize("media_type", FORMATS.values())
def test_the_history_is_prov(reader: httpx.Client, parsed: Reader, media_type: str) -> None:
    graph = parsed(reader.get("/certifications/A/history", headers={"Accept": media_type}))
    assert set(graph.subjects(PROV.specializationOf, A)) == {URIRef(f"{A}/version/{n}") for n in STATES}
    assert graph.value(URIRef(f"{A}/version/3"), PROV.wasRevisionOf) == URIRef(f"{A}/version/2")
    revision = graph.value(URIRef(f"{A}/version/3"), PROV.wasGeneratedBy)
    assert graph.value(revision, REF.revisionNumber) == Literal(3)
    assert not list(graph.subject_objects(PROV.invalidated))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_people_read_the_history(reader: httpx.Client, language: str) -> None:
    page = reader.get("/certifications/A/history", params={"lang": language}, headers={"Accept": "text/html"})
    assert "Accept-Language" in page.headers["vary"]
    for number in STATES:
        assert f"raison {number}" in page.text
        assert f"/certifications/A?lang={language}&amp;version={number}" in page.text
        assert f"/certifications/A/diff?lang={language}&amp;to={number}" in page.text
    assert ("enregistrement" if language == "fr" else "storage") in page.text


def patched(before: Statements, patch: str) -> Statements:
    """Statements after a patch, applied line by line."""
    held = set(before)
    for line in patch.splitlines():
        verb, _, rest = line.partition(" ")
        if verb in {"A", "D"}:
            statement = rest.removesuffix(f" <{A}> .") + " ."
            held.add(statement) if verb == "A" else held.remove(statement)
    return frozenset(held)


@pytest.mark.parametrize(("since", "to"), [(0, 1), (1, 2), (1, 3), (3, 1), (4, 2), (2, 2)])
def test_a_patch_leads_from_one_version_to_another(reader: httpx.Client, since: int, to: int) -> None:
    answer = reader.get("/certifications/A/diff", params={"from": since, "to": to}, headers={"Accept": "application/rdf-patch"})
    assert answer.headers["content-type"] == "application/rdf-patch"
    assert "immutable" in answer.headers["cache-control"]
    assert patched(expected(since) if since else frozenset(), answer.text) == expected(to)


def test_without_numbers_the_last_version_is_compared_with_the_one_before(reader: httpx.Client) -> None:
    whole = reader.get("/certifications/A/diff").json()
    assert (whole["from"], whole["to"]) == (3, 4)
    assert (reader.get("/certifications/A/diff?to=1").json()["from"], reader.get("/certifications/A/diff?from=1").json()["to"]) == (
        0,
        4,
    )


@pytest.mark.parametrize(
    ("query", "status"), [("from=9", 404), ("to=5", 404), ("to=0", 422), ("from=-1", 422), ("from=x", 422), ("format=x", 422)]
)
def test_only_versions_are_compared(reader: httpx.Client, query: str, status: int) -> None:
    assert reader.get(f"/certifications/A/diff?{query}").status_code == status


def test_a_difference_is_told_by_element(reader: httpx.Client) -> None:
    told = reader.get("/certifications/A/diff?from=1&to=3").json()
    elements = {element["iri"]: element for element in told["elements"]}
    task = elements[f"{A}/block/1/activity/A1/task/T1"]
    assert task["status"] == "changed"
    assert task["place"] == {"fr": "tâche T1, activité A1, bloc 1", "en": "task T1, activity A1, block 1"}
    (change,) = task["properties"]
    assert change["property"] == str(SKOS.prefLabel)
    assert change["before"] == [{"type": "literal", "value": "Tâche T1", "xml:lang": "fr"}]
    assert change["after"][0]["value"] == "Tâche T1 <b>revue</b>"
    assert elements[CRITERION]["status"] == "removed"
    assert elements[CRITERION]["place"]["fr"] == "critère CE1.2, compétence C1, bloc 1"
    (link,) = elements[C1]["properties"]
    assert (link["property"], link["before"], link["after"]) == (str(REF.hasCriterion), [{"type": "uri", "value": CRITERION}], [])
    assert set(elements) == {f"{A}/block/1/activity/A1/task/T1", CRITERION, C1}, "what only lists is not told"
    assert reader.get("/certifications/A/diff?from=3&to=1").json()["elements"][-1]["status"] == "added"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ["retiré", "modifié", "critère CE1.2, compétence C1, bloc 1", "Avant"]),
        ("en", ["removed", "changed", "criterion CE1.2, competency C1, block 1", "Before"]),
    ],
)
def test_people_read_what_changed(reader: httpx.Client, language: str, said: list[str]) -> None:
    page = reader.get("/certifications/A/diff?from=1&to=3", headers={"Accept": "text/html", "Accept-Language": language}).text
    for words in said:
        assert words in page
    assert "<ins>&lt;b&gt;revue&lt;/b&gt;</ins>" in page
    assert "<del>" in page
    assert "Critère CE1.2" in page
    assert "format=rdfp" in page


def test_the_same_version_differs_in_nothing(reader: httpx.Client) -> None:
    assert reader.get("/certifications/A/diff?from=2&to=2").json()["elements"] == []
    assert "Rien n" in reader.get("/certifications/A/diff?from=2&to=2", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("path", ["/certifications/B", "/doc/certification/B", "/id/certification/B", "/doc/certification/B.ttl"])
def test_a_withdrawn_certification_is_gone(reader: httpx.Client, path: str) -> None:
    answer = reader.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 410
    told = answer.json()
    assert told["type"].endswith("/gone")
    assert told["replaced_by"] == str(A)
    assert told["last_version"] == "/certifications/B?version=5"
    found = links(answer)
    assert found["predecessor-version"][0] == told["last_version"]
    assert found["successor-version"][0] == str(A)
    last = statements(reader.get(told["last_version"], headers={"Accept": "application/n-triples"}))
    assert last == read(small("B").encode(), "text/turtle", base=f"{BASE}certification/")[None]


def test_an_element_of_a_former_version_is_gone(reader: httpx.Client) -> None:
    answer = reader.get("/doc/certification/B/competency/C1", headers={"Accept": "application/json"})
    assert answer.status_code == 410
    assert answer.json()["last_version"] == "/certifications/B?version=5"
    assert reader.get("/doc/certification/B/competency/C99", headers={"Accept": "application/json"}).status_code == 404
    assert (
        reader.get("/doc/certification/A/competency/C1/criterion/CE1.2", headers={"Accept": "application/json"}).status_code == 200
    )


HOSTILE = ["a%20b", "%3Cx%3E", "%C3%A9", "..%2f", "a%0Ab", "-", "%22%7D", "A" * 3000, "A%00"]


@pytest.mark.parametrize("code", HOSTILE)
@pytest.mark.parametrize(
    "path",
    ["/certifications/{}/history", "/certifications/{}/diff", "/certifications/{}/timemap", "/doc/certification/{}/version/1"],
)
def test_what_is_no_identifier_is_not_found(reader: httpx.Client, path: str, code: str) -> None:
    assert reader.get(path.format(code)).status_code == 404


@pytest.mark.parametrize(("code", "successor"), [("J", "javascript:alert(1)"), ("U", "https://certif.example/é/漢")])
def test_whatever_replaces_a_certification_is_told_safely(reader: httpx.Client, code: str, successor: str) -> None:
    reader.put(f"/certifications/{code}", content=small(code), headers=TURTLE)
    notice = f"<{BASE}certification/{code}> <{OWL.deprecated}> true ; <{DCTERMS.isReplacedBy}> <{successor}> ."
    withdrawn = reader.put(f"/certifications/{code}", content=notice.encode(), headers=TURTLE).json()["version"]
    answer = reader.get(f"/certifications/{code}", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["replaced_by"]) == (410, successor)
    page = reader.get(f"/certifications/{code}?version={withdrawn}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert successor in page.text
    assert 'href="javascript' not in page.text
