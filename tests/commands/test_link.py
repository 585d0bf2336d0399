"""`referentiel link …` as a reviewer types it."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest
from rdflib import URIRef

from command import COMMAND, run
from gate.registers import certification, name_of
from linking.mappings import ANNE, BEN, mapping, mapping_set
from referentiel.access import LOCAL
from referentiel.gate import Replace
from referentiel.linking import sssom
from referentiel.linking.mapping import NO_MATCH, MappingSet
from referentiel.linking.sssom_reading import read
from referentiel.linking.stored import finder_of
from referentiel.review import Desk
from referentiel.store import open_store
from referentiel.vocabulary import DEFAULT_BASE, SKOS
from review.desks import C1, C2, ESCO_GRAPH, ROME_GRAPH, SKILL, SKILLS, esco, filled, put
from stores import gate_of
from test_serving import ready, served

HOLD, READ = URIRef(f"{SKILL}1"), URIRef(f"{SKILL}3")
DECIDED = mapping_set(
    mapping(subject=C1, object=HOLD, subject_label="Compétence C1", object_label=SKILLS[1], object_source_version="1.0"),
    mapping(subject=C1, object=HOLD, predicate=SKOS.closeMatch, author=BEN, object_label=SKILLS[1], object_source_version="1.0"),
    mapping(subject=C2, object=READ, object_label=SKILLS[3], object_source_version="1.0", score=0.5),
    mapping(subject=C2, object=NO_MATCH, object_source=ROME_GRAPH),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two certifications and two vocabularies."""
    folder = tmp_path_factory.mktemp("template") / "store"
    engine = open_store(folder)
    filled(engine)
    engine.close()
    return folder


@pytest.fixture
def cwd(template: Path, tmp_path: Path) -> Path:
    """A folder with a copy of it."""
    shutil.copytree(template, tmp_path / "store")
    return tmp_path


