"""Every command, run for real: what a certifying body types, and what it reads."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from command import run
from referentiel.commands import load as loading
from referentiel.model import Certification
from referentiel.settings import Settings
from referentiel.sources import read_certification
from referentiel.store import open_store
from referentiel.vocabulary import REF, SH

ID = "000_dc92d59401fb9067"


def test_import_says_what_it_read_and_what_to_check(tmp_path: Path, seed_file: Path) -> None:
    done = run("import", seed_file, cwd=tmp_path)
    assert done.returncode == 0
    assert "Lu : 3 blocs, 8 activités, 11 tâches, 21 compétences, 42 critères, 4 évaluations." in done.stdout
    assert "À relire : 87 liens" in done.stdout
    assert "Remarque sur CE14.2 : La source écrit C14.2 ; lu comme CE14.2." in done.stdout
    assert f"referentiel validate {ID}" in done.stdout


def test_importing_again_changes_nothing(tmp_path: Path, seed_file: Path) -> None:
    run("import", seed_file, cwd=tmp_path)
    assert "rien à changer" in run("import", seed_file, cwd=tmp_path).stdout


def test_import_to_a_file_leaves_the_store_alone(tmp_path: Path, seed_file: Path, root: Path) -> None:
    done = run("import", seed_file, "--output", "out.ttl", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "out.ttl").read_bytes() == (root / "data" / "graph" / f"{ID}.ttl").read_bytes()
    assert not (tmp_path / "store").exists()
    shown = run("import", seed_file, "--output", "-", cwd=tmp_path)
    assert shown.stdout == (tmp_path / "out.ttl").read_text(encoding="utf-8")


def test_what_the_table_does_not_give_can_be_given(tmp_path: Path, seed_file: Path) -> None:
    done = run("import", seed_file, "--id", "EXPERT", "--title", "Expert", "--number", "RNCP99999", "-o", "x.ttl", cwd=tmp_path)
    assert done.returncode == 0
    text = (tmp_path / "x.ttl").read_text(encoding="utf-8")
    assert "certification/EXPERT>" in text
    assert '"Expert"@fr' in text
    assert "RNCP99999" in text


def test_a_faulty_file_is_refused_whole(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("Bloc;Activité;Compétence\n1;A1;C 1\n", encoding="utf-8")
    done = run("import", "f.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Refusé : f.csv ne peut pas être lu, 4 défauts ; rien n'a été écrit.\n")
    assert "f.csv, ligne 1, colonne « Libellé du critère » — attendu : cette colonne dans l'en-tête" in done.stderr
    assert not (tmp_path / "store").exists()


def test_template_then_import(tmp_path: Path) -> None:
    assert run("template", "m.xlsx", cwd=tmp_path).returncode == 0
    assert run("template", "m.xlsx", cwd=tmp_path).returncode == 1, "a file that may be filled in is not overwritten"
    assert run("template", "m.xlsx", "--force", cwd=tmp_path).returncode == 0
    assert run("template", "-", cwd=tmp_path).stdout.startswith("\ufeffCertification;")
    assert "au moins une ligne remplie" in run("import", "m.xlsx", cwd=tmp_path).stderr
    assert "attendu un nom qui finit par .xlsx ou .csv" in run("template", "m.ods", cwd=tmp_path).stderr


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_export_as_a_table_and_import_again(tmp_path: Path, seed_file: Path, seed: Certification, name: str) -> None:
    run("import", seed_file, cwd=tmp_path)
    assert run("export", ID, name, cwd=tmp_path).returncode == 0
    assert read_certification(name, (tmp_path / name).read_bytes()) == seed
    assert "rien à changer" in run("import", name, cwd=tmp_path).stdout


def test_export_takes_a_table_or_a_graph_too(tmp_path: Path, seed_file: Path, root: Path) -> None:
    graph = root / "data" / "graph" / f"{ID}.ttl"
    assert run("export", seed_file, "a.ttl", cwd=tmp_path).returncode == 0
    assert run("export", graph, "b.csv", cwd=tmp_path).returncode == 0
    assert run("export", "b.csv", "c.ttl", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.ttl").read_bytes() == (tmp_path / "c.ttl").read_bytes() == graph.read_bytes()
    assert run("export", graph, "d.pdf", cwd=tmp_path).returncode == 1


def test_validate_a_table_and_the_store(tmp_path: Path, seed_file: Path) -> None:
    run("import", seed_file, cwd=tmp_path)
    for source in (seed_file, ID):
        done = run("validate", source, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("Le référentiel est conforme : 0 violation")


@pytest.fixture
def faulty(tmp_path: Path, root: Path) -> str:
    """The file of a small certification whose competencies have no criterion."""
    graph = Graph().parse(root / "tests" / "shapes" / "base.ttl")
    graph.remove((None, REF.hasCriterion, None))
    graph.remove((None, REF.criterionOf, None))
    graph.serialize(tmp_path / "bad.ttl")
    return "bad.ttl"


def test_validate_exits_1_and_says_how_to_mend(tmp_path: Path, faulty: str) -> None:
    done = run("validate", faulty, cwd=tmp_path)
    assert done.returncode == 1
    assert "CORE-01. Cette compétence n'a aucun critère d'évaluation. Ajoutez" in done.stdout
    assert "CORE-01. This competency has no assessment criterion." in run("validate", faulty, "--lang", "en", cwd=tmp_path).stdout


def test_validate_for_machines(tmp_path: Path, faulty: str) -> None:
    done = run("validate", faulty, "--format", "json", cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["conforms"] is False
    shacl = Graph().parse(data=run("validate", faulty, "--format", "turtle", cwd=tmp_path).stdout, format="turtle")
    assert list(shacl.subjects(SH.resultSeverity, SH.Violation))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bad.ttl", "<a> <b", "attendu du RDF valide (.ttl)"),
        ("bad.jsonld", "{", "attendu du RDF valide (.jsonld)"),
        ("bad.rdf", "<x", "attendu du RDF valide (.rdf)"),
        ("empty.ttl", "", "attendu au moins une certification"),
    ],
)
def test_a_bad_graph_is_refused(tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content)
    done = run("validate", name, cwd=tmp_path)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_nowhere_is_said_and_makes_no_store(tmp_path: Path) -> None:
    done = run("validate", "RNCP1", cwd=tmp_path)
    assert done.returncode == 1
    assert "ni un fichier, ni une certification du magasin" in done.stderr
    assert not (tmp_path / "store").exists()


def test_a_bad_setting_is_refused(tmp_path: Path, seed_file: Path) -> None:
    done = run("import", seed_file, cwd=tmp_path, REFERENTIEL_BASE="ftp://x")
    assert done.returncode == 1
    assert "REFERENTIEL_BASE" in done.stderr


def test_another_base_is_used(tmp_path: Path, seed_file: Path) -> None:
    done = run("import", seed_file, cwd=tmp_path, REFERENTIEL_BASE="https://certif.example/id/")
    assert done.stdout.startswith(f"https://certif.example/id/certification/{ID}\n")


def test_a_store_in_use_is_said(tmp_path: Path, seed_file: Path) -> None:
    engine = open_store(tmp_path / "store")
    done = run("import", seed_file, cwd=tmp_path)
    engine.close()
    assert done.returncode == 1
    assert "arrêtez le serveur qui s'en sert" in done.stderr


def test_another_certification_is_not_replaced_because_of_its_file_name(tmp_path: Path, seed_file: Path) -> None:
    (tmp_path / "ref.txt").write_bytes(seed_file.read_bytes())
    assert run("import", "ref.txt", "--title", "Un", cwd=tmp_path).returncode == 0
    done = run("import", "ref.txt", "--title", "Deux", cwd=tmp_path)
    assert done.returncode == 1
    assert "le magasin tient déjà « Un » sous l'identifiant ref" in done.stderr
    assert run("import", "ref.txt", "--title", "Deux", "--id", "ref", cwd=tmp_path).returncode == 0


def test_load_fills_a_store_and_says_that_nothing_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<s> <urn:p> 1, 2 .")
    (tmp_path / "b.nq").write_text('<urn:s> <urn:p> "x" <urn:h> .\n')
    done = run("load", "--unchecked", "a.ttl", "--graph", "urn:g", "--base", "https://x.example/", cwd=tmp_path)
    assert done.returncode == 0
    assert "aucune règle n'est vérifiée" in done.stderr
    assert done.stdout == "Chargé : 1 fichier, 2 triplets nouveaux.\n"
    assert run("load", "--unchecked", "b.nq", cwd=tmp_path).stdout == "Chargé : 1 fichier, 1 triplet nouveau.\n"
    assert run("load", "--unchecked", "a.ttl", "b.nq", "--base", "https://x.example/", cwd=tmp_path).returncode == 0

    engine = open_store(tmp_path / "store")
    assert engine.graph_names() == (URIRef("urn:g"), URIRef("urn:h"))
    assert set(engine.graph(URIRef("urn:g")).subjects()) == {URIRef("https://x.example/s")}
    engine.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.ttl"], "nowhere.ttl : fichier illisible (introuvable)"),
        (["a.csv"], "a.csv : attendu un nom qui finit par .ttl, .nt,"),
        (["good.nq", "--graph", "urn:g"], "good.nq : ses quadruplets nomment déjà leurs graphes. Retirez --graph"),
        (["good.ttl", "--graph", "g"], "--graph : attendu un IRI absolu (comme https://exemple.fr/graphe) ; trouvé « g »."),
        (["good.ttl", "--base", ""], "--base : attendu un IRI absolu"),
    ],
)
def test_load_refuses_before_it_opens_the_store(tmp_path: Path, arguments: list[str], words: str) -> None:
    for name in ("good.ttl", "good.nq", "a.csv"):
        (tmp_path / name).touch()
    done = run("load", "--unchecked", *arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Refusé : {words}")
    assert not (tmp_path / "store").exists()


def test_load_says_where_a_file_is_bad_and_what_was_loaded(tmp_path: Path) -> None:
    (tmp_path / "good.nt").write_text('<urn:s> <urn:p> "x" .\n')
    (tmp_path / "bad.ttl").write_text("<urn:s> <urn:p> 1 .\n<urn:s> foo 2 .\n")
    done = run("load", "--unchecked", "good.nt", "bad.ttl", cwd=tmp_path)
    assert done.returncode == 1
    assert "bad.ttl, ligne 2, colonne 9 : attendu du Turtle valide ; trouvé : « foo 2 . »" in done.stderr
    assert "Rien de ce fichier n'a été écrit. Chargé avant lui : good.nt." in done.stderr
    engine = open_store(tmp_path / "store")
    assert len(engine) == 1
    engine.close()


def test_load_wants_a_store_that_no_server_has_open(tmp_path: Path) -> None:
    (tmp_path / "a.nt").touch()
    engine = open_store(tmp_path / "store")
    done = run("load", "--unchecked", "a.nt", cwd=tmp_path)
    engine.close()
    assert done.returncode == 1
    assert "arrêtez le serveur qui s'en sert" in done.stderr


def test_an_interrupted_load_writes_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nt"
    path.write_text('<urn:s> <urn:p> "x" .\n' * 1000)
    said: list[str] = []

    def interrupt(message: str, **_: bool) -> None:
        said.append(message)
        if " : lu à " in message:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(loading, "_PATIENCE", 0)
    monkeypatch.setattr("click.echo", interrupt)
    with pytest.raises(KeyboardInterrupt):
        loading.load_unchecked([path], Settings(store=tmp_path / "store"), None, None)
    assert said[-1] == f"{path} : arrêt demandé. Rien de ce fichier n'a été écrit. Chargé avant lui : rien."
    engine = open_store(tmp_path / "store")
    assert len(engine) == 0
    engine.close()
