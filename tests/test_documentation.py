"""What the README says is true: its commands run, its answers are the real ones, what it names exists."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import COMMAND, run
from gate.registers import certification
from referentiel import resources
from referentiel.settings import Settings
from referentiel.store import open_store
from referentiel.vocabulary import REF
from referentiel.web import create_app
from test_serving import ready, served

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
LOCAL = "http://127.0.0.1:8000"


def block(language: str, containing: str) -> str:
    (found,) = [str(text) for kind, text in BLOCKS if kind == language and containing in text]
    return found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("documentation") / "store") as (address, _):
        ready(address)
        yield address


def test_the_live_question_has_its_true_answer(address: str) -> None:
    command = block("sh", "/sparql").replace(LOCAL, address)
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.replace("\r\n", "\n") == block("csv", "CE5.1")


def test_the_pandas_example_runs(address: str) -> None:
    script = block("python", "pandas").replace(LOCAL, address)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "SourceExcerpt" in done.stdout
    assert "CE5.1" in done.stdout


def test_the_ways_to_write_work(tmp_path: Path) -> None:
    """The token of the README is made, and each of its requests is sent with it."""
    (tmp_path / "a1.ttl").write_text("\n".join(certification("A-1")), encoding="utf-8")
    with served(tmp_path / "magasin") as (address, _):
        ready(address)
        made = run(*shlex.split(block("sh", "token create"))[1:], cwd=tmp_path)
        token = next(word for word in made.stdout.split() if word.startswith("ref_"))
        run("export", "a1.ttl", "a1.xlsx", cwd=tmp_path)
        requests = block("sh", "curl -sf").replace(LOCAL, address).replace("\\\n", " ").strip().splitlines()
        assert len(requests) == 4
        for request in requests:
            done = subprocess.run(
                ["/bin/sh", "-c", request], cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "TOKEN": token}
            )
            assert done.returncode == 0, (request, done.stdout, done.stderr)


def test_the_commands_for_certifying_bodies_run(tmp_path: Path, root: Path) -> None:
    (tmp_path / "data").symlink_to(root / "data")
    commands = commands_of("referentiel template")
    assert [command[1] for command in commands] == ["template", "import", "validate"]
    for command in (*commands, *commands_of("referentiel link candidates")):
        done = run(*command[1:], cwd=tmp_path)
        assert done.returncode == 0, (command, done.stderr)
    (shipped,) = (root / "data" / "mappings").glob("*.tsv")
    assert (tmp_path / "liens.sssom.tsv").read_bytes() == shipped.read_bytes()


def commands_of(words: str) -> list[list[str]]:
    """The commands of the block that has some words."""
    return [shlex.split(line, comments=True) for line in block("sh", words).splitlines()]


def test_every_command_and_option_that_is_named_exists() -> None:
    from referentiel.cli import cli

    for name in re.findall(r"`referentiel (\w+)", README):
        assert name in cli.commands, name
    for name, options in re.findall(r"`referentiel (\w+)((?: --\w+)+)`", README):
        known = {option for parameter in cli.commands[name].params for option in parameter.opts}
        assert set(options.split()) <= known


def test_every_make_target_that_is_named_exists(root: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", README))
    assert {"serve", "test"} <= named <= targets
    variables = set(re.findall(r"^(\w+) \?=", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"PORT", "HOST", "STORE"} <= variables


def test_every_setting_is_documented_and_no_other(root: Path) -> None:
    source = (root / "service" / "referentiel" / "settings.py").read_text(encoding="utf-8")
    assert set(re.findall(r"REFERENTIEL_\w+", README)) == set(re.findall(r"REFERENTIEL_\w+", source))


def test_every_route_is_documented_and_no_other() -> None:
    app = create_app(open_store(None), Settings())
    paths = ("/queries" if path.startswith("/queries/") else path for path in app.openapi()["paths"])
    served_paths = {path.split("{")[0].rstrip("/.") or "/" for path in paths}
    table = README[README.index("| address | what |") : README.index("Reading is open, writing needs a token.")]
    named = {path.split("{")[0].split("…")[0].rstrip("/") or "/" for path in re.findall(r"`(/[^`]*)`", table)}
    assert named >= served_paths - {"/doc", "/problems"}, "every route of the interface is in the README"
    assert named <= served_paths | {"/docs", "/openapi.json", "/", "/doc"}


def test_the_folders_and_files_that_are_named_exist(root: Path) -> None:
    named = re.findall(r"`((?:ontology|data|shapes|queries|service|tests)/[\w./-]*)`", README)
    assert len(named) > 10
    assert [path for path in named if not (root / path).exists()] == []


def test_the_numbers_are_those_of_the_project() -> None:
    assert f"validation of it, {len(set(resources.shapes().objects(None, REF.ruleCode)))} rules" in README
    assert f"The {len(resources.files('queries/competency', '*.rq'))} files of `queries/competency/`" in README


def test_the_top_level_is_what_the_project_keeps(root: Path) -> None:
    allowed = {"pyproject.toml", "ontology", "data", "shapes", "service", "queries", "tests", "README.md"}
    tools = {
        "Makefile",
        "LICENSE",
        "SECURITY.md",
        "CHANGELOG.md",
        "requirements.lock",
        "requirements-dev.lock",
        ".ci",
        ".gitignore",
    }
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.split("\n")
    assert {path.split("/")[0] for path in listed if path} == allowed | tools


def test_the_locks_name_no_host(root: Path) -> None:
    for lock in root.glob("requirements*.lock"):
        lines = lock.read_text(encoding="utf-8").splitlines()
        assert lines
        assert not [line for line in lines if "://" in line or line.startswith("--")], lock
        assert all("==" in line or "--hash=sha256:" in line for line in lines if line.strip())


def test_the_changelog_has_this_version(root: Path) -> None:
    import referentiel

    assert f"## [{referentiel.__version__}]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert COMMAND.is_file()
    assert os.access(root / ".ci" / "run", os.X_OK)
