"""A spreadsheet or a text document is a ZIP package of XML (ECMA-376, part 2): it is measured before any library opens it."""

from __future__ import annotations

import io
import zipfile
from typing import Final
from xml.parsers import expat

from referentiel.sources.faults import Fault, Oversized
from referentiel.sources.grid import MAX_CELLS

MAX_MEMBERS: Final = 4096
MAX_UNPACKED: Final = 256 * 2**20
"""Bytes of all members, pictures included."""
MAX_XML: Final = 64 * 2**20
"""Bytes of all members that are XML."""
MAX_ELEMENTS: Final = 1_000_000
MAX_DEPTH: Final = 200

_ENTRY: Final = b"PK\x01\x02"  # begins each entry of a package's directory (APPNOTE, 4.3.12)
_XML: Final = (".xml", ".rels")
_AREAS: Final = frozenset({"mergeCell", "hyperlink", "comment"})
"""Elements of a sheet whose `ref` is an area that is walked through cell by cell when the sheet is opened."""


def members(data: bytes) -> frozenset[str]:
    """The names of what a package holds, once it is sure that opening it takes no more than it seems to.

    What is declared is the most that can be unpacked: no member is read further. Raises Oversized; BadZipFile and others when the
    package is damaged.
    """
    if data.count(_ENTRY) > MAX_MEMBERS:  # before the directory is read, which takes a record for each
        raise _oversized(f"{MAX_MEMBERS} membres au plus dans l'archive")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        held = package.infolist()
        written = [member for member in held if member.filename.lower().endswith(_XML)]
        if sum(member.file_size for member in held) > MAX_UNPACKED:
            raise _oversized(f"{MAX_UNPACKED // 2**20} Mio au plus une fois décompressé")
        if sum(member.file_size for member in written) > MAX_XML:
            raise _oversized(f"{MAX_XML // 2**20} Mio de XML au plus une fois décompressé")
        measure = _Measure()
        for member in written:
            measure.read(package.read(member))
        return frozenset(member.filename for member in held)


class _Measure:
    """Counts what the XML of a package holds, and refuses what would make a gigabyte of a line."""

    def __init__(self) -> None:
        self._elements = 0
        self._depth = 0
        self._covered = 0

    def read(self, xml: bytes) -> None:
        """One member. Raises Oversized, ExpatError."""
        self._depth = 0
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._declared
        parser.StartElementHandler = self._begun
        parser.EndElementHandler = self._ended
        parser.Parse(xml, True)

    def _declared(self, *_: object) -> None:
        raise _oversized("un document sans déclaration de type ni entité (<!DOCTYPE>)", "une telle déclaration")

    def _begun(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MAX_ELEMENTS:
            raise _oversized(f"{MAX_ELEMENTS} éléments XML au plus")
        if self._depth > MAX_DEPTH:
            raise _oversized(f"{MAX_DEPTH} niveaux d'imbrication au plus")
        if "ref" in attributes and name.rpartition(":")[2] in _AREAS:
            self._covered += _area(attributes["ref"])
            if self._covered > MAX_CELLS:
                raise _oversized(f"{MAX_CELLS} cellules fusionnées, liées ou commentées au plus")

    def _ended(self, _name: str) -> None:
        self._depth -= 1


def _area(reference: str) -> int:
    """How many cells an area has. Raises ValueError when it is none."""
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(reference)
    return max(0, (right or 0) - (left or 0) + 1) * max(0, (bottom or 0) - (top or 0) + 1)


def _oversized(expected: str, found: str = "davantage") -> Oversized:
    return Oversized(Fault(expected, found, "enregistrez de nouveau le document depuis votre tableur ou votre traitement de texte"))
