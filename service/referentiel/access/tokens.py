"""Bearer tokens of our own: made and revoked by the command line, kept as salted hashes, recognised by the service.

A token is `ref_<id>_<secret>`: a public name of 48 bits and 256 random bits. What is kept is SHA-256 over a salt of its own and the
secret. A slow hash (scrypt, Argon2) makes up for what people choose: it slows down the guessing of passwords. Nobody guesses 256
random bits, however quick the hash is; and a slow one would let strangers keep the service busy with wrong tokens.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from referentiel.access.identity import LOCAL, OPERATIONS, PATTERN, Identity, Operation
from referentiel.access.token_file import DamagedTokens, Token, TokenFile

FILE: Final = "tokens.json"
"""Name of the file in the folder of a store."""
PREFIX: Final = "ref_"
"""How each token begins: scanners of leaked secrets find it, and the service tells it from the tokens of others."""

_TOKEN: Final = re.compile(r"ref_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_LONGEST_NAME: Final = 100
_RESERVED: Final = frozenset({LOCAL.name, "referentiel"})
"""Names in the history that stand for the operator's command line and for the service itself."""
_NOBODY: Final = Token("", "", (), (), datetime.min.replace(tzinfo=UTC), secrets.token_bytes(16), bytes(32))
"""Whom a secret is compared with when nobody has its id: that takes as long as with somebody."""


class UnfitToken(ValueError):
    """No such token can be made. `part`: what is at fault, a parameter of Tokens.create; `found`: what it is."""

    def __init__(self, part: str, found: object) -> None:
        super().__init__(f"{part}: {found!r}")
        self.part = part
        self.found = found


class UnknownToken(LookupError):
    """No token has this id."""


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


class Tokens:
    """The tokens of a store. Several processes may change them, and each sees at once what another has changed."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        """`path`: of the file, which need not exist yet."""
        self._file = TokenFile(path)
        self._now = now
        self._noted: dict[str, date] = {}

    def create(
        self,
        name: str,
        operations: Sequence[Operation] = ("write",),
        certifications: Sequence[str] = ("*",),
        expires: datetime | None = None,
    ) -> str:
        """A new token, which can't be had a second time. Raises UnfitToken, DamagedTokens, OSError."""
        now = self._now()
        if not (name.strip() == name and 0 < len(name) <= _LONGEST_NAME and name.isprintable()) or name in _RESERVED:
            raise UnfitToken("name", name)
        if not operations or not set(operations) <= set(OPERATIONS):
            raise UnfitToken("operations", operations)
        for pattern in certifications or ("",):
            if not PATTERN.fullmatch(pattern):
                raise UnfitToken("certifications", pattern)
        if expires is not None and expires <= now:
            raise UnfitToken("expires", expires)
        secret, salt = secrets.token_urlsafe(32), secrets.token_bytes(16)
        with self._file.changing() as tokens:
            public = secrets.token_hex(6)
            assert public not in tokens, "the same 48 random bits twice"
            tokens[public] = Token(
                public,
                name,
                tuple(operation for operation in OPERATIONS if operation in operations),
                tuple(dict.fromkeys(certifications)),
                now,
                salt,
                _digest(salt, secret),
                expires,
            )
        return f"{PREFIX}{public}_{secret}"

    def listed(self) -> tuple[Token, ...]:
        """All tokens, in the order in which they were made, revoked ones too. Raises DamagedTokens."""
        return tuple(self._file.read().values())

    def revoke(self, id: str) -> Token:  # noqa: A002
        """Have a token open nothing any more, from now on. Raises UnknownToken, DamagedTokens, OSError."""
        with self._file.changing() as tokens:
            if id not in tokens:
                raise UnknownToken(id)
            if tokens[id].revoked is None:
                tokens[id] = replace(tokens[id], revoked=self._now())
            return tokens[id]

    def identify(self, text: str) -> Identity | None:
        """Who holds a token; None when it is not one of ours, is revoked or has expired. Raises DamagedTokens."""
        written = _TOKEN.fullmatch(text)
        tokens = self._file.read()
        token = tokens.get(written[1], _NOBODY) if written else _NOBODY
        digest = _digest(token.salt, written[2] if written else "")
        if not hmac.compare_digest(digest, token.digest) or not token.is_valid(self._now()):
            return None
        self._note_use(token)
        return Identity(token.name, frozenset(token.operations), token.certifications)

    def _note_use(self, token: Token) -> None:
        """Note the day, once a day. It is no reason to keep somebody out, or waiting, that it can't be noted."""
        today = self._now().date()
        if token.last_used == today or self._noted.get(token.id) == today:
            return
        self._noted[token.id] = today
        with suppress(OSError, DamagedTokens), self._file.changing(wait=False) as tokens:
            if token.id in tokens:
                tokens[token.id] = replace(tokens[token.id], last_used=today)


def _digest(salt: bytes, secret: str) -> bytes:
    return sha256(salt + secret.encode()).digest()
