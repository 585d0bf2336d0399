from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from lxml import html

from referentiel.web.pages import EXAMPLES
from referentiel.web.texts import TEXTS

CERTIFICATION = "/doc/certification/000_dc92d59401fb9067"
PAGE = {"Accept": "text/html"}


def page(client: httpx.Client, path: str, **headers: str) -> html.HtmlElement:
    answer = client.get(path, headers=PAGE | headers)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def css(element: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """The elements that match: names, classes, attributes, descendants, children and alternatives."""
    paths = []
    for alternative in selector.split(","):
        path, axis = ".", "//"
        for step in alternative.split():
            if step == ">":
                axis = "/"
                continue
            name, _, class_name = step.partition("[")[0].partition(".")
            path += axis + (name or "*")
            path += f"[contains(concat(' ', @class, ' '), ' {class_name} ')]" if class_name else ""
            path += f"[@{step.partition('[')[2]}" if "[" in step else ""
            axis = "//"
        paths.append(path)
    return list(element.xpath(" | ".join(paths)))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_official_table_holds_every_element_once(client: httpx.Client) -> None:
    document = page(client, CERTIFICATION)
    assert len(css(document, "table.official")) == 3
    assert len(css(document, "th.competency")) == 21
    assert len(css(document, "td.criterion")) == 42
    tasks = [link.get("href") for link in css(document, "td.activities li a")]
    assert len(tasks) == len(set(tasks)) == 11
    assert len({link.get("href") for link in css(document, ".activity > p > a")}) == 8
    assert [len(css(table, "td.assessments .assessment")) for table in css(document, "table.official")] == [3, 3, 3]
    assert len({link.get("href") for link in css(document, ".assessment > p > a")}) == 4


def test_rowspans_fill_the_grid(client: httpx.Client) -> None:
    for table in css(page(client, CERTIFICATION), "table.official"):
        rows = css(table, "tbody tr")
        taken = [0] * len(rows)
        for position, row in enumerate(rows):
            for cell in css(row, "td, th"):
                for below in range(position, position + int(cell.get("rowspan", "1"))):
                    taken[below] += 1
        assert set(taken) == {4}


def test_what_is_inferred_is_said_in_words(client: httpx.Client) -> None:
    document = page(client, CERTIFICATION)
    marks = {words(mark) for mark in css(document, ".mark")}
    assert {
        "déduit : même ligne",
        "déduit : ligne partagée",
        "déduit pour toutes les compétences du bloc : évaluation du bloc",
    } <= marks
    competency = page(client, f"{CERTIFICATION}/competency/C14")
    assert len(css(competency, "dd .mark")) == 5
    assert "énoncé" in words(css(document, ".reasons")[0])


def test_faults_of_the_source_stand_beside_what_they_concern(client: httpx.Client) -> None:
    document = page(client, CERTIFICATION)
    criterion = words(document.get_element_by_id("CE14.2"))
    assert "La source écrit C14.2 ; lu comme CE14.2." in criterion
    assert "écrit dans la source : C14.2" in criterion
    assert "La numérotation saute CE3.3." in words(document.get_element_by_id("C3"))
    assert "Les tâches de l'activité A2 commencent à T3." in words(document)


def test_what_is_absent_is_said_and_not_invented(client: httpx.Client) -> None:
    document = page(client, CERTIFICATION)
    assert words(css(document, "h1")[0]) == "Certification 000_dc92d59401fb9067"
    assert {words(absent) for absent in css(document, "main > .absent")} == {
        "intitulé absent du document source",
        "numéro d'enregistrement absent du document source",
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/competency/C5/criterion/CE5.2", ["Accueil", "000_dc92d59401fb9067", "1 Définir", "C5", "CE5.2"]),
        ("/block/1/activity/A1/task/T2", ["Accueil", "000_dc92d59401fb9067", "1 Définir", "A1", "T2"]),
        ("/assessment/1", ["Accueil", "000_dc92d59401fb9067", "1"]),
        ("/source", ["Accueil", "000_dc92d59401fb9067", ""]),
        ("/competency/C5/excerpt/1", ["Accueil", "000_dc92d59401fb9067", "1 Définir", "C5", "excerpt 1"]),
    ],
)
def test_the_breadcrumb_leads_up_to_the_certification(client: httpx.Client, path: str, line: list[str]) -> None:
    steps = [words(step) for step in css(page(client, CERTIFICATION + path), ".breadcrumb li")]
    assert len(steps) == len(line)
    for step, expected in zip(steps, line, strict=True):
        assert step.startswith(expected)


