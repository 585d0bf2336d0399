"""The feed of all changes: whoever follows it from zero holds what the store holds, whatever is written meanwhile."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from lxml import etree
from rdflib import Graph, Literal, URIRef

from endpoint import until
from history.writer import Writer, put
from referentiel.settings import Settings
from referentiel.store import Changes, Engine, GraphChange, Name, Statements, open_store
from referentiel.store.deposit import provenance_name
from referentiel.store.reading import read
from referentiel.vocabulary import ATOM, FEED_HISTORY, LDES, OWL, PROV, RDF, RDFS, REF, SKOS, TREE
from referentiel.web import create_app
from referentiel.web.changes import GRAPHS_TOLD, PAGE_SIZE
from referentiel.web.version_list import PAGE_SIZE as VERSIONS_LISTED

Follow: TypeAlias = Callable[[httpx.Client, str], tuple[list[tuple[str, str]], str]]
"""Reads the feed on from an address: the certifications that changed with the addresses of their versions, and where to go on."""

BASE = Settings().base
LONG = URIRef(f"{BASE}certification/LONG")
WRITTEN = 210


def random_write(writer: Writer, random: Random) -> None:
    """Put, change or withdraw one certification of a dozen; or write what is none."""
    name: Name = random.choice([URIRef(f"{BASE}certification/C{random.randrange(12)}"), LONG, provenance_name(BASE), None])
    held = writer.engine.statements(name)
    after = {f'<{name or "x:"}> <{SKOS.note}> "{random.random()}" .' for _ in range(random.randrange(1, 4))} | set(
        random.sample(sorted(held), len(held) // 2)
    )
    if random.random() < 0.2 and name:
        after = {f'<{name}> <{OWL.deprecated}> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .'}
    if changes := Changes.between({name: held}, {name: frozenset(after)}):
        writer.write(changes, why='<a> & "b" \x01')


def write_some(writer: Writer, count: int) -> None:
    for seed in range(count):
        random_write(writer, Random(seed))


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    engine = open_store(tmp_path_factory.mktemp("changes") / "store")
    writer, random = Writer(engine, BASE), Random(4)
    while writer.history.head < WRITTEN:
        random_write(writer, random)
    for number in range(VERSIONS_LISTED - len(writer.history.numbers(LONG)) + 2):
        writer.write(put(LONG, f'<{LONG}> <{SKOS.note}> "more {number}" .'))
    for text in "abc":  # of many graphs each: two of them do not fit on one page
        names = [URIRef(f"https://autre.example/{number}") for number in range(GRAPHS_TOLD // 2 + 1)]
        writer.write(Changes.of([GraphChange(one, frozenset([f'<x:> <{SKOS.note}> "{text}" .'])) for one in names]))
    yield writer
    engine.close()


@pytest.fixture(scope="module")
def reader(writer: Writer) -> Iterator[httpx.Client]:
    """A client of the service, which knows its own address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(writer.engine, Settings(store=writer.engine.folder or Path()), address)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        with httpx.Client(base_url=address, timeout=60) as client:
            yield client
        server.should_exit = True
        thread.join(60)


def follow_json(reader: httpx.Client, address: str) -> tuple[list[tuple[str, str]], str]:
    told = reader.get(address, headers={"Accept": "application/json"}).json()
    found = [(version["certification"], version["address"]) for one in told["revisions"] for version in one["versions"]]
    return found, told["next"] or f"/changes?since={told['until']}"


def follow_tree(reader: httpx.Client, address: str) -> tuple[list[tuple[str, str]], str]:
    """As a harvester of LDES does: members in their order, then the relation that leads to more."""
    answer = reader.get(address, headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=answer.text, format="turtle")
    members = sorted(graph.objects(None, TREE.member), key=lambda member: int(str(graph.value(member, REF.revisionNumber))))
    versions = [version for member in members for version in sorted(graph.objects(member, PROV.generated), key=str)]
    found = [(str(graph.value(version, PROV.specializationOf)), str(graph.value(version, RDFS.seeAlso))) for version in versions]
    following = graph.value(None, TREE.node)
    if following is not None:
        return found, str(following)
    last = str(graph.value(members[-1], REF.revisionNumber)) if members else address.partition("since=")[2]
    return found, f"/changes?since={last}"


def held(engine: Engine) -> dict[str, Statements]:
    return {str(name): engine.statements(name) for name in engine.graph_names() if name.startswith(f"{BASE}certification/")}


@pytest.mark.parametrize("follow", [follow_json, follow_tree])
def test_who_follows_the_feed_holds_what_the_store_holds(writer: Writer, reader: httpx.Client, follow: Follow) -> None:
    writing = threading.Thread(target=write_some, args=(writer, 30))
    writing.start()
    latest: dict[str, str] = {}
    address, following, stopped = "", "/changes?since=0", False
    while not (stopped and following == address):
        stopped = not writing.is_alive()  # what was written before that, the page that comes now does not miss
        address = following
        changed, following = follow(reader, address)
        latest.update(changed)
    writing.join()
    harvested = {}
    for name, version in latest.items():
        answer = reader.get(version, headers={"Accept": "application/n-triples"})
        harvested[name] = read(answer.content, "application/n-triples", base="x:")[None]
    assert harvested == held(writer.engine)
    assert len(harvested) > 10


