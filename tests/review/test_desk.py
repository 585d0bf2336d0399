from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Thread

import pytest
from rdflib import URIRef

from gate.registers import certification, name_of
from referentiel.access import LOCAL, Identity
from referentiel.gate import Gate, NotAllowed, Replace, Restore, Unfit, Withdraw
from referentiel.linking.concepts import Kind
from referentiel.linking.mapping import MANUAL, NO_MATCH, REVIEWED, Mapping
from referentiel.linking.occupations import CROSSWALK
from referentiel.linking.standing import State, Verdict
from referentiel.review import Desk, NothingToUndo, UnknownConcept, UnknownSubject
from referentiel.vocabulary import OWL, SKOS
from review.desks import ANNE, BEN, C1, C2, ESCO_GRAPH, READER, ROME_GRAPH, SKILL, SKILLS, desk, put

ROME_WITH_FICHE = f"""
    @prefix skos: <{SKOS}> . @base <{ROME_GRAPH}/> .
    <{ROME_GRAPH}> a skos:ConceptScheme .
    <fiche/A0001> a skos:Concept ; skos:inScheme <{ROME_GRAPH}/fiche> ; skos:prefLabel "Distribution du courrier"@fr .
    <appellation/10> a skos:Concept ; skos:inScheme <{ROME_GRAPH}/appellation> ; skos:prefLabel "Facteur"@fr ;
      skos:broader <fiche/A0001> ."""
HOLD = URIRef(f"{SKILL}1")
READ = URIRef(f"{SKILL}3")
ROME = URIRef(f"{ROME_GRAPH}/savoir/1")


@pytest.fixture
def held() -> Iterator[tuple[Gate, Desk]]:
    with desk() as found:
        yield found


@pytest.fixture
def gate(held: tuple[Gate, Desk]) -> Gate:
    return held[0]


@pytest.fixture
def here(held: tuple[Gate, Desk]) -> Desk:
    return held[1]


def decide(here: Desk, who: object = ANNE, predicate: URIRef = SKOS.exactMatch, target: URIRef = HOLD, **more: object) -> Mapping:
    identity = BEN if who is BEN else ANNE
    subject = more.pop("subject", C1)
    assert isinstance(subject, URIRef)
    negated = bool(more.pop("negated", False))
    return here.decide("X", subject, predicate, target, identity=identity, author=here.author(identity), negated=negated)


def state(here: Desk, subject: URIRef = C1) -> State:
    return here.item(subject, "X", here.author(ANNE)).state


def matches(gate: Gate, subject: URIRef = C1) -> set[tuple[str | None, ...]]:
    text = f"SELECT ?p ?o {{ <{subject}> ?p ?o FILTER(STRENDS(STR(?p), 'Match')) }}"
    return set(gate.engine.query(text).rows())


def test_the_queue_is_the_competencies_in_their_order_then_the_certification(here: Desk) -> None:
    queue = here.queue("X", "X", "")
    assert [(item.subject.notation, item.subject.kind, item.state) for item in queue] == [
        ("C1", Kind.SKILL, State.TODO),
        ("C2", Kind.SKILL, State.TODO),
        ("", Kind.OCCUPATION, State.TODO),
    ]
    first = queue[0].subject
    assert (first.iri, first.label, first.block) == (C1, "Compétence C1", "Bloc 1")
    assert first.criteria == ("Critère CE1.1", "Critère CE1.2")
    assert here.queue("X", "X", "", Kind.OCCUPATION)[0].subject.label == "Certification d'exemple"
    assert here.queue("AUCUNE", "X", "") == ()


def test_what_is_held_is_listed(here: Desk) -> None:
    assert here.certifications() == (("X", "Certification d'exemple"), ("Y", "Certification d'exemple"))
    assert here.schemes() == ("esco", "rome")
    assert here.sets() == ()
    decide(here)
    assert here.sets() == ("X",)


def test_a_decision_is_recorded_with_all_that_it_rests_on(here: Desk, gate: Gate) -> None:
    made = here.decide("X", C1, SKOS.closeMatch, HOLD, identity=ANNE, author=here.author(ANNE), score=0.5, comment="presque")
    assert here.mapping_set("X").mappings == (made,)
    assert (made.author, made.justification, made.score, made.comment) == (f"{gate.space.base}agent/anne", MANUAL, 0.5, "presque")
    assert (made.subject_label, made.object_label) == ("Compétence C1", SKILLS[1])
    assert (made.subject_source, made.subject_source_version) == (URIRef(f"{name_of('X')}/framework/competency"), "1")
    assert (made.object_source, made.object_source_version) == (ESCO_GRAPH, "1.0")
    assert matches(gate) == {(str(SKOS.closeMatch), str(HOLD))}
    last = gate.history.revision(gate.history.head)
    assert last is not None
    assert (last.who, last.why) == ("anne", "relecture : C1, closeMatch « tenir une compétence »")


