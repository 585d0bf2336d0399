"""Whatever was written is kept: who, when, why and what; and any state that a graph was ever in is got back exactly."""

from __future__ import annotations

import gzip
import resource
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from history.writer import BASE, Writer, put, statement, take
from referentiel.history import DamagedHistory, History, Kind, history_name, revision_iri, version_iri
from referentiel.store import Changes, GraphChange, Name, Statements, StorageFull, open_store
from referentiel.store.changes import subject_of
from referentiel.store.reading import read
from referentiel.validation.here import apply_rules
from referentiel.vocabulary import PROV, RDF, REF

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
ONE, TWO = URIRef(f"{BASE}certification/UN"), URIRef(f"{BASE}certification/DEUX")
OTHER: Final = URIRef("https://autre.example/graphe")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    engine = open_store(tmp_path / "store")
    yield Writer(engine)
    engine.close()


def patch_file(writer: Writer, number: int) -> Path:
    assert writer.engine.folder is not None
    return writer.engine.folder / "history" / f"{number}.patch.gz"


def test_a_store_without_a_write_has_no_history(writer: Writer) -> None:
    assert writer.history.head == 0
    assert writer.history.revisions() == ()
    assert writer.history.revision(0) is None
    assert writer.history.revision(1) is None
    assert writer.history.latest(ONE) is None
    assert writer.history.number_at(NOON) == 0
    writer.history.check()


@pytest.mark.parametrize("who", ["Zoé", 'a/b ?#%2F<>"', "..", "école\n42"])
@pytest.mark.parametrize("why", [None, 'Erreur de « saisie »\n\t"C5" \\ fin\u0085\u2028\x7f', "\x00\x1f"])
def test_a_revision_is_told_as_it_was_written(writer: Writer, who: str, why: str | None) -> None:
    at = NOON + timedelta(microseconds=120)
    changes = Changes.of([GraphChange(None, frozenset([statement("a:1")])), GraphChange(ONE, frozenset([statement(ONE)]))])
    digest = sha256(b"sent").hexdigest()
    made = writer.write(changes, who=who, why=why, kind=Kind.UPDATE, key="clé 1", request=digest, at=at)
    told = History(writer.engine, BASE).revision(1)
    assert told == made
    assert (told.number, told.at, told.who, told.why, told.kind) == (1, at, who, why, Kind.UPDATE)
    assert (told.graphs, told.added, told.removed, told.shapes) == ((None, ONE), 2, 0, "1.1.0")
    assert (told.key, told.request) == ("clé 1", digest)


def test_the_time_is_kept_in_utc_and_never_goes_back(writer: Writer) -> None:
    zone = NOON.astimezone().tzinfo
    assert writer.write(put(ONE, statement(ONE)), at=NOON.astimezone(zone)).at == NOON
    assert writer.write(put(ONE, statement(ONE, "y")), at=NOON - timedelta(days=1)).at == NOON


def test_numbers_are_consecutive_and_graphs_know_their_latest(writer: Writer) -> None:
    for number, name in enumerate((ONE, TWO, None, ONE, OTHER), 1):
        assert writer.write(put(name, statement(name or "a:1", str(number)))).number == number
        assert writer.history.head == number
    assert [writer.history.latest(name) for name in (ONE, TWO, None, OTHER)] == [4, 2, 3, 5]
    assert [revision.number for revision in writer.history.revisions(ONE)] == [1, 4]
    assert [revision.number for revision in writer.history.revisions(since=1, until=4, newest_first=True, limit=2)] == [4, 3]
    assert writer.history.numbers(None) == (3,)
    several = f"SELECT ?g {{ ?r {REF.latestRevisionOf.n3()} ?g }} GROUP BY ?g HAVING (COUNT(?r) != 1)"
    assert writer.engine.query(several).rows() == []


def test_nothing_is_a_revision_until_it_is_applied(writer: Writer) -> None:
    writer.write(put(ONE, statement(ONE)))
    for text in ("lost", "kept"):
        changes = put(ONE, statement(ONE, text))
        revision, recorded = writer.history.write(changes, who="x", kind=Kind.MERGE, shapes="1")
        assert revision.number == 2
        assert writer.history.head == 1
        assert writer.history.revision(2) is None
    writer.engine.apply(Changes.of([*changes.graphs, *recorded.graphs]))
    assert writer.history.changes(2) == changes
    writer.history.check()


def test_a_moment_leads_to_what_was_then(writer: Writer) -> None:
    for day in (0, 1, 1, 3):
        writer.write(put(ONE, statement(ONE, str(writer.history.head))), at=NOON + timedelta(days=day))
    second = timedelta(seconds=1)
    moments = [NOON - second, NOON, NOON + second, NOON + timedelta(days=1), NOON + timedelta(days=2), NOON + timedelta(days=9)]
    assert [writer.history.number_at(moment) for moment in moments] == [0, 1, 1, 3, 3, 4]