def numbers(reader: httpx.Client, address: str) -> list[int]:
    return [revision["number"] for revision in reader.get(address, headers={"Accept": "application/json"}).json()["revisions"]]


def test_a_full_page_never_changes(writer: Writer, reader: httpx.Client) -> None:
    for media_type in ("application/json", "text/turtle", "application/atom+xml"):
        headers = {"Accept": media_type}
        full = reader.get("/changes?since=100", headers=headers)
        assert "immutable" in full.headers["cache-control"]
        assert "Accept" in full.headers["vary"]
        random_write(writer, Random(media_type))
        assert reader.get("/changes?since=100", headers=headers).content == full.content
        part = reader.get(f"/changes?since={writer.history.head - 3}", headers=headers)
        assert part.headers["cache-control"] == "no-cache"
        assert reader.get("/changes?since=100", headers=headers | {"If-None-Match": full.headers["etag"]}).status_code == 304


def test_pages_follow_each_other_without_gap(writer: Writer, reader: httpx.Client) -> None:
    assert numbers(reader, "/changes") == numbers(reader, "/changes?since=0") == list(range(1, PAGE_SIZE + 1))
    assert numbers(reader, "/changes?since=100") == list(range(101, 201))
    assert numbers(reader, "/changes?since=42") == list(range(43, 143))
    head = writer.history.head
    assert numbers(reader, f"/changes?since={head - 1}") == [head]
    assert numbers(reader, f"/changes?since={head}") == numbers(reader, "/changes?since=9007199254740992") == []


