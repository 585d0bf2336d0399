"""Deciding on links with forms, over real HTTP: what a browser without JavaScript sends, and what it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from lxml import html
from rdflib import URIRef

from referentiel.linking.mapping import NO_MATCH, Mapping
from referentiel.settings import Settings
from referentiel.store import open_store
from referentiel.vocabulary import SKOS
from referentiel.web import create_app
from stores import gate_of
from web.reviewing import C1, C2, CODE, FORM, ROME_PLAN, SKILL, Bench, Serve, fill, put, ready, reviewing
from web.writing import BASE

C1_IRI = URIRef(f"{BASE}certification/{CODE}/competency/C1")
OCCUPATIONS = f"/review/{CODE}/occupations"
PLAN, LEAD = f"{SKILL}s1", f"{SKILL}s2"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Bench]:
    """A service that each test leaves with other decisions."""
    with reviewing(tmp_path_factory.mktemp("review") / "store", serve) as bench:
        with bench.client() as client:
            ready(client, C1)
        yield bench


@pytest.fixture
def bench(held: Bench) -> Bench:
    """The same, without decisions."""
    put(gate_of(held.engine), f"{BASE}mapping-set/{CODE}", "")
    return held


def page(client: httpx.Client, path: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return read(answer)


def read(answer: httpx.Response) -> html.HtmlElement:
    return html.fromstring(answer.content.decode())


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def said(document: html.HtmlElement) -> str:
    return words(document.get_element_by_id("said"))


def labels(document: html.HtmlElement) -> list[str]:
    return [words(label) for label in document.xpath("//li[contains(@class, 'proposal')]//label")]


def decisions(bench: Bench) -> list[tuple[str, str, str, bool]]:
    """Who says what, of which concept."""
    mappings: tuple[Mapping, ...] = bench.desk().mapping_set(CODE).mappings
    found = [(m.author.rpartition("/")[2], str(m.predicate).rpartition("#")[2], str(m.object), m.negated) for m in mappings]
    return sorted(found)


def links(bench: Bench) -> list[tuple[str | None, ...]]:
    """What is linked: the certification's elements, how, and with what."""
    question = f"SELECT ?s ?p ?o {{ ?s ?p ?o FILTER(STRSTARTS(STR(?p), '{SKOS}') && STRENDS(STR(?p), 'Match')) }}"
    return [tuple(row) for row in bench.engine.query(question).rows()]


def test_a_stranger_reads_what_is_proposed_and_why(bench: Bench) -> None:
    with bench.client() as client:
        document = page(client, C1)
        assert labels(document)[:2] == ["1 ESCO planifier la production", "2 ROME savoir-faire Planifier une production"]
        assert [words(mark) for mark in document.xpath("//h1//mark")] == ["Planifier", "production"]
        assert document.xpath("//h1//mark/@data-for") == ["1 2", "1 2"]
        first = words(document.get_element_by_id("about-1"))
        assert "mots trouvés : Planifier, production" in first
        assert "Répartir dans le temps ce qu'un atelier doit produire." in first
        assert "Bloc : Bloc 1" in words(document)
        assert "Critère CE1.1" in words(document)
        assert not document.xpath("//button[@name='verdict']"), "deciding needs a session"
        assert document.xpath("//p[@class='who']/a/@href") == [f"/session?to={C1}"]


def test_a_verdict_is_recorded_told_and_shown(bench: Bench) -> None:
    with bench.signed_in("Claire") as client:
        answer = client.post(C1, data={"verdict": "exact", "concept": PLAN, "comment": "  le\n même "})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{C1}#said")
        document = page(client, C1)
        assert said(document) == "Enregistré pour C1 : exacte, « planifier la production »."
        assert said(page(client, C1)) == "", "once"
        about = words(document.get_element_by_id("about-1"))
        assert "accepté" in about
        assert "vous : exacte" in about
        assert "le même" in about
        assert document.xpath("//input[@name='concept'][@checked]/@value") == [ROME_PLAN], "the next one that is not judged"
        assert words(document.xpath("//p[@class='progress']")[0]) == "1 / 3 traités par vous"
    assert decisions(bench) == [("Claire", "exactMatch", PLAN, False)]
    (mapping,) = bench.desk().mapping_set(CODE).mappings
    assert mapping.score == pytest.approx(float(document.xpath("//meter/@value")[0]), abs=0.001)
    assert links(bench) == [(str(C1_IRI), str(SKOS.exactMatch), PLAN)]


