"""The files that a vocabulary is published in: alone, in a folder, or in a ZIP archive, which is read without being unpacked."""

from __future__ import annotations

import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from referentiel.vocabularies.faults import Fault, UnreadableVocabulary

MAX_MEMBERS: Final = 500
"""Files of one folder or archive."""
MAX_SIZE: Final = 256 * 2**20
"""Bytes of one file, unpacked."""
MAX_JSON: Final = 64 * 2**20
"""Bytes of one file of JSON, which is held whole."""

_ARCHIVE: Final = ".zip"
_HEAD: Final = 8192
"""Bytes by which a file is recognised."""
_AGAIN: Final = "téléchargez de nouveau le fichier, tel que son éditeur le publie"


@dataclass(frozen=True, slots=True)
class Member:
    """One file. `name`: without folders; `place`: what a message calls it; `inside`: its full name in the archive `path`."""

    path: Path
    name: str
    place: str
    inside: str | None = None

    @contextmanager
    def open(self) -> Iterator[IO[str]]:
        """Its text, UTF-8, line ends as they are. Raises UnreadableVocabulary."""
        with self._bytes() as file:
            try:
                yield io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            except UnicodeDecodeError as error:
                raise self.fault("un texte en UTF-8", "un autre codage", "enregistrez de nouveau le fichier en UTF-8") from error

    @contextmanager
    def _bytes(self) -> Iterator[IO[bytes]]:
        try:
            if self.inside is None:
                with self.path.open("rb") as file:
                    yield file
            else:
                # What the directory declares is the most that is unpacked.
                with zipfile.ZipFile(self.path) as archive, archive.open(self.inside) as packed:
                    yield packed
        except (OSError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError) as error:
            raise self.fault("un fichier lisible", str(error) or type(error).__name__, _AGAIN) from error

    def head(self) -> str:
        """Its first characters, whatever its encoding. Raises UnreadableVocabulary."""
        with self._bytes() as file:
            return file.read(_HEAD).decode("utf-8-sig", errors="replace")

    def document(self) -> Any:
        """Its content as JSON. Raises UnreadableVocabulary."""
        with self.open() as text:
            written = text.read(MAX_JSON + 1)
        if len(written) > MAX_JSON:
            raise self.fault(f"{MAX_JSON // 2**20} Mio de JSON au plus", "davantage", _AGAIN)
        try:
            return json.loads(written)
        except ValueError as error:
            row = getattr(error, "lineno", None)
            raise self.fault("du JSON valide", str(error), _AGAIN, row=row) from error
        except RecursionError as error:
            raise self.fault("du JSON valide", "des valeurs imbriquées sans fin", _AGAIN) from error

    def fault(
        self, expected: str, found: str, remedy: str, row: int | None = None, column: str | None = None
    ) -> UnreadableVocabulary:
        """An error about this file."""
        return UnreadableVocabulary(Fault(self.place, expected, found, remedy, row, column))


def members(paths: Iterable[Path]) -> list[Member]:
    """The files in folders and archives, and those given by themselves. Raises UnreadableVocabulary."""
    return [member for path in paths for member in _of(path)]


def _of(path: Path) -> list[Member]:
    try:
        if path.is_dir():
            found = [Member(file, file.name, f"{path}/{file.name}") for file in sorted(path.iterdir()) if file.is_file()]
            _require_few(path, len(found))
        elif path.suffix.lower() == _ARCHIVE:
            return _packed(path)
        else:
            found = [Member(path, path.name, str(path))]
        sizes = [(member, member.path.stat().st_size) for member in found]
    except OSError as error:
        raise _fault(path, "un fichier lisible", error.strerror or str(error), "vérifiez son nom et son dossier") from error
    return [_bounded(member, size) for member, size in sizes]


def _packed(path: Path) -> list[Member]:
    """The files of an archive, hidden ones and folders left out."""
    try:
        with zipfile.ZipFile(path) as archive:
            held = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError) as error:
        raise _fault(path, "une archive ZIP entière", "autre chose, ou une archive abîmée", _AGAIN) from error
    _require_few(path, len(held))
    found = []
    for entry in held:
        name = entry.filename.rpartition("/")[2]
        if entry.flag_bits & 1:
            raise _fault(path, "une archive sans mot de passe", "une archive chiffrée", _AGAIN)
        if name and not name.startswith(".") and not entry.filename.startswith("__MACOSX/"):
            found.append(_bounded(Member(path, name, f"{path} : {name}", entry.filename), entry.file_size))
    return found


def _require_few(path: Path, number: int) -> None:
    if number > MAX_MEMBERS:
        raise _fault(path, f"{MAX_MEMBERS} fichiers au plus", str(number), "ne donnez que les fichiers du vocabulaire")


def _bounded(member: Member, size: int) -> Member:
    if size > MAX_SIZE:
        raise member.fault(f"{MAX_SIZE // 2**20} Mio au plus, une fois décompressé", f"{size // 2**20} Mio", _AGAIN)
    return member


def _fault(path: Path, expected: str, found: str, remedy: str) -> UnreadableVocabulary:
    return UnreadableVocabulary(Fault(str(path), expected, found, remedy))
