from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef

from linking.mappings import ANNE, BEN, ESCO_GRAPH, ROME_GRAPH, SUBJECT, mapping, mapping_set, mapping_sets
from referentiel import resources
from referentiel.linking import sssom
from referentiel.linking.faults import UnreadableMappings
from referentiel.linking.mapping import NO_MATCH, MappingSet
from referentiel.linking.mapping_graph import order
from referentiel.linking.sssom_reading import read
from referentiel.vocabulary import DEFAULT_BASE, ESCO_SKILL, SEMAPV, SKOS

TOOLS = Path(__file__).parents[2] / ".clients" / "sssom" / "bin" / "python"
CHECK = """
import sys
from sssom.parsers import parse_sssom_table
from sssom.validators import validate
from sssom.writers import write_table
good, bad, written = sys.argv[1:]
found = parse_sssom_table(good)
validate(found, fail_on_error=True)
with open(written, "w") as file:
    write_table(found, file)
print("------", file=sys.stderr)
validate(parse_sssom_table(bad), fail_on_error=True)
"""
"""Has the tools of SSSOM read a file, validate it, and write it anew; then read another one, of which they should complain."""

RICH = mapping_set(
    mapping(score=0.85, subject_label='Rédiger un "cahier"\ten C#', object_label="# écrire", object_source_version="1.1.1"),
    mapping(author=BEN, negated=True, comment="trop large\net vague", reviewer=ANNE),
    mapping(
        object=NO_MATCH, object_source=ROME_GRAPH, subject_source=URIRef(f"{DEFAULT_BASE}certification/X/framework/competency")
    ),
    mapping(object=URIRef(f"{ROME_GRAPH}/savoir/1"), object_source=ROME_GRAPH, predicate=SKOS.relatedMatch, score=0.0),
    mapping(object=URIRef("https://ailleurs.example/n#1"), author="https://personnes.example/moi", object_source=None),
    title="Liens : essai",
    description="Deux lignes,\n# dont une étrange",
    version="1.0",
)


@given(mapping_sets())
def test_a_file_gives_back_every_row_and_every_text(found: MappingSet) -> None:
    written = sssom.write(found)
    back = read(written.encode())
    assert sorted(back.mappings, key=order) == sorted(found.mappings, key=order)
    assert (back.iri, back.title, back.version, back.description) == (found.iri, found.title, found.version, found.description)
    assert sssom.write(back) == written


def test_the_order_of_the_rows_does_not_matter_and_codes_sort_as_people_count() -> None:
    second, tenth = (mapping(subject=URIRef(f"{DEFAULT_BASE}certification/X/competency/C{number}")) for number in (2, 10))
    written = sssom.write(mapping_set(tenth, second))
    assert written == sssom.write(mapping_set(second, tenth))
    assert written.index("competency/C2") < written.index("competency/C10")


def test_only_columns_that_say_something_are_written() -> None:
    header = sssom.write(mapping_set(mapping(object_source=None))).split("\n")[-3].split("\t")
    assert header == ["subject_id", "predicate_id", "object_id", "mapping_justification", "author_id", "mapping_date"]


def test_the_tools_of_sssom_find_it_valid_and_keep_every_row(tmp_path: Path) -> None:
    if not TOOLS.exists():
        pytest.skip("the SSSOM tools are not installed: make clients")
    good, bad, written = (tmp_path / f"{name}.sssom.tsv" for name in ("good", "bad", "written"))
    good.write_text(sssom.write(RICH), encoding="utf-8")
    bad.write_text(sssom.write(RICH).replace("\tNot\t", "\tPeut-être\t"), encoding="utf-8")
    done = subprocess.run([TOOLS, "-c", CHECK, good, bad, written], capture_output=True, text=True, timeout=120, check=False)
    of_good, _, of_bad = done.stderr.partition("------")
    assert "rror" in of_bad
    assert "rror" not in of_good
    assert sorted(read(written.read_bytes()).mappings, key=order) == sorted(RICH.mappings, key=order)


