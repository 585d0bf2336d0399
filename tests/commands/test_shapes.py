"""`referentiel shapes`: other rules are tried on all that is held, and turned on when nothing breaks, or when that is wanted."""

from __future__ import annotations

from pathlib import Path

from command import run
from gate.registers import certification, name_of
from referentiel import resources
from referentiel.access import LOCAL
from referentiel.gate import Replace
from referentiel.history import Kind
from referentiel.store import open_store
from stores import gate_of, install

STRICTER = """
@prefix rs: <https://w3id.org/referentiel/shapes#> .
@prefix ref: <https://w3id.org/referentiel/ns#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

rs:TEST-01 a sh:PropertyShape ;
    ref:ruleCode "TEST-01" ;
    rdfs:label "un numéro est obligatoire"@fr, "a number is required"@en ;
    dct:bibliographicCitation "essai"@fr ;
    sh:targetClass ref:Certification ;
    sh:path ref:registerNumber ;
    sh:minCount 1 ;
    sh:severity sh:Violation ;
    sh:message "Il faut un numéro. Donnez-le."@fr, "A number is needed. Give it."@en .
"""


def test_newer_rules_are_tried_before_they_are_in_force(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store")
    gate = install(engine)
    gate.submit(Replace(name_of("N1"), certification("N1", "RNCP1")), identity=LOCAL)
    former = gate.rules.version
    engine.close()

    assert run("shapes", cwd=tmp_path).stdout.startswith(f"En vigueur : {former}")

    (tmp_path / "stricter.ttl").write_text(STRICTER)
    files = [*map(str, resources.files("shapes", "*.ttl")), "stricter.ttl"]
    tried = run("shapes", *files, cwd=tmp_path)
    assert tried.returncode == 1
    assert "Ajoutées : TEST-01" in tried.stdout
    assert "1 violations de plus, dans 1 certifications" in tried.stdout
    assert "000_dc92d59401fb9067" in tried.stdout, "the shipped certification has no number"
    assert "N1" not in tried.stdout

    assert run("shapes", *files, "--activate", cwd=tmp_path).returncode == 1
    assert run("shapes", cwd=tmp_path).stdout.startswith(f"En vigueur : {former}")

    assert run("shapes", *files, "--activate", "--force", cwd=tmp_path).returncode == 0
    engine = open_store(tmp_path / "store")
    gate = gate_of(engine)
    assert gate.rules.version != former
    assert gate.history.revisions(newest_first=True)[0].kind is Kind.SHAPES
    engine.close()
    (tmp_path / "n2.ttl").write_text("\n".join(certification("N2")))
    refused = run("load", "n2.ttl", "--graph", str(name_of("N2")), cwd=tmp_path)
    assert refused.returncode == 1
    assert "TEST-01" in refused.stderr

    back = run("shapes", "--activate", cwd=tmp_path)
    assert (back.returncode, "Retirées : TEST-01" in back.stdout) == (0, True)
    assert "ne rendent invalide rien" in back.stdout


def test_rules_that_cannot_serve_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<a> <b> .")
    assert "attendu du Turtle valide" in run("shapes", "bad.ttl", cwd=tmp_path).stderr
    (tmp_path / "none.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    assert "the shapes graph holds no shape" in run("shapes", "none.ttl", cwd=tmp_path).stderr
