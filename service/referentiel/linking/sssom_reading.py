"""Reading SSSOM/TSV. What would not be kept, a column or an entry of the heading that the project has no place for, is a fault:
nothing is lost without a word. So is a row that no person has decided."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import yaml
from rdflib import URIRef

from referentiel.linking.curies import BUILT_IN, SCHEMES, contract, expand, is_iri, is_namespace
from referentiel.linking.faults import MOST, Fault, UnreadableMappings, shown
from referentiel.linking.mapping import MANUAL, NO_MATCH, PREDICATES, REVIEWED, Mapping, MappingSet
from referentiel.linking.sssom import COLUMNS, HEADING, IDENTIFIERS, NEGATION, REQUIRED

PROPAGATED: Final = ("mapping_date", "subject_source", "subject_source_version", "object_source", "object_source_version")
"""What the heading may say for all rows (SSSOM, Propagation of mapping set slots)."""
DECIDED: Final = (MANUAL, REVIEWED)
"""The justifications of a decision: a person has looked at it."""

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST: Final = 2**16
"""Characters of the longest heading, and of the longest value."""


def read(data: bytes, ignore: Collection[str] = ()) -> MappingSet:
    """The mapping set of a file. `ignore`: columns and entries of the heading that may be lost.

    Raises UnreadableMappings with every fault found, up to MOST: also for a row that no person has decided.
    """
    return _Reading(data, frozenset(ignore)).mapping_set()


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table: the line that it begins on, its cells by column."""

    line: int
    cells: dict[str, str]