@pytest.mark.parametrize(
    ("verdict", "predicate", "negated"),
    [
        ("close", "closeMatch", False),
        ("broad", "broadMatch", False),
        ("narrow", "narrowMatch", False),
        ("related", "relatedMatch", False),
        ("reject", "exactMatch", True),
    ],
)
def test_each_verdict_says_its_own(bench: Bench, verdict: str, predicate: str, negated: bool) -> None:
    with bench.signed_in("Claire") as client:
        client.post(C1, data={"verdict": verdict, "concept": PLAN})
    assert decisions(bench) == [("Claire", predicate, PLAN, negated)]


def test_no_match_answers_and_leads_on_to_what_is_to_do(bench: Bench) -> None:
    with bench.signed_in("Claire") as client:
        answer = client.post(C1, data={"verdict": "none"})
        assert answer.headers["location"] == f"{C2}#said"
        assert said(page(client, C2)) == "Enregistré pour C1 : rien ne correspond (ESCO, ROME)."
        answer = client.post(C2, data={"verdict": "none:rome"})
        assert answer.headers["location"] == f"{C2}#said", "ESCO is left to do"
        assert "vous : rien dans ROME" in words(page(client, C2))
    assert {found[2] for found in decisions(bench)} == {str(NO_MATCH)}
    assert len(decisions(bench)) == 3


def test_a_box_leads_on_after_each_decision_and_stays_ticked(bench: Bench) -> None:
    with bench.signed_in("Claire") as client:
        answer = client.post(C1, data={"verdict": "exact", "concept": PLAN, "then": "next"})
        assert answer.headers["location"] == f"{C2}?then=next#said"
        document = page(client, f"{C2}?then=next")
        assert document.xpath("//input[@id='then']/@checked")
        client.post(C2, data={"verdict": "close", "concept": LEAD, "then": "next"})
        answer = client.post(OCCUPATIONS, data={"verdict": "none", "then": "next"})
        assert answer.headers["location"] == f"/review/{CODE}?then=next#said", "nothing is left"
        document = page(client, f"/review/{CODE}")
        assert "Tout est traité." in words(document)
        assert "3 / 3 traités par vous" in words(document)


def test_a_certification_leads_to_occupations_and_is_none_itself(bench: Bench) -> None:
    chief = "http://data.europa.eu/esco/occupation/o1"
    with bench.signed_in("Claire") as client:
        buttons = page(client, OCCUPATIONS).xpath("//fieldset//button/@value")
        assert buttons == ["related", "reject", "none", "none:esco", "none:rome"]
        assert client.post(OCCUPATIONS, data={"verdict": "exact", "concept": chief}).status_code == 422
        client.post(OCCUPATIONS, data={"verdict": "related", "concept": chief})
        assert "vous : associée" in words(page(client, OCCUPATIONS))
    assert decisions(bench) == [("Claire", "relatedMatch", chief, False)]


def test_undo_takes_back_the_last_decision_wherever_it_was_made(bench: Bench) -> None:
    with bench.signed_in("Claire") as client:
        client.post(C1, data={"verdict": "exact", "concept": PLAN})
        client.post(C1, data={"verdict": "close", "concept": PLAN})
        answer = client.post(C2, data={"verdict": "undo"})
        assert answer.headers["location"] == f"{C1}#said"
        assert said(page(client, C1)).startswith("Annulé : « Planifier la production")
        assert decisions(bench) == [("Claire", "exactMatch", PLAN, False)], "what it replaced stands again"
        client.post(C1, data={"verdict": "undo"})
        refused = client.post(C1, data={"verdict": "undo"})
        assert refused.status_code == 409
        assert "aucune décision à annuler" in refused.text


def test_an_orcid_is_no_key_to_what_another_has_decided_under_it(bench: Bench) -> None:
    orcid = "0000-0002-1825-0097"
    with bench.client() as first, bench.client() as second:
        first.post("/session", data={"token": bench.token("Claire"), "orcid": orcid})
        second.post("/session", data={"token": bench.token("Paul"), "orcid": orcid})
        first.post(C1, data={"verdict": "exact", "concept": PLAN})
        for verdict in ("reject", "none"):
            refused = second.post(C1, data={"verdict": verdict, "concept": PLAN})
            assert refused.status_code == 422
            assert "celle que « Claire » a signée" in words(read(refused).xpath("//section[@role='alert']")[0])
        assert second.post(C1, data={"verdict": "undo"}).status_code == 409
    with bench.signed_in("Claire") as again:
        refused = again.post(f"{C1}?lang=en", data={"verdict": "exact", "concept": PLAN})
        assert refused.status_code == 422
        assert "one voice for each token" in refused.text
    assert links(bench) == [(str(C1_IRI), str(SKOS.exactMatch), PLAN)]


