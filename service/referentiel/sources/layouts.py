"""Which layout a grid has: the template's, the official table's, or none that we know."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import Enum, auto

from referentiel.sources.grid import Grid
from referentiel.sources.official import is_official
from referentiel.sources.template import header_row

_log = logging.getLogger(__name__)


class Layout(Enum):
    """How a table says what it says."""

    TEMPLATE = auto()
    OFFICIAL = auto()


def layout_of(grid: Grid) -> Layout | None:
    """The layout that a grid's header announces."""
    if header_row(grid) is not None:
        return Layout.TEMPLATE
    return Layout.OFFICIAL if is_official(grid) else None


def with_header(name: str, parts: Mapping[str, Grid]) -> Grid:
    """The rows of the parts of a file (sheets) that have a header, all of them when none has. What is passed over is told."""
    known = {title: grid for title, grid in parts.items() if layout_of(grid)}
    if known:
        for title in parts.keys() - known.keys():
            _log.warning("%s : %s n'a pas d'en-tête de référentiel, non lue.", name, title)
    return tuple(row for grid in (known or parts).values() for row in grid)
