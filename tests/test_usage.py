"""Command lines that are not well formed are explained in French."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["impor"], "commandes possibles : audit, backup, export, import, link, load,"),
        (["import"], "il manque FICHIER."),
        (["load"], "il manque FICHIER.\n"),
        (["import", "x", "--titel", "1"], "l'option --titel n'existe pas. Vouliez-vous dire --title, --help ?"),
        (["serve", "--port", "x"], "--port attend un entier de 0 à 65535."),
        (["validate", "x", "--format", "pdf"], "--format attend l'un des mots text, turtle, json."),
        (["validate", "a", "b"], "b"),
    ],
)
def test_a_malformed_command_is_explained(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Commande mal formée : ")
    assert words in done.stderr
    assert "--help" in done.stderr


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    assert "import" in run(cwd=tmp_path).stderr


@pytest.mark.parametrize("command", ["import", "template", "export", "validate", "serve"])
def test_each_command_has_help_in_french(tmp_path: Path, command: str) -> None:
    done = run(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert any(word in done.stdout for word in ("Lit ", "Écrit ", "Contrôle ", "Sert "))