class _Reading:
    """The reading of one file."""

    def __init__(self, data: bytes, ignore: frozenset[str]) -> None:
        self._ignore = ignore
        self._seen: dict[str, int] = {}
        self._faults: list[Fault] = []
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnreadableMappings(
                [Fault("un texte en UTF-8", f"l'octet {error.start + 1} n'en est pas", "enregistrez le fichier en UTF-8")]
            ) from error
        lines = text.split("\n")
        self._size = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
        self._heading = self._read_heading("\n".join(line[1:].rstrip("\t\r") for line in lines[: self._size]))
        self._table = "\n".join(lines[self._size :])
        self._prefixes = BUILT_IN | self._curie_map()

    def mapping_set(self) -> MappingSet:
        told = {name: self._heading.get(entry, "") for entry, name in HEADING.items()}
        for entry in ("mapping_set_id", "license"):
            if not is_iri(told[HEADING[entry]]):
                self._fault(
                    f"dans l'en-tête, « {entry} » suivi d'une adresse (IRI)",
                    shown(told[HEADING[entry]]),
                    f"ajoutez « # {entry}: https://… »",
                )
        mappings = [mapping for row in self._rows() if (mapping := self._mapping(row))]
        if self._faults:
            raise UnreadableMappings(self._faults[:MOST])
        return MappingSet(
            iri=URIRef(told["iri"]),
            title=told["title"],
            licence=URIRef(told["licence"]),
            version=told["version"],
            description=told["description"],
            mappings=tuple(mappings),
        )

    def _fault(self, expected: str, found: str, remedy: str, row: int | None = None, column: str | None = None) -> None:
        self._faults.append(Fault(expected, found, remedy, row, column))

    def _read_heading(self, text: str) -> dict[str, Any]:
        try:
            if len(text) > _LONGEST:
                raise ValueError(f"{len(text)} caractères")
            found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes texts, lists and maps of them only
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            reason = shown(str(error), 200)
            raise UnreadableMappings(
                [Fault("un en-tête en YAML, chaque ligne précédée de #", reason, "corrigez ces lignes")]
            ) from error
        heading = found if isinstance(found, dict) else {}
        known = {*HEADING, *PROPAGATED, "curie_map", "sssom_version", *self._ignore}
        for entry in [str(entry) for entry in heading if entry not in known]:
            self._lost(entry, "cette entrée de l'en-tête")
        for entry in (*HEADING, *PROPAGATED):
            if not isinstance(heading.get(entry, ""), str):
                self._fault("un texte", "une liste ou un groupe", f"donnez une seule valeur à « {entry} » dans l'en-tête")
                heading[entry] = ""
        return heading

    def _lost(self, name: str, kind: str) -> None:
        self._fault(
            f"un fichier dont tout est repris ; {kind} n'a pas de place dans le magasin",
            shown(name),
            f"retirez-la, ou acceptez de la perdre : --ignore {name}",
        )

    def _curie_map(self) -> dict[str, str]:
        found = self._heading.get("curie_map", {})
        if not isinstance(found, dict) or not all(isinstance(iri, str) and is_namespace(iri) for iri in found.values()):
            self._fault(
                "« curie_map » : des préfixes, chacun avec une adresse (IRI)", shown(str(found)), "écrivez « #  esco: http://… »"
            )
            return {}
        for prefix in [str(prefix) for prefix in found if str(prefix).lower() in SCHEMES]:
            remedy = "donnez-lui un autre nom : il changerait le sens des adresses entières"
            self._fault("« curie_map » : des préfixes qui ne commencent aucune adresse", shown(prefix), remedy)
        return {str(prefix): iri for prefix, iri in found.items() if prefix not in BUILT_IN}

    def _rows(self) -> Iterator[_Row]:
        reader = csv.reader(io.StringIO(self._table, newline=""), delimiter="\t", strict=True)
        start = 0
        try:
            header = [name.strip() for name in next(reader, [])]
            if not self._fits(header):
                return
            start = reader.line_num
            for cells in reader:
                line, start = self._size + start + 1, reader.line_num
                if not any(cells):
                    continue
                if len(cells) > len(header) and any(cells[len(header) :]):
                    self._fault(f"{len(header)} cellules", str(len(cells)), "retirez les tabulations en trop", line)
                    continue
                if any("\n" in cell and cell.count("\t") >= len(header) - 1 for cell in cells):
                    remedy = "fermez le guillemet, ou doublez-le s'il fait partie du texte"
                    self._fault("une ligne du tableau", "une cellule qui en contient plusieurs", remedy, line)
                    continue
                yield _Row(line, dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False)))
        except csv.Error as error:
            remedy = "fermez le guillemet qui ouvre une cellule ; doublez-le s'il fait partie du texte"
            self._fault("un tableau à tabulations", shown(str(error)), remedy, self._size + start + 1)

    def _fits(self, header: list[str]) -> bool:
        """Whether the table has the columns that it must have."""
        missing = [column for column in REQUIRED if column not in header]
        for column in missing:
            self._fault(
                f"une colonne « {column} »",
                ", ".join(header)[:200] or "rien",
                "le tableau est séparé par des tabulations",
                self._size + 1,
            )
        for column in [each for each in header if each and each not in COLUMNS and each not in self._ignore]:
            self._lost(column, "cette colonne")
        for column in {each for each in header if each and header.count(each) > 1}:
            self._fault("chaque colonne une fois", shown(column), "retirez l'une des deux", self._size + 1)
        return not missing

    def _mapping(self, row: _Row) -> Mapping | None:
        """The decision of a row; None once a fault was noted."""
        before = len(self._faults)
        if before >= MOST:
            return None
        cells = {column: row.cells.get(column, "") or self._heading.get(column, "") * (column in PROPAGATED) for column in COLUMNS}
        given = {COLUMNS[column]: self._value(column, cell, row.line) for column, cell in cells.items()}
        if len(self._faults) > before:
            return None
        mapping = Mapping(**given)
        if mapping.object == NO_MATCH and mapping.negated:
            self._fault(
                "une affirmation : sssom:NoTermFound ne se nie pas", NEGATION, "videz la cellule", row.line, "predicate_modifier"
            )
        if mapping.object == NO_MATCH and mapping.object_source is None:
            remedy = "remplissez la cellule, ou dites-le pour toutes les lignes : « # object_source: … » dans l'en-tête"
            self._fault("le vocabulaire qui ne contient rien (sssom:NoTermFound)", "rien", remedy, row.line, "object_source")
        return mapping if self._first(mapping, row.line) else None

    def _first(self, mapping: Mapping, line: int) -> bool:
        """Whether it is the first decision of its author on its pair."""
        former = self._seen.setdefault(mapping.code, line)
        if former != line:
            self._fault(
                "une seule décision par personne et par paire", f"déjà une à la ligne {former}", "retirez l'une des deux", line
            )
        return former == line

    def _value(self, column: str, cell: str, line: int) -> Any:
        """A cell as its field has it; what is not fit is noted as a fault."""
        if len(cell) > _LONGEST:
            self._fault(f"au plus {_LONGEST} caractères", str(len(cell)), "abrégez ce texte", line, column)
        if column in IDENTIFIERS:
            return self._identifier(column, cell.strip(), line)
        if column == "mapping_date":
            return self._date(cell.strip(), line)
        if column == "similarity_score":
            return self._score(cell.strip(), line)
        if column == "predicate_modifier":
            if cell.strip().lower() not in {"", NEGATION.lower()}:
                self._fault(f"« {NEGATION} » ou rien", shown(cell), "corrigez la cellule", line, column)
            return bool(cell.strip())
        return cell

    def _identifier(self, column: str, cell: str, line: int) -> URIRef | str | None:
        if not cell and column in {"reviewer_id", "subject_source", "object_source"}:
            return "" if column == "reviewer_id" else None
        iri = expand(cell, self._prefixes)
        if iri is None:
            several = "|" in cell
            remedy = "ajoutez son préfixe à curie_map" if cell else "remplissez la cellule"
            remedy = "une seule personne par ligne : une ligne pour chacune" if several else remedy
            self._fault("un identifiant court (préfixe:code) ou une adresse (IRI)", shown(cell), remedy, line, column)
            return None
        if column == "predicate_id" and URIRef(iri) not in PREDICATES:
            names = ", ".join(contract(str(each), BUILT_IN) for each in PREDICATES)
            self._fault(f"un prédicat parmi {names}", shown(cell), "choisissez l'un d'eux", line, column)
        if column == "mapping_justification" and URIRef(iri) not in DECIDED:
            names = " ou ".join(contract(str(each), BUILT_IN) for each in DECIDED)
            remedy = "une proposition de machine n'est pas une décision : relisez-la (referentiel link review)"
            self._fault(f"la décision d'une personne : {names}", shown(cell), remedy, line, column)
        return iri if column in {"author_id", "reviewer_id"} else URIRef(iri)

    def _date(self, cell: str, line: int) -> date | None:
        try:
            if not _DATE.fullmatch(cell):
                raise ValueError(cell)
            return date.fromisoformat(cell)
        except ValueError:
            self._fault("une date AAAA-MM-JJ", shown(cell), "donnez la date de la décision", line, "mapping_date")
            return None

    def _score(self, cell: str, line: int) -> float | None:
        if not cell:
            return None
        try:
            score = float(cell)
        except ValueError:
            score = -1.0
        if not 0 <= score <= 1:
            self._fault("un nombre de 0 à 1, avec un point", shown(cell), "corrigez ou videz la cellule", line, "similarity_score")
            return None
        return score
