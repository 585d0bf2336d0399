"""Texts to be linked, as a table: an identifier and a text on each line, parted by a tab."""

from __future__ import annotations

from typing import Final

from referentiel.linking.faults import MOST, Fault, UnreadableMappings, shown

MAX_ROWS: Final = 100_000
MAX_TEXT: Final = 10_000
"""Characters of one text."""

HEADINGS: Final = frozenset({"id", "query_id", "subject_id"})
"""What the first cell of a first line says that names the columns."""


def read(data: bytes) -> list[tuple[str, str]]:
    """Identifiers and texts of a table in UTF-8, in its order; empty lines are passed over. Raises UnreadableMappings."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise UnreadableMappings(
            [Fault("du texte en UTF-8", "un octet qui n'en est pas", "enregistrez le fichier en UTF-8", row)]
        ) from error
    if len(lines) > MAX_ROWS:
        raise UnreadableMappings([Fault(f"{MAX_ROWS} lignes au plus", f"{len(lines)} lignes", "partagez le fichier")])
    found: dict[str, str] = {}
    faults = []
    for row, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not any(cells) or (row == 1 and cells[0].casefold() in HEADINGS):
            continue
        fault = _fault(cells, row) or _repeated(cells[0], found, row)
        if fault:
            faults.append(fault)
        else:
            found[cells[0]] = cells[1]
    if faults:
        raise UnreadableMappings(faults[:MOST])
    return list(found.items())


def _fault(cells: list[str], row: int) -> Fault | None:
    if len(cells) != 2:
        count = f"{len(cells)} colonnes" if len(cells) > 1 else f"une seule colonne, {shown(cells[0])}"
        return Fault(
            "deux colonnes, identifiant et texte, séparées par une tabulation",
            count,
            "donnez ces deux colonnes, et elles seules",
            row,
        )
    for cell, column in zip(cells, ("identifiant", "texte"), strict=True):
        if not cell:
            return Fault("un texte", "une cellule vide", "complétez la cellule, ou retirez la ligne", row, column)
    if len(cells[1]) > MAX_TEXT:
        return Fault(f"{MAX_TEXT} caractères au plus", f"{len(cells[1])} caractères", "raccourcissez le texte", row, "texte")
    return None


def _repeated(identifier: str, found: dict[str, str], row: int) -> Fault | None:
    if identifier not in found:
        return None
    return Fault(
        "un identifiant par ligne", f"{shown(identifier)} une seconde fois", "donnez-en un autre à ce texte", row, "identifiant"
    )
