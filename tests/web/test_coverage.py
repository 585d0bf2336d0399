"""What links are for, on pages: occupations are found by words, and what a certification covers of one is shown with its proofs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import sync_playwright

from linked import FIRST, MECHANIC, SECOND, SKILL, link
from referentiel.settings import Settings
from referentiel.store import open_store
from referentiel.vocabulary import DEFAULT_BASE
from referentiel.web import create_app
from stores import install
from web.test_browser import CHROMIUM
from web.writing import Serve

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[httpx.Client]:
    """A client of a service that holds vocabularies, certifications and decisions."""
    store = open_store(tmp_path_factory.mktemp("linked") / "store")
    link(install(store))
    with serve(create_app(store, Settings())) as address, httpx.Client(base_url=address, timeout=60, headers=PAGE) as client:
        yield client
    store.close()


def page(client: httpx.Client, path: str, *, status: int = 200, **values: str) -> html.HtmlElement:
    answer = client.get(path, params=values or None, headers=PAGE)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.content.decode())


def texts(element: html.HtmlElement, path: str) -> list[str]:
    """The texts of what an XPath finds, without breaks."""
    found: Any = element.xpath(path)
    return [" ".join(each.text_content().split()) for each in found]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("mécanicien cycle", "mécanicien cycles/mécanicienne cycles"),
        ("MECANICIENNE", "mécanicien cycles/mécanicienne cycles"),
        ("réparateur de VAE", "technicien vélo électrique/technicienne vélo électrique"),
        ("vend", "vendeur en cycles/vendeuse en cycles"),
    ],
)
def test_an_occupation_is_found_by_its_words(linked: httpx.Client, words: str, first: str) -> None:
    found = page(linked, "/occupations", words=words)
    (entry,) = [
        each for each in found.xpath("//section//li") if f"{first} (métier d'ESCO)" in " ".join(each.text_content().split())
    ]
    (address,) = entry.xpath("./a/@href")
    assert "occupation=" in address
    assert linked.get(address).status_code == 200


def test_the_search_finds_rome_too_and_no_skill(linked: httpx.Client) -> None:
    kinds = texts(page(linked, "/occupations", words="cycle", lang="en"), "//section//li/span[@class='kind']")
    assert set(kinds) == {"(ESCO occupation)", "(ROME fiche)", "(ROME job title)"}
    assert texts(page(linked, "/occupations", words="dévoiler"), "//section/p") == ["Aucun métier ne porte ces mots."]


@pytest.mark.parametrize("words", ['"', "-cycle", "* OR", "<script>", "__", "\\", "?x }", "é\u202e", "a " * 90])
def test_whatever_is_looked_for_is_only_words(linked: httpx.Client, words: str) -> None:
    answer = linked.get("/occupations", params={"words": words})
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_the_certifications_nearest_to_an_occupation_come_first(linked: httpx.Client) -> None:
    for occupation in (MECHANIC, f"{DEFAULT_BASE}vocabulary/rome/appellation/900001", f"{DEFAULT_BASE}vocabulary/rome/fiche/Z1101"):
        found = page(linked, "/occupations/coverage", occupation=occupation)
        rows = [texts(row, "./*") for row in found.xpath("//table/tbody/tr")]
        assert [(row[0].split()[0], *row[1:]) for row in rows] == [
            (FIRST, "1", "2", "2", "20 %"),
            (SECOND, "1", "1", "3", "20 %"),
        ]
    assert linked.get(found.xpath("//table//a/@href")[0]).status_code == 200


def test_what_is_covered_is_shown_with_its_proofs(linked: httpx.Client) -> None:
    found = page(linked, "/occupations/coverage", occupation=MECHANIC, certification=FIRST)
    essential, optional = found.xpath("//section[@aria-labelledby='essential' or @aria-labelledby='optional']")
    assert texts(essential, "./dl/div") == ["couvertes1", "en partie2", "manquantes2"]
    assert texts(optional, "./dl/div") == ["couvertes1", "en partie0", "manquantes3"]
    assert texts(essential, "./ul[@class='covered']/li/a") == ["dévoiler une roue"]
    assert texts(essential, "./ul[@class='missing']/li") == ["entretenir des freins à disque", "régler un dérailleur"]
    (proof,) = essential.xpath("./ul[@class='covered']/li/ul/li")
    assert texts(proof, ".//span[@class='code']") == ["C1"]
    assert texts(proof, ".//span[@class='predicate']") == ["(correspondance exacte)"]
    competency, *decisions = proof.xpath("./a/@href")
    assert competency.endswith(f"/certification/{FIRST}/competency/C1")
    assert len(set(decisions)) == 2  # two people decided so
    for address in (competency, *decisions):
        assert linked.get(address).status_code == 200
    (partly,) = [each for each in essential.xpath("./ul[@class='partly']/li") if "bicyclette" in each.text_content()]
    assert "par dévoiler une roue" in " ".join(partly.text_content().split())


def test_the_tables_are_those_of_the_library(linked: httpx.Client) -> None:
    found = page(linked, "/occupations/coverage", occupation=MECHANIC, certification=FIRST, lang="en")
    addresses = found.xpath("//ul[@class='inline']//a[@type='text/csv']/@href")
    assert len(addresses) == 2
    whole, gap = (linked.get(address).text.splitlines() for address in addresses)
    assert whole[0].startswith("occupation,certification,language,need,skill,label,coverage,")
    assert [line.split(",")[5] for line in gap[1:]] == [f"{SKILL}s{number}" for number in (3, 4, 10, 7, 6)]
    assert "adjust a derailleur" in gap[1]


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({}, 422, ["occupation", "rien n'est donné"]),
        ({"occupation": "boulanger"}, 422, ["IRI absolu", "« boulanger »"]),
        ({"occupation": "http://example.org/o9"}, 404, ["http://example.org/o9", "referentiel import"]),
        ({"occupation": MECHANIC, "certification": "L-9"}, 404, ["L-9"]),
        ({"occupation": MECHANIC, "certification": "L 1"}, 422, ["sans espace", "« L 1 »"]),
        ({"occupation": "http://example.org/" + "x" * 3000}, 422, []),
    ],
)
def test_what_is_not_held_is_told(linked: httpx.Client, values: dict[str, str], status: int, words: list[str]) -> None:
    shown = page(linked, "/occupations/coverage", status=status, **values).text_content()
    assert all(word in shown for word in words)


def test_a_store_without_vocabulary_says_how_to_get_one(client: httpx.Client) -> None:
    assert "referentiel import" in page(client, "/occupations", lang="fr").text_content()
    assert "referentiel import" in page(client, "/occupations", words="boulanger").text_content()


def test_where_nothing_is_linked_the_review_is_near(linked: httpx.Client) -> None:
    shipped = "000_dc92d59401fb9067"
    found = page(linked, "/occupations/coverage", occupation=MECHANIC, certification=shipped)
    assert any(f"/review/{shipped}" in address for address in found.xpath("//p[@class='legend']/a/@href"))
    nobody = page(linked, "/occupations/coverage", occupation="http://example.org/esco/occupation/o2", certification=SECOND)
    assert texts(nobody, "//section[@aria-labelledby='essential']/dl/div")[0] == "couvertes0"


def test_a_language_asked_for_is_kept(linked: httpx.Client) -> None:
    found = page(linked, "/occupations/coverage", occupation=MECHANIC, lang="en")
    assert "bicycle mechanic" in texts(found, "//h1")[0]
    assert all("lang=en" in address for address in found.xpath("//table//a/@href"))
    assert found.xpath("//form//input[@name='lang']/@value") == ["en"]


def test_the_page_of_a_certification_has_its_links(linked: httpx.Client) -> None:
    address = f"/doc/certification/{FIRST}"
    (section,) = page(linked, address, lang="fr").xpath("//section[@aria-labelledby='links']")
    assert texts(section, "./p") == ["Liens acceptés\u00a0: 4".replace("\u00a0", " ")]
    aims, competencies = section.xpath("./ul[not(@class)]")
    assert texts(aims, "./li/a")[0] == "7234.1 mécanicien cycles/mécanicienne cycles"
    assert texts(page(linked, aims.xpath("./li/a/@href")[1]), "//h1")[0].startswith("Couverture du métier")
    assert texts(competencies, "./li/a/span[@class='code']") == ["C1", "C2"]
    assert texts(competencies, "./li/ul/li") == [
        "dévoiler une roue (correspondance exacte)",
        "établir un devis (correspondance plus étroite)",
        "mécanique du cycle (correspondance associée)",
    ]
    (table,) = section.xpath(".//a[@type='text/csv']/@href")
    assert len(linked.get(table).text.splitlines()) == 1 + 4  # one link has two decisions
    shipped = page(linked, "/doc/certification/000_dc92d59401fb9067", lang="en")
    assert shipped.xpath("//section[@aria-labelledby='links']")


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not installed")
def test_from_words_to_proofs_in_a_browser(linked: httpx.Client) -> None:
    """By keyboard from the search to a proof; each page is accessible in light and dark, and fits a narrow screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for scheme in ("light", "dark"):
            with browser.new_context(color_scheme=scheme, locale="fr-FR", viewport={"width": 320, "height": 640}) as context:
                shown = context.new_page()

                def sound() -> None:
                    result = Axe().run(shown)  # noqa: B023
                    assert result.violations_count == 0, result.generate_report()
                    assert shown.evaluate("document.documentElement.scrollWidth") <= 320  # noqa: B023

                shown.goto(f"{linked.base_url}/occupations")
                shown.get_by_label("Mots de l'intitulé").fill("mécanicien cycles")
                shown.keyboard.press("Enter")
                shown.wait_for_url("**/occupations?words=*")
                sound()
                shown.get_by_role("link", name="7234.1 mécanicien cycles/mécanicienne cycles", exact=True).click()
                sound()
                shown.get_by_role("link", name=FIRST).click()
                assert shown.get_by_role("heading", name="Couvertes").count() == 2
                sound()
                shown.get_by_role("link", name="décision 1").first.click()
                assert "/mapping-set/essai/" in shown.url
                shown.goto(f"{linked.base_url}/doc/certification/{FIRST}")
                sound()
        browser.close()
