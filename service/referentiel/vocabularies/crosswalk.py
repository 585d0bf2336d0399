"""The national crosswalk between ESCO and ROME: a CSV below a few lines that describe it, as one mapping set.

A row says how the ROME appellation relates to the ESCO occupation, though it names ESCO first: `médecin spécialiste,
Ophtalmologue, skos:broadMatch` means that ESCO's concept is the broader. So ROME's is the subject.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from referentiel.vocabularies import tables
from referentiel.vocabularies.lines import link, on_one_line, plain, text
from referentiel.vocabularies.members import Member
from referentiel.vocabulary import DCT, FOAF, OWL, RDF, SKOS, SSSOM

CODE: Final = "esco-rome"
"""Names the mapping set: `<base>mapping-set/esco-rome`."""

_ESCO, _ROME, _RELATION = "classification 1 ID", "classification 2 ID", "mapping relation"
_COLUMNS: Final = (_ESCO, _ROME, _RELATION)
_OGR: Final = re.compile(r"[0-9]{1,12}")
_RELATIONS: Final = {
    f"skos:{name}": str(SKOS[name]) for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
}
_TITLE: Final = {"fr": "Correspondance nationale entre le ROME et ESCO", "en": "National crosswalk between ROME and ESCO"}


@dataclass(frozen=True)
class Crosswalk:
    """The crosswalk as a mapping set. `graph`: its name; `esco`, `rome`: the schemes that it ties."""

    files: Sequence[Member]
    graph: str
    esco: str
    rome: str

    @cached_property
    def size(self) -> int:
        """Rows that will be read. Raises UnreadableVocabulary."""
        return sum(map(tables.count, self.files))

    @cached_property
    def about(self) -> dict[str, str]:
        """What the lines above the table say of it, by their first cell."""
        said: dict[str, str] = {}
        for member in self.files:
            for cells in csv.reader(member.head().split("\n")):
                if set(_COLUMNS) <= set(cells):
                    break
                if len(cells) > 1 and cells[0].strip():
                    said.setdefault(on_one_line(cells[0]), on_one_line(cells[1]))
        return said

    def statements(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """For each row its number from 1 and its line. Raises UnreadableVocabulary."""
        number = 0
        for member in self.files:
            for row in tables.rows(member, _COLUMNS):
                number += 1
                predicate = row.one_of(_RELATION, _RELATIONS)
                if predicate is None:
                    raise row.fault(_RELATION, "une relation comme « skos:broadMatch »", "complétez la cellule")
                appellation = f"{self.rome}/appellation/{row.code(_ROME, _OGR, '10200')}"
                yield number, (link(appellation, predicate, row.iri(_ESCO)),)

    def description(self) -> Iterator[str]:
        """What is said of the set, as SSSOM has it. No licence: the file grants none."""
        yield link(self.graph, str(RDF.type), str(SSSOM.MappingSet))
        for language, title in _TITLE.items():
            yield text(self.graph, str(DCT.title), title, language)
        keeper = self.about.get("Mapping project author") or "France Travail"
        yield link(self.graph, str(DCT.publisher), f"{self.graph}/publisher")
        yield plain(f"{self.graph}/publisher", str(FOAF.name), keeper)
        yield link(self.graph, str(SSSOM.subject_source), self.rome)
        yield link(self.graph, str(SSSOM.object_source), self.esco)
        for key, predicate in _VERSIONS.items():
            if version := self.about.get(key):
                yield plain(self.graph, str(predicate), version)


_VERSIONS: Final = {
    "Mapping project version": OWL.versionInfo,
    "Classification 1 Version": SSSOM.object_source_version,
    "Classification 2 Version": SSSOM.subject_source_version,
}


def belongs(member: Member) -> bool:
    """Whether a file is the crosswalk, by its name's end and its first lines."""
    return member.name.lower().endswith(".csv") and all(column in member.head() for column in _COLUMNS)
