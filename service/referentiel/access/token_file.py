"""The file of the tokens: read anew when it has changed, written whole, by one process at a time."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from referentiel.access.identity import OPERATIONS, PATTERN, Operation

_VERSION: Final = 1
_LONGEST: Final = 16 * 2**20  # bytes: some forty thousand tokens
_OTHERS_WRITE: Final = 0o022

_Signature: TypeAlias = tuple[int, int, int, int]


class DamagedTokens(Exception):
    """The file of the tokens can't be read, or is not what we write. The message says how to mend it, `reason` what is wrong."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}. Restore it from a backup, or remove it and make new tokens.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token. Moments are in UTC.

    `digest`: of the salt and the secret; the secret itself is kept nowhere. `last_used`: a day, no finer.
    """

    id: str
    name: str
    operations: tuple[Operation, ...]
    certifications: tuple[str, ...]
    created: datetime
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    expires: datetime | None = None
    last_used: date | None = None
    revoked: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked is None and (self.expires is None or now < self.expires)


class TokenFile:
    """Tokens by their ids, in the order in which they were made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[_Signature | None, Mapping[str, Token] | str] = (None, {})  # or why they can't be read

    def read(self) -> Mapping[str, Token]:
        """All tokens; none where there is no file yet. Raises DamagedTokens."""
        signature, found = self._known
        now = self._signature()
        if now != signature:
            found = self._read() if now else {}
            self._known = (now, found)
        if isinstance(found, str):
            raise DamagedTokens(self._path, found)
        return found

    @contextmanager
    def changing(self, *, wait: bool = True) -> Iterator[dict[str, Token]]:
        """Tokens to be changed in place, while no other process can, and kept when that went well.

        Raises DamagedTokens, and OSError when the file can't be written; BlockingIOError when another process has it, without
        `wait`.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(self._path.with_suffix(".lock"), wait=wait):
            tokens = dict(self.read())
            yield tokens
            _write(self._path, tokens)

    def _signature(self) -> _Signature | None:
        """What changes when the file is replaced. A revocation is seen by it at the next request. Raises DamagedTokens."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DamagedTokens(self._path, error.strerror or str(error)) from error
        return status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size

    def _read(self) -> Mapping[str, Token] | str:
        """Tokens, or what is wrong with the file."""
        try:
            with self._path.open("rb") as stream:
                if os.fstat(stream.fileno()).st_mode & _OTHERS_WRITE:
                    raise ValueError("other users may write it; expected mode 0600")
                data = stream.read(_LONGEST + 1)
            if len(data) > _LONGEST:
                raise ValueError(f"it is longer than {_LONGEST} bytes")
            return _parsed(json.loads(data))
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            return f"{type(error).__name__}: {error}"


def _parsed(document: Any) -> Mapping[str, Token]:
    """The tokens of the file's JSON. Raises ValueError, KeyError, TypeError."""
    if document["version"] != _VERSION:
        raise ValueError(f"version {_VERSION} is expected")
    tokens = [_token(entry) for entry in document["tokens"]]
    return {token.id: token for token in tokens}


def _token(entry: Mapping[str, Any]) -> Token:
    operations, certifications, last_used = entry["operations"], entry["certifications"], entry["last_used"]
    if not isinstance(entry["name"], str):
        raise TypeError(f"token {entry['id']}: its name is no text")
    if not set(operations) <= set(OPERATIONS) or not all(map(PATTERN.fullmatch, certifications)):
        raise ValueError(f"token {entry['id']}: unknown operation, or bad pattern of certifications")
    expires, revoked = (entry[key] and _moment(entry[key]) for key in ("expires", "revoked"))
    return Token(
        id=entry["id"],
        name=entry["name"],
        operations=tuple(operations),
        certifications=tuple(certifications),
        created=_moment(entry["created"]),
        salt=bytes.fromhex(entry["salt"]),
        digest=bytes.fromhex(entry["digest"]),
        expires=expires,
        last_used=last_used and date.fromisoformat(last_used),
        revoked=revoked,
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return moment


def _entry(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "operations": token.operations,
        "certifications": token.certifications,
        "created": token.created.isoformat(),
        "expires": token.expires and token.expires.isoformat(),
        "last_used": token.last_used and token.last_used.isoformat(),
        "revoked": token.revoked and token.revoked.isoformat(),
        "salt": token.salt.hex(),
        "digest": token.digest.hex(),
    }


@contextmanager
def _locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold a lock that the system lets go of when this process ends, however it ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _give_to_owner_of_folder(descriptor, path.parent)
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, tokens: Mapping[str, Token]) -> None:
    """Put a whole file in the place of the former, on the disk when this returns; whoever reads sees the one or the other."""
    document = {"version": _VERSION, "tokens": [_entry(token) for token in tokens.values()]}
    descriptor, name = tempfile.mkstemp(prefix=".tokens-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(document, stream, ensure_ascii=False, indent=1)
            stream.flush()
            _give_to_owner_of_folder(stream.fileno(), path.parent)
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _give_to_owner_of_folder(descriptor: int, folder: Path) -> None:
    """What root writes must stay readable to the service, which does not run as root."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