def test_who_decides_again_changes_their_mind(here: Desk, gate: Gate) -> None:
    decide(here)
    decide(here, predicate=SKOS.broadMatch)
    assert [each.predicate for each in here.mapping_set("X").mappings] == [SKOS.broadMatch]
    decide(here, negated=True)
    assert matches(gate) == set()
    assert state(here) is State.TODO


def test_a_second_person_confirms_or_differs(here: Desk, gate: Gate) -> None:
    decide(here)
    assert decide(here, BEN).justification == REVIEWED
    assert state(here) is State.CONFIRMED
    assert decide(here, BEN, predicate=SKOS.closeMatch).justification == MANUAL
    assert state(here) is State.DISPUTED
    assert matches(gate) == set()
    decide(here, predicate=SKOS.closeMatch)
    assert state(here) is State.CONFIRMED
    assert matches(gate) == {(str(SKOS.closeMatch), str(HOLD))}


def test_no_match_is_an_answer_for_each_vocabulary(here: Desk, gate: Gate) -> None:
    decide(here)
    decide(here, target=READ, negated=True)
    made = here.no_match("X", C1, identity=ANNE, author=here.author(ANNE))
    assert [(each.object, each.object_source, each.object_source_version) for each in made] == [
        (NO_MATCH, ESCO_GRAPH, "1.0"),
        (NO_MATCH, ROME_GRAPH, "4"),
    ]
    item = here.item(C1, "X", here.author(ANNE))
    assert (item.state, item.answered) == (State.NO_MATCH, True)
    assert {each.object for each in item.mine} == {NO_MATCH, READ}, "what was accepted goes, what was rejected stays"
    assert matches(gate) == set()
    decide(here, target=ROME)
    assert {each.object_source for each in here.item(C1, "X", here.author(ANNE)).mine if each.object == NO_MATCH} == {ESCO_GRAPH}


def test_another_person_who_finds_nothing_differs(here: Desk, gate: Gate) -> None:
    decide(here)
    here.no_match("X", C1, identity=BEN, author=here.author(BEN), schemes=["esco"])
    assert state(here) is State.DISPUTED
    assert matches(gate) == set()


def test_undo_goes_back_step_by_step(here: Desk, gate: Gate) -> None:
    steps: list[Callable[[], object]] = [
        lambda: decide(here),
        lambda: decide(here, negated=True),
        lambda: decide(here, target=READ, subject=C2),
        lambda: here.no_match("X", C1, identity=ANNE, author=here.author(ANNE)),
        lambda: decide(here, predicate=SKOS.relatedMatch),
    ]
    seen = []
    for step in steps:
        step()
        seen.append(here.mapping_set("X").mappings)
    for before in reversed([(), *seen[:-1]]):
        here.undo("X", identity=ANNE, author=here.author(ANNE))
        assert here.mapping_set("X").mappings == before
    with pytest.raises(NothingToUndo):
        here.undo("X", identity=ANNE, author=here.author(ANNE))
    assert matches(gate) == matches(gate, C2) == set()


def test_undo_after_undo_takes_back_what_was_decided_between(here: Desk) -> None:
    decide(here)
    decide(here, predicate=SKOS.closeMatch)
    here.undo("X", identity=ANNE, author=here.author(ANNE))
    decide(here, predicate=SKOS.narrowMatch)
    taken = [here.undo("X", identity=ANNE, author=here.author(ANNE))[0].predicate for _ in range(2)]
    assert taken == [SKOS.narrowMatch, SKOS.exactMatch]


def test_undo_leaves_what_others_said(here: Desk, gate: Gate) -> None:
    decide(here)
    decide(here, BEN)
    orcid = here.author(ANNE, "0000-0002-1825-0097")
    with pytest.raises(NothingToUndo):
        here.undo("X", identity=ANNE, author=orcid)
    assert here.undo("X", identity=ANNE, author=here.author(ANNE))[0].author == here.author(ANNE)
    assert [each.author for each in here.mapping_set("X").mappings] == [here.author(BEN)]
    assert matches(gate) == {(str(SKOS.exactMatch), str(HOLD))}


ORCID = "0000-0002-1825-0097"


def as_x(here: Desk, identity: Identity, predicate: URIRef = SKOS.exactMatch, target: URIRef = HOLD) -> Mapping:
    return here.decide("X", C1, predicate, target, identity=identity, author=here.author(identity, ORCID))


