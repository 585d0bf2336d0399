"""The gate judges a write by its footprint; plain pySHACL, over everything that the store would hold, must come to the same."""

from __future__ import annotations

import os
import random

import pytest

from gate.registers import SHARED, WRITER, by_pyshacl, certification, name_of, register, violations
from referentiel.gate import Alter, Gate, RulesBroken, Unfit
from referentiel.store import Changes, Name, Statements
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.vocabulary import RDF, REF, SKOS

CODES = ("X", "Y", "Z")
SEEDS = int(os.environ.get("EDITS", "90")) // 30
"""Walks of thirty edits each."""


class Editor:
    """Changes a register at random: now and then soundly, mostly not, often across certifications."""

    def __init__(self, gate: Gate, seed: int) -> None:
        self._engine = gate.engine
        self._random = random.Random(seed)

    def edit(self) -> Changes:
        names: list[Name] = [*map(name_of, CODES), SHARED]
        before = {name: self._engine.statements(name) for name in names}
        after = dict(before)
        for _ in range(self._random.choice((1, 1, 2, 3))):
            name = self._random.choice(names)
            after[name] = self._changed(name, after)
        return Changes.between(before, after)

    def _changed(self, name: Name, held: dict[Name, Statements]) -> Statements:
        here = sorted(held[name])
        everywhere = sorted(line for lines in held.values() for line in lines)
        subjects = sorted({subject_of(line) for line in here}) or [str(name)]
        pick = self._random.choice
        way = self._random.randrange(10)
        if way == 0 and here:  # a statement less
            return held[name] - {pick(here)}
        if way == 1 and here:  # a thing less
            gone = pick(subjects)
            return frozenset(line for line in here if subject_of(line) != gone)
        if way == 2 and here:  # a thing less, links to it too
            gone = pick(subjects)
            return frozenset(line for line in here if gone not in (subject_of(line), object_of(line)))
        if way == 3:  # a link to anything
            return held[name] | {f"<{pick(subjects)}> <{predicate_of(pick(everywhere))}> <{subject_of(pick(everywhere))}> ."}
        if way == 4 and here:  # another object
            line, other = pick(here), pick(everywhere)
            return held[name] - {line} | {" ".join([*line.split(" ", 2)[:2], other.split(" ", 2)[2]])}
        if way == 5:  # somewhere in a hierarchy
            predicate = pick([SKOS.broader, SKOS.narrower, SKOS.related, SKOS.exactMatch, SKOS.broadMatch])
            return held[name] | {f"<{pick(subjects)}> <{predicate}> <{subject_of(pick(everywhere))}> ."}
        if way == 6:  # a text, sound or not
            text = pick(['"Autre texte"@fr', '"Other"@en', '" "@fr', '"sans langue"'])
            return held[name] | {f"<{pick(subjects)}> <{pick([SKOS.prefLabel, SKOS.altLabel, SKOS.definition])}> {text} ."}
        if way == 7 and name != SHARED:  # a register number, perhaps another's
            kept = {line for line in here if predicate_of(line) != str(REF.registerNumber)}
            return frozenset(kept | {f'<{name}> <{REF.registerNumber}> "RNCP{pick([1, 2, 3, 40, 50])}" .'})
        if way == 8 and here:  # another kind
            line = pick([line for line in here if predicate_of(line) == str(RDF.type)] or here)
            return held[name] - {line}
        if way == 9 and name != SHARED:  # as it was at first
            code = str(name).rpartition("/")[2]
            return certification(code, f"RNCP{1 + CODES.index(code)}")
        return held[name]


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(SEEDS))
def test_gate_and_pyshacl_agree(seed: int) -> None:
    walk(seed, 30)


def test_gate_and_pyshacl_agree_on_a_few() -> None:
    ends = [*walk(1000, 12), *walk(1001, 12)]
    assert {"accepted", "refused"} <= set(ends)


def walk(seed: int, edits: int) -> list[str]:
    """Edits one after the other, each compared; how they ended."""
    gate = register(None, *CODES)
    editor = Editor(gate, seed)
    return [compared(gate, editor.edit()) for _ in range(edits)]


def compared(gate: Gate, changes: Changes) -> str:
    try:
        gate.submit(Alter(lambda _: changes), identity=WRITER)
    except Unfit:  # not SHACL's to judge
        return "unfit"
    except RulesBroken as refused:
        found = violations(refused.report)
        gate.engine.apply(changes)
        assert found == by_pyshacl(gate.engine), list(changes.statements())
        gate.engine.apply(changes.reversed())
        return "refused"
    assert by_pyshacl(gate.engine) == set(), list(changes.statements())
    return "accepted"