def test_a_search_finds_what_is_not_proposed_and_stays_after_a_decision(bench: Bench) -> None:
    with bench.signed_in("Claire") as client:
        document = page(client, f"{C1}?q=rapport")
        assert labels(document)[0] == "1 ESCO rédiger un rapport"
        answer = client.post(C1, data={"verdict": "related", "concept": f"{SKILL}s3", "q": "rapport"})
        assert answer.headers["location"] == f"{C1}?q=rapport#said"
        assert "Rien n'est trouvé" in words(page(client, f"{C1}?q=zzzz"))
        assert "rédiger un rapport" in " ".join(labels(page(client, C1))), (
            "what is accepted is listed though no machine proposes it"
        )


def test_a_second_reviewer_confirms_or_disagrees(bench: Bench) -> None:
    with bench.signed_in("Claire") as first, bench.signed_in("Paul") as second:
        first.post(C1, data={"verdict": "exact", "concept": PLAN})
        first.post(C2, data={"verdict": "exact", "concept": LEAD})
        document = page(second, C1)
        assert "Claire : exacte" in words(document.get_element_by_id("about-1"))
        assert "0 / 3 traités par vous" in words(document), "what another has answered is still to do"
        second.post(C1, data={"verdict": "exact", "concept": PLAN})
        second.post(C2, data={"verdict": "reject", "concept": LEAD})
        assert "désaccord" in words(page(first, C2).get_element_by_id("about-1"))
        document = page(first, f"/review/{CODE}")
        states = [words(state) for state in document.xpath("//tbody//span[contains(@class, 'verdict') and not(contains(., ' '))]")]
        assert states[:2] == ["confirmé", "Exacte"]
        assert [words(item) for item in document.xpath("//section[@aria-labelledby='disagreements']//li")] == [
            "C2 Encadrer une équipe afin de respecter les délais"
        ]
        assert "Désaccords : 1" in words(page(first, "/review"))
    assert links(bench) == [(str(C1_IRI), str(SKOS.exactMatch), PLAN)], "what is disputed is no link"


def test_reviewers_who_write_at_once_do_not_overwrite_each_other(bench: Bench) -> None:
    names = [f"r{number}" for number in range(4)]

    def review(name: str) -> list[int]:
        with bench.signed_in(name) as client:
            data = [{"verdict": "exact", "concept": concept} for concept in (PLAN, LEAD, ROME_PLAN)]
            return [client.post(path, data=each).status_code for path in (C1, C2) for each in data]

    with ThreadPoolExecutor(4) as pool:
        assert [status for statuses in pool.map(review, names) for status in statuses] == [303] * 24
    assert len(decisions(bench)) == 24


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"verdict": "perhaps", "concept": PLAN}, "exact ; close"),
        ({"concept": PLAN}, "par l'un des boutons"),
        ({"verdict": "exact"}, "l'un des concepts"),
        ({"verdict": "exact", "concept": "no iri <>"}, "l'un des concepts"),
        ({"verdict": "exact", "concept": "http://data.europa.eu/esco/skill/none"}, "un concept des vocabulaires tenus"),
        ({"verdict": "none:nsf"}, "exact ; close"),
    ],
)
def test_what_can_not_be_decided_is_told_and_nothing_typed_is_lost(bench: Bench, data: dict[str, str], told: str) -> None:
    with bench.signed_in("Claire") as client:
        answer = client.post(C1, data=data | {"comment": "à <garder>", "q": "rapport", "then": "next"})
        assert answer.status_code == 422
        document = read(answer)
        assert told in words(document.xpath("//section[@role='alert']")[0])
        assert document.get_element_by_id("comment").text == "à <garder>"
        assert document.get_element_by_id("q").get("value") == "rapport"
        assert document.xpath("//input[@id='then']/@checked")
        english = client.post(C1, data=data, headers={"Accept-Language": "en"})
        assert "Expected:" in english.text
    with pytest.raises(LookupError):
        bench.desk().mapping_set(CODE)


def test_what_the_gate_refuses_is_told_on_the_page(bench: Bench) -> None:
    """A token loses its right to write graphs while its session lasts: the operator made another of the same name."""
    token = bench.token("Narrow")
    with bench.client() as client:
        client.post("/session", data={"token": token})
        file = Path(bench.engine.folder or "") / "tokens.json"
        file.write_text(file.read_text().replace('"graphs"', '"write"'))
        try:
            answer = client.post(C1, data={"verdict": "exact", "concept": PLAN})
            assert answer.status_code == 403
            assert "referentiel:graphs" in answer.text
        finally:
            file.write_text(file.read_text().replace('"write"', '"graphs"'))