def test_every_page_is_well_ordered_and_every_link_on_it_leads_somewhere(client: httpx.Client) -> None:
    paths = ["/", "/sparql", "/ns", "/shapes", "/docs", "/problems", "/scheme/inference-rule", "/alignment/elm", CERTIFICATION]
    paths += [CERTIFICATION + rest for rest in ("/block/2", "/competency/C3", "/assessment/4", "/framework/competency", "/source")]
    checked: set[str] = set()
    for path in paths:
        document = page(client, path)
        levels = [int(heading.tag[1]) for heading in css(document, "h1, h2, h3, h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        ids = [element.get("id") for element in css(document, "[id]")]
        assert len(ids) == len(set(ids)), path
        links = {link.get("href") for link in css(document, "a, link")}
        for anchor in {link[1:] for link in links if link.startswith("#")}:
            assert document.get_element_by_id(anchor) is not None
        for target in sorted({link.partition("#")[0] for link in links if link.startswith("/")}):
            kind = re.sub(r"[^/.]*\d[^/.]*", "0", target)  # one page of each kind: codes differ, the page's making doesn't
            if kind not in checked:
                checked.add(kind)
                assert client.get(target, headers=PAGE).status_code == 200, f"{path} -> {target}"


def test_a_term_has_its_anchor(client: httpx.Client) -> None:
    term = page(client, "/ns").get_element_by_id("hasCriterion")
    for expected in (
        "a pour critère",
        "has criterion",
        "Lie une compétence à un critère",
        "domaine",
        "portée",
        "est un critère de",
    ):
        assert expected in words(term)
    rule = words(page(client, "/shapes").get_element_by_id("CORE-01"))
    for expected in (
        "CORE-01",
        "violation",
        "Code du travail, art. L6113-1",
        "Ajoutez dans le tableau",
        "Add at least one criterion",
    ):
        assert expected in rule


@pytest.mark.parametrize(
    ("path", "header", "language"),
    [
        ("/", "", "fr"),
        ("/", "en-GB", "en"),
        ("/?lang=en", "fr", "en"),
        ("/?lang=fr", "en", "fr"),
        (CERTIFICATION + "?lang=en", "", "en"),
    ],
)
def test_the_language_of_a_page(client: httpx.Client, path: str, header: str, language: str) -> None:
    document = page(client, path, **{"Accept-Language": header})
    assert document.get("lang") == language
    switch = css(document, "a[hreflang]")[0]
    assert switch.get("hreflang") != language
    inner = css(document, ".site a")[0].get("href")
    assert inner == (f"/?lang={language}" if "lang=" in path else "/")


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: httpx.Client) -> None:
    for path in ("/", CERTIFICATION, "/sparql", "/docs", "/ns", "/nowhere"):
        text = client.get(path, headers=PAGE).text
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|src=", text)
        assert not re.search(r'<link[^>]*href="(?!/)', text)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].en)
def test_every_example_has_an_answer(client: httpx.Client, example: tuple[object, str]) -> None:
    document = page(client, str(httpx.URL("/sparql", params={"query": example[1]})))
    assert len(css(document, "tbody tr")) > 2


def test_every_word_is_used_and_in_both_languages(root: Path) -> None:
    web = root / "service" / "referentiel" / "web"
    sources = "".join(path.read_text(encoding="utf-8") for path in (*web.glob("templates/*.html"), web / "pages.py"))
    unused = [key for key in TEXTS if f'"{key}"' not in sources and f"'{key}'" not in sources]
    assert unused == []
    assert all(text.fr and text.en for text in TEXTS.values())
