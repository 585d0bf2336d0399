"""`referentiel audit`, run for real: on a store that no server has open, and on one that a server serves."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from pathlib import Path

from rdflib import Graph, URIRef

from command import COMMAND, run
from processes import all_end, children
from referentiel.store import open_store
from referentiel.vocabulary import DEFAULT_BASE, RDF, REF, SH
from test_serving import ready, served

BROKEN = URIRef(DEFAULT_BASE + "certification/broken")


def with_seed(folder: Path, root: Path, *, broken: bool = False) -> None:
    """A store with the seed alone, and one that is a mere name."""
    engine = open_store(folder / "store")
    graphs = [
        (URIRef(DEFAULT_BASE + "certification/000_dc92d59401fb9067"), Graph().parse(next((root / "data" / "graph").glob("*.ttl"))))
    ]
    if broken:
        graphs.append((BROKEN, Graph().add((BROKEN, RDF.type, REF.Certification))))
    engine.replace(graphs)
    engine.close()


def test_a_store_that_conforms(tmp_path: Path, root: Path) -> None:
    with_seed(tmp_path, root)
    done = run("audit", "--sample", "1", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Le magasin est conforme" in done.stdout
    assert "Contrôlées une seconde fois par pySHACL seul : 1, différences : 0." in done.stdout
    assert "SRC-08" in done.stdout


def test_a_store_that_does_not(tmp_path: Path, root: Path) -> None:
    with_seed(tmp_path, root, broken=True)
    done = run("audit", "--format", "turtle", "-o", "report.ttl", "--sample", "0", "--processes", "1", cwd=tmp_path)
    assert done.returncode == 1
    report = Graph().parse(tmp_path / "report.ttl")
    assert (None, SH.focusNode, BROKEN) in report
    again = run("audit", "--format", "html", "-o", "report.ttl", cwd=tmp_path)
    assert (again.returncode, "--force" in again.stderr) == (1, True)
    shutil.rmtree(tmp_path / "store")
    assert "attendu le dossier d'un magasin" in run("audit", cwd=tmp_path).stderr


def test_an_interrupt_leaves_no_process(tmp_path: Path, root: Path) -> None:
    with_seed(tmp_path, root)
    audit = subprocess.Popen([COMMAND, "audit", "--store", str(tmp_path / "store")], stderr=subprocess.PIPE, text=True)
    while not (makers := children(audit.pid)):
        assert audit.poll() is None
        time.sleep(0.01)
    audit.send_signal(signal.SIGINT)
    assert audit.communicate()[1].strip() == "Interrompu."
    assert audit.returncode == 130
    assert all(all_end(maker) for maker in makers)  # each leads its group
    assert not list((tmp_path / "store" / "generations").iterdir())


def test_a_store_that_is_served(tmp_path: Path) -> None:
    with served(tmp_path / "store") as (address, _):
        assert ready(address).status_code == 200
        done = run("audit", "--sample", "0", "--lang", "en", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "The store conforms" in done.stdout
        assert ready(address).status_code == 200
