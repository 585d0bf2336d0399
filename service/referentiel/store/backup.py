"""A store as one file: a tar archive of its parts, with a manifest at its end that has the SHA-256 of each.

It is written and read as a stream. What RocksDB writes is compressed already: packing it more tightly saved a fifth.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Final, Protocol, cast

from referentiel.store.embedded import LIVE
from referentiel.store.manifest import MANIFEST, DamagedBackup, Facts, Manifest

HISTORY: Final = "history"
"""The part of a store's folder where its patches stand."""
TOKENS: Final = "tokens.json"
"""The file there that says who may write."""
PARTS: Final = re.compile(rf"{LIVE}/[\w-][\w.-]*|{HISTORY}/[0-9]+\.patch\.gz|{TOKENS}")
"""What an archive may hold besides its manifest."""
_LEFT_OUT: Final = re.compile(r"LOCK|LOG(\.old\..*)?")
"""What the engine keeps for itself and never reads again."""
_CHUNK: Final = 2**20
_LONGEST_MANIFEST: Final = 2**28

Progress = Callable[[int], None]
"""Told, as files are read or written: how many bytes were, since it was told last."""


def parts_of(folder: Path) -> list[Path]:
    """The files of a store that a backup holds, sorted."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not _LEFT_OUT.fullmatch(path.name))
    return [path for path in files if PARTS.fullmatch(path.relative_to(folder).as_posix())]


def pack(folder: Path, facts: Facts, sink: Sink, progress: Progress) -> str:
    """Write a store's folder, which nothing changes meanwhile, into `sink`; the SHA-256 of all that was written. Raises OSError."""
    whole = _Hashed(sink)
    manifest = Manifest(facts)
    with tarfile.open(fileobj=cast("IO[bytes]", whole), mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for path in parts_of(folder):
            name, size = path.relative_to(folder).as_posix(), path.stat().st_size
            with path.open("rb") as file:
                reader = _Read(file, progress)
                archive.addfile(_member(name, size), cast("IO[bytes]", reader))
            manifest.files[name] = (size, reader.digest)
        data = manifest.to_json()
        archive.addfile(_member(MANIFEST, len(data)), BytesIO(data))
    return whole.digest


def unpack(source: Source, folder: Path, progress: Progress) -> tuple[Manifest, str]:
    """Write what an archive holds below a folder; its manifest, and the SHA-256 of the archive. Raises DamagedBackup, OSError."""
    whole = _Read(source, progress)
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", whole), mode="r|") as archive:
            for member, file in _members(archive):
                if member.name == MANIFEST:
                    manifest = Manifest.of_json(file.read(_LONGEST_MANIFEST))
                elif member.name in found:
                    raise DamagedBackup(member.name, "it is there twice", "il s'y trouve deux fois")
                else:
                    found[member.name] = _write(file, folder / member.name, member)
        while whole.read(_CHUNK):
            pass
    except (tarfile.TarError, EOFError) as error:
        last = next(reversed(found), MANIFEST)
        raise DamagedBackup(
            last, f"the archive breaks off or is damaged after it ({error})", "l'archive s'arrête ou est abîmée après lui"
        ) from error
    if manifest is None:
        raise DamagedBackup(
            MANIFEST,
            "it is missing: the archive was not written to its end",
            "il manque : l'archive n'a pas été écrite jusqu'au bout",
        )
    _compare(manifest.files, found)
    return manifest, whole.digest


def _compare(said: dict[str, tuple[int, str]], found: dict[str, tuple[int, str]]) -> None:
    for name in sorted({*said, *found}):
        if name not in found:
            raise DamagedBackup(name, "it is missing", "il manque")
        if name not in said:
            raise DamagedBackup(name, "the manifest does not name it", "le manifeste ne le nomme pas")
        if said[name] != found[name]:
            raise DamagedBackup(name, "its digest differs", "son empreinte diffère")


def _members(archive: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for member in archive:
        file = archive.extractfile(member) if member.isreg() else None
        if file is None or not (member.name == MANIFEST or PARTS.fullmatch(member.name)):
            shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in member.name[:100])
            raise DamagedBackup(shown, "a backup holds no such file", "une sauvegarde ne contient pas de tel fichier")
        yield member, file


def _write(file: IO[bytes], path: Path, member: tarfile.TarInfo) -> tuple[int, str]:
    path.parent.mkdir(exist_ok=True)
    digest = hashlib.sha256()
    with path.open("xb") as written:
        path.chmod(0o600)
        while piece := file.read(_CHUNK):
            digest.update(piece)
            written.write(piece)
    return member.size, digest.hexdigest()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class Sink(Protocol):
    """What is written to."""

    def write(self, data: bytes, /) -> object: ...


class Source(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes: ...


class _Hashed:
    """A sink that knows the digest of what went into it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._sum.update(data)
        self._sink.write(data)
        return len(data)

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


class _Read:
    """A file that knows the digest of what was read of it."""

    def __init__(self, source: Source, progress: Progress) -> None:
        self._source = source
        self._progress = progress
        self._sum = hashlib.sha256()

    def read(self, size: int = _CHUNK) -> bytes:
        piece = self._source.read(size)
        self._sum.update(piece)
        self._progress(len(piece))
        return piece

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()
