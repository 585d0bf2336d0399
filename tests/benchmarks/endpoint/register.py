"""A synthetic register of certifications, in the shape of the national one and of our ontology: N-Quads, made as they are written.

    python -m benchmarks.endpoint.register --triples 1000000 --output folder

What it is like, and where the figures come from: at 5 million triples it has as many certifications as the national register
(30 thousand, RNCP and RS), with its means of blocks (1.8), certifying bodies (2), partners (13, very uneven), occupations (2.5,
none in RS), levels, dates, and a quarter still active. One in ten has the matrix of activities, competencies, assessments and
criteria, with the evidence of each link, as `referentiel import` writes it. One named graph per certification, one per concept
scheme, one for the organisations. No triple stands twice. What the ontology has no term for yet is said in Dublin Core and
schema.org. Texts are of realistic length, made of our own words. The same seed and size make the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from benchmarks.endpoint import concepts, words
from benchmarks.endpoint.fiches import TODAY, Fiche, Surroundings
from benchmarks.endpoint.quads import NamedGraph, text
from referentiel.vocabulary import DEFAULT_BASE, SCHEMA, SKOS

POOL = 1000
"""How many values of each kind are kept for questions."""

Constants = dict[str, list[str]]


@dataclass
class Register:
    """A register of at least `triples` triples; `constants` has what questions may ask about, once `lines` has ended."""

    triples: int
    seed: int = 1
    constants: Constants = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """N-Quads, a line at a time."""
        random = Random(self.seed)
        skills = concepts.skills(random)
        schemes = [concepts.occupations(), concepts.fields(), concepts.levels(), skills]
        written = 0
        for scheme in schemes:
            for line in concepts.described(scheme, random):
                written += 1
                yield line
        around = Surroundings(
            [f"{DEFAULT_BASE}organisation/{number:05d}" for number in range(max(20, self.triples // 400))],
            concepts.leaves(schemes[0]),
            concepts.leaves(schemes[1]),
            schemes[2],
            skills[8:],
        )
        for line in _organisations(around.organisations, random):
            written += 1
            yield line
        kept = _Kept()
        for position in count():
            fiche = Fiche(position, self.seed, around)
            yield from fiche.graph.lines
            kept.add(fiche)
            written += len(fiche.graph.lines)
            if written >= self.triples:
                break
        self.constants = kept.constants(random)


def write(register: Register, folder: Path) -> Path:
    """Write `register.nq`, and `constants.json` last: where both are, they are whole. Returns the first."""
    folder.mkdir(parents=True, exist_ok=True)
    data, constants = folder / "register.nq", folder / "constants.json"
    if not constants.exists():
        with data.open("w", encoding="utf-8") as file:
            file.writelines(register.lines())
        constants.write_text(json.dumps(register.constants), encoding="utf-8")
    return data


def version() -> str:
    """A name for what is written: another one when the code that writes it changes."""
    modules = (Path(__file__).with_name(f"{name}.py") for name in ("concepts", "fiches", "quads", "register", "words"))
    return hashlib.sha256(b"".join(module.read_bytes() for module in modules)).hexdigest()[:8]


class _Kept:
    """What questions may ask about: values that have an answer."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, None]] = defaultdict(dict)

    def add(self, fiche: Fiche) -> None:
        self._keep("number", fiche.number)
        self._keep("occupation", *fiche.occupations)
        self._keep("competency", *fiche.competencies)
        self._keep("criterion", *fiche.criteria)
        self._keep("words", *fiche.beginnings)
        self._keep("skill", *(skill[: skill.index("/S") + len("/S1.1.1")] for skill in fiche.skills))
        if fiche.partners:
            self._keep("organisation", *fiche.certifiers)
        if fiche.active:
            self._keep("domain", *(occupation[:-2] for occupation in fiche.occupations))
        if fiche.detailed:
            self._keep("certification", fiche.mint.certification)
            self._keep("level", fiche.level)

    def constants(self, random: Random) -> Constants:
        """At most POOL values of each kind, in any order; and days of the coming year."""
        self._keep("date", *((TODAY + timedelta(days=i)).isoformat() for i in range(365)))
        return {name: random.sample(list(values), min(POOL, len(values))) for name, values in self._values.items()}

    def _keep(self, name: str, *values: str) -> None:
        self._values[name].update(dict.fromkeys(map(str, values)))


def _organisations(names: list[str], random: Random) -> Iterator[str]:
    """Bodies that certify or take part; a third have no SIRET, as in the national feed."""
    graph = NamedGraph(f"{DEFAULT_BASE}organisation")
    for position, name in enumerate(names):
        town = words.town(random)
        graph.thing(
            name,
            SCHEMA.Organization,
            (SKOS.prefLabel, text(f"{random.choice(words.BODIES)} de {town}", "fr")),
            (SCHEMA.addressLocality, text(town)),
        )
        if random.random() < 0.69:
            graph.add(name, (SCHEMA.taxID, text(f"{position:014d}")))
    return iter(graph.lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Writes a synthetic register as N-Quads.")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True, help="the folder that gets register.nq and constants.json")
    chosen = parser.parse_args()
    print(write(Register(chosen.triples, chosen.seed), chosen.output))
