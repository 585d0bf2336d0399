"""A review in a real browser: by keys alone, without JavaScript, by two people; and for those who can't see the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from stores import gate_of
from web.reviewing import C1, C2, CODE, ROME_PLAN, SKILL, Bench, Serve, put, ready, reviewing
from web.writing import BASE

CHROMIUM = Path("/usr/bin/chromium")
PAGES = {
    "overview": "/review",
    "certification": f"/review/{CODE}",
    "competency": C1,
    "search": f"{C1}?q=rapport",
    "occupations": f"/review/{CODE}/occupations",
    "session": "/session",
}

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not installed")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Bench]:
    with reviewing(tmp_path_factory.mktemp("review") / "store", serve) as bench:
        with bench.client() as client:
            ready(client, C1)
        yield bench


@pytest.fixture
def bench(held: Bench) -> Bench:
    """A service without decisions."""
    put(gate_of(held.engine), f"{BASE}mapping-set/{CODE}", "")
    return held


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@contextmanager
def person(browser: Browser, bench: Bench, name: str, at: str = C1, *, javascript: bool = True, refused: int = 0) -> Iterator[Page]:
    """A page of somebody who has signed in, with the keyboard alone. What the browser complains of fails the test.

    `refused`: the status of an answer that the test means to get, of which browsers complain too.
    """
    complaints: list[str] = []
    with browser.new_context(locale="fr-FR", java_script_enabled=javascript) as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{bench.address}/session?to={at}")
        page.get_by_label("Jeton").focus()
        page.keyboard.type(bench.token(name))
        page.keyboard.press("Enter")
        page.wait_for_url(bench.address + at)
        yield page
    assert [each for each in complaints if f"status of {refused} " not in each] == []


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def told(page: Page) -> str:
    return (page.get_by_role("status").text_content() or "").strip()


def chosen(page: Page) -> str:
    return page.locator("input[name=concept]:checked").get_attribute("value") or ""


def decisions(bench: Bench) -> list[tuple[str, str, str, bool]]:
    mappings = bench.desk().mapping_set(CODE).mappings
    return sorted(
        (m.subject[-2:], str(m.predicate).rpartition("#")[2], str(m.object).rpartition("/")[2], m.negated) for m in mappings
    )


def test_a_whole_review_by_keys_alone(bench: Bench, browser: Browser) -> None:
    with person(browser, bench, "Claire") as page:
        assert chosen(page) == f"{SKILL}s1"
        press(page, "e")
        assert told(page) == "Enregistré pour C1 : exacte, « planifier la production »."
        assert page.evaluate("document.activeElement.id") == "said", "who can't see hears it, and goes on from there"
        assert chosen(page) == ROME_PLAN, "the next that is not judged"
        expect(page.get_by_text("1 / 3 traités par vous")).to_be_visible()

        press(page, "x")
        assert told(page) == "Enregistré pour C1 : rejeter, « Planifier une production »."
        press(page, "u")
        assert told(page).startswith("Annulé : « Planifier la production")

        page.keyboard.press("1")
        assert chosen(page) == f"{SKILL}s1"
        page.keyboard.press("ArrowDown")
        assert chosen(page) == ROME_PLAN
        page.keyboard.press("ArrowUp")
        assert chosen(page) == f"{SKILL}s1"

        page.keyboard.press("/")
        page.keyboard.type("rapport e")  # letters that are typed decide nothing
        press(page, "Enter")
        assert chosen(page) == f"{SKILL}s3"
        press(page, "r")
        assert told(page) == "Enregistré pour C1 : associée, « rédiger un rapport »."
        press(page, "Escape")
        assert page.url.partition("#")[0] == bench.address + C1

        press(page, "j")
        assert page.url == bench.address + C2
        press(page, "k")
        assert page.url == bench.address + C1
        press(page, "ArrowRight")
        press(page, "0")
        assert told(page) == "Enregistré pour C2 : rien ne correspond (ESCO, ROME)."
        assert page.url == f"{bench.address}/review/{CODE}/occupations#said"
        press(page, "r")
        assert told(page) == "Enregistré : mène à ce métier, « chef d'atelier »."
        press(page, "j")
        assert page.url == f"{bench.address}/review/{CODE}"
        expect(page.get_by_text("3 / 3 traités par vous")).to_be_visible()
        expect(page.get_by_text("Tout est traité.")).to_be_visible()
    assert decisions(bench) == [
        ("-1", "relatedMatch", "o1", False),
        ("C1", "exactMatch", "s1", False),
        ("C1", "relatedMatch", "s3", False),
        ("C2", "exactMatch", "NoTermFound", False),
        ("C2", "exactMatch", "NoTermFound", False),
    ]


def test_without_javascript_tab_space_and_enter_do_the_same(bench: Bench, browser: Browser) -> None:
    with person(browser, bench, "Claire", javascript=False, refused=422) as page:
        page.get_by_role("radio").first.focus()
        press(page, "Enter")
        expect(page.get_by_role("alert")).to_contain_text("par l'un des boutons")
        page.goto(bench.address + C1)
        page.get_by_role("radio").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.get_attribute("value") == "exact", "the verdicts follow the proposals"
        page.keyboard.press("Tab")
        press(page, "Space")
        assert told(page) == "Enregistré pour C1 : proche, « Planifier une production »."
        page.get_by_label("Chercher").fill("rapport")
        press(page, "Enter")
        page.get_by_role("button", name="Rejeter").click()
        page.get_by_role("button", name="Annuler ma dernière décision").click()
        assert told(page).startswith("Annulé")
        page.get_by_role("button", name="Rien nulle part").click()
        assert page.url == f"{bench.address}{C2}#said"
        assert page.locator("#keys-switch").is_hidden(), "what needs a script is not offered"


def test_two_people_disagree_and_both_see_it(bench: Bench, browser: Browser) -> None:
    with person(browser, bench, "Claire") as first, person(browser, bench, "Paul") as second:
        press(first, "e")
        press(second, "n")  # his page was made before she decided
        expect(second.locator(".proposal").first).to_contain_text("désaccord")
        expect(second.locator(".proposal").first).to_contain_text("Claire : exacte")
        first.reload()
        expect(first.locator(".proposal").first).to_contain_text("Paul : plus étroite")
        first.goto(f"{bench.address}/review/{CODE}")
        expect(first.get_by_role("heading", name="Désaccords (1)")).to_be_visible()
    assert len(decisions(bench)) == 2


def test_marks_follow_the_choice_and_a_refusal_keeps_what_was_typed(bench: Bench, browser: Browser) -> None:
    with person(browser, bench, "Claire", at=C2, refused=401) as page:
        on = page.locator("h1 mark:not(.off)")
        expect(on.first).to_be_visible()
        page.get_by_label("Remarque").fill("à garder")
        page.context.clear_cookies()
        page.get_by_role("button", name="Exacte").click()
        expect(page.get_by_role("alert")).to_contain_text("rien n'a été enregistré")
        expect(page.get_by_role("link", name="Ouvrir une session pour décider")).to_be_visible()


def test_keys_can_be_turned_off_and_stay_off(bench: Bench, browser: Browser) -> None:
    with person(browser, bench, "Claire") as page:
        page.get_by_label("Employer les raccourcis").uncheck()
        page.locator("body").click(position={"x": 2, "y": 2})
        page.keyboard.press("2")
        assert chosen(page) == f"{SKILL}s1"
        page.reload()
        assert not page.get_by_label("Employer les raccourcis").is_checked()


def test_keys_with_modifiers_belong_to_the_browser(bench: Bench, browser: Browser) -> None:
    with person(browser, bench, "Claire") as page:
        for key in ("Control+e", "Alt+x", "Meta+c"):
            page.keyboard.press(key)
        page.keyboard.press("2")
        assert (chosen(page), told(page)) == (ROME_PLAN, "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible(bench: Bench, browser: Browser, scheme: str) -> None:
    with bench.signed_in("Paul") as paul:
        paul.post(C1, data={"verdict": "close", "concept": f"{SKILL}s1", "comment": "presque"})
        paul.post(C2, data={"verdict": "none"})
    with person(browser, bench, "Claire") as page:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        press(page, "e")
        for name, path in {"told": "", **PAGES}.items():
            if path:
                page.goto(bench.address + path)
            result = Axe().run(page)
            assert result.violations_count == 0, f"{name}: {result.generate_report()}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_narrow_screen(bench: Bench, browser: Browser, name: str) -> None:
    with person(browser, bench, "Claire") as page:
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(bench.address + PAGES[name])
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
