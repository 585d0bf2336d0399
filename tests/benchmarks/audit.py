"""Times the audit of a register beside pySHACL over the same graph in one piece, and compares what they find.

    make bench-audit ARGS="--triples 30000"
    make bench-audit ARGS="--triples 1000000 --whole 0"   # the audit alone

Every so many statements of the register one is left out, so that there is something to find. In one piece, pySHACL takes time that
grows with the square of the register, for the rules that look at every statement for each certification: it is run for registers
of at most `--whole` triples.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.endpoint.register import Register
from referentiel import resources
from referentiel.store.embedded import EmbeddedStore
from referentiel.store.loading import load
from referentiel.store.survey import Survey
from referentiel.validation import Result
from referentiel.validation.audit import audit
from referentiel.validation.engine import judge
from referentiel.validation.shapes import Shapes

FAULT = 997
"""One statement in so many is left out."""


def prepare(folder: Path, triples: int) -> Path:
    """A checkpoint of a store that holds a register with faults."""
    data = folder / "register.nq"
    with data.open("w", encoding="utf-8") as file:
        file.writelines(line for number, line in enumerate(Register(triples).lines(), 1) if number % FAULT)
    store = EmbeddedStore(folder / "store")
    load(store, data, progress=lambda _read, _size: None)
    store.checkpoint(folder / "checkpoint")
    store.close()
    return folder / "checkpoint"


def in_one_piece(survey: Survey) -> set[Result]:
    """What pySHACL finds in everything at once, by itself."""
    lines = {line for name in survey.sizes() for line in survey.statements(name)}
    background = resources.background().serialize(format="nt", encoding="utf-8")
    return set(judge("\n".join(lines).encode(), background, Shapes(resources.shapes()), screen=False).results)


def timed(name: str, began: float, found: set[Result]) -> float:
    """Tell how long something took, and how much it found."""
    seconds = time.perf_counter() - began
    print(f"{name}: {seconds:.1f} s, {len(found)} results", flush=True)
    return seconds


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Times the audit of a register beside pySHACL in one piece.")
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--whole", type=int, default=200_000, help="the largest register that pySHACL is given in one piece")
    parser.add_argument("--processes", type=int, default=None)
    parser.add_argument("--sample", type=int, default=20)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        survey = Survey(prepare(Path(folder), chosen.triples))
        began = time.perf_counter()
        found = audit(survey, processes=chosen.processes, sample=chosen.sample)
        results = {finding.result for finding in found.findings}
        ours = timed(f"audit of {chosen.triples} triples, {found.certifications} certifications", began, results)
        print(
            f"memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB; missed: {found.missed}"
        )
        if chosen.triples <= chosen.whole:
            began = time.perf_counter()
            whole = in_one_piece(survey)
            theirs = timed("pySHACL in one piece", began, whole)
            print(f"{theirs / ours:.1f} times faster; found by one of them only: {len(whole ^ results)}")
            for result in sorted(whole ^ results, key=lambda result: result.sort_key)[:10]:
                print("  only in one piece" if result in whole else "  only by the audit", result.code, result.focus, result.value)


if __name__ == "__main__":
    main()
