"""The notebook for researchers runs as it stands, against the service as its command starts it."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from referentiel import resources
from referentiel.model import Certification
from test_serving import ready, served

(NOTEBOOK,) = resources.files("queries/notebooks", "*.ipynb")
ADDRESS = 'SERVICE = "http://127.0.0.1:8000"'


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    found = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    assert isinstance(found, nbformat.NotebookNode)
    return found


def outputs(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """What each cell of code shows, by the cell's identifier."""
    return {
        cell.id: "".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def test_it_is_kept_as_written(notebook: nbformat.NotebookNode) -> None:
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells[0].source == ADDRESS
    assert all(cell.execution_count is None and not cell.outputs for cell in cells)
    assert not re.search(r"/home/|/work/|/tmp/|C:\\\\", NOTEBOOK.read_text("utf-8"))


def test_it_runs_and_shows_what_the_document_says(
    tmp_path: Path, notebook: nbformat.NotebookNode, seed: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    with served(tmp_path / "store") as (address, _):
        ready(address)
        notebook.cells[1].source = ADDRESS.replace("http://127.0.0.1:8000", address)
        NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = outputs(notebook)
    assert all(shown[cell.id] for cell in notebook.cells[2:] if cell.cell_type == "code" and not cell.source.startswith("SERVICE"))
    together = "\n".join(shown.values())
    assert re.search(r"000_dc92d59401fb9067\s+3\s+21\s+42", together)
    links = [len(competency.activities) for competency in seed.competencies]
    assert f"{sum(links)} liens ; {sum(number > 1 for number in links)} compétence(s)" in together
    assert "déduit" in together