def test_a_page_is_full_where_many_graphs_changed(writer: Writer, reader: httpx.Client) -> None:
    first, second, _ = (revision.number for revision in writer.history.revisions() if len(revision.graphs) > GRAPHS_TOLD // 2)
    assert numbers(reader, f"/changes?since={first - 2}") == [first - 1, first]
    assert numbers(reader, f"/changes?since={first - 1}") == [first]
    full = reader.get(f"/changes?since={first}", headers={"Accept": "application/json"})
    assert [revision["number"] for revision in full.json()["revisions"]] == [second]
    assert full.json()["next"].endswith(f"since={second}")
    assert "immutable" in full.headers["cache-control"]


def test_a_revision_is_told_whole(writer: Writer, reader: httpx.Client) -> None:
    for told in reader.get("/changes?since=100").json()["revisions"]:
        revision = writer.history.revision(told["number"])
        assert revision
        assert (told["iri"], told["who"], told["why"], told["kind"]) == (str(revision.iri), revision.who, revision.why, "replace")
        assert (told["added"], told["removed"], told["patch_sha256"]) == (revision.added, revision.removed, revision.digest)
        assert told["graphs"] == [name and str(name) for name in revision.graphs]
        assert {version["certification"] for version in told["versions"]} == {
            str(name) for name in revision.graphs if name and "/certification/" in name
        }


def test_the_stream_is_an_ldes(reader: httpx.Client) -> None:
    address = str(reader.base_url).rstrip("/")
    graph = Graph().parse(data=reader.get("/changes?since=0", headers={"Accept": "text/turtle"}).text, format="turtle")
    stream, root = URIRef(f"{address}/changes"), URIRef(f"{address}/changes?since=0")
    assert (stream, RDF.type, LDES.EventStream) in graph
    assert graph.value(stream, LDES.timestampPath) == PROV.endedAtTime
    assert graph.value(stream, TREE.view) == root
    assert len(set(graph.objects(stream, TREE.member))) == PAGE_SIZE
    relation = graph.value(root, TREE.relation)
    assert graph.value(relation, RDF.type) == TREE.GreaterThanRelation
    assert graph.value(relation, TREE.node) == URIRef(f"{address}/changes?since=100")
    assert (graph.value(relation, TREE.path), graph.value(relation, TREE.value)) == (REF.revisionNumber, Literal(100))
    for member in graph.objects(stream, TREE.member):
        assert graph.value(member, PROV.endedAtTime) is not None
    assert all(isinstance(subject, URIRef) for subject in graph.subjects())


def atom(reader: httpx.Client, address: str) -> tuple[Any, dict[str, str]]:
    answer = reader.get(address, headers={"Accept": "application/atom+xml"})
    assert answer.headers["content-type"] == "application/atom+xml"
    root = etree.fromstring(answer.content)
    return root, {str(link.get("rel")): str(link.get("href")) for link in root.findall(f"{{{ATOM}}}link")}


def entries(root: Any) -> list[int]:
    return [int(entry.findtext(f"{{{ATOM}}}id").rpartition("/")[2]) for entry in root.findall(f"{{{ATOM}}}entry")]


def test_feed_readers_get_all_of_it(writer: Writer, reader: httpx.Client) -> None:
    """A reader starts at the last entries and goes back from archive to archive (RFC 5005, section 4)."""
    root, links = atom(reader, "/changes")
    head = writer.history.head
    assert entries(root) == list(range(head, head - PAGE_SIZE, -1))
    assert root.find(f"{{{FEED_HISTORY}}}archive") is None
    seen, archives = set(entries(root)), 0
    while (address := links.get("prev-archive")) is not None:
        root, links = atom(reader, address)
        assert root.find(f"{{{FEED_HISTORY}}}archive") is not None
        assert int(address.partition("since=")[2].partition("&")[0]) % PAGE_SIZE == 0, "archives are the same for all readers"
        assert links["current"].partition("?")[0] == str(reader.base_url.copy_with(path="/changes"))
        seen |= set(entries(root))
        archives += 1
    assert seen == set(range(1, head + 1))
    assert archives == head // PAGE_SIZE


def test_a_feed_is_what_rfc_4287_asks_for(reader: httpx.Client) -> None:
    for address in ("/changes", "/changes?since=0", "/changes?since=9007199254740992"):
        root, links = atom(reader, address)
        assert root.tag == f"{{{ATOM}}}feed"
        assert urlsplit(links["self"]).path == "/changes"
        for element in (root, *root.findall(f"{{{ATOM}}}entry")):
            for name in ("id", "title", "updated"):
                assert len(element.findall(f"{{{ATOM}}}{name}")) == 1
                assert element.findtext(f"{{{ATOM}}}{name}")
            assert element.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is not None
    summaries = [entry.findtext(f"{{{ATOM}}}summary") for entry in atom(reader, "/changes?since=0")[0].findall(f"{{{ATOM}}}entry")]
    assert all('<a> & "b" \N{REPLACEMENT CHARACTER}' in summary for summary in summaries)
    related = atom(reader, "/changes?since=0")[0].findall(f"{{{ATOM}}}entry/{{{ATOM}}}link[@rel='related']")
    assert reader.get(related[0].get("href"), headers={"Accept": "text/turtle"}).status_code == 200


@pytest.mark.parametrize("language", ["fr", "en"])
def test_people_see_the_last_changes(writer: Writer, reader: httpx.Client, language: str) -> None:
    page = reader.get("/changes", headers={"Accept": "text/html", "Accept-Language": language})
    head = writer.history.head
    assert f">{head}</a></th>" in page.text
    assert f">{head - PAGE_SIZE}</a></th>" not in page.text
    assert f"/changes?since={head - 2 * PAGE_SIZE}" in page.text
    assert 'rel="next"' not in page.text
    assert "&lt;a&gt; &amp;" in page.text
    assert ("Révision" if language == "fr" else "Revision") in page.text
    assert f'/changes?since={PAGE_SIZE}" rel="next"' in reader.get("/changes?since=0", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("json", "application/json"),
        ("atom", "application/atom+xml"),
        ("ttl", "text/turtle"),
        ("nt", "application/n-triples"),
        ("html", "text/html"),
    ],
)
def test_the_address_may_name_the_format(reader: httpx.Client, suffix: str, media_type: str) -> None:
    answer = reader.get(f"/changes?since=0&format={suffix}", headers={"Accept": "text/html"})
    assert answer.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("query", ["since=-1", "since=x", "since=9007199254740993", "format=exe", "since=" + "9" * 400])
def test_what_is_no_number_is_refused(reader: httpx.Client, query: str) -> None:
    assert reader.get(f"/changes?{query}").status_code == 422


def test_a_long_history_comes_in_pages(writer: Writer, reader: httpx.Client) -> None:
    first, second = (
        reader.get(f"/certifications/LONG/history?page={page}", headers={"Accept": "application/json"}).json() for page in (1, 2)
    )
    assert len(first["versions"]) == VERSIONS_LISTED
    assert first["next"].endswith("?page=2")
    assert second["next"] is None
    told = [version["number"] for version in first["versions"] + second["versions"]]
    assert tuple(told) == writer.history.numbers(LONG)[::-1]
    assert reader.get("/certifications/LONG/history?page=3").status_code == 404


def test_a_page_beyond_the_end_is_empty(reader: httpx.Client) -> None:
    beyond = "/changes?since=9007199254740992"
    assert reader.get(beyond).json()["revisions"] == []
    assert entries(atom(reader, beyond)[0]) == []
    assert "Aucune révision" in reader.get(beyond, headers={"Accept": "text/html"}).text
    assert TREE.Node in set(Graph().parse(data=reader.get(f"{beyond}&format=nt").text, format="nt").objects())
