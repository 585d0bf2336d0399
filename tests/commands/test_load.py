"""`referentiel load`: each graph passes the gate, and is told when it is left out. What it does unchecked is in test_cli.py."""

from __future__ import annotations

from pathlib import Path

from command import run
from gate.registers import CONCEPTS, certification, name_of
from referentiel.history import Kind
from referentiel.store import Statements, open_store
from referentiel.vocabulary import REF, SKOS
from stores import gate_of


def quads(code: str, statements: Statements) -> str:
    return "".join(f"{line.removesuffix('.')}<{name_of(code)}> .\n" for line in sorted(statements))


def test_sound_graphs_come_in_and_others_are_told(tmp_path: Path) -> None:
    broken = frozenset(line for line in certification("B2") if str(REF.hasCriterion) not in line)
    narrower = f"<{name_of('A1')}/competency/C1> <{SKOS.broader}> <{name_of('Z9')}/competency/C1> ."
    register = {"A1": certification("A1") | {narrower}, "B2": broken, "Z9": certification("Z9")}
    (tmp_path / "register.nq").write_text("".join(quads(code, statements) for code, statements in register.items()))
    (tmp_path / "concepts.ttl").write_text(CONCEPTS)

    done = run("load", "register.nq", "concepts.ttl", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("Chargé : 2 fichiers, ")
    assert "Refusé : 1 graphe ; rien n'en a été écrit." in done.stderr
    assert f"{name_of('B2')} : CORE-01, compétence C" in done.stderr

    engine = open_store(tmp_path / "store")
    for code in ("A1", "Z9"):
        assert engine.statements(name_of(code)) == register[code], "what another graph of the file makes sound is sound"
    assert not engine.statements(name_of("B2"))
    assert len(engine.statements(None)) > 0
    revisions = gate_of(engine).history.revisions()
    assert Kind.LOAD in {revision.kind for revision in revisions}
    assert {revision.why for revision in revisions if revision.kind is Kind.LOAD} == {"referentiel load register.nq concepts.ttl"}
    engine.close()

    again = run("load", "concepts.ttl", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, "Chargé : 1 fichier, 0 triplet nouveau.\n")


def test_what_has_no_place_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text(
        f'<https://certif.example/a> <{SKOS.prefLabel}> "a"@fr <https://w3id.org/referentiel/ns> .\n'
        f'<{name_of("X")}> <{SKOS.prefLabel}> "a"@fr <https://certif.example/g> .\n'
        f'<https://certif.example/b> <{SKOS.prefLabel}> "b"@fr <https://certif.example/h> .\n'
    )
    done = run("load", "a.nq", cwd=tmp_path)
    assert done.returncode == 1
    assert "Refusé : 2 graphes" in done.stderr
    assert "https://w3id.org/referentiel/ns : ce graphe est tenu par le service" in done.stderr
    assert "https://certif.example/g : ce qui décrit une certification a sa place" in done.stderr
    assert done.stdout == "Chargé : 1 fichier, 1 triplet nouveau.\n"
