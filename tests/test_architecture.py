"""The house: arrows go down only, and some libraries are known in one room alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FLOORS = [
    {"cli", "commands", "serving", "shortcut", "guard", "console", "usage", "running"},
    {"web"},
    {"review"},
    {"gate", "intake"},
    {"sources", "exports", "validation", "readers", "catalog", "history", "access", "vocabularies", "linking"},
    {"store"},
    {"graph", "resources"},
    {"template", "iris", "settings", "library", "forking"},
    {"vocabulary", "model"},
]
"""From the top: a room may use its own floor's rooms of its own name, and those of the floors below."""

KNOWN_IN = {
    "fastapi": {"web"},
    "starlette": {"web"},
    "jinja2": {"web"},
    "uvicorn": {"serving", "shortcut", "guard"},
    "pyoxigraph": {"store"},
    "pyshacl": {"validation"},
    "pyld": {"exports"},
    "zstandard": {"readers"},
    "prometheus_client": {"web"},
    "sqlite3": {"store"},
    "click": {"cli", "commands", "serving", "console", "usage"},
    "jwt": {"access"},
    "openpyxl": {"sources", "exports", "intake"},
    "docx": {"sources", "intake"},
    "lxml": {"sources"},
    "numpy": {"linking"},
    "Stemmer": {"linking"},
    "yaml": {"linking"},
    "onnxruntime": {"linking"},
    "tokenizers": {"linking"},
}
PURE = {"vocabulary", "model", "iris", "graph", "template"}
WORLDLY = {"os", "pathlib", "io", "socket", "time", "datetime", "urllib", "subprocess", "threading", "random", "tempfile"}


def imports(path: Path) -> set[str]:
    """Full names of what a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.fixture(scope="module")
def rooms(root: Path) -> dict[str, set[str]]:
    """Room -> full names of all that its modules import."""
    package = root / "service" / "referentiel"
    found: dict[str, set[str]] = {}
    for path in package.rglob("*.py"):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        if room != "__init__":
            found.setdefault(room, set()).update(imports(path))
    return found


def floor(room: str) -> int:
    return next(number for number, names in enumerate(FLOORS) if room in names)


def test_every_room_has_a_floor(rooms: dict[str, set[str]]) -> None:
    assert set(rooms) == set().union(*FLOORS)


def test_arrows_go_down(rooms: dict[str, set[str]]) -> None:
    upward = [
        f"{room} -> {target}"
        for room, names in rooms.items()
        for target in {name.split(".")[1] for name in names if name.startswith("referentiel.") and name.count(".") > 0}
        if target in rooms and target != room and floor(target) < floor(room)
    ]
    assert not upward


def test_neighbours_of_a_floor_do_not_know_each_other(rooms: dict[str, set[str]]) -> None:
    neighbours = {"sources", "exports", "validation", "readers", "catalog", "history", "access", "vocabularies", "linking"}
    for room in neighbours:
        used = {name.split(".")[1] for name in rooms[room] if name.startswith("referentiel.")}
        assert not (used & neighbours - {room}), room


@pytest.mark.parametrize("library", KNOWN_IN)
def test_a_library_is_known_in_its_rooms_only(rooms: dict[str, set[str]], library: str) -> None:
    users = {room for room, names in rooms.items() if any(name.split(".")[0] == library for name in names)}
    assert users == KNOWN_IN[library]


@pytest.mark.parametrize("room", sorted(PURE))
def test_pure_rooms_touch_no_world(rooms: dict[str, set[str]], room: str) -> None:
    assert not {name.split(".")[0] for name in rooms[room]} & WORLDLY


def test_only_settings_reads_the_environment(root: Path) -> None:
    readers = [
        path.name
        for path in (root / "service").rglob("*.py")
        if re.search(r"\bos\.environ|\bgetenv\b", path.read_text(encoding="utf-8"))
    ]
    assert readers == ["settings.py"]


def test_only_vocabulary_spells_an_iri_prefix(root: Path) -> None:
    spelling = [
        path.name
        for path in (root / "service").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.startswith(("http://www.w3.org/", "https://w3id.org/", "http://data.europa.eu/", "http://purl.org/"))
    ]
    assert set(spelling) == {"vocabulary.py"}


def test_tests_mirror_the_package(root: Path, rooms: dict[str, set[str]]) -> None:
    packages = {room for room in rooms if (root / "service" / "referentiel" / room).is_dir()}
    modules = set(rooms) - packages
    missing = {room for room in packages if not list((root / "tests" / room).glob("test_*.py"))}
    missing |= {room for room in modules if not (root / "tests" / f"test_{room}.py").is_file()}
    assert not missing
