"""A vocabulary is judged in parts, each with all that a rule may follow a link to."""

from __future__ import annotations

from referentiel.gate.footprint import Footprint
from referentiel.gate.parts import PART, parts
from referentiel.store.changes import subject_of
from referentiel.vocabulary import RDF, SKOS

CONCEPTS = PART // 2 + 10
"""With two statements each, more than one part."""


def name(number: int) -> str:
    return f"http://example.org/{number:06}"


def chain() -> Footprint:
    """Concepts of which the second half are narrower than the first, one by one."""
    lines = {f"<{name(number)}> <{RDF.type}> <{SKOS.Concept}> ." for number in range(CONCEPTS)}
    lines |= {f"<{name(number)}> <{SKOS.broader}> <{name(number - CONCEPTS // 2)}> ." for number in range(CONCEPTS // 2, CONCEPTS)}
    lines |= {f'<{name(number)}> <{SKOS.notation}> "{number}" .' for number in range(CONCEPTS)}
    return Footprint(frozenset(lines), frozenset(), frozenset(), frozenset(map(name, range(CONCEPTS))))


def test_parts_are_the_whole_and_no_subject_is_in_two() -> None:
    whole = chain()
    found = list(parts(whole))
    assert len(found) > 1
    assert frozenset().union(*(part.judged for part in found)) == whole.judged
    assert sum(len(part.judged) for part in found) == len(whole.judged)
    assert sum(len({subject_of(line) for line in part.judged}) for part in found) == CONCEPTS


def test_a_part_stands_beside_what_is_above_it() -> None:
    for part in parts(chain()):
        described = {subject_of(line) for line in part.judged | part.background}
        above = {line.split(" ")[2][1:-1] for line in part.judged if f"<{SKOS.broader}>" in line}
        assert above <= described


def test_what_is_tied_to_a_certification_is_judged_whole() -> None:
    whole = chain()
    tied = Footprint(whole.judged, whole.background, frozenset({"http://example.org/c"}), whole.nodes)
    assert list(parts(tied)) == [tied]
