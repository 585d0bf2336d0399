"""Times the way from a document to an answer, each step beside a peer in the same run: `make bench`.

Whole processes where a person waits for a process. Medians of ROUNDS, the two of a pair in turn, so that a ratio holds when the
machine's speed drifts.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from pyshacl import validate as plain_pyshacl

from referentiel import resources
from referentiel.graph import to_graph
from referentiel.sources import read_certification
from referentiel.validation import validate
from referentiel.vocabulary import DEFAULT_BASE

ROUNDS = 5
COMMAND = str(Path(sys.executable).with_name("referentiel"))
SEED = resources.source_file(resources.certification_files()[0].stem)
CERTIFICATION = read_certification(SEED.name, SEED.read_bytes())


def process(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run(arguments, check=True, capture_output=True)


def first_answer() -> None:
    """From starting the server on an empty store to its first answer to a real question."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        server = subprocess.Popen([COMMAND, "serve", "--port", str(port), "--store", folder], stdout=subprocess.DEVNULL)
        query = "SELECT (COUNT(*) AS ?n) { ?c a <https://w3id.org/referentiel/ns#Competency> }"
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/sparql", params={"query": query, "format": "csv"})
                break
            except httpx.TransportError:
                time.sleep(0.01)
        server.kill()
        server.wait()
        assert answer.text == "n\r\n21\r\n"


def plain_validation() -> None:
    """What pySHACL does by itself with the same data and the same rules."""
    data = to_graph(CERTIFICATION, DEFAULT_BASE) + resources.background()
    plain_pyshacl(data, shacl_graph=resources.shapes(), inference="none")


def our_validation() -> None:
    validate(to_graph(CERTIFICATION, DEFAULT_BASE), resources.shapes(), resources.background())


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare(name: str, ours: Callable[[], object], peer_name: str, peer: Callable[[], object], rounds: int = ROUNDS) -> None:
    pairs = [(timed(ours), timed(peer)) for _ in range(rounds)]
    mine, other = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name:<38} {mine:6.2f} s   {peer_name:<38} {other:6.2f} s   ratio {ratio:5.2f}")


if __name__ == "__main__":
    bare = process(sys.executable, "-c", "import rdflib")
    compare("import of the seed, to a file", process(COMMAND, "import", str(SEED), "-o", "-"), "python -c 'import rdflib'", bare)
    compare("start of the server to first answer", first_answer, "python -c 'import rdflib'", bare)
    compare("validation of the seed", our_validation, "pySHACL by itself, same rules", plain_validation, rounds=2)
