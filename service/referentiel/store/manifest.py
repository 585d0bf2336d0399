"""What a backup says of itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from referentiel.store.engine import StoreError

MANIFEST: Final = "manifest.json"
"""The last file of a backup."""
FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a store was when it was packed: by which version of the service, when (UTC, ISO 8601), its base, its last revision."""

    software: str
    at: str
    base: str
    head: int
    triples: int
    graphs: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts, and of each file by its name: how many bytes it has, and their SHA-256 in hexadecimal."""

    facts: Facts
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The manifest as it is written; its own SHA-256 is in it."""
        said = {"format": FORMAT, **asdict(self.facts), "files": self.files}
        return json.dumps({**said, "sha256": _digest_of(said)}, indent=1, ensure_ascii=False).encode()

    @classmethod
    def of_json(cls, data: bytes) -> Manifest:
        """The manifest that was written. Raises DamagedBackup."""
        try:
            said: dict[str, Any] = json.loads(data)
            if said.pop("sha256") != _digest_of(said):
                raise DamagedBackup(MANIFEST, "its digest differs", "son empreinte diffère")
            if said.pop("format") != FORMAT:
                raise DamagedBackup(
                    MANIFEST, "written by a newer version of this service", "écrit par une version plus récente de ce service"
                )
            files = {name: (int(size), str(digest)) for name, (size, digest) in said.pop("files").items()}
            return cls(Facts(**said), files)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedBackup(MANIFEST, "it can't be read", "il est illisible") from error


class DamagedBackup(StoreError):
    """An archive that is not what was written. `name`: the file at fault; the message says how, `french` too."""

    french: str

    def __init__(self, name: str, message: str, french: str) -> None:
        super().__init__(message, french)
        self.name = name


def _digest_of(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
