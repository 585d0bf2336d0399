"""The same data in every server, kept in a folder so that the next run finds it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from benchmarks.endpoint import virtuoso
from benchmarks.endpoint.register import Constants, Register, write
from benchmarks.endpoint.servers import Recipe, running
from command import COMMAND
from referentiel.store import open_store
from stores import install


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder with the data of one register; `peers` is the environment that has the peers from PyPI."""

    folder: Path
    peers: Path
    triples: int
    seed: int
    seconds: int
    """The time that every server gives a question."""
    processors: int

    @property
    def constants(self) -> Constants:
        """What questions may ask about."""
        found: Constants = json.loads((self.folder / "register" / "constants.json").read_text(encoding="utf-8"))
        return found

    def prepare(self, tell: Callable[[str], None]) -> dict[str, dict[str, float]]:
        """Make what is not there yet; seconds of loading and bytes on disk, by server."""
        tell(f"register of {self.triples} triples, in {self.folder}")
        data = write(Register(self.triples, self.seed), self.folder / "register")
        made = {"referentiel": self._made("referentiel", lambda folder: self._ours(folder, data), tell)}
        data = self.folder / "dataset.nq"  # what our server holds: our vocabularies and certifications too
        made["oxigraph"] = self._made("oxigraph", lambda folder: self._oxigraph(folder, data), tell)
        made["rdflib"] = self._made("rdflib", lambda folder: self._copied(folder), tell)
        if virtuoso.installed():
            made["virtuoso"] = self._made("virtuoso", lambda folder: self._virtuoso(folder, data), tell)
        else:
            tell("virtuoso: not installed (Debian's virtuoso-opensource-7-bin), left out")
        return made

    def recipes(self, seconds: int | None = None) -> dict[str, Recipe]:
        """How to start each server; `seconds` is another time limit for a question.

        Oxigraph's server gets a limit only where `seconds` is given: it starts a thread for each question that sleeps for as
        long, and at 30 seconds it runs out of threads before it has answered twenty thousand.
        """
        limit = str(seconds or self.seconds)
        ours = (str(COMMAND), "serve", "--port", "PORT", "--store", str(self.folder / "referentiel"))
        timeout = ("--timeout-s", limit) if seconds else ()
        native = ("serve-read-only", "--location", str(self.folder / "oxigraph"), "--bind", "127.0.0.1:PORT")
        script = Path(__file__).with_name("rdflib_peer.py")
        found = [
            Recipe("referentiel", ours, "/sparql", self.folder, {"REFERENTIEL_QUERY_SECONDS": limit}),
            Recipe(
                "oxigraph",
                (str(self.peers / "bin" / "oxigraph"), *native, "--union-default-graph", *timeout),
                "/query",
                self.folder,
            ),
            Recipe(
                "rdflib",
                (str(self.peers / "bin" / "python"), str(script), str(self.folder / "rdflib"), "PORT"),
                "/sparql",
                self.folder,
            ),
        ]
        if virtuoso.installed():
            found.append(virtuoso.recipe(self.folder / "virtuoso", int(limit), self.processors, self.triples))
        return {recipe.name: recipe for recipe in found}

    def _made(self, name: str, build: Callable[[Path], float], tell: Callable[[str], None]) -> dict[str, float]:
        """The figures of a server's folder, which is built anew unless it was finished."""
        folder, record = self.folder / name, self.folder / f"{name}.json"
        if not record.exists():
            tell(f"{name}: loading")
            shutil.rmtree(folder, ignore_errors=True)
            seconds = build(folder)
            size = sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file() and path.suffix != ".nq")
            record.write_text(json.dumps({"load_seconds": round(seconds, 2), "bytes": size}), encoding="utf-8")
        figures: dict[str, float] = json.loads(record.read_text(encoding="utf-8"))
        return figures

    def _ours(self, folder: Path, data: Path) -> float:
        seconds = _timed(str(COMMAND), "load", "--unchecked", str(data), "--store", str(folder))
        with closing(open_store(folder)) as engine:
            install(engine)  # what the server would put in at its first start
        with (self.folder / "dataset.nq").open("wb") as file:
            ox.Store.read_only(str(folder / "live")).dump(file, format=ox.RdfFormat.N_QUADS)
        return seconds

    def _oxigraph(self, folder: Path, data: Path) -> float:
        command, place = str(self.peers / "bin" / "oxigraph"), ("--location", str(folder))
        return _timed(command, "load", "--unchecked", *place, "--file", str(data)) + _timed(command, "optimize", *place)

    def _copied(self, folder: Path) -> float:
        start = time.perf_counter()
        shutil.copytree(self.folder / "oxigraph", folder)  # rdflib-endpoint over oxrdflib opens the same kind of folder, to write
        return time.perf_counter() - start

    def _virtuoso(self, folder: Path, data: Path) -> float:
        with running(self.recipes()["virtuoso"]):
            return virtuoso.load(folder, data)


def _timed(*command: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=sys.stderr)
    return time.perf_counter() - start