def test_a_key_leads_to_what_was_done_under_it_by_the_same_identity(writer: Writer) -> None:
    writer.write(put(ONE, statement(ONE)), who="A", key='"k" 1')
    writer.write(put(ONE, statement(ONE, "y")), who="B", key='"k" 1')
    assert [writer.history.replayed(who, '"k" 1') for who in "AB"] == [writer.history.revision(1), writer.history.revision(2)]
    assert writer.history.replayed("A", "k") is None
    assert writer.history.replayed("C", '"k" 1') is None


def test_the_record_is_prov(writer: Writer) -> None:
    writer.write(put(ONE, statement(ONE)), at=NOON)
    writer.write(put(ONE, statement(ONE, "y")), who="É. T.", at=NOON)
    graph = writer.engine.graph(history_name(BASE))
    version, former, revision = version_iri(ONE, 2), version_iri(ONE, 1), revision_iri(BASE, 2)
    assert (revision, RDF.type, PROV.Activity) in graph
    assert (graph.value(graph.value(revision, PROV.wasAssociatedWith), RDF.type)) == PROV.Agent
    assert graph.value(version, PROV.specializationOf) == ONE
    assert graph.value(version, PROV.wasRevisionOf) == former
    assert graph.value(former, PROV.wasRevisionOf) is None
    assert graph.value(version, PROV.wasGeneratedBy) == revision
    moment = graph.value(version, PROV.generatedAtTime)
    assert isinstance(moment, Literal)
    assert moment.toPython() == NOON
    assert all(isinstance(subject, URIRef) for subject in graph.subjects()), "no blank nodes"
    assert (ONE, None, None) not in graph, "a certification is described in its own graph only"


def test_only_certifications_have_versions(writer: Writer) -> None:
    below = URIRef(f"{ONE}/annexe")
    writer.write(Changes.of([GraphChange(name, frozenset([statement("a:1")])) for name in (None, OTHER, below)]))
    assert not set(writer.engine.graph(history_name(BASE)).subjects(RDF.type, PROV.Entity))


def test_what_a_certification_no_longer_describes_is_known(writer: Writer) -> None:
    element, other = f"{ONE}/competency/C1", f"{ONE}/competency/C2"
    writer.write(put(ONE, statement(ONE), statement(element, "a"), statement(element, "b")))
    writer.write(put(ONE, statement(other)))
    writer.write(take(ONE, statement(element, "a")))
    assert writer.history.last_described(element, ONE) is None, "a part of it is still there"
    writer.write(take(ONE, statement(element, "b")))
    assert writer.history.last_described(element, ONE) == 3
    assert writer.history.last_described(other, ONE) is None
    assert writer.history.last_described(f"{ONE}/competency/C9", ONE) is None
    writer.write(put(ONE, statement(element, "c")))
    assert writer.history.last_described(element, ONE) is None, "it has come back"
    writer.write(Changes.of([GraphChange(ONE, frozenset([statement(element, "d")]), frozenset([statement(element, "c")]))]))
    writer.write(take(ONE, statement(element, "d")))
    assert writer.history.last_described(element, ONE) == 6


def test_the_rules_find_nothing_wrong_with_the_record(writer: Writer) -> None:
    for text in "xyz":
        writer.write(put(ONE, statement(ONE, text), statement(f"{ONE}/{text}")), who=text, why=text, key=text)
    writer.write(take(ONE, statement(f"{ONE}/x")))
    report = apply_rules(writer.engine.statements(history_name(BASE)))
    assert report.conforms
    assert report.results == ()


def test_what_was_there_before_any_revision_has_no_version(writer: Writer) -> None:
    writer.engine.apply(put(ONE, statement(ONE), statement(f"{ONE}/x")))
    writer.write(take(ONE, statement(f"{ONE}/x")))
    assert writer.history.last_described(f"{ONE}/x", ONE) == 0
    assert writer.history.statements(ONE, 0) == {statement(ONE), statement(f"{ONE}/x")}


names = st.sampled_from([None, ONE, TWO, OTHER])
VALUES: Final = (
    "<o:1>",
    "<o:2>",
    '"x"',
    '"a b"@fr',
    '"a <g:1>"',
    '" <g:1>"^^<t:d>',
    '"\\n\\t\\u0085\u2028é"',
    '"a" , "b <g:1> ."',
    "7",
)
"""Objects as a sender may write them, chosen for what a line could be mistaken for."""


