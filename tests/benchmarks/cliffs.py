"""Where the engine alone is slow: sorting many texts, and looking for words in all of them. Ours beside the plain engine.

    cd tests && python -m benchmarks.cliffs --triples 1000000

Both in this process, on one store, the two of a pair in turn; medians. The text index's making is timed once.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox

from benchmarks.endpoint.register import Register, write
from referentiel.store.engine import ResultFormat
from referentiel.store.oxigraph import ask
from referentiel.store.text_index import TextIndex, build
from referentiel.vocabulary import SKOS, TEXT_INDEX

LABELS = f"SELECT ?s ?label {{ ?s <{SKOS.prefLabel}> ?label }}"
WORD = "réseau"
SORTS = {
    "sort every label": f"{LABELS} ORDER BY ?label",
    "sort every label, first 10": f"{LABELS} ORDER BY ?label LIMIT 10",
    "sort as many IRIs": f"{LABELS} ORDER BY ?s",
}
SEARCH = f'SELECT ?s ?text {{ (?s ?score ?text) <{TEXT_INDEX.query}> "{WORD}" }}'
FIRST = f'SELECT ?s ?text {{ (?s ?score ?text) <{TEXT_INDEX.query}> ("{WORD}" 20) }}'
EVERY = "SELECT ?s ?text { ?s ?p ?text FILTER isLiteral(?text)"
SEARCHES = {
    "search all texts, REGEX": (SEARCH, f'{EVERY} FILTER REGEX(STR(?text), "{WORD}", "i") }}'),
    "search all texts, CONTAINS": (SEARCH, f'{EVERY} FILTER CONTAINS(LCASE(STR(?text)), "{WORD}") }}'),
    "best 20 of all texts, REGEX": (FIRST, f'{EVERY} FILTER REGEX(STR(?text), "{WORD}", "i") }}'),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.cliffs", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--triples", type=int, default=1_000_000, help="size of the register")
    parser.add_argument("--rounds", type=int, default=3, help="how often each pair is timed")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        writer = ox.Store(str(path / "store"))
        writer.bulk_load(path=str(write(Register(chosen.triples), path / "register")), format=ox.RdfFormat.N_QUADS)
        writer.optimize()
        del writer
        store = ox.Store.read_only(str(path / "store"))
        indexed = path / "text.sqlite"
        print(f"text index: made in {seconds(lambda: build(indexed, store)):.1f} s, {indexed.stat().st_size / 1e6:.0f} MB")
        index = TextIndex(indexed)
        pairs = {name: (query, query) for name, query in SORTS.items()} | SEARCHES
        for name, (mine, other) in pairs.items():
            compare(name, partial(ours, store, mine, index), partial(plain, store, other), chosen.rounds)


def ours(store: ox.Store, query: str, index: TextIndex) -> int:
    """Ask as the service does; rows."""
    return ask(store, query, search=index.search).serialize(ResultFormat.TSV).count(b"\n") - 1


def plain(store: ox.Store, query: str) -> int:
    """Ask the engine alone; rows."""
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    written = BytesIO()
    solutions.serialize(written, format=ox.QueryResultsFormat.TSV)
    return written.getvalue().count(b"\n") - 1


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare(name: str, mine: Callable[[], int], other: Callable[[], int], rounds: int) -> None:
    rows = f"{mine()} rows, engine {other()}"
    pairs = [(seconds(mine), seconds(other)) for _ in range(rounds)]
    one, two = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"{name:<32} {one:8.3f} s   engine alone {two:8.3f} s   {ratio:6.1f} times faster   ({rows})", flush=True)


if __name__ == "__main__":
    main()
