"""XLSX to grids."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from referentiel.sources.faults import MOST, Fault, UnreadableSource
from referentiel.sources.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, Row, bounded, paragraphs
from referentiel.sources.layouts import layout_of

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_log = logging.getLogger(__name__)

_LONGEST = 32_767  # characters of a cell, in every spreadsheet; many cells may share one text
_SHOWN = 60

GUIDE = "Mode d'emploi"
"""The sheet of the template that explains it: written by us, never read."""


def read_xlsx(name: str, data: bytes) -> Grid:
    """The rows of the visible sheets that have a header, merged cells laid out.

    Raises UnreadableSource for cells whose text is not to be had: errors, dates, formulas never computed.
    """
    from openpyxl import load_workbook

    values, formulas = (load_workbook(io.BytesIO(data), data_only=computed) for computed in (True, False))
    visible = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible" and sheet.title != GUIDE]
    sheets: list[tuple[str, Grid, list[Fault]]] = []
    for sheet in visible:
        part, faults = f"feuille « {sheet.title} »", list[Fault]()
        rows = _rows(sheet, formulas[sheet.title], part if len(visible) > 1 else None, faults)
        sheets.append((part, bounded(rows), faults))
    chosen = [sheet for sheet in sheets if layout_of(sheet[1])] or sheets
    for part, _, _ in sheets:
        if part not in {title for title, _, _ in chosen}:
            _log.warning("%s : %s n'a pas d'en-tête de référentiel, non lue.", name, part)
    if wrong := list(dict.fromkeys(fault for _, _, faults in chosen for fault in faults)):
        raise UnreadableSource(name, wrong)
    return tuple(row for _, grid, _ in chosen for row in grid)


def _rows(sheet: Worksheet, formulas: Worksheet, part: str | None, faults: list[Fault]) -> Iterator[Row]:
    # Sheets are often formatted down to their last row: what has no value is not looked at.
    filled = [place for place, cell in formulas._cells.items() if cell.value is not None]
    height, width = max((row for row, _ in filled), default=0), max((column for _, column in filled), default=0)
    if height > MAX_ROWS or width > MAX_COLUMNS:
        expected, found = f"{MAX_ROWS} lignes et {MAX_COLUMNS} colonnes au plus", f"{height} lignes et {width} colonnes"
        faults.append(Fault(expected, found, "supprimez ce qui est écrit loin du tableau", part=part))
        height, width = min(height, MAX_ROWS), min(width, MAX_COLUMNS)
    origins = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, height) + 1)
        for column in range(area.min_col, min(area.max_col, width) + 1)
    }
    for number in range(1, height + 1):
        cells, spanned = [], set()
        for column in range(1, width + 1):
            row, origin = origins.get((number, column), (number, column))
            if row < number:
                spanned.add(column - 1)
            written = formulas._cells.get((row, origin))
            cells.append(_text(sheet.cell(row, origin), written, part, faults) if written else ())
        yield Row(number, tuple(cells), frozenset(spanned), part)


def _text(cell: SheetCell | MergedCell, formula: SheetCell | MergedCell, part: str | None, faults: list[Fault]) -> Cell:
    """What a cell shows; a whole number has no decimals."""
    from openpyxl.utils import get_column_letter

    value = cell.value
    kinds = {"e": "une erreur de calcul", "d": "une date", "b": "une valeur logique"}
    found = "une formule jamais calculée" if value is None and formula.value is not None else kinds.get(cell.data_type)
    if not found and isinstance(value, str) and len(value) > _LONGEST:
        found = f"{len(value)} caractères, au lieu de {_LONGEST} au plus"
    if found:
        remedy = "mettez la cellule au format Texte et écrivez-y le texte"
        told = f"{found} ({str(formula.value)[:_SHOWN]})"
        if len(faults) < MOST:
            faults.append(Fault("du texte", told, remedy, cell.row, get_column_letter(cell.column or 1), part))
        return ()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return () if value is None else paragraphs([str(value)])
