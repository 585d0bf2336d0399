"""A real browser on the real pages: what they show, that nothing is blocked or missing, and that they are accessible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
CERTIFICATION = "/doc/certification/000_dc92d59401fb9067"
PAGES = {
    "home": "/",
    "certification": CERTIFICATION,
    "competency": f"{CERTIFICATION}/competency/C14",
    "sparql": "/sparql",
    "answer": "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%2020",
    "ontology": "/ns",
    "documentation": "/docs",
    "queries": "/queries",
    "question": "/queries/criteria?certification=000_dc92d59401fb9067&competency=C5",
    "question form": "/queries/assessments",
    "catalog": "/catalog",
    "graphs": "/graphs",
    "certifications": "/certifications",
    "history": "/certifications/000_dc92d59401fb9067/history",
    "difference": "/certifications/000_dc92d59401fb9067/diff",
    "changes": "/changes",
    "validate": "/validate",
    "problem": "/problems/not-found",
}

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with browser.new_context(color_scheme=request.param, locale="fr-FR") as context:
        yield context.new_page()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_has_no_error(page: Page, address: str, name: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address + PAGES[name])
    assert said == []
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_narrow_screen(browser: Browser, address: str, name: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(address + PAGES[name])
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_official_table_is_shown_and_its_codes_lead_on(page: Page, address: str) -> None:
    page.goto(address + CERTIFICATION)
    assert page.locator("th.competency").count() == 21
    assert page.locator("td.criterion").count() == 42
    page.get_by_role("link", name="CE5.2", exact=True).click()
    assert page.url == f"{address}{CERTIFICATION}/competency/C5/criterion/CE5.2"
    page.get_by_role("navigation", name="Fil d'Ariane").get_by_role("link", name="000_dc92d59401fb9067").click()
    assert page.url == address + CERTIFICATION


def test_the_keyboard_reaches_the_table_and_scrolls_it(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}, locale="fr-FR") as context:
        page = context.new_page()
        page.goto(address + CERTIFICATION)
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.className") == "scroll":
                break
        region = page.locator(":focus")
        assert region.get_attribute("role") == "region"
        assert (region.evaluate("e => document.getElementById(e.getAttribute('aria-labelledby')).textContent") or "").startswith(
            "Bloc 1"
        )
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
        assert page.evaluate("document.activeElement.scrollLeft") > 0


def test_the_skip_link_comes_first(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_a_question_can_be_asked_in_the_form(page: Page, address: str) -> None:
    page.goto(f"{address}/sparql")
    page.get_by_label("Question SPARQL").fill("SELECT (COUNT(*) AS ?n) { ?c a <https://w3id.org/referentiel/ns#Competency> }")
    page.get_by_role("button", name="Poser la question").click()
    assert page.get_by_role("cell").all_text_contents() == ["21"]
    assert "format=csv" in (page.get_by_role("link", name="CSV", exact=True).get_attribute("href") or "")
