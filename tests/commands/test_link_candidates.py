"""`referentiel link candidates` as a person types it, over a store on disk."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import Graph, URIRef

from command import COMMAND, run
from linking import tiny_model
from linking.small_vocabulary import BASE
from linking.test_stored import GRAPHS, PREFIXES
from referentiel.commands.link_candidates import candidates
from referentiel.linking.faults import UnreadableMappings
from referentiel.linking.sssom_reading import read
from referentiel.store import open_store

SEED = "000_dc92d59401fb9067"
QUESTIONS = "id\ttext\nurn://x/moor\tAmarrer des bateaux\nurn://x/law\tLe droit de la mer, maritime\n"


@pytest.fixture(scope="module")
def cwd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that holds two small vocabularies, and a table of texts."""
    folder = tmp_path_factory.mktemp("candidates")
    engine = open_store(folder / "store")
    graphs = {name: PREFIXES + text.replace("%(base)s", BASE) for name, text in GRAPHS.items()}
    engine.replace((URIRef(BASE + name), Graph().parse(data=text, format="turtle")) for name, text in graphs.items())
    engine.close()
    (folder / "texts.tsv").write_text(QUESTIONS, encoding="utf-8")
    return folder


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def test_a_table_becomes_a_table(cwd: Path) -> None:
    answer = run("link", "candidates", "texts.tsv", "-k", "1", cwd=cwd)
    assert answer.returncode == 0, answer.stderr
    assert [(row["id"], row["rank"], row["label"]) for row in rows(answer.stdout)] == [
        ("urn://x/moor", "1", "amarrer un bateau"),
        ("urn://x/law", "1", "Droit maritime"),
    ]
    assert list((cwd / "store" / "index").glob("*.npz"))


def test_sssom_of_one_vocabulary_from_a_pipe_is_no_decision(cwd: Path) -> None:
    arguments = ["link", "candidates", "-", "--format", "sssom", "--scheme", "rome", "--store", str(cwd / "store")]
    answer = subprocess.run([COMMAND, *arguments], input=QUESTIONS, capture_output=True, text=True, check=True, cwd=cwd)
    found = rows("\n".join(line for line in answer.stdout.splitlines() if not line.startswith("#")))
    assert {row["mapping_justification"] for row in found} == {"semapv:LexicalMatching"}
    assert {row["predicate_id"] for row in found} == {"skos:mappingRelation"}
    assert all(0 < float(row["similarity_score"]) <= 1 for row in found)
    assert all("rome" in row["object_source"] for row in found)
    with pytest.raises(UnreadableMappings):
        read(answer.stdout.encode())


def test_occupations_by_fiche_with_a_model(cwd: Path) -> None:
    model = tiny_model.write(cwd / "model", tiny_model.onnx())
    arguments = ("--kind", "occupation", "--rome", "A1415", "--model", str(model), "-o", "found.tsv")
    assert run("link", "candidates", SEED, *arguments, cwd=cwd).returncode == 0
    found = rows((cwd / "found.tsv").read_text(encoding="utf-8"))
    assert {row["id"] for row in found} == {f"{BASE}certification/{SEED}"}
    assert {row["target"] for row in found[:2]} == {"http://example.org/sailor", f"{BASE}vocabulary/rome/fiche/A1415"}
    again = run("link", "candidates", SEED, *arguments, cwd=cwd)
    assert again.returncode == 1
    assert "found.tsv existe déjà" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "attendu le nom d'un fichier, ou l'identifiant d'une certification"),
        (("texts.tsv", "--rome", "M1805"), "ajoutez --kind occupation"),
        (
            ("texts.tsv", "--kind", "occupation", "--rome", "1805"),
            "attendu le code d'une fiche ROME, comme M1805 ; trouvé « 1805 »",
        ),
        (("texts.tsv", "--model", "nowhere"), "--model : nowhere : attendu un dossier avec tokenizer.json"),
        (("bad.tsv",), "ligne 2 — attendu : deux colonnes"),
        (("named.tsv", "--format", "sssom"), "attendu un IRI pour chaque texte, comme SSSOM le veut ; trouvé : « a »"),
        (("texts.tsv", "--store", "nowhere"), "attendu le dossier d'un magasin"),
        (("texts.tsv", "--store", "empty"), "attendu un magasin qui tient ESCO ou ROME"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(
    cwd: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(cwd)
    monkeypatch.setenv("REFERENTIEL_STORE", str(cwd / "store"))
    (cwd / "bad.tsv").write_text("a\tun\nb\n", encoding="utf-8")
    (cwd / "named.tsv").write_text("a\tAmarrer un bateau\n", encoding="utf-8")
    open_store(cwd / "empty").close()
    answer = CliRunner().invoke(candidates, arguments)
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Refusé : ")
    assert said in answer.stderr
    assert answer.stdout == ""