def test_an_orcid_is_no_key_to_what_another_has_decided_under_it(here: Desk, gate: Gate) -> None:
    made = as_x(here, ANNE)
    for change in (
        lambda: as_x(here, BEN, SKOS.closeMatch),
        lambda: here.no_match("X", C1, identity=BEN, author=here.author(BEN, ORCID)),
    ):
        with pytest.raises(Unfit, match="« anne »"):
            change()
    with pytest.raises(NothingToUndo):
        here.undo("X", identity=BEN, author=here.author(BEN, ORCID))
    assert here.mapping_set("X").mappings == (made,)
    as_x(here, BEN, target=READ)
    as_x(here, ANNE, SKOS.closeMatch)
    here.undo("X", identity=ANNE, author=here.author(ANNE, ORCID))
    with pytest.raises(Unfit, match="« anne »"):
        as_x(here, BEN, SKOS.closeMatch)
    here.undo("X", identity=ANNE, author=here.author(ANNE, ORCID))
    as_x(here, BEN, SKOS.closeMatch)
    assert matches(gate) == {(str(SKOS.closeMatch), str(HOLD)), (str(SKOS.exactMatch), str(READ))}


def test_nobody_confirms_or_contradicts_themselves_under_another_signature(here: Desk) -> None:
    decide(here)
    for predicate in (SKOS.exactMatch, SKOS.closeMatch):
        with pytest.raises(Unfit, match="une voix par jeton"):
            as_x(here, ANNE, predicate)
    as_x(here, BEN)
    assert state(here) is State.CONFIRMED
    as_x(here, LOCAL, target=READ)
    here.decide("X", C1, SKOS.exactMatch, READ, identity=LOCAL, author=here.author(LOCAL))
    assert here.item(C1, "X", "").standings[-1].confirmed, "the command line has no token to tell people apart by"


def test_undo_does_not_pass_over_what_others_have_changed(here: Desk) -> None:
    decide(here, target=READ)
    made = decide(here)
    found = replace(here.mapping_set("X"), mappings=(replace(made, predicate=SKOS.broadMatch),))
    here.take_in("X", found, identity=LOCAL, why="un fichier")
    before = here.mapping_set("X").mappings
    with pytest.raises(Unfit, match="changée depuis"):
        here.undo("X", identity=ANNE, author=here.author(ANNE))
    assert here.mapping_set("X").mappings == before
    decide(here, predicate=SKOS.closeMatch)
    assert here.undo("X", identity=ANNE, author=here.author(ANNE))[0].predicate == SKOS.closeMatch


