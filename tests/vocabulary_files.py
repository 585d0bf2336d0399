"""Files of vocabularies for tests: the project's own samples, what they say, and the real ones where they are at hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from rdflib import Graph

from referentiel.vocabularies import assembled, open_vocabulary
from referentiel.vocabulary import DEFAULT_BASE

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
SHARED = Path(__file__).parent.parent.parent / "shared" / "data"
SKILL = "http://example.org/esco/skill/"
OCCUPATION = "http://example.org/esco/occupation/"
ROME = f"{DEFAULT_BASE}vocabulary/rome"
ESCO_FILES = tuple(SHARED / "esco" / f"ESCO_dataset_v1.1.1_{language}_csv.zip" for language in ("en", "fr"))

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the published files are not at hand (../shared/data)")


def said(*paths: Path, version: str = "", held: frozenset[str] = frozenset()) -> frozenset[str]:
    """The statements that the graph of a vocabulary will have."""
    vocabulary = open_vocabulary(paths, DEFAULT_BASE, version)
    return assembled(vocabulary, {line for _, lines in vocabulary.statements() for line in lines}, held)


def graph_of(statements: frozenset[str]) -> Graph:
    """Statements as a graph in memory."""
    return Graph().parse(data="\n".join(statements), format="nt")


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with some files of text."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    return folder
