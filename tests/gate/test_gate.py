"""What the gate lets in, what it refuses, and that nothing is written of what it refuses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from rdflib import URIRef

from gate.registers import SHARED, WRITER, by_pyshacl, certification, name_of, register
from referentiel.access import Identity
from referentiel.gate import (
    ANYTHING,
    NOTHING,
    Alter,
    Gate,
    KeyReused,
    Merge,
    NotAllowed,
    Protected,
    Replace,
    Restore,
    RulesBroken,
    Stale,
    Unfit,
    Unknown,
    Withdraw,
    Withdrawn,
)
from referentiel.gate.outcome import Refusal
from referentiel.gate.proposals import Proposal
from referentiel.history import Kind, history_name
from referentiel.store import Changes, Engine, GraphChange, Statements
from referentiel.store.deposit import Document, provenance_name
from referentiel.vocabulary import DCT, DEFAULT_BASE, ONTOLOGY, OWL, RDF, RDFS, REF, SHAPES_GRAPH, SKOS

X, Y, NEW = name_of("X"), name_of("Y"), name_of("N1")
C1 = f"{X}/competency/C1"


@pytest.fixture
def gate() -> Gate:
    return register(None, "X", "Y")


def snapshot(engine: Engine) -> dict[URIRef, Statements]:
    return {name: engine.statements(name) for name in engine.graph_names()}


def refused(gate: Gate, proposal: Proposal, identity: Identity = WRITER) -> Refusal:
    """The refusal of a proposal; the store must be as it was, its history too."""
    before, head = snapshot(gate.engine), gate.history.head
    with pytest.raises(Refusal) as caught:
        gate.submit(proposal, identity=identity)
    assert (snapshot(gate.engine), gate.history.head) == (before, head)
    return caught.value


def without(statements: Statements, *parts: str) -> Statements:
    return frozenset(line for line in statements if not any(part in line for part in parts))


def test_a_sound_certification_is_let_in_with_its_record(gate: Gate) -> None:
    document = Document.of("n1.csv", b"table")
    done = gate.submit(Replace(NEW, certification("N1"), document), identity=WRITER, why="première version")
    assert done.revision
    assert (done.revision.who, done.revision.why, done.revision.kind) == (WRITER.name, "première version", Kind.REPLACE)
    assert done.revision.shapes == gate.rules.version
    assert gate.engine.statements(NEW) == certification("N1")
    assert set(done.changes.names) == {NEW, provenance_name(DEFAULT_BASE)}
    assert gate.version(NEW) == gate.history.head == done.revision.number
    assert done.report
    assert done.report.conforms


def test_what_breaks_a_rule_is_refused_with_the_report(gate: Gate) -> None:
    error = refused(gate, Replace(X, without(gate.engine.statements(X), "/criterion/")))
    assert isinstance(error, RulesBroken)
    assert {"CORE-01"} <= {result.code for result in error.report.results}
    assert all(str(result.focus).startswith(str(X)) for result in error.report.results)


def test_warnings_come_with_an_accepted_write(gate: Gate) -> None:
    weaker = without(gate.engine.statements(X), str(REF.assessmentMode))
    done = gate.submit(Replace(X, weaker), identity=WRITER)
    assert done.report
    assert "QA-01" in {result.code for result in done.report.results}


def test_the_same_again_changes_nothing(gate: Gate) -> None:
    head = gate.history.head
    done = gate.submit(Replace(X, gate.engine.statements(X)), identity=WRITER)
    assert (done.revision, bool(done.changes), gate.history.head) == (None, False, head)


def test_another_certifications_register_number_is_refused(gate: Gate) -> None:
    error = refused(gate, Replace(NEW, certification("N1", "RNCP1")))
    assert isinstance(error, RulesBroken)
    assert "ID-18" in {result.code for result in error.report.results}


def test_changes_that_are_valid_alone_and_invalid_together_never_both_pass() -> None:
    for _ in range(8):
        gate = register(None, "X")
        ends: list[str] = []
        start = threading.Barrier(2)

        def write(code: str, gate: Gate = gate, ends: list[str] = ends, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                gate.submit(Replace(name_of(code), certification(code, "RNCP77")), identity=WRITER)
                ends.append("accepted")
            except RulesBroken:
                ends.append("refused")

        threads = [threading.Thread(target=write, args=(code,)) for code in ("N1", "N2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ends) == ["accepted", "refused"]


def test_withdrawing_what_others_lead_to_is_refused(gate: Gate) -> None:
    link = f"<{Y}/competency/C1> <{SKOS.broader}> <{C1}> ."
    gate.submit(Merge(Y, frozenset({link})), identity=WRITER)
    error = refused(gate, Withdraw(X))
    assert isinstance(error, RulesBroken)
    assert {(result.code, str(result.focus)) for result in error.report.results if result.severity.rank == 0} == {
        ("SKOS-10", f"{Y}/competency/C1")
    }


def test_faults_of_others_that_were_there_before_do_not_count(gate: Gate) -> None:
    link = f"<{Y}/competency/C1> <{SKOS.broader}> <{C1}> ."
    gate.submit(Merge(Y, frozenset({link})), identity=WRITER)
    criterion = f"<{Y}/competency/C2> <{REF.hasCriterion}>"
    loaded = frozenset(line for line in gate.engine.statements(Y) if line.startswith(criterion))
    gate.engine.apply(Changes.of([GraphChange(Y, removed=loaded)]))  # as an unchecked load of former days left it
    added = f'<{C1}> <{SKOS.altLabel}> "autrement"@fr .'
    assert gate.submit(Merge(X, frozenset({added})), identity=WRITER).revision
    assert isinstance(refused(gate, Merge(Y, frozenset({added.replace(str(X), str(Y))}))), RulesBroken)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        (X, f'<{name_of("X2")}> <{SKOS.prefLabel}> "préfixe"@fr .'),
        (X, f'<{Y}/competency/C1> <{SKOS.altLabel}> "chez un autre"@fr .'),
        (X, f'<{X}/../Y/competency/C1> <{SKOS.altLabel}> "chemin"@fr .'),
        (X, f'<{X}/version/1> <{SKOS.altLabel}> "histoire"@fr .'),
        (X, f"_:b <{RDF.type}> <{REF.Competency}> ."),
        (X, f"<{C1}> <{SKOS.related}> _:b ."),
        (X, f"<{REF.Competency}> <{RDFS.subClassOf}> <{REF.Task}> ."),
        (X, f"<{C1}> <{OWL.inverseOf}> <{C1}> ."),
        (SHARED, f'<{C1}> <{SKOS.altLabel}> "d\'ailleurs"@fr .'),
        (SHARED, f"<https://certif.example/a> <{RDF.type}> <{REF.Competency}> ."),
        (SHARED, f'<{ONTOLOGY}> <{DCT.title}> "à nous"@fr .'),
        (SHARED, f'<{DEFAULT_BASE}revision/1> <{DCT.title}> "réécrite"@fr .'),
        (None, f'<{REF.Competency}> <{RDFS.label}> "autre"@fr .'),
    ],
)
def test_statements_have_their_place(gate: Gate, name: URIRef | None, statement: str) -> None:
    error = refused(gate, Merge(name, frozenset({statement})))
    if "/../" in statement:  # the engine resolves no path: it lies below the address, and is not described
        assert isinstance(error, Unfit | RulesBroken)
        return
    assert isinstance(error, Unfit)
    assert statement in error.found


def test_only_mappings_of_a_certification_stand_elsewhere(gate: Gate) -> None:
    mapping = f"<{C1}> <{SKOS.exactMatch}> <https://certif.example/concept/1> ."
    assert gate.submit(Merge(SHARED, frozenset({mapping})), identity=WRITER).revision
    clash = mapping.replace("exactMatch", "broadMatch")
    error = refused(gate, Merge(SHARED, frozenset({clash})))
    assert isinstance(error, RulesBroken)
    assert {result.code for result in error.report.results if result.severity.rank == 0} == {"SKOS-09"}


@pytest.mark.parametrize(
    "name",
    [
        ONTOLOGY,
        SHAPES_GRAPH,
        history_name(DEFAULT_BASE),
        provenance_name(DEFAULT_BASE),
        URIRef(f"{DEFAULT_BASE}catalog"),
        URIRef(f"{DEFAULT_BASE}certification/X/y"),
        URIRef(f"{DEFAULT_BASE}certification/"),
        URIRef(f"{DEFAULT_BASE}certification/a%2Fb"),
    ],
)
@pytest.mark.parametrize("proposal", [Merge, Replace])
def test_graphs_of_the_service_are_not_written(
    gate: Gate, name: URIRef, proposal: Callable[[URIRef, Statements], Proposal]
) -> None:
    statement = '<https://certif.example/a> <https://certif.example/p> "v" .'
    assert isinstance(refused(gate, proposal(name, frozenset({statement}))), Protected)


def test_a_graph_must_describe_its_certification(gate: Gate) -> None:
    assert isinstance(refused(gate, Replace(NEW, frozenset({f'<{NEW}> <{SKOS.prefLabel}> "sans type"@fr .'}))), Unfit)


E1, G1, G2 = (URIRef(f"https://certif.example/{name}") for name in ("e", "g1", "g2"))
EXACT = f"<{C1}> <{SKOS.exactMatch}> <{E1}> ."
BROAD = f"<{C1}> <{SKOS.broadMatch}> <{E1}> ."


def test_a_mapping_that_another_graph_still_holds_counts(gate: Gate) -> None:
    for name in (G1, G2):
        gate.submit(Merge(name, frozenset({EXACT})), identity=WRITER)
    assert isinstance(refused(gate, Replace(G1, frozenset({BROAD}))), RulesBroken)
    gate.submit(Withdraw(G2), identity=WRITER)
    assert gate.submit(Replace(G1, frozenset({BROAD})), identity=WRITER).revision


@pytest.mark.parametrize("subject", [f"{X}/nowhere", f"{X}#fragment", name_of("NOPE") + "/c"])
def test_only_what_is_described_is_mapped(gate: Gate, subject: str) -> None:
    assert isinstance(refused(gate, Merge(G1, frozenset({EXACT.replace(C1, subject)}))), Unfit)


def test_mappings_go_with_what_they_map(gate: Gate) -> None:
    criterion = f"{C1}/criterion/CE1.1"
    assert any(line.startswith(f"<{criterion}> ") for line in gate.engine.statements(X))
    mapping = EXACT.replace(C1, criterion)
    for name in (G1, None):
        gate.submit(Merge(name, frozenset({mapping, f'<{E1}> <{SKOS.prefLabel}> "e"@fr .'})), identity=WRITER)
    owner = Identity("propriétaire", frozenset({"write"}), ("X",))
    another = f"{C1}/criterion/CE1.9"
    held = gate.engine.statements(X)
    renamed = frozenset(line.replace(f"<{criterion}", f"<{another}").replace('"CE1.1"', '"CE1.9"') for line in held)
    done = gate.submit(Replace(X, renamed), identity=owner)
    assert set(done.changes.names) == {X, G1, None}
    assert mapping not in gate.engine.statements(G1) | gate.engine.statements(None)
    assert len(gate.engine.statements(G1)) == 1
    assert by_pyshacl(gate.engine) == set()


def test_the_record_of_a_document_goes_with_it(gate: Gate) -> None:
    gate.submit(Replace(NEW, certification("N1"), Document.of("n1.csv", b"table")), identity=WRITER)
    sourceless = without(certification("N1"), f"{NEW}/source>", "/excerpt/")
    gate.submit(Replace(NEW, sourceless), identity=WRITER)
    assert not [line for line in gate.engine.statements(provenance_name(DEFAULT_BASE)) if str(NEW) in line]
    assert by_pyshacl(gate.engine) == set()


def test_a_certification_holds_no_other(gate: Gate) -> None:
    nested = frozenset(line.replace(str(NEW), f"{X}/B") for line in certification("N1", "RNCP77"))
    assert isinstance(refused(gate, Merge(X, nested)), Unfit)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        (X, f"<{C1}> <{SKOS.inScheme}> <{Y}/framework/competency> ."),
        (X, f"<{C1}> <{REF.assessedBy}> <{Y}/assessment/1> ."),
        (G1, f"<{E1}> <{RDF.subject}> <{C1}> ."),
        (G1, f"<{E1}> <{REF.evidenceOf}> <{C1}> ."),
        (X, f"<{C1}> <{SKOS.closeMatch}> <https://certif.example/{'a' * 3000}> ."),
        (X, f'<{X}> <{REF.registerNumber}> "RNCP{"1" * 3000}" .'),
    ],
)
def test_certifications_are_kept_apart_and_names_short(gate: Gate, name: URIRef, statement: str) -> None:
    assert isinstance(refused(gate, Merge(name, frozenset({statement}))), Unfit)


def test_many_long_names_are_looked_up(gate: Gate) -> None:
    labels = frozenset(f'<https://certif.example/{"a" * 1500}{number}> <{SKOS.prefLabel}> "{number}"@fr .' for number in range(400))
    assert gate.submit(Merge(G1, labels), identity=WRITER).revision


def test_a_text_of_two_hyphens_is_no_direction(gate: Gate) -> None:
    typed = f'<{E1}> <https://certif.example/p> "x"^^<http://certif.example/a--b> .'
    assert gate.submit(Merge(G1, frozenset({typed})), identity=WRITER).revision


def test_a_notice_is_changed_by_a_replacement_only(gate: Gate) -> None:
    gate.submit(Withdraw(Y), identity=WRITER)
    back = Alter(lambda _: Changes.of([GraphChange(Y, added=certification("Y"))]))
    assert isinstance(refused(gate, back), Withdrawn)
    assert isinstance(refused(gate, Replace(Y, frozenset())), Unfit)
    assert isinstance(refused(gate, Replace(NEW, frozenset())), Unfit)
    invented = frozenset({f'<{NEW}> <{OWL.deprecated}> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .'})
    assert isinstance(refused(gate, Replace(NEW, invented)), Unfit)
    assert gate.submit(Replace(Y, certification("Y")), identity=WRITER).revision
    assert gate.version(Y)


def test_expected_versions(gate: Gate) -> None:
    first = gate.submit(Replace(NEW, certification("N1")), identity=WRITER, expected=NOTHING)
    assert first.revision
    other = certification("N1", "RNCP9")
    for expected in (NOTHING, frozenset({first.revision.number + 5}), frozenset[int]()):
        with pytest.raises(Stale) as stale:
            gate.submit(Replace(NEW, other), identity=WRITER, expected=expected)
        assert stale.value.version == first.revision.number
    second = gate.submit(Replace(NEW, other), identity=WRITER, expected=frozenset({first.revision.number}))
    assert second.revision
    assert gate.submit(Withdraw(NEW), identity=WRITER, expected=ANYTHING).revision
    with pytest.raises(Stale):
        gate.submit(Replace(NEW, other), identity=WRITER, expected=ANYTHING)


def test_a_request_is_done_once_under_its_key(gate: Gate) -> None:
    label = frozenset({f'<{C1}> <{SKOS.altLabel}> "autrement"@fr .'})
    first = gate.submit(Merge(X, label), identity=WRITER, key="k1", request="digest")
    gate.submit(Replace(X, without(gate.engine.statements(X), '"autrement"')), identity=WRITER)
    again = gate.submit(Merge(X, label), identity=WRITER, key="k1", request="digest")
    assert again.replayed
    assert again.revision == first.revision
    assert not label & gate.engine.statements(X)
    with pytest.raises(KeyReused):
        gate.submit(Merge(X, label), identity=WRITER, key="k1", request="another")
    somebody = replace(WRITER, name="une autre")
    assert not gate.submit(Merge(X, label), identity=somebody, key="k1", request="digest").replayed


def test_withdrawing_leaves_a_notice_and_restoring_brings_everything_back(gate: Gate) -> None:
    document = Document.of("n1.csv", b"table")
    first = gate.submit(Replace(NEW, certification("N1"), document), identity=WRITER)
    recorded = gate.engine.statements(provenance_name(DEFAULT_BASE))
    gate.submit(Withdraw(NEW, replaced_by=X), identity=WRITER)
    held = gate.engine.statements(NEW)
    assert f"<{NEW}> <{DCT.isReplacedBy}> <{X}> ." in held
    assert any(str(OWL.deprecated) in line for line in held)
    assert gate.version(NEW) is None
    assert isinstance(refused(gate, Withdraw(NEW)), Withdrawn)
    assert isinstance(refused(gate, Merge(NEW, certification("N1"))), Withdrawn)
    assert first.revision
    assert gate.submit(Restore(NEW, first.revision.number), identity=WRITER).revision
    assert gate.engine.statements(NEW) == certification("N1")
    assert gate.engine.statements(provenance_name(DEFAULT_BASE)) == recorded


def test_what_was_never_there_can_be_neither_withdrawn_nor_restored(gate: Gate) -> None:
    assert isinstance(refused(gate, Withdraw(NEW)), Unknown)
    assert isinstance(refused(gate, Restore(X, 12)), Unknown)


def test_emptying_a_certification_is_withdrawing_it(gate: Gate) -> None:
    def empty(engine: Engine) -> Changes:
        return Changes.of([GraphChange(Y, removed=engine.statements(Y))])

    writer = Identity("écrit", frozenset({"write"}))
    assert isinstance(refused(gate, Alter(empty), writer), NotAllowed)
    gate.submit(Alter(empty), identity=WRITER)
    assert gate.engine.statements(Y)
    assert gate.version(Y) is None


@pytest.mark.parametrize(
    ("identity", "proposal"),
    [
        (Identity("rien", frozenset()), Merge(X, frozenset({f'<{C1}> <{SKOS.altLabel}> "a"@fr .'}))),
        (Identity("autre", frozenset({"write", "withdraw"}), ("Y*",)), Merge(X, frozenset({f'<{C1}> <{SKOS.altLabel}> "a"@fr .'}))),
        (Identity("écrit", frozenset({"write"})), Withdraw(X)),
        (Identity("retire", frozenset({"withdraw"})), Replace(X, certification("X"))),
        (Identity("écrit", frozenset({"write"})), Merge(SHARED, frozenset({f"<{C1}> <{SKOS.closeMatch}> <urn:a> ."}))),
        (Identity("écrit", frozenset({"write"}), ("Y",)), Replace(X, certification("X"))),
    ],
)
def test_identities_do_what_they_may(gate: Gate, identity: Identity, proposal: Proposal) -> None:
    assert isinstance(refused(gate, proposal, identity), NotAllowed)


def test_a_write_that_changes_nothing_still_needs_leave(gate: Gate) -> None:
    with pytest.raises(NotAllowed):
        gate.submit(Replace(X, gate.engine.statements(X)), identity=Identity("rien", frozenset()))