def test_who_undoes_twice_at_once_takes_two_decisions_back(here: Desk) -> None:
    for number in range(6):
        decide(here, target=URIRef(f"{SKILL}{number}"))
    taken: list[Mapping] = []

    def undo() -> None:
        taken.extend(here.undo("X", identity=ANNE, author=here.author(ANNE)))

    threads = [Thread(target=undo) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(str(each.object) for each in taken) == [f"{SKILL}{number}" for number in range(2, 6)]
    assert [str(each.object) for each in here.mapping_set("X").mappings] == [f"{SKILL}0", f"{SKILL}1"]


def test_two_people_at_once_lose_nothing(here: Desk) -> None:
    decisions = [(who, URIRef(f"{SKILL}{number}")) for number in range(6) for who in (ANNE, BEN)]
    threads = [Thread(target=decide, args=(here, who, SKOS.closeMatch, target)) for who, target in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    item = here.item(C1, "X", here.author(ANNE))
    assert len(here.mapping_set("X").mappings) == 12
    assert [each.verdict for each in item.standings] == [Verdict.ACCEPTED] * 6
    assert all(each.confirmed for each in item.standings)


def test_proposals_come_with_reasons_and_with_what_was_said_of_them(here: Desk) -> None:
    decide(here, BEN, negated=True)
    decide(here, target=URIRef(f"{SKILL}5"))
    proposals = here.proposals(here.item(C1, "X", here.author(ANNE)), 2)
    best, last = proposals[0], proposals[-1]
    hold = next(each for each in proposals if each.concept.iri == str(HOLD))
    assert best.candidate is not None
    assert best.candidate.score > 0
    assert hold.candidate is not None
    assert hold.candidate.matched == ("Compétence",)
    assert hold.definition == "La tenir bien."
    assert hold.standing is not None
    assert (hold.standing.verdict, hold.mine) == (Verdict.REJECTED, None)
    assert (last.concept.label, last.candidate) == ("chanter", None), "a decision alone speaks of it"
    assert last.mine is not None
    assert len(proposals) == 3


def test_a_fiche_that_was_accepted_leads_to_the_occupations_of_its_titles(here: Desk, gate: Gate) -> None:
    put(gate, ROME_GRAPH, ROME_WITH_FICHE)
    title, postman = URIRef(f"{ROME_GRAPH}/appellation/10"), URIRef(f"{SKILL}facteur")
    put(gate, URIRef(f"{gate.space.base}mapping-set/esco-rome"), f"<{title}> <{SKOS.exactMatch}> <{postman}> .")
    before = here.proposals(here.item(name_of("X"), "X", here.author(ANNE)))
    assert before[0].concept.label == "certification d'exemple"
    decide(here, subject=name_of("X"), predicate=SKOS.relatedMatch, target=URIRef(f"{ROME_GRAPH}/fiche/A0001"))
    after = here.proposals(here.item(name_of("X"), "X", here.author(ANNE)))
    found = next(each.candidate for each in after if each.concept.iri == str(postman))
    assert found is not None
    assert found.parts[CROSSWALK] == 1


def test_search_finds_concepts_of_the_kind_that_the_subject_takes(here: Desk) -> None:
    skill, occupation = (here.item(subject, "X", "") for subject in (C1, name_of("X")))
    assert here.search("lettre", skill)[0].concept.label == "rédiger une lettre"
    assert here.search("facteur", occupation)[0].concept.label == "facteur"
    assert "facteur" not in {each.concept.label for each in here.search("facteur", skill)}


def test_progress_counts_subjects(here: Desk) -> None:
    decide(here)
    decide(here, BEN)
    here.no_match("X", C2, identity=BEN, author=here.author(BEN))
    progress = here.progress("X", "X", here.author(ANNE))
    assert (progress.total, progress.answered, progress.todo, progress.confirmed, progress.no_match) == (3, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("subject", "target", "predicate", "error"),
    [
        (URIRef(f"{name_of('X')}/competency/C99"), HOLD, SKOS.exactMatch, UnknownSubject),
        (URIRef("https://ailleurs.example/"), HOLD, SKOS.exactMatch, UnknownSubject),
        (URIRef(f"{C1}> }} #"), HOLD, SKOS.exactMatch, UnknownSubject),
        (C1, URIRef(f"{SKILL}99"), SKOS.exactMatch, UnknownConcept),
        (C1, C2, SKOS.exactMatch, UnknownConcept),
        (C1, URIRef("> } #"), SKOS.exactMatch, UnknownConcept),
        (C1, HOLD, OWL.sameAs, ValueError),
    ],
)
def test_what_nobody_can_decide_is_refused(
    here: Desk, subject: URIRef, target: URIRef, predicate: URIRef, error: type[Exception]
) -> None:
    with pytest.raises(error):
        decide(here, predicate=predicate, target=target, subject=subject)
    assert here.sets() == ()


@pytest.mark.parametrize("code", ["", "../x", "a b", "x/y", "é"])
def test_a_set_has_a_code_as_certifications_have(here: Desk, code: str) -> None:
    with pytest.raises(ValueError, match="no code"):
        here.queue("X", code, "")


def test_only_who_may_write_graphs_decides(here: Desk) -> None:
    with pytest.raises(NotAllowed):
        here.decide("X", C1, SKOS.exactMatch, HOLD, identity=READER, author=here.author(READER))


def test_no_vocabulary_is_told(here: Desk) -> None:
    with pytest.raises(UnknownConcept):
        here.no_match("X", C1, identity=ANNE, author=here.author(ANNE), schemes=["nsf"])


def test_decisions_outlast_their_certification(here: Desk, gate: Gate) -> None:
    decide(here)
    decide(here, subject=C2)
    version = gate.history.latest(name_of("X"))
    assert version is not None
    gate.submit(Withdraw(name_of("X")), identity=LOCAL)
    assert len(here.mapping_set("X").mappings) == 2
    here.undo("X", identity=ANNE, author=here.author(ANNE))
    gate.submit(Restore(name_of("X"), version), identity=LOCAL)
    assert state(here) is State.DECIDED
    assert matches(gate) == {(str(SKOS.exactMatch), str(HOLD))}, "the match is back with its subject"
    assert not matches(gate, C2), "what was taken back meanwhile is not"


def test_a_competency_that_is_written_anew_keeps_its_decisions(here: Desk, gate: Gate) -> None:
    decide(here)
    reworded = frozenset(line.replace("Compétence C1", "Savoir C1") for line in certification("X", "RNCP88"))
    gate.submit(Replace(name_of("X"), reworded), identity=LOCAL)
    assert matches(gate) == {(str(SKOS.exactMatch), str(HOLD))}
    assert here.item(C1, "X", "").subject.label == "Savoir C1"