@pytest.mark.parametrize("path", resources.mapping_files(), ids=lambda path: path.name)
def test_what_the_project_ships_is_in_the_form_that_is_written(path: Path) -> None:
    assert sssom.write(read(path.read_bytes())) == path.read_text(encoding="utf-8")


ONE = sssom.write(mapping_set(mapping()))


def faults(text: str | bytes, *ignore: str) -> str:
    with pytest.raises(UnreadableMappings) as caught:
        read(text if isinstance(text, bytes) else text.encode(), ignore)
    assert caught.value.faults
    return str(caught.value)


def cell(column: str, value: str) -> Callable[[str], str]:
    """Puts a value into a cell of the one row."""

    def change(text: str) -> str:
        *before, header, row, end = text.split("\n")
        names, cells = header.split("\t"), row.split("\t")
        if column not in names:
            names.append(column)
            cells.append("")
        cells[names.index(column)] = value
        return "\n".join([*before, "\t".join(names), "\t".join(cells), end])

    return change


def _rows(text: str, *labels: str) -> str:
    """The one row once for each label of a competency, which ends the row."""
    *before, header, row, end = text.split("\n")
    rows = [f"{row.replace('competency/C1', f'competency/C{number}')}\t{label}" for number, label in enumerate(labels)]
    return "\n".join([*before, f"{header}\tsubject_label", *rows, end])


def without(start: str) -> Callable[[str], str]:
    return lambda text: "\n".join(line for line in text.split("\n") if not line.startswith(start))