@pytest.mark.parametrize(
    "path",
    [
        "/review/none",
        f"/review/{CODE}/competency/C99",
        f"/review/{CODE}/block/1",
        f"/review/{CODE}/",
        "/review/%00",
        "/review/a b",
        "/review?page=2",
        f"/review/{CODE}/competency/%3E%20x",
        "/review/../x/occupations",
        "/review/" + "a" * 3000,
    ],
)
def test_addresses_of_nothing_are_not_found(bench: Bench, path: str) -> None:
    with bench.signed_in("Claire") as client:
        assert client.get(path).status_code == 404
        if path.count("/") > 2:
            assert client.post(path, data={"verdict": "none"}).status_code == 404


def test_what_is_asked_is_bounded(bench: Bench) -> None:
    with bench.client() as client:
        assert client.get(f"{C1}?q={'a' * 201}").status_code == 422
        assert client.get(f"{C1}?then=always").status_code == 422
        assert client.get(f"{C1}?q={'%22%3E%3Cscript%3E'}").status_code == 200
        assert "<script>" not in client.get(f"{C1}?q={'%22%3E%3Cscript%3E'}").text


def test_pages_run_one_script_of_ours_and_are_not_kept(bench: Bench) -> None:
    with bench.client() as client:
        answer = client.get(C1)
        assert "script-src 'self';" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert "Cookie" in answer.headers["vary"]
        document = read(answer)
        assert document.xpath("//script/@src") == ["/static/review.js"]
        assert document.xpath("count(//script) = 1 and not(//script/text())")
        assert client.get("/static/review.js").status_code == 200


def test_in_english_too(bench: Bench) -> None:
    with bench.signed_in("Claire") as client:
        answer = client.post(f"{C1}?lang=en", data={"verdict": "exact", "concept": PLAN})
        assert answer.headers["location"] == f"{C1}?lang=en#said"
        document = page(client, f"{C1}?lang=en")
        assert said(document) == "Recorded for C1: exact, “planifier la production”."
        assert document.xpath("//form[@id='decision']/@action") == [f"{C1}?lang=en"]


def test_the_overview_lists_what_is_under_review_first_and_the_rest_in_pages(tmp_path: Path, serve: Serve) -> None:
    with reviewing(tmp_path / "store", serve, codes=("A-1", CODE)) as bench, bench.signed_in("Claire") as client:
        document = page(client, "/review")
        assert "Certifications sans relecture" in words(document)
        ready(client, C1)
        client.post(C1, data={"verdict": "exact", "concept": PLAN})
        document = page(client, "/review")
        assert [words(each) for each in document.xpath("//section[@aria-labelledby='begun']//h3")] == [
            f"{CODE} Certification d'exemple"
        ]
        assert [words(each) for each in document.xpath("//section[@aria-labelledby='others']//li")] == [
            "A-1 Certification d'exemple"
        ]


def test_without_vocabularies_the_page_says_what_to_do(tmp_path: Path, serve: Serve) -> None:
    store = open_store(tmp_path / "store")
    fill(gate_of(store), vocabularies={})
    with (
        serve(create_app(store, Settings(store=tmp_path / "store"))) as address,
        httpx.Client(base_url=address, headers=FORM) as client,
    ):
        ready(client, C1)
        assert "Ni ESCO ni ROME ne sont dans le magasin" in words(page(client, C1))
    store.close()


def test_a_new_state_of_the_vocabularies_is_indexed_while_the_former_serves(tmp_path: Path, serve: Serve) -> None:
    with reviewing(tmp_path / "store", serve) as bench, bench.client() as client:
        first = client.get(C1)
        assert first.status_code in {200, 503}
        if first.status_code == 503:
            assert first.headers["retry-after"] == first.headers["refresh"] == "3"
            assert "se construit" in first.text
        assert "vérifier" not in ready(client, C1).text
        fill(
            gate_of(bench.engine),
            codes=(),
            vocabularies={
                "esco": """
skill:s9 a esco:Skill, skos:Concept ; skos:prefLabel "vérifier les commandes de la production"@fr ; skos:inScheme v:esco ."""
            },
        )
        for _ in range(600):
            answer = client.get(C1)
            assert answer.status_code == 200
            if "vérifier les commandes" in answer.text:
                break
        else:
            pytest.fail("the new concept is never proposed")
