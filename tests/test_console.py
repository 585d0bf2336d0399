from __future__ import annotations

import stat
from pathlib import Path

import pytest

from referentiel.console import Refusal, read_file, write_output


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.ttl"
    target.write_bytes(b"old")

    def fail(self: Path, other: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(Refusal, match=r"a\.ttl ne peut pas être écrit"):
        write_output(str(target), b"new", force=True)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.ttl"], "nothing half written is left"


def test_a_written_file_has_usual_rights(tmp_path: Path) -> None:
    write_output(str(tmp_path / "a.ttl"), b"new", force=False)
    (tmp_path / "b").touch()
    assert stat.S_IMODE((tmp_path / "a.ttl").stat().st_mode) == stat.S_IMODE((tmp_path / "b").stat().st_mode)


def test_a_file_is_not_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_bytes(b"old")
    with pytest.raises(Refusal, match="--force"):
        write_output(str(tmp_path / "a.ttl"), b"new", force=False)


def test_an_unreadable_file_is_said_in_french(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="introuvable"):
        read_file(tmp_path / "nowhere")
    with pytest.raises(Refusal, match="c'est un dossier"):
        read_file(tmp_path)
