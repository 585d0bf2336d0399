"""What the questions about occupations and links answer where vocabularies and decisions are held."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from rdflib import URIRef

from linked import (
    DECIDED,
    DECISIONS,
    FIRST,
    MECHANIC,
    REGISTER,
    SECOND,
    SET,
    SKILL,
    WITHOUT_BLOCKS,
    competency,
    link,
    link_without_blocks,
)
from queries.test_library import QUESTIONS, spelt
from referentiel.store import Engine, ResultFormat, open_store
from referentiel.vocabulary import DEFAULT_BASE, SKOS
from stores import install

ROME = f"{DEFAULT_BASE}vocabulary/rome/"
NAMES = (
    "links",
    "nearest-certifications",
    "occupation-coverage",
    "shared-through-concepts",
    "skills-gap",
    "untaught-skills",
    "untaught-skills-of-occupation",
)
COVERAGE = ("need", "label", "coverage", "competency", "relation", "linked", "record")
NEAREST = ("certification", "covered", "partly", "missing", "share")
Row = tuple[str, ...]


@pytest.fixture(scope="module")
def linked() -> Iterator[Engine]:
    engine = open_store(None)
    link(install(engine))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def register() -> Iterator[Engine]:
    """As above, and a certification without blocks."""
    engine = open_store(None)
    gate = install(engine)
    link(gate)
    link_without_blocks(gate)
    yield engine
    engine.close()


def ask(store: Engine, name: str, *columns: str, **values: str) -> list[Row]:
    """Some columns of the answer to a question, "" for what is unbound."""
    question = QUESTIONS[name]
    given = json.loads(store.query(question.text, bindings=question.bindings(values)).serialize(ResultFormat.JSON))
    return [tuple(row.get(column, {}).get("value", "") for column in columns) for row in given["results"]["bindings"]]


def record_of(author: str, certification: str, code: str, skill: str) -> str:
    """The IRI of a decision."""
    subject = competency(certification, code)
    (decision,) = [each for each in DECISIONS if each.pair == (subject, URIRef(SKILL + skill)) and each.author.endswith(author)]
    return f"{SET}/{decision.code}"


def test_what_is_covered_is_told_with_its_proof(linked: Engine) -> None:
    """Word for word the rule: exact, close and narrow cover; broad, related and what leads to something narrower do so partly."""
    rows = ask(linked, "occupation-coverage", *COVERAGE, occupation=MECHANIC, certification=FIRST)
    assert [row[:5] for row in rows if row[0] == "essential"] == [
        ("essential", "dévoiler une roue", "covered", "C1", str(SKOS.exactMatch)),
        ("essential", "dévoiler une roue", "covered", "C1", str(SKOS.exactMatch)),
        ("essential", "entretenir des freins à disque", "missing", "", ""),
        ("essential", "mécanique du cycle", "partly", "C2", str(SKOS.relatedMatch)),
        ("essential", "régler un dérailleur", "missing", "", ""),
        ("essential", "réparer une bicyclette", "partly", "C1", str(SKOS.exactMatch)),
        ("essential", "réparer une bicyclette", "partly", "C1", str(SKOS.exactMatch)),
    ]
    assert {row[1:3] for row in rows if row[0] == "optional"} == {
        ("établir un devis", "covered"),
        ("accueillir les clients", "missing"),
        ("gérer un stock de pièces", "missing"),
        ("diagnostiquer un vélo à assistance électrique", "missing"),
    }
    both = {record_of(author, FIRST, "C1", "s2") for author in ("alix", "bo")}
    assert {row[6] for row in rows if row[1] == "dévoiler une roue"} == both
    assert {row[5:] for row in rows if row[1] == "réparer une bicyclette"} == {(f"{SKILL}s2", record) for record in both}


def test_a_broad_match_covers_partly_and_a_close_one_wholly(linked: Engine) -> None:
    rows = ask(linked, "occupation-coverage", "label", "coverage", "relation", occupation=MECHANIC, certification=SECOND)
    assert {row for row in rows if row[1] != "missing"} == {
        ("dévoiler une roue", "covered", str(SKOS.closeMatch)),
        ("réparer une bicyclette", "partly", str(SKOS.closeMatch)),
        ("réparer une bicyclette", "partly", str(SKOS.broadMatch)),
    }


@pytest.mark.parametrize("occupation", ["appellation/900001", "appellation/900002", "fiche/Z1101"])
def test_an_occupation_of_rome_requires_what_the_crosswalk_leads_to(linked: Engine, occupation: str) -> None:
    for name in ("occupation-coverage", "skills-gap"):
        rome = ask(linked, name, "need", "skill", "label", occupation=ROME + occupation, certification=FIRST)
        assert rome == ask(linked, name, "need", "skill", "label", occupation=MECHANIC, certification=FIRST) != []
    assert ask(linked, "nearest-certifications", *NEAREST, occupation=ROME + occupation) == ask(
        linked, "nearest-certifications", *NEAREST, occupation=MECHANIC
    )


def test_a_narrower_occupation_of_esco_does_not_add_what_it_requires(linked: Engine) -> None:
    rows = ask(linked, "occupation-coverage", "skill", occupation=MECHANIC, certification=FIRST)
    assert (f"{SKILL}s9",) not in rows  # of o2, whose broader occupation is o1


@pytest.mark.parametrize("name", ["occupation-coverage", "skills-gap"])
def test_nothing_is_said_of_a_certification_or_an_occupation_that_is_not_held(linked: Engine, name: str) -> None:
    assert ask(linked, name, "skill", occupation=MECHANIC, certification="L-9") == []
    assert ask(linked, name, "skill", occupation=f"{SKILL}s11", certification=FIRST) == []


def test_the_nearest_certifications_come_first(linked: Engine) -> None:
    rows = ask(linked, "nearest-certifications", *NEAREST, occupation=MECHANIC)
    assert rows == [(FIRST, "1", "2", "2", "0.2"), (SECOND, "1", "1", "3", "0.2")]
    assert ask(linked, "nearest-certifications", *NEAREST, occupation=MECHANIC, certification=SECOND) == rows[1:]
    assert ask(linked, "nearest-certifications", *NEAREST, occupation="http://example.org/esco/occupation/o3") == [
        (FIRST, "1", "0", "1", "0.5")
    ]


def test_the_counts_are_those_of_the_rows(linked: Engine) -> None:
    for certification, covered, partly, missing, _ in ask(linked, "nearest-certifications", *NEAREST, occupation=MECHANIC):
        rows = ask(linked, "occupation-coverage", "skill", "coverage", "need", occupation=MECHANIC, certification=certification)
        best: dict[str, str] = {}
        for skill, coverage, need in rows:
            if need == "essential":
                best[skill] = min(coverage, best.get(skill, coverage))  # covered < missing < partly: never the two last together
        counts = Counter(best.values())
        assert (counts["covered"], counts["partly"], counts["missing"]) == (int(covered), int(partly), int(missing))


def test_the_gap_is_what_is_missing(linked: Engine) -> None:
    for language in ("fr", "en"):
        given = {"occupation": MECHANIC, "certification": FIRST, "language": language}
        rows = ask(linked, "occupation-coverage", "need", "label", "skill", "coverage", **given)
        gap = ask(linked, "skills-gap", "need", "label", "skill", **given)
        assert gap == [row[:3] for row in rows if row[3] == "missing"]
        assert len(gap) == 5


def test_what_no_certification_teaches(linked: Engine) -> None:
    taught = {"s1", "s2", "s5", "s8"}
    rows = ask(linked, "untaught-skills", "skill", "label", language="en")
    assert {skill for skill, _ in rows} == {f"{SKILL}s{number}" for number in range(1, 13)} - {SKILL + code for code in taught}
    assert ("train an apprentice" in {label for _, label in rows}) is True
    assert (f"{SKILL}s12", "") in ask(linked, "untaught-skills", "skill", "label")  # has no French label, and is not left out
    rows = ask(linked, "untaught-skills-of-occupation", "need", "skill", occupation=MECHANIC)
    assert set(rows) == {
        ("essential", f"{SKILL}s3"),
        ("essential", f"{SKILL}s4"),
        ("optional", f"{SKILL}s6"),
        ("optional", f"{SKILL}s7"),
        ("optional", f"{SKILL}s10"),
    }


def test_competencies_meet_in_what_they_are_linked_to(linked: Engine) -> None:
    columns = ("competency", "relation", "concept", "other", "otherCompetency", "otherRelation")
    shared = [("C1", str(SKOS.exactMatch), f"{SKILL}s2", SECOND, "C1", str(SKOS.closeMatch))]
    assert ask(linked, "shared-through-concepts", *columns, certification=FIRST) == shared
    assert ask(linked, "shared-through-concepts", *columns, certification=FIRST, other=SECOND) == shared
    assert ask(linked, "shared-through-concepts", *columns, certification=FIRST, other=FIRST) == []


def test_links_tell_who_decided_them(linked: Engine) -> None:
    rows = ask(
        linked, "links", "competency", "relation", "concept", "label", "scheme", "record", "author", "date", certification=FIRST
    )
    assert {row[:4] for row in rows} == {
        ("C1", str(SKOS.exactMatch), f"{SKILL}s2", "dévoiler une roue"),
        ("C2", str(SKOS.narrowMatch), f"{SKILL}s5", "établir un devis"),
        ("C2", str(SKOS.relatedMatch), f"{SKILL}s8", "mécanique du cycle"),
    }
    assert {row[4:] for row in rows if row[0] == "C1"} == {
        (f"{DEFAULT_BASE}vocabulary/esco", record_of(who, FIRST, "C1", "s2"), f"{DEFAULT_BASE}agent/{who}", "2026-11-24")
        for who in ("alix", "bo")
    }


def test_a_certification_without_blocks_counts(register: Engine) -> None:
    given = {"occupation": MECHANIC, "certification": WITHOUT_BLOCKS}
    record = f"{REGISTER}/{DECIDED.code}"
    rows = ask(register, "occupation-coverage", "skill", "coverage", "competency", "record", **given)
    assert [row for row in rows if row[1] == "covered"] == [
        (f"{SKILL}s2", "covered", "C2", ""),  # the certifying body's own statement
        (f"{SKILL}s3", "covered", "C1", record),
        (f"{SKILL}s6", "covered", "C2", ""),
    ]
    gap = ask(register, "skills-gap", "skill", **given)
    assert gap == [row[:1] for row in rows if row[1] == "missing"]
    assert {(f"{SKILL}s3",), (f"{SKILL}s6",)}.isdisjoint(gap)
    links = ask(register, "links", "competency", "concept", "record", certification=WITHOUT_BLOCKS)
    assert links == [("C1", f"{SKILL}s3", record), ("C2", f"{SKILL}s6", ""), ("C2", f"{SKILL}s2", "")]
    assert (WITHOUT_BLOCKS, "2") in ask(register, "nearest-certifications", "certification", "covered", occupation=MECHANIC)
    untaught = ask(register, "untaught-skills-of-occupation", "skill", occupation=MECHANIC)
    assert set(untaught) == {(f"{SKILL}{code}",) for code in ("s4", "s7", "s10")}
    everywhere = ask(register, "untaught-skills", "skill", language="en")
    assert {(f"{SKILL}s3",), (f"{SKILL}s6",)}.isdisjoint(everywhere)


def test_certifications_with_blocks_and_without_meet(register: Engine) -> None:
    given = ask(register, "shared-through-concepts", "other", "otherCompetency", "concept", certification=WITHOUT_BLOCKS)
    assert given == [(FIRST, "C1", f"{SKILL}s2"), (SECOND, "C1", f"{SKILL}s2")]
    met = ask(register, "shared-through-concepts", "competency", "otherCompetency", certification=FIRST, other=WITHOUT_BLOCKS)
    assert met == [("C1", "C2")]


def test_a_link_that_nobody_decided_does_not_count(register: Engine) -> None:
    """A graph of somebody else's leads the certification to s4 and to s11."""
    stated = f"ASK {{ <{competency(WITHOUT_BLOCKS, 'C1')}> <{SKOS.exactMatch}> <{SKILL}s4> }}"
    assert register.query(stated).serialize(ResultFormat.CSV) == b"true"
    given = {"occupation": MECHANIC, "certification": WITHOUT_BLOCKS}
    assert (f"{SKILL}s4", "missing") in ask(register, "occupation-coverage", "skill", "coverage", **given)
    assert (f"{SKILL}s4",) in ask(register, "skills-gap", "skill", **given)
    assert {(f"{SKILL}s4",), (f"{SKILL}s11",)} <= set(ask(register, "untaught-skills", "skill"))


@pytest.mark.parametrize("name", NAMES)
def test_a_bound_variable_is_what_the_same_value_as_data_is(linked: Engine, name: str) -> None:
    """As tests/queries/test_library.py asks of every question; here there is something to find."""
    question = QUESTIONS[name]
    here = {"occupation": MECHANIC, "certification": FIRST, "other": SECOND, "competency": "C2", "language": "en"}
    values = {parameter.name: here[parameter.name] for parameter in question.parameters}
    found = 0
    for left_out in (None, *(parameter.name for parameter in question.parameters if not parameter.required)):
        bindings = question.bindings({key: value for key, value in values.items() if key != left_out})
        given = linked.query(question.text, bindings=bindings).rows()
        assert given == linked.query(spelt(question, bindings)).rows()
        found += len(given)
    assert found
