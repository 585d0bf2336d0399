"""The answer to `occupation-coverage` as what its page shows: what is covered, partly, missing, each with its proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from referentiel.web.properties import Names, Value

NEEDS: Final = ("essential", "optional")
DEGREES: Final = ("covered", "partly", "missing")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proof:
    """A link that covers a skill: from which competency, how; `through`: to which narrower skill; the pages of its decisions."""

    competency: Value
    relation: Value
    through: Value | None
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What an occupation requires, essential or optional: by degree the skills, each with its proofs."""

    kind: str
    skills: Mapping[str, Sequence[tuple[Value, tuple[Proof, ...]]]]

    @property
    def size(self) -> int:
        """How many skills are required."""
        return sum(map(len, self.skills.values()))


def rows_of(results: Mapping[str, Any]) -> list[Row]:
    """SPARQL 1.1 Query Results JSON Format as plain values by column; what is unbound has none."""
    return [{name: term["value"] for name, term in row.items()} for row in results["results"]["bindings"]]


def mentioned(rows: Iterable[Row]) -> set[str]:
    """The IRIs that the page will name."""
    return {row[column] for row in rows for column in ("skill", "linked", "relation", "competencyIri") if column in row}


def needs(rows: Sequence[Row], names: Names, page: Callable[[str], str | None]) -> list[Need]:
    """What is required, essential first. What is essential by one way and optional by another is essential."""
    essential = {row["skill"] for row in rows if row["need"] == NEEDS[0]}
    found = []
    for kind in NEEDS:
        by_skill: dict[str, list[Row]] = {}
        for row in rows:
            if row["need"] == kind and (kind == NEEDS[0] or row["skill"] not in essential):
                by_skill.setdefault(row["skill"], []).append(row)
        skills: dict[str, list[tuple[Value, tuple[Proof, ...]]]] = {degree: [] for degree in DEGREES}
        for skill, told in by_skill.items():
            degree = min((row["coverage"] for row in told), key=DEGREES.index)
            skills[degree].append((names.value(skill), tuple(_proofs(told, names, page))))
        found.append(Need(kind, skills))
    return found


def _proofs(rows: Sequence[Row], names: Names, page: Callable[[str], str | None]) -> Iterator[Proof]:
    """The links among the rows of a skill, those that cover it first; a row for each decision becomes one proof for each link."""
    links: dict[tuple[str, str, str], list[str]] = {}
    for row in sorted((row for row in rows if "linked" in row), key=lambda row: DEGREES.index(row["coverage"])):
        decisions = links.setdefault((row["competencyIri"], row["relation"], row["linked"]), [])
        if (record := row.get("record")) and (address := page(record)):
            decisions.append(address)
    for (competency, relation, linked), decisions in links.items():
        through = None if linked == rows[0]["skill"] else names.value(linked)
        yield Proof(names.value(competency), names.value(relation), through, tuple(decisions))