def link(cwd: Path, *arguments: str | Path, keys: str | None = None) -> str:
    """What a command prints, errors too; it is given keys, one a line."""
    environment = {**os.environ, "REFERENTIEL_STORE": str(cwd / "store")}
    done = subprocess.run(
        [COMMAND, "link", *arguments],
        cwd=cwd,
        env=environment,
        input=keys,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def decided(cwd: Path) -> None:
    """Put decisions into the store."""
    engine = open_store(cwd / "store")
    gate = gate_of(engine)
    Desk(gate, lambda: finder_of(engine, DEFAULT_BASE)).take_in("X", DECIDED, identity=LOCAL, why="essai")
    engine.close()


def exported(cwd: Path, code: str = "X") -> MappingSet:
    done = run("link", "export", code, cwd=cwd, timeout=120)
    assert done.returncode == 0, done.stderr
    return read(done.stdout.encode())


def test_decisions_go_in_and_out_as_sssom(cwd: Path) -> None:
    (cwd / "x.sssom.tsv").write_text(sssom.write(DECIDED), encoding="utf-8")
    told = link(cwd, "import", "x.sssom.tsv")
    assert "X : 4 décisions sur 3 paires : 2 acceptées, 0 refusées, 1 en désaccord." in told
    assert set(exported(cwd).mappings) == set(DECIDED.mappings)
    assert "rien à changer" in link(cwd, "import", "x.sssom.tsv")
    newer = mapping_set(mapping(subject=C1, object=HOLD, predicate=SKOS.closeMatch, object_label=SKILLS[1]), title="Autre titre")
    (cwd / "y.sssom.tsv").write_text(sssom.write(newer), encoding="utf-8")
    assert "3 acceptées, 0 refusées, 0 en désaccord" in link(cwd, "import", "y.sssom.tsv")
    assert exported(cwd).title == "Autre titre"


def test_where_the_work_stands_is_told_with_who_differs(cwd: Path) -> None:
    decided(cwd)
    told = link(cwd, "status")
    assert "avancement : 2 sur 3 ; 1 décidées, 0 confirmées, 0 sans correspondance, 1 en désaccord" in told
    assert "désaccord : X C1 et « tenir une compétence » : 0000-0002-1825-0097 dit proche ; anne dit exact" in told
    assert link(cwd, "stale") == "Aucune décision à revoir.\n"


def test_decisions_to_look_at_again_are_listed_after_a_new_version(cwd: Path) -> None:
    decided(cwd)
    engine = open_store(cwd / "store")
    put(gate_of(engine), ESCO_GRAPH, esco("2.0", (*SKILLS[:3], "lire", *SKILLS[4:]), broader="2"))
    engine.close()
    (cwd / "x.sssom.tsv").write_text(sssom.write(DECIDED), encoding="utf-8")
    told = link(cwd, "stale", "X")
    assert (
        "X : X C2 et « compétence en lecture » : le concept a changé de libellé (« compétence en lecture » est devenu « lire »)"
        in told
    )
    assert f"le concept a changé de place dans la hiérarchie (« {SKILL}0 » est devenu « {SKILL}2 »)" in told
    assert "À revoir : X C2" in link(cwd, "import", "x.sssom.tsv")


def test_what_cannot_be_taken_in_is_refused_whole_with_its_places(cwd: Path) -> None:
    text = sssom.write(DECIDED).replace("0.5", "0,5").replace("2026-11-24", "24/11/2026")
    (cwd / "x.sssom.tsv").write_text(text, encoding="utf-8")
    told = link(cwd, "import", "x.sssom.tsv")
    assert told.count("une date AAAA-MM-JJ") == 4
    assert "ligne 11, colonne « similarity_score » — attendu : un nombre de 0 à 1, avec un point ; trouvé : « 0,5 »" in told
    assert "attendu un ensemble de liens du magasin ; il tient : aucun" in link(cwd, "export", "X")
    (cwd / "y.sssom.tsv").write_text(sssom.write(DECIDED).replace("mapping-set/X", "ailleurs/X"), encoding="utf-8")
    assert "--set CODE" in link(cwd, "import", "y.sssom.tsv")


def test_proposals_of_the_machine_are_no_decisions(cwd: Path) -> None:
    assert "Écrit" in link(cwd, "candidates", "X", "--format", "sssom", "-o", "p.sssom.tsv")
    assert "author_id" in link(cwd, "import", "p.sssom.tsv", "--set", "X")
    assert "il tient : aucun" in link(cwd, "export", "X")


def test_a_review_is_a_key_for_each_verdict_and_goes_on_where_it_stopped(cwd: Path) -> None:
    told = link(cwd, "review", "X", "--orcid", "0000-0002-1825-0097", keys="x\nc\n/\nlettre\nr\nu\nq\n")
    assert "[0 / 2] C1   Bloc 1" in told
    assert "tenir une compétence   (Compétence)" in told
    assert "annulé : « rédiger une lettre » associé" in told
    assert "1 sur 2 décidées dans l'ensemble « X »." in told
    assert {(each.author, each.negated, each.predicate) for each in exported(cwd).mappings} == {
        (BEN, True, SKOS.exactMatch),
        (BEN, False, SKOS.closeMatch),
    }
    told = link(cwd, "review", "X", "--orcid", "0000-0002-1825-0097", keys="0\n")
    assert "[1 / 2] C2" in told
    assert "noté : sans correspondance" in told
    assert "2 sur 2 décidées" in told
    again = link(cwd, "review", "X", keys="?\nu\ns\np\nq\n")
    assert "rien à annuler" in again
    assert "0 sur 2 décidées" in again
    assert "déjà dit : " in again


def test_no_label_steers_the_terminal(cwd: Path) -> None:
    engine = open_store(cwd / "store")
    put(gate_of(engine), ESCO_GRAPH, esco("2.0", (SKILLS[0], "\\u001B[2Jtenir une compétence\\u009B1m", *SKILLS[2:])))
    engine.close()
    spoilt = [
        mapping(subject=C1, object=HOLD, predicate=predicate, author=author, object_label="tenir\x1b]0;pris\x07 \x9b31m\u202e")
        for predicate, author in ((SKOS.exactMatch, ANNE), (SKOS.closeMatch, BEN))
    ]
    (cwd / "x.sssom.tsv").write_text(sssom.write(mapping_set(*spoilt)), encoding="utf-8")
    told = [link(cwd, "import", "x.sssom.tsv"), link(cwd, "stale"), link(cwd, "status")]
    told.append(link(cwd, "review", "X", keys="1\ne\nu\nq\n"))
    for each in told:
        assert "« tenir ]0;pris" in each
        assert [letter for letter in each if not letter.isprintable() and letter not in "\n\xa0"] == []
    assert " [2Jtenir une compétence 1m" in told[-1]


def test_occupations_are_reviewed_too(cwd: Path) -> None:
    told = link(cwd, "review", "X", "--occupations", keys="r\nq\n")
    assert "noté : « certification d'exemple » associé" in told
    assert [(each.subject, each.predicate) for each in exported(cwd).mappings] == [(name_of("X"), SKOS.relatedMatch)]


def test_in_a_terminal_keys_need_no_return(cwd: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "REFERENTIEL_STORE": str(cwd / "store"), "TERM": "xterm"}
    process = subprocess.Popen(
        [COMMAND, "link", "review", "X"], cwd=cwd, env=environment, stdin=theirs, stdout=subprocess.PIPE, text=True
    )
    os.close(theirs)
    os.write(ours, b"e\x1b[C")
    os.write(ours, b"q")
    told, _ = process.communicate(timeout=120)
    os.close(ours)
    assert "1 sur 2 décidées" in told
    assert "C2" in told


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["review", "AUCUNE"], "attendu une certification du magasin"),
        (["review", "X", "--orcid", "0000-0002-1825-0098"], "attendu un ORCID"),
        (["review", "X", "--set", "a/b"], "attendu un identifiant"),
        (["status", "AUCUN"], "attendu un ensemble de liens"),
    ],
)
def test_what_is_not_there_is_told(cwd: Path, arguments: list[str], expected: str) -> None:
    assert expected in link(cwd, *arguments)


def test_a_running_server_is_read_from_and_written_to_on_its_page(tmp_path: Path) -> None:
    with served(tmp_path / "store") as (address, _):
        ready(address)
        told = link(tmp_path, "review", "000_dc92d59401fb9067")
        assert "/review" in told
        assert "un serveur se sert du magasin" in told
        assert exported(tmp_path, "000_dc92d59401fb9067").mappings


def test_a_store_without_vocabularies_says_where_to_get_them(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store")
    gate_of(engine).submit(Replace(name_of("X"), certification("X")), identity=LOCAL)
    engine.close()
    assert "referentiel import" in link(tmp_path, "review", "X", keys="q\n")