SPOILT: dict[str, tuple[Callable[[str], str], str]] = {
    "unknown prefix": (cell("object_id", "inconnu:1"), "ligne 8, colonne « object_id »"),
    "no subject": (cell("subject_id", ""), "ligne 8, colonne « subject_id »"),
    "another predicate": (cell("predicate_id", "owl:sameAs"), "skos:exactMatch, skos:closeMatch"),
    "a machine's proposal": (cell("mapping_justification", "semapv:LexicalMatching"), "une proposition de machine"),
    "two authors": (cell("author_id", "rid:agent/a|rid:agent/b"), "une seule personne par ligne"),
    "no author": (cell("author_id", ""), "colonne « author_id »"),
    "a French date": (cell("mapping_date", "24/11/2026"), "une date AAAA-MM-JJ"),
    "a date without dashes": (cell("mapping_date", "20261124"), "une date AAAA-MM-JJ"),
    "the date of a week": (cell("mapping_date", "2026-W48-2"), "une date AAAA-MM-JJ"),
    "nothing found, but where": (
        lambda text: cell("object_source", "")(cell("object_id", "sssom:NoTermFound")(text)),
        "ligne 8, colonne « object_source »",
    ),
    "a scheme as a prefix": (lambda text: text.replace("curie_map:", "curie_map:\n#   HTTP: http://x.example/"), "« HTTP »"),
    "a French number": (cell("similarity_score", "0,85"), "un nombre de 0 à 1"),
    "a percentage": (cell("similarity_score", "85"), "un nombre de 0 à 1"),
    "no number": (cell("similarity_score", "nan"), "un nombre de 0 à 1"),
    "another modifier": (cell("predicate_modifier", "Non"), "« Not » ou rien"),
    "a column without a place": (cell("confidence", "0.9"), "--ignore confidence"),
    "an entry without a place": (lambda text: f"# see_also: https://x.example/\n{text}", "--ignore see_also"),
    "a cell too many": (lambda text: text.rstrip("\n") + "\tx\n", "7 cellules"),
    "a column twice": (lambda text: text.replace("author_id", "subject_id"), "chaque colonne une fois"),
    "no column": (lambda text: text.replace("author_id", "auteur"), "colonne « author_id »"),
    "no heading": (without("#"), "« mapping_set_id »"),
    "no licence": (without("# license"), "« license »"),
    "a list of titles": (lambda text: text.replace("mapping_set_title: Liens", "mapping_set_title: [a, b]"), "mapping_set_title"),
    "no YAML": (lambda text: f"# [\n{text}", "un en-tête en YAML"),
    "prefixes without address": (lambda text: text.replace("http://data.europa.eu/esco/skill/", "rien"), "« curie_map »"),
    "the same twice": (lambda text: text + text.split("\n")[-2] + "\n", "déjà une à la ligne 8"),
    "nothing": (lambda _: "", "« mapping_set_id »"),
    "a stray quote at the end": (lambda text: _rows(text, "Savoir", '"Lire', "Compter"), "ligne 9 — attendu : un tableau"),
    "a stray quote before text": (lambda text: _rows(text, '"Lire" un plan', "Compter"), "ligne 8 — attendu : un tableau"),
    "two stray quotes": (lambda text: _rows(text, "Savoir", '"Lire', "Compter", 'Parler"'), "ligne 9 — attendu : une ligne"),
    "quotes left open": (cell("subject_label", '"' + "x" * 200_000), "un tableau à tabulations"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_what_is_wrong_is_told_with_its_place_and_remedy(case: str) -> None:
    spoil, expected = SPOILT[case]
    told = faults(spoil(ONE))
    assert expected in told
    assert "Pour corriger : " in told


def test_a_denial_that_nothing_was_found_is_none() -> None:
    assert "ne se nie pas" in faults(sssom.write(mapping_set(mapping(object=NO_MATCH, negated=True))))


def test_quotes_within_a_text_are_its_own() -> None:
    labels = [each.subject_label for each in read(_rows(ONE, 'dire "oui"', '"en ""deux""\nlignes"').encode()).mappings]
    assert labels == ['dire "oui"', 'en "deux"\nlignes']


def test_another_encoding_is_told() -> None:
    assert "UTF-8" in faults(sssom.write(RICH).encode("latin-1", errors="replace"))


def test_every_fault_is_told_at_once() -> None:
    told = faults(cell("mapping_date", "hier")(cell("object_id", "x")(ONE)))
    assert told.count("Pour corriger") == 2


def test_a_column_may_be_lost_when_one_says_so() -> None:
    text = cell("confidence", "0.9")(ONE)
    assert read(text.encode(), ["confidence"]).mappings == (mapping(),)


def test_what_the_heading_says_holds_for_all_rows() -> None:
    text = f"# object_source: rid:vocabulary/esco\n# mapping_date: 2026-11-24\n{ONE}"
    text = cell("object_source", "")(cell("mapping_date", "")(text))
    assert read(text.encode()).mappings == (mapping(),)


@pytest.mark.parametrize(
    "spoil", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n"), lambda text: text + "\n\n"]
)
def test_what_spreadsheets_do_to_a_file_is_forgiven(spoil: Callable[[str], str]) -> None:
    assert read(spoil(ONE).encode()).mappings == (mapping(),)


def test_whole_addresses_are_read_too() -> None:
    text = ONE.replace("\tesco-skill:aaa", f"\t{ESCO_SKILL['aaa']}")
    assert read(text.encode()).mappings == (mapping(),)


def test_proposals_of_a_machine_are_written_and_are_no_decisions() -> None:
    proposal = mapping(author="", justification=SEMAPV.LexicalMatching, predicate=SKOS.mappingRelation, score=0.5)
    told = faults(sssom.write(mapping_set(proposal)))
    assert "author_id" in told


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_whatever_is_brought_is_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except UnreadableMappings:
        assert faults(data)


@given(st.text(max_size=60), st.sampled_from(list(sssom.COLUMNS)))
def test_whatever_stands_in_a_cell_is_read_or_refused(value: str, column: str) -> None:
    text = cell(column, value)(ONE).encode(errors="replace")
    try:
        found = read(text)
    except UnreadableMappings:
        assert faults(text)
    else:
        assert found.mappings[0].subject == SUBJECT or column == "subject_id"
        assert found.mappings[0].object_source in {ESCO_GRAPH} or column == "object_source"
