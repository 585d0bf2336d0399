"""Virtuoso 7 from Debian: its configuration and its bulk load."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from shutil import which

from benchmarks.endpoint.servers import Recipe, free_port

CONFIGURATION = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
TransactionFile = {folder}/virtuoso.trx
ErrorLogFile = {folder}/errors.log
LockFile = {folder}/virtuoso.lck
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200

[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx

[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 60
CheckpointInterval = 0
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {folder}
MaxSortedTopRows = 10000000
ThreadsPerQuery = {processors}

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 60
MaxKeepAlives = 60
KeepAliveTimeout = 60

[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = {seconds}
"""


def installed() -> bool:
    """Whether Debian's package is there."""
    return bool(which("virtuoso-t") and which("isql-vt"))


def recipe(folder: Path, seconds: int, processors: int, triples: int) -> Recipe:
    """How to start it over the database of `folder`, made where there is none. Buffers are of 8 KiB, some 40 bytes a triple."""
    folder.mkdir(parents=True, exist_ok=True)
    buffers = 100_000 + triples // 20
    figures = {"buffers": buffers, "dirty": buffers * 3 // 4, "seconds": seconds, "processors": processors, "http": "@"}
    template = CONFIGURATION.format(folder=folder, sql=free_port(), **figures)
    (folder / "template.ini").write_text(template, encoding="utf-8")
    script = "sed s/@/$0/ template.ini > virtuoso.ini && exec virtuoso-t +foreground +configfile virtuoso.ini"
    return Recipe("virtuoso", ("sh", "-c", script, "PORT"), "/sparql", folder)


def load(folder: Path, data: Path) -> float:
    """Load N-Quads into the server that runs over `folder`; returns the seconds that it took."""
    line = next(
        line for line in (folder / "virtuoso.ini").read_text(encoding="utf-8").splitlines() if line.startswith("ServerPort")
    )
    start = time.perf_counter()
    (folder / data.name).hardlink_to(data)
    statements = f"ld_dir('{folder}', '{data.name}', 'urn:none'); rdf_loader_run(); checkpoint;"
    done = subprocess.run(
        ["isql-vt", line.split("= ")[1], "dba", "dba", f"exec={statements}"], capture_output=True, text=True, check=True
    )
    if "Error" in done.stdout + done.stderr:
        raise RuntimeError(done.stdout + done.stderr)
    return time.perf_counter() - start
