from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from referentiel import resources
from referentiel.vocabulary import ONTOLOGY, SHAPES_GRAPH


def test_a_pattern_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"\*\.nothing"):
        resources.files("ontology", "*.nothing")


def test_every_graph_has_its_own_name_and_describes_it() -> None:
    graphs = dict(resources.vocabulary_graphs())
    assert len(graphs) == len(list(resources.vocabulary_graphs()))
    assert {ONTOLOGY, SHAPES_GRAPH} <= set(graphs)
    assert all((name, None, None) in graph for name, graph in graphs.items())


def test_every_shipped_certification_has_its_document() -> None:
    assert [resources.source_file(path.stem).stem for path in resources.certification_files()] == [
        path.stem for path in resources.certification_files()
    ]


def test_a_wheel_carries_its_data_and_works_from_any_folder(root: Path, tmp_path: Path) -> None:
    """`pip install .`, short of the dependencies, which this environment has."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--disable-pip-version-check",
    ]
    subprocess.run([*command, "--target", str(tmp_path / "site"), str(root)], check=True, capture_output=True)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "REFERENTIEL_STORE": str(tmp_path / "store")}
    script = (
        "from referentiel import resources as r\n"
        "from referentiel.cli import cli\n"
        "print(r.HOME.name, len(list(r.vocabulary_graphs())), len(r.files('queries/competency', '*.rq')))\n"
        "cli.main(['validate', str(r.source_file(r.certification_files()[0].stem))], standalone_mode=False)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("_bundle ")
