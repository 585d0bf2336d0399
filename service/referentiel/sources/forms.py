"""The forms a table comes in: bytes of a file to a grid. One reader per form, chosen by content, never by name."""

from __future__ import annotations

from referentiel.sources.delimited import read_delimited
from referentiel.sources.faults import Fault, Oversized, UnreadableSource
from referentiel.sources.grid import Grid
from referentiel.sources.markup import decode, read_html
from referentiel.sources.package import members
from referentiel.sources.spreadsheet import read_xlsx
from referentiel.sources.wordprocessing import read_docx

ACCEPTED = "un fichier .csv, .tsv, .txt, .xlsx, .docx ou .html"

_MAX_BYTES = 64 * 1024 * 1024
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_grid(name: str, data: bytes) -> Grid:
    """The rows of the table in a file called `name`.

    Raises UnreadableSource when the bytes are of no accepted form, damaged, or far more than a référentiel.
    """
    try:
        return _read(name, data)
    except Oversized as error:
        raise UnreadableSource(name, [error.fault]) from error


def _read(name: str, data: bytes) -> Grid:
    if len(data) > _MAX_BYTES:
        raise _refuse(name, f"{ACCEPTED} de 64 Mio au plus", f"{len(data)} octets", "découpez le document")
    if not data.strip():
        raise _refuse(name, "un tableau", "un fichier vide", "vérifiez le fichier que vous envoyez")
    if data.startswith(b"PK\x03\x04"):
        return _read_package(name, data)
    if data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")):
        found = "un PDF" if data.startswith(b"%PDF") else "un ancien fichier Office (.xls, .doc)"
        raise _refuse(name, ACCEPTED, found, "enregistrez le tableau en .xlsx ou .docx, ou remplissez le modèle")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") and b"<table" in data.lower():
        return read_html(data)
    return read_delimited(name, _text(name, data))


def _read_package(name: str, data: bytes) -> Grid:
    """A spreadsheet or a text document: both are ZIP packages, told apart by what they hold."""
    try:
        held = members(data)
        if "xl/workbook.xml" in held:
            return read_xlsx(name, data)
        if "word/document.xml" in held:
            return read_docx(data)
    except (UnreadableSource, Oversized):
        raise
    except Exception as error:  # a damaged package makes the libraries below raise anything at all
        raise _refuse(name, ACCEPTED, "un fichier abîmé", "ouvrez-le dans votre tableur et enregistrez-le de nouveau") from error
    raise _refuse(name, ACCEPTED, "une archive d'un autre genre", "enregistrez le tableau en .xlsx ou .docx")


def _text(name: str, data: bytes) -> str:
    """UTF-8, or what Excel writes on a French Windows."""
    text = data.decode("utf-16", errors="replace") if data.startswith(_UTF_16) else decode(data, "cp1252")
    if text is None or "\x00" in text:
        remedy = "enregistrez le tableau dans l'une de ces formes ; pour un CSV, choisissez « CSV UTF-8 »"
        raise _refuse(name, ACCEPTED, "un fichier binaire, ou un codage de caractères inconnu", remedy)
    return text


def _refuse(name: str, expected: str, found: str, remedy: str) -> UnreadableSource:
    return UnreadableSource(name, [Fault(expected, found, remedy)])
