"""Which layout a grid has: the template's, the official table's, or none that we know."""

from __future__ import annotations

from enum import Enum, auto

from referentiel.sources.grid import Grid
from referentiel.sources.official import is_official
from referentiel.sources.template import header_row


class Layout(Enum):
    """How a table says what it says."""

    TEMPLATE = auto()
    OFFICIAL = auto()


def layout_of(grid: Grid) -> Layout | None:
    """The layout that a grid's header announces."""
    if header_row(grid) is not None:
        return Layout.TEMPLATE
    return Layout.OFFICIAL if is_official(grid) else None
