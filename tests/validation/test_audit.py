"""An audit of a whole store finds what one validation of everything finds, though it looks at the parts one by one."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from lxml import html
from rdflib import RDF, SKOS, Graph, URIRef

from referentiel import resources
from referentiel.store import open_store
from referentiel.store.survey import Survey
from referentiel.validation import Result
from referentiel.validation.audit import Audit, audit
from referentiel.validation.audit_report import write
from referentiel.validation.engine import judge
from referentiel.validation.shapes import Shapes
from referentiel.validation.shards import Plan
from referentiel.vocabulary import DEFAULT_BASE, REF, SH

CERTIFICATION = DEFAULT_BASE + "certification/"
ELSEWHERE = URIRef("http://example.org/elsewhere")


def named(graph: Graph, name: str) -> Graph:
    """A fixture's certification X under another name and register number."""
    text = graph.serialize(format="nt")
    text = (
        text.replace("/certification/X", f"/certification/{name}")
        .replace('"X"', f'"{name}"')
        .replace('"RNCP1"', f'"RNCP{name[1:]}"')
    )
    return Graph().parse(data=text, format="nt")


def at(name: str) -> URIRef:
    return URIRef(CERTIFICATION + name)


@pytest.fixture(scope="module")
def graphs(base: Graph, fixture_graph: Callable[[Path], Graph], fixtures_folder: Path) -> dict[URIRef, Graph]:
    """A store: two that conform, one with a fault, two of one number, two tied by a link, a circle through another graph."""
    found = {at(f"N{number}"): named(base, f"N{number}") for number in range(1, 9)}
    broken = fixture_graph(fixtures_folder / "CORE-01" / "invalid.without-criterion.ru")
    found[at("N3")] = named(broken, "N3")
    found[at("N4")].set((at("N4"), REF.registerNumber, next(found[at("N5")].objects(at("N5"), REF.registerNumber))))
    found[at("N6")].add((at("N6/competency/C1"), REF.assessedBy, at("N7/assessment/1")))
    other = Graph()
    competency, middle = at("N8/competency/C1"), URIRef("http://example.org/middle")
    found[at("N8")].add((competency, SKOS.broader, middle))
    other.add((middle, RDF.type, SKOS.Concept))
    other.add((middle, SKOS.broader, URIRef("http://example.org/top")))
    other.add((competency, SKOS.narrower, URIRef("http://example.org/top")))
    other.add((URIRef("http://example.org/top"), SKOS.prefLabel, next(found[at("N1")].objects(at("N1"), SKOS.notation))))
    return {**found, ELSEWHERE: other}


@pytest.fixture(scope="module")
def survey(graphs: dict[URIRef, Graph], tmp_path_factory: pytest.TempPathFactory) -> Survey:
    folder = tmp_path_factory.mktemp("audit")
    engine = open_store(folder / "store")
    engine.replace(graphs.items())
    engine.checkpoint(folder / "checkpoint")
    engine.close()
    return Survey(folder / "checkpoint")


@pytest.fixture(scope="module")
def found(survey: Survey) -> Audit:
    return audit(survey, processes=2, sample=3, random=Random(1))


@pytest.fixture(scope="module")
def whole(graphs: dict[URIRef, Graph]) -> set[Result]:
    """What pySHACL finds in everything at once."""
    data = "".join(graph.serialize(format="nt") for graph in graphs.values())
    background = resources.background().serialize(format="nt").encode()
    return set(judge(data.encode(), background, Shapes(resources.shapes()), screen=False).results)


def test_the_parts_give_what_the_whole_gives(found: Audit, whole: set[Result]) -> None:
    assert {finding.result for finding in found.findings} == whole
    assert {"CORE-01", "ID-18", "LINK-16", "SKOS-07", "LANG-03"} & {result.code for result in whole} >= {
        "CORE-01",
        "ID-18",
        "SKOS-07",
    }


def test_each_result_is_told_of_its_certification(found: Audit) -> None:
    told = {finding.result.code: finding.certification for finding in found.findings}
    assert told["CORE-01"] == str(at("N3"))
    assert {finding.certification for finding in found.findings if finding.result.code == "ID-18"} == {str(at("N4")), str(at("N5"))}
    assert None in {finding.certification for finding in found.findings}


def test_some_were_judged_again_and_nothing_was_missed(found: Audit) -> None:
    assert found.compared >= 3
    assert found.missed == []
    assert found.certifications == 8
    assert not found.conforms


def test_what_is_tied_stays_together(survey: Survey) -> None:
    groups = {
        frozenset(name.removeprefix(CERTIFICATION) for name in group) for shard in Plan(survey).shards for group in shard.groups
    }
    assert groups == {frozenset(group) for group in ({"N1"}, {"N2"}, {"N3"}, {"N4", "N5"}, {"N6", "N7"}, {"N8"})}


def test_csv_has_a_line_for_each_result(found: Audit) -> None:
    rows = list(csv.reader(StringIO(write(found, "csv", "fr").decode())))
    assert rows[0][:3] == ["certification", "règle", "gravité"]
    assert len(rows) == 1 + len(found.findings)


def test_turtle_is_one_report_of_the_w3c(found: Audit, whole: set[Result]) -> None:
    graph = Graph().parse(data=write(found, "turtle", "fr"), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    results = list(graph.objects(report, SH.result))
    assert len(results) == len(whole)
    assert {graph.value(result, SH.focusNode) for result in results} == {result.focus for result in whole}
    assert all(graph.value(result, SH.sourceShape) for result in results)
    assert str(graph.value(report, SH.conforms)) == "false"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_needs_nothing_else(found: Audit, language: str) -> None:
    page = html.document_fromstring(write(found, "html", "fr" if language == "fr" else "en").decode())
    assert page.get("lang") == language
    assert not list(page.iter("script", "link", "img", "iframe"))
    tables = list(page.iter("table"))
    assert len(list(tables[2].iter("tr"))) == 1 + len(found.findings)
    for table in tables:
        assert next(table.iter("caption")).text
        assert {heading.get("scope") for heading in table.iter("th")} == {"col", "row"}


def test_text_says_each_rule(found: Audit) -> None:
    text = write(found, "text", "en").decode()
    assert text.startswith("The store does not conform.\nCertifications judged: 8.\n")
    assert all(rule.code in text for rule, _, _ in found.by_rule())


def test_a_store_of_nothing_conforms(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store")
    engine.checkpoint(tmp_path / "checkpoint")
    engine.close()
    found = audit(Survey(tmp_path / "checkpoint"), processes=1)
    assert found.conforms
    assert (found.certifications, found.compared) == (0, 0)
