"""What files are of is recognised; what is none is told; and nothing that stands in a file breaks the reading."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from referentiel.store import Changes, GraphChange, open_store
from referentiel.vocabularies import Fault, UnreadableVocabulary, recognised
from referentiel.vocabularies.members import MAX_SIZE
from referentiel.vocabulary import DEFAULT_BASE
from vocabulary_files import SAMPLES, said, write

FILES = sorted(file for file in SAMPLES.glob("*/*") if file.is_file())
GRAPH = URIRef(f"{DEFAULT_BASE}vocabulary/x")


def held(statements: frozenset[str]) -> frozenset[str]:
    """What the engine holds once it was given statements."""
    engine = open_store(None)
    engine.apply(Changes.of([GraphChange(GRAPH, added=statements)]))
    return engine.statements(GRAPH)


@pytest.mark.parametrize("folder", ["esco", "rome", "nsf", "crosswalk"])
def test_lines_are_as_the_engine_writes_them(folder: str) -> None:
    statements = said(SAMPLES / folder, version="1")
    assert held(statements) == statements


def require_told(fault: Fault) -> None:
    assert all((fault.file, fault.expected, fault.found, fault.remedy))
    assert str(fault).isprintable()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_file_is_read_or_told(data: st.DataObject) -> None:
    """A passage of a sample replaced by anything: it is read to lines that the engine holds as they are, or the fault is told."""
    file = data.draw(st.sampled_from(FILES))
    text = file.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    put = data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
    with TemporaryDirectory() as folder:
        changed = write(Path(folder), {file.name: text[:start] + put + text[end:]})
        try:
            statements = said(changed, version="1")
        except UnreadableVocabulary as error:
            require_told(error.fault)
        else:
            assert held(statements) == statements


@given(st.binary(max_size=200), st.sampled_from(["skills_fr.csv", "allSkills.json", "nsf.csv", "esco.zip"]))
@settings(max_examples=60, deadline=None)
def test_bytes_of_any_kind_are_told(content: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        with pytest.raises(UnreadableVocabulary, match="attendu"):
            said(path, version="1")


def test_a_vocabulary_is_told_from_a_referentiel(seed_file: Path, tmp_path: Path) -> None:
    assert all(recognised([folder]) for folder in SAMPLES.iterdir() if folder.is_dir())
    assert recognised([SAMPLES / "nsf" / "nsf.csv"])
    assert recognised([SAMPLES / "rome" / "allSkills.json"])
    latin = tmp_path / "tableau.csv"
    latin.write_bytes("Activité;Compétence\n".encode("latin-1"))
    assert not any(recognised([path]) for path in (seed_file, latin, tmp_path / "absent.csv"))


def test_files_that_are_of_nothing_known_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableVocabulary, match=r"ESCO en CSV .* ROME 4 .* NSF .* ; trouvé : notes.txt"):
        said(write(tmp_path, {"notes.txt": "x"}))


def test_what_else_lies_in_a_folder_is_passed_over_but_not_what_is_given(tmp_path: Path) -> None:
    text = (SAMPLES / "nsf" / "nsf.csv").read_text(encoding="utf-8")
    folder = write(tmp_path / "nsf", {"nsf.csv": text, "notes.txt": "x", "other.csv": "a,b"})
    assert said(folder) == said(SAMPLES / "nsf")
    with pytest.raises(UnreadableVocabulary, match=r"trouvé : notes.txt\."):
        said(folder / "nsf.csv", folder / "notes.txt")


def test_two_vocabularies_at_once_are_told() -> None:
    with pytest.raises(UnreadableVocabulary, match="d'un seul vocabulaire ; trouvé : nsf, rome"):
        said(SAMPLES / "nsf", SAMPLES / "rome")


def test_a_version_that_no_file_gives_is_asked_for() -> None:
    with pytest.raises(UnreadableVocabulary, match=r"la version du vocabulaire.*ajoutez --version"):
        said(SAMPLES / "esco")
    with pytest.raises(UnreadableVocabulary, match="trouvé : « 1 1 »"):
        said(SAMPLES / "esco", version="1 1")


def test_an_archive_is_read_like_a_folder(tmp_path: Path) -> None:
    packed = tmp_path / "esco.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted((SAMPLES / "esco").iterdir()):
            archive.write(file, f"ESCO dataset/{file.name}")
        archive.writestr("__MACOSX/._skills_fr.csv", b"\0")
    assert said(packed, version="1") == said(SAMPLES / "esco", version="1")


def test_an_archive_that_swells_is_not_unpacked(tmp_path: Path) -> None:
    packed = tmp_path / "esco.zip"
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("skills_fr.csv", "w", force_zip64=True) as file,
    ):
        for _ in range(MAX_SIZE // 2**20 + 1):
            file.write(bytes(2**20))
    with pytest.raises(UnreadableVocabulary, match="256 Mio au plus"):
        said(packed, version="1")


def test_an_archive_with_a_password_or_a_fault_is_told(tmp_path: Path) -> None:
    packed = tmp_path / "esco.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("skills_fr.csv", (SAMPLES / "esco" / "skills_fr.csv").read_bytes())
    whole = packed.read_bytes()
    packed.write_bytes(whole[:60] + bytes([whole[60] ^ 255]) + whole[61:])
    with pytest.raises(UnreadableVocabulary, match="un fichier lisible"):
        said(packed, version="1")
    locked = whole.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    assert locked != whole
    packed.write_bytes(locked)
    with pytest.raises(UnreadableVocabulary, match="sans mot de passe"):
        said(packed, version="1")