def states() -> st.SearchStrategy[dict[Name, Statements]]:
    """States of some graphs, as the engine understands them."""
    triples = st.builds(
        lambda subject, value: f"<{subject}> <p:1> {value} .", st.sampled_from([ONE, f"{ONE}/a", "s:1"]), st.sampled_from(VALUES)
    )
    documents = st.lists(triples, max_size=4).map(lambda lines: "\n".join(lines).encode())
    graphs = documents.map(lambda data: read(data, "text/turtle", base="x:").get(None, frozenset()))
    return st.dictionaries(names, graphs, max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(states(), min_size=1, max_size=7))
def test_any_state_is_got_back(walk: list[dict[Name, Statements]]) -> None:
    writer = Writer(open_store(None))
    reached: list[dict[Name, Statements]] = [{}]
    for state in walk:
        changes = Changes.between(reached[-1], state)
        if changes:
            writer.write(changes)
            reached.append(state)
            assert writer.history.changes(writer.history.head) == changes
    assert writer.history.head == len(reached) - 1
    for number, state in enumerate(reached):
        for name in (None, ONE, TWO, OTHER):
            assert writer.history.statements(name, number) == state.get(name, frozenset())
    for iri in (str(ONE), f"{ONE}/a"):
        described = [n for n, state in enumerate(reached) if any(subject_of(line) == iri for line in state.get(ONE, ()))]
        now = bool(described) and described[-1] == len(reached) - 1
        numbers = [n for n in writer.history.numbers(ONE) if described and n <= described[-1]]
        assert writer.history.last_described(iri, ONE) == (None if now or not described else numbers[-1])
    writer.history.check()


def test_a_patch_is_rdf_patch_and_always_the_same(tmp_path: Path) -> None:
    changes = Changes.of(
        [
            GraphChange(ONE, frozenset([statement("b:1"), statement("a:1")]), frozenset([statement("c:1")])),
            GraphChange(None, frozenset(["<a:1> <p:1> <o:1> ."])),
        ]
    )
    files = []
    for folder in ("first", "second"):
        engine = open_store(tmp_path / folder)
        Writer(engine).write(changes)
        files.append((tmp_path / folder / "history" / "1.patch.gz").read_bytes())
        engine.close()
    assert files[0] == files[1]
    assert gzip.decompress(files[0]).decode().splitlines() == [
        f"H id <{BASE}revision/1> .",
        "TX .",
        "A <a:1> <p:1> <o:1> .",
        f'D <c:1> <https://p.example/> "x" <{ONE}> .',
        f'A <a:1> <https://p.example/> "x" <{ONE}> .',
        f'A <b:1> <https://p.example/> "x" <{ONE}> .',
        "TC .",
    ]


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def damage_flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def damage_replace(path: Path) -> None:
    path.write_bytes(gzip.compress(b"TX .\nTC .\n"))


@pytest.mark.parametrize("damage", [Path.unlink, damage_cut, damage_flip, damage_replace])
def test_a_damaged_patch_is_named(writer: Writer, damage: Any) -> None:
    for text in "abcd":
        writer.write(put(ONE, statement(ONE, text)))
    damage(patch_file(writer, 3))
    for reading in (
        writer.history.check,
        lambda: writer.history.check(2),
        lambda: writer.history.changes(3),
        lambda: writer.history.statements(ONE, 2),
    ):
        with pytest.raises(DamagedHistory) as raised:
            reading()
        assert raised.value.path == patch_file(writer, 3)
        assert str(patch_file(writer, 3)) in (raised.value.french or "")
    writer.history.check(3)
    assert len(writer.history.statements(ONE, 3)) == 3


def test_a_full_disk_is_told_and_does_no_harm(writer: Writer) -> None:
    writer.write(put(ONE, statement(ONE)))
    long = put(ONE, *(statement(ONE, sha256(b"%d" % number).hexdigest()) for number in range(2000)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(StorageFull):
            writer.history.write(long, who="x", kind=Kind.MERGE, shapes="1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(patch_file(writer, 1).parent.iterdir()) == [patch_file(writer, 1)]
    assert writer.write(long).number == 2
    writer.history.check()


def test_a_history_can_be_read_where_nothing_may_be_written(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store")
    (tmp_path / "store" / "history").touch()  # no folder can be made there
    with pytest.raises(StorageFull):
        Writer(engine).write(put(ONE, statement(ONE)))
    assert History(engine, BASE).head == 0
    engine.close()


def test_a_store_in_memory_has_a_history_too() -> None:
    writer = Writer(open_store(None))
    writer.write(put(ONE, statement(ONE)))
    writer.write(take(ONE, statement(ONE)))
    assert writer.history.statements(ONE, 1) == {statement(ONE)}
    assert writer.history.statements(ONE, 2) == frozenset()
