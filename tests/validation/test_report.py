"""What people and machines read of a validation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from referentiel import resources
from referentiel.validation import Report, validate
from referentiel.vocabulary import DEFAULT_BASE, RDF, REF, SH


@pytest.fixture(scope="module")
def whole(fixture_graph: Callable[[Path], Graph], fixtures_folder: Path, shapes: Graph) -> Callable[[str], Report]:
    """The report of all rules over a fixture."""
    return lambda name: validate(fixture_graph(fixtures_folder / name), shapes, resources.background())


@pytest.fixture(scope="module")
def without_criterion(whole: Callable[[str], Report]) -> Report:
    return whole("CORE-01/invalid.without-criterion.ru")


def test_a_competency_without_criterion_in_french(without_criterion: Report) -> None:
    assert without_criterion.summary() == (
        "Le référentiel n'est pas conforme : 1 violation, 0 recommandation et 0 information.\n"
        "Il contient 1 certification, 2 blocs, 2 activités, 2 tâches, 2 compétences, 2 critères et 1 modalité d'évaluation.\n"
        "\n"
        "À corriger (obligations) :\n"
        "  CORE-01. Cette compétence n'a aucun critère d'évaluation."
        " Ajoutez dans le tableau au moins un critère (CE…) en face d'elle.\n"
        "    - compétence C2, bloc 2 « Compétence C2 »\n"
        "    Source de la règle : Code du travail, art. L6113-1\n"
    )


def test_a_competency_without_criterion_in_english(without_criterion: Report) -> None:
    assert without_criterion.summary("en") == (
        "The framework does not conform: 1 violation, 0 recommendations and 0 informations.\n"
        "It holds 1 certification, 2 blocks, 2 activities, 2 tasks, 2 competencies, 2 criteria and 1 assessment.\n"
        "\n"
        "To mend (obligations):\n"
        "  CORE-01. This competency has no assessment criterion."
        " Add at least one criterion (CE…) beside it in the table.\n"
        "    - competency C2, block 2 “Compétence C2”\n"
        "    Source of the rule: Code du travail, art. L6113-1\n"
    )


def test_json_says_all(without_criterion: Report) -> None:
    told = json.loads(json.dumps(without_criterion.to_json()))
    base = "https://w3id.org/referentiel/"
    assert told["conforms"] is False
    assert told["counts"] == {"violation": 1, "warning": 0, "info": 0}
    assert told["contents"]["competencies"] == 2
    assert told["results"] == [
        {
            "code": "CORE-01",
            "rule": base + "shapes#CORE-01",
            "severity": "violation",
            "focus": base + "id/certification/X/competency/C2",
            "notation": "C2",
            "label": "Compétence C2",
            "path": base + "ns#hasCriterion",
            "value": None,
            "source": "Code du travail, art. L6113-1",
            "place": {"fr": "compétence C2, bloc 2", "en": "competency C2, block 2"},
            "message": {
                "fr": "Cette compétence n'a aucun critère d'évaluation."
                " Ajoutez dans le tableau au moins un critère (CE…) en face d'elle.",
                "en": "This competency has no assessment criterion. Add at least one criterion (CE…) beside it in the table.",
            },
        }
    ]


def test_a_conforming_report(base: Graph, shapes: Graph) -> None:
    report = validate(base, shapes, resources.background())
    assert report.conforms
    assert report.summary().startswith("Le référentiel est conforme : 0 violation, ")
    assert report.summary("en").startswith("The framework conforms: 0 violations, ")
    assert report.to_json()["results"] == []
    assert b"sh:conforms true" in report.to_turtle()


def test_warnings_and_infos_do_not_fail(whole: Callable[[str], Report]) -> None:
    assert whole("QA-01/invalid.without-mode.ru").conforms
    assert whole("SRC-08/invalid.skips-one.ru").conforms


def test_the_value_at_fault_is_named(whole: Callable[[str], Report]) -> None:
    assert "compétence C1, bloc 1 « Compétence C1 » : CE1.3\n" in whole("SRC-08/invalid.skips-one.ru").summary()
    assert "compétence C1, bloc 1 « Compétence C1 » : activité A1, bloc 1\n" in (
        whole("EV-01/invalid.activity-without-evidence.ru").summary()
    )


def test_heaviest_first_then_in_natural_order(whole: Callable[[str], Report]) -> None:
    report = whole("LINK-17/invalid.task-of-another-certification.ru")
    ranks = [(result.severity.rank, result.code) for result in report.results]
    assert len({rank for rank, _ in ranks}) == 3
    assert ranks == sorted(ranks)


def test_many_places_are_counted(base: Graph, shapes: Graph) -> None:
    data = base + Graph()
    for number in range(3, 16):
        data.add((URIRef(f"{DEFAULT_BASE}certification/X/competency/C{number}"), RDF.type, REF.Competency))
    report = validate(data, shapes, resources.background())
    places = [str(result.focus).rpartition("/")[2] for result in report.results if result.code == "CORE-01"]
    assert places == [f"C{number}" for number in range(3, 16)]
    lines = report.summary().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("  CORE-01."))
    assert lines[start + 11 : start + 13] == ["    - et 3 autres", "    Source de la règle : Code du travail, art. L6113-1"]


def test_turtle_is_the_same_each_time(whole: Callable[[str], Report]) -> None:
    name = "LINK-17/invalid.criterion-of-another-certification.ru"
    first, second = whole(name), whole(name)
    assert first.to_turtle() == second.to_turtle()
    read = Graph().parse(data=first.to_turtle(), format="turtle")
    assert len(list(read.objects(None, SH.result))) == len(first.results)
