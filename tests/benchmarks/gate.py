"""Times the gate: one référentiel of a thousand triples, written into stores of different sizes: `make bench-gate`.

A real server, over HTTP, with a token. Each write changes a text, so that the référentiel is judged anew: `put` sends all of it,
`update` is a SPARQL update. The writes follow one another, after the server has brought its catalogue and its index up to
date, which nobody waits for. Beside it, in the same run, pySHACL by itself over that référentiel and nothing else, with the
same rules: what judging takes without a store.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import re
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
from pyshacl import validate as plain_pyshacl
from rdflib import Graph, Literal
from rdflib.namespace import SKOS

from benchmarks.endpoint.register import Register, write
from benchmarks.endpoint.servers import Recipe, running
from command import COMMAND, run
from referentiel import resources
from referentiel.graph import to_graph
from referentiel.iris import Minter
from referentiel.sources import read_certification
from referentiel.store import open_store
from referentiel.vocabulary import DEFAULT_BASE
from stores import install

MINT = Minter("BANC1")
MEDIAN_OF = 30
IDLE = 0.5
"""Seconds of the processor, in five, below which a server has nothing to do."""


def certification(text: str) -> Graph:
    """Seven competencies of the shipped référentiel as a certification of its own, about a thousand triples, with a text in it."""
    path = resources.source_file(resources.certification_files()[0].stem)
    whole = read_certification(path.name, path.read_bytes(), certification_id=MINT.certification_id)
    block = whole.blocks[0]
    kept = replace(block, competencies=block.competencies[:7])
    assessments = tuple(each for each in whole.assessments if each.code in block.assessments)
    graph = to_graph(replace(whole, number=None, blocks=(kept,), assessments=assessments), DEFAULT_BASE)
    graph.add((MINT.competency("C1"), SKOS.altLabel, Literal(text, "fr")))
    return graph


def update(text: str) -> str:
    """A SPARQL update that changes that text."""
    one = f"<{MINT.competency('C1')}> <{SKOS.altLabel}>"
    return f'DELETE {{ {one} ?former }} INSERT {{ {one} "{text}"@fr }} WHERE {{ {one} ?former }}'


def prepared(folder: Path, triples: int) -> Path:
    """A store with a register of so many triples, made once."""
    store = folder / f"store-{triples}"
    if not (store / "ready").exists():
        data = write(Register(triples), folder / f"register-{triples}")
        done = run("load", "--unchecked", data.resolve(), "--store", store.resolve(), cwd=folder, timeout=1800)
        assert done.returncode == 0, done.stderr
        with closing(open_store(store)) as engine:
            install(engine)
        (store / "ready").touch()
    return store


def measured(store: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of each write."""
    made = run("token", "create", "--name", "banc", "--operation", "write", "--store", store.resolve(), cwd=store.parent)
    token = re.search(r"ref_\S+", made.stdout)
    assert token, made.stderr
    command = (str(COMMAND), "serve", "--port", "PORT", "--store", str(store))
    found: dict[str, list[float]] = {"put": [], "update": []}
    with running(Recipe("referentiel", command, "/sparql", store.parent)) as server:
        address, headers = f"http://127.0.0.1:{server.port}", {"Authorization": f"Bearer {token[0]}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            bodies = [
                certification(f"texte {time.monotonic_ns() % 10**9}").serialize(format="turtle", encoding="utf-8")
                for _ in range(rounds + 1)
            ]
            put(client, bodies.pop())
            until_idle(server.process.pid)
            for body in bodies:
                found["put"].append(timed(partial(put, client, body)))
                found["update"].append(timed(partial(send, client, update(f"autre {time.monotonic_ns() % 10**9}"))))
    return found


def until_idle(group: int) -> None:
    """Wait until the processes of a group have next to nothing to do."""
    before = math.inf
    while abs((now := processor_time(group)) - before) > IDLE:
        before = now
        time.sleep(5)


def processor_time(group: int) -> float:
    """Seconds of the processor that the processes of a group have had."""
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12]) if int(fields[2]) == group else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def put(client: httpx.Client, body: bytes) -> None:
    answer = client.put(f"/certifications/{MINT.certification_id}", content=body, headers={"Content-Type": "text/turtle"})
    assert answer.status_code in {200, 201}, answer.text


def send(client: httpx.Client, text: str) -> None:
    answer = client.post("/sparql", content=text.encode(), headers={"Content-Type": "application/sparql-update"})
    assert answer.status_code == 200, answer.text


def judged_alone() -> None:
    plain_pyshacl(certification("texte") + resources.background(), shacl_graph=resources.shapes(), inference="none")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, nargs="+", default=[100_000, 1_000_000], help="sizes of the stores")
    parser.add_argument("--rounds", type=int, default=MEDIAN_OF)
    parser.add_argument("--folder", type=Path, default=Path(".bench"))
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(exist_ok=True)
    alone = statistics.median(timed(judged_alone) for _ in range(3))
    print(f"a référentiel of {len(certification('texte'))} triples; pySHACL by itself, median of 3: {alone * 1000:.0f} ms")
    for triples in asked.triples:
        for name, seconds in measured(prepared(folder, triples), asked.rounds).items():
            median, late = statistics.median(seconds), sorted(seconds)[int(0.95 * len(seconds))]
            told = f"median {median * 1000:.0f} ms, p95 {late * 1000:.0f} ms, {median / alone:.3f} of pySHACL by itself"
            print(f"{triples:>9} triples, {name:6}: {told}", flush=True)


if __name__ == "__main__":
    main()
