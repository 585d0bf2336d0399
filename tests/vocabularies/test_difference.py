"""What another version of a vocabulary changes."""

from __future__ import annotations

from pathlib import Path

from referentiel.vocabularies import Moved, Relabelled, difference
from vocabulary_files import OCCUPATION, SAMPLES, SKILL, said, write


def altered(tmp_path: Path) -> Path:
    """The ESCO sample in another version: one skill gone, one new, one label changed, one occupation elsewhere."""
    files = {file.name: file.read_text(encoding="utf-8") for file in (SAMPLES / "esco").iterdir()}
    rows = files["skills_en.csv"].splitlines(keepends=True)
    files["skills_en.csv"] = "".join(row.replace(f"{SKILL}s12", f"{SKILL}s13") for row in rows)
    files["skills_fr.csv"] = files["skills_fr.csv"].replace("dévoiler une roue", "rectifier une roue")
    files["broaderRelationsOccPillar.csv"] = files["broaderRelationsOccPillar.csv"].replace(
        f"{OCCUPATION}o2,Occupation,{OCCUPATION}o1", f"{OCCUPATION}o2,ISCOGroup,http://example.org/esco/isco/C7234"
    )
    return write(tmp_path / "altered", files)


def test_nothing_changes_between_equals() -> None:
    statements = said(SAMPLES / "esco", version="1")
    assert not difference(statements, statements)


def test_new_withdrawn_relabelled_and_moved_concepts_are_told(tmp_path: Path) -> None:
    found = difference(said(SAMPLES / "esco", version="1"), said(altered(tmp_path), version="2"))
    assert found.new == {f"{SKILL}s13": "train an apprentice"}
    assert found.withdrawn == {f"{SKILL}s12": "train an apprentice"}
    assert found.relabelled == (Relabelled(f"{SKILL}s2", "fr", "dévoiler une roue", "rectifier une roue"),)
    label = "technicien vélo électrique/technicienne vélo électrique"
    assert Moved(f"{OCCUPATION}o2", label, (f"{OCCUPATION}o1",), ("http://example.org/esco/isco/C7234",)) in found.moved


def test_a_deprecated_concept_is_withdrawn(tmp_path: Path) -> None:
    text = (SAMPLES / "esco" / "skills_fr.csv").read_text(encoding="utf-8")
    before = write(tmp_path / "before", {"skills_fr.csv": text})
    after = write(tmp_path / "after", {"skills_fr.csv": text.replace("released", "obsolete", 1)})
    assert list(difference(said(before, version="1"), said(after, version="2")).withdrawn) == [f"{SKILL}s1"]
