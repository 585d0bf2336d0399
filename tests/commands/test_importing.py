"""`referentiel import` through the gate, with a server that has the store open and without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from command import run
from referentiel.store import open_store
from test_serving import ready, served


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder whose `store` a server has open, and its address."""
    folder = tmp_path_factory.mktemp("importing")
    with served(folder / "store") as (address, _):
        ready(address)
        yield folder, address


def test_an_import_goes_through_the_server(running: tuple[Path, str], seed_file: Path) -> None:
    folder, address = running
    done = run("import", seed_file, "--id", "PAR-LE-SERVEUR", "--title", "Titre à l'essai", "--number", "RNCP5", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "triplets ajoutés, 0 retirés." in done.stdout
    assert "Le référentiel est conforme : 0 violation" in done.stdout
    read = httpx.get(f"{address}/certifications/PAR-LE-SERVEUR", headers={"Accept": "text/turtle"})
    assert "Titre à l'essai" in read.text
    assert "RNCP5" in read.text
    again = run("import", seed_file, "--id", "PAR-LE-SERVEUR", "--title", "Titre à l'essai", "--number", "RNCP5", cwd=folder)
    assert "rien à changer" in again.stdout


def test_what_the_server_refuses_is_told_in_french(running: tuple[Path, str], seed_file: Path) -> None:
    folder, address = running
    assert run("import", seed_file, "--id", "A", "--number", "RNCP6", cwd=folder).returncode == 0
    done = run("import", seed_file, "--id", "B", "--number", "RNCP6", cwd=folder)
    assert done.returncode == 1
    assert "enfreint des règles ; rien n'a été écrit.\nLe référentiel n'est pas conforme : 2 violations" in done.stderr
    assert "ID-18" in done.stderr
    assert httpx.get(f"{address}/certifications/B").status_code == 404


def test_what_the_gate_refuses_is_told_in_french(tmp_path: Path, seed_file: Path) -> None:
    assert run("import", seed_file, "--id", "A", "--number", "RNCP6", cwd=tmp_path).returncode == 0
    done = run("import", seed_file, "--id", "B", "--number", "RNCP6", cwd=tmp_path)
    assert done.returncode == 1
    assert "enfreint des règles ; rien n'a été écrit.\nLe référentiel n'est pas conforme : 2 violations" in done.stderr
    assert "Traceback" not in done.stderr
    engine = open_store(tmp_path / "store")
    assert not [name for name in engine.graph_names() if name.endswith("certification/B")]
    engine.close()


def test_the_guard_of_file_names_holds_with_a_server_too(running: tuple[Path, str], seed_file: Path) -> None:
    folder, _ = running
    (folder / "ref.txt").write_bytes(seed_file.read_bytes())
    assert run("import", "ref.txt", "--title", "Un", cwd=folder).returncode == 0
    done = run("import", "ref.txt", "--title", "Deux", cwd=folder)
    assert done.returncode == 1
    assert "le magasin tient déjà « Un » sous l'identifiant ref" in done.stderr


def test_reading_commands_ask_the_server(running: tuple[Path, str]) -> None:
    folder, _ = running
    checked = run("validate", "000_dc92d59401fb9067", cwd=folder)
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith("Le référentiel est conforme : 0 violation")
    assert run("export", "000_dc92d59401fb9067", "out.csv", cwd=folder).returncode == 0
    unknown = run("validate", "RNCP404", cwd=folder)
    assert unknown.returncode == 1
    assert "certifications : 000_dc92d59401fb9067" in unknown.stderr
