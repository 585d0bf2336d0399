from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from referentiel.store.engine import BadQuery, StoreUnavailable
from referentiel.store.text_index import WORDS_LIMIT, TextIndex, build, match_expression

LABEL, NOTE = ox.NamedNode("urn:label"), ox.NamedNode("urn:note")
TEXTS = [
    ("baker", LABEL, ox.Literal("Le Boulanger, pâtissier", language="fr")),
    ("bakery", NOTE, ox.Literal("Boulangerie", language="fr-BE")),
    ("work", LABEL, ox.Literal("Mise en œuvre de l\N{RIGHT SINGLE QUOTATION MARK}évaluation", language="fr")),
    ("soft", LABEL, ox.Literal("Savoir-faire du pâtissier")),
    ("decomposed", NOTE, ox.Literal("cre\N{COMBINING ACUTE ACCENT}ation")),
    ("english", LABEL, ox.Literal("The baker's work", language="en")),
    ("number", LABEL, ox.Literal(42)),
    ("date", LABEL, ox.Literal("2024-01-01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    store = ox.Store(str(tmp_path_factory.mktemp("store") / "store"))
    for name, predicate, text in TEXTS:
        store.add(ox.Quad(ox.NamedNode(f"urn:{name}"), predicate, text, ox.NamedNode("urn:graph")))
    store.add(ox.Quad(ox.NamedNode("urn:loose"), LABEL, ox.Literal("hors graphe")))
    store.add(ox.Quad(ox.BlankNode(), LABEL, ox.Literal("boulanger"), ox.NamedNode("urn:graph")))
    store.flush()
    return store


@pytest.fixture(scope="module")
def index(store: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    return TextIndex.of(tmp_path_factory.mktemp("index") / "1.text.sqlite", store)


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("boulanger", {"baker"}),
        ("BOULANGER patissier", {"baker"}),
        ("boulang*", {"baker", "bakery"}),
        ("boulangerie OR pâtissier", {"baker", "bakery", "soft"}),
        ("pâtissier -boulanger", {"soft"}),
        ('pâtissier -"le boulanger"', {"soft"}),
        ('"boulanger patissier"', {"baker"}),
        ('"patissier boulanger"', set()),
        ('"boulanger pat"*', {"baker"}),
        ("patissier AND boulanger", {"baker"}),
        ("boulanger & (pâtissier)", {"baker"}),
        ("or", set()),
        ("oeuvre", {"work"}),
        ("ŒUVRE", {"work"}),
        ("évaluation", {"work"}),
        ("l'évaluation", {"work"}),
        ("d\N{RIGHT SINGLE QUOTATION MARK}EVALUATION", {"work"}),
        ("savoir-faire", {"soft"}),
        ("faire", {"soft"}),
        ("création", {"decomposed"}),
        ("baker", {"english"}),
        ("graphe", {"loose"}),
        ("42", set()),
        ("2024", set()),
    ],
)
def test_what_is_found(index: TextIndex, search: str, names: set[str]) -> None:
    assert {hit.subject.removeprefix("urn:") for hit in index.search(search)} == names


def test_a_hit_tells_the_triple_and_how_good_it_is(index: TextIndex) -> None:
    first, second = index.search("patissier OR boulanger")
    assert (first.subject, first.predicate, first.text, first.language) == ("urn:baker", "urn:label", TEXTS[0][2].value, "fr")
    assert (second.subject, second.language) == ("urn:soft", None)
    assert first.score > second.score > 0


@pytest.mark.parametrize(
    ("predicates", "language", "limit", "names"),
    [
        (("urn:note",), None, 9, {"bakery"}),
        (("urn:note", "urn:label"), None, 9, {"baker", "bakery"}),
        ((), "fr", 9, {"baker", "bakery"}),
        ((), "FR-be", 9, {"bakery"}),
        ((), "f", 9, set()),
        (("urn:label",), "fr", 0, set()),
    ],
)
def test_filters(index: TextIndex, predicates: tuple[str, ...], language: str | None, limit: int, names: set[str]) -> None:
    found = index.search("boulang*", predicates, language, limit)
    assert {hit.subject.removeprefix("urn:") for hit in found} == names


@pytest.mark.parametrize(
    "search", ["", " ", "&", '""', "a OR", "OR a", "a OR & OR b", "-a", '"a', 'a "b c" "', "a " * (WORDS_LIMIT + 1)]
)
def test_what_cannot_be_looked_for(index: TextIndex, search: str) -> None:
    with pytest.raises(BadQuery, match="text:query"):
        index.search(search)


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"*-()^:+{}ORANDOTNEAR \0'), max_size=30))
@example('a" OR "b')
@example("NEAR(a b)")
@example("text : a")
@example("a\0b")
def test_nothing_is_syntax(index: TextIndex, search: str) -> None:
    try:
        expression = match_expression(search)
    except BadQuery:
        return
    assert re.fullmatch(r'(?:"[^"\0]*"\*?|[() ]|AND|OR|NOT)+', expression)
    index.search(search)


def test_a_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    with pytest.raises(StoreUnavailable, match="text index"):
        TextIndex(path)
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreUnavailable, match="text index"):
        TextIndex(path)


def test_an_index_that_cannot_be_written_is_told(store: ox.Store, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="text index"):
        build(tmp_path / "nowhere" / "1.sqlite", store)


def test_what_a_killed_process_left_is_made_anew(store: ox.Store, tmp_path: Path) -> None:
    (tmp_path / "1.sqlite.part").write_bytes(b"half of it")
    assert TextIndex.of(tmp_path / "1.sqlite", store).search("boulanger")
    assert [path.name for path in tmp_path.iterdir()] == ["1.sqlite"]


def test_processes_that_want_the_same_index_share_it(tmp_path: Path) -> None:
    folder, path = tmp_path / "store", tmp_path / "1.sqlite"
    store = ox.Store(str(folder))
    store.extend(ox.Quad(ox.NamedNode(f"urn:{number}"), LABEL, ox.Literal(f"boulanger {number}")) for number in range(2000))
    store.flush()
    del store
    program = (
        "import sys, pathlib, pyoxigraph\n"
        "from referentiel.store.text_index import TextIndex\n"
        "index = TextIndex.of(pathlib.Path(sys.argv[2]), pyoxigraph.Store.read_only(sys.argv[1]))\n"
        "print(len(index.search('boulanger')), pathlib.Path(sys.argv[2]).stat().st_ino)\n"
    )
    command = [sys.executable, "-c", program, str(folder), str(path)]
    builders = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    written = {builder.communicate(timeout=60)[0] for builder in builders}
    assert written == {f"2000 {path.stat().st_ino}\n"}
