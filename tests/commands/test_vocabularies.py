"""`referentiel import` of a job-market vocabulary."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from command import run
from referentiel.store import open_store
from referentiel.vocabulary import DEFAULT_BASE
from vocabulary_files import SAMPLES, SKILL, write

SCHEME = f"{DEFAULT_BASE}vocabulary/esco"


def test_a_vocabulary_is_imported_once_and_replaced_by_another_version(tmp_path: Path) -> None:
    first = run("import", SAMPLES / "esco", "--version", "0.0.1", "--issued", "2024-03", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    lines = first.stdout.splitlines()
    assert lines[0] == SCHEME
    assert lines[1].endswith("version 0.0.1.")
    assert lines[2].endswith("triplets ajoutés, 0 retirés.")

    again = run("import", SAMPLES / "esco", "--version", "0.0.1", "--issued", "2024-03", cwd=tmp_path)
    assert again.stdout.splitlines()[2] == "Magasin : rien à changer, ce vocabulaire y était déjà."

    text = (SAMPLES / "esco" / "skills_en.csv").read_text(encoding="utf-8")
    newer = write(tmp_path / "newer", {"skills_en.csv": text.replace("true a wheel", "align a wheel").replace("/s12,", "/s13,")})
    refused = run("import", newer, "--version", "0.0.2", cwd=tmp_path)
    assert refused.returncode == 1
    assert "la version 0.0.2 n'aurait plus" in refused.stderr
    other = run("import", newer, "--version", "0.0.2", "--difference", "d.csv", "--force", cwd=tmp_path)
    assert other.returncode == 0, other.stderr
    assert "De la version 0.0.1 à la version 0.0.2 :" in other.stdout
    assert "  concepts nouveaux : 1\n    train an apprentice\n" in other.stdout
    rows = list(csv.reader((tmp_path / "d.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["changement", "concept", "libellé", "langue", "avant", "après"]
    assert ["nouveau", f"{SKILL}s13", "train an apprentice", "", "", ""] in rows
    assert ["libellé", f"{SKILL}s2", "align a wheel", "en", "true a wheel", "align a wheel"] in rows
    assert ["retiré", f"{SKILL}s12", "train an apprentice", "", "", ""] in rows


def test_a_vocabulary_that_breaks_a_rule_is_refused(tmp_path: Path) -> None:
    circle = f"conceptUri,broaderUri\n{SKILL}s1,{SKILL}s2\n{SKILL}s2,{SKILL}s1\n"
    folder = write(
        tmp_path / "esco",
        {
            "skills_fr.csv": (SAMPLES / "esco" / "skills_fr.csv").read_text(encoding="utf-8"),
            "broaderRelationsSkillPillar.csv": circle,
        },
    )
    refused = run("import", folder, "--version", "1", cwd=tmp_path)
    assert refused.returncode == 1
    assert "enfreint des règles ; rien n'a été écrit" in refused.stderr
    assert "SKOS-07" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["{samples}/esco"], "ajoutez --version, comme 1.1.1."),
        (["{samples}/nsf", "--title", "x"], "--id, --title, --number et --output valent pour un référentiel"),
        (["{samples}/nsf", "--issued", "hier"], "corrigez --issued"),
        (["a.txt", "b.txt"], "2 fichiers : attendu un référentiel à la fois"),
        (["a.txt", "--version", "1"], "a.txt : --version, --issued, --difference et --force valent pour un vocabulaire"),
        (["absent.zip"], "absent.zip — attendu : un fichier lisible"),
        (["{samples}"], "ESCO en CSV"),
    ],
)
def test_what_cannot_be_imported_is_told(tmp_path: Path, arguments: list[str], told: str) -> None:
    refused = run("import", *(argument.format(samples=SAMPLES) for argument in arguments), cwd=tmp_path)
    assert refused.returncode == 1
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "store").exists()


def test_a_store_that_is_in_use_is_not_touched(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    refused = run("import", SAMPLES / "nsf", cwd=tmp_path)
    assert refused.returncode == 1
    assert "arrêtez le serveur qui s'en sert" in refused.stderr
    assert not store.graph_names()
    store.close()
