"""Whatever is done to a file, it is read or refused with its faults; and what is read comes back whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from referentiel.exports import table
from referentiel.graph import from_graph, to_graph
from referentiel.iris import Minter
from referentiel.model import Certification
from referentiel.sources import UnreadableSource, read_certification
from referentiel.sources.forms import read_grid
from tables import WRITERS, texts_of

ROUNDS = 60
TOKENS = [
    *(
        b"\t",
        b"\n",
        b'"',
        b";",
        b"|",
        b"\x00",
        b"\x0b",
        b"\xff",
        b"&#0;",
        b"&amp;lt;",
        b"<p>",
        b"</ul>",
        b"<table>",
        b"\xe2\x80\xa8",
    ),
    *(
        b"A1 - ",
        b"C3 ",
        b"CE3.1 ",
        b" CE1.01 Aaa",
        b"T1",
        b"Bloc 2 : X\t\t\t\n",
        b"C99999999999999999999.1 Z",
        b" rowspan=99999999 ",
    ),
]


def spoil(data: bytes, chance: random.Random) -> bytes:
    """A few insertions, deletions, changes and repetitions."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(spoilt))
        deed = chance.randrange(4)
        if deed == 0:
            spoilt[place:place] = chance.choice(TOKENS)
        elif deed == 1:
            del spoilt[place : place + chance.randint(1, 300)]
        elif deed == 2:
            spoilt[place] = chance.randrange(256)
        else:
            start = chance.randrange(len(spoilt))
            spoilt[place:place] = spoilt[start : start + chance.randint(1, 2000)]
    return bytes(spoilt)


@pytest.mark.parametrize("form", ["txt", "template.csv", "template.xlsx", *WRITERS])
def test_a_spoilt_file_is_read_or_refused(form: str, seed: Certification, seed_file: Path) -> None:
    whole = {"txt": seed_file.read_bytes(), "template.csv": table.to_csv(seed), "template.xlsx": table.to_xlsx(seed)}
    data = whole.get(form) or WRITERS[form](texts_of(read_grid("seed", whole["txt"])))
    chance = random.Random(form)
    outcomes = set()
    for _ in range(ROUNDS):
        try:
            certification = read_certification(f"x.{form}", spoil(data, chance))
        except UnreadableSource:
            outcomes.add("refused")
            continue
        outcomes.add("read")
        graph = to_graph(certification, "https://example.org/")
        assert from_graph(graph, Minter(certification.code, "https://example.org/").certification) == certification
        assert read_certification("x.csv", table.to_csv(certification)) == certification
    assert "refused" in outcomes
