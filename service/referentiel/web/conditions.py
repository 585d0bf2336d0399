"""What a write says beside its body: the state that it follows, why it is made, how it is told from its repetition."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from starlette.requests import Request

from referentiel.gate.gate import ANYTHING, NOTHING, Expected
from referentiel.web import problems
from referentiel.web.bodies import Body
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

WHY_LIMIT: Final = 500
"""Characters of the longest reason that a write gives."""

_VERSION: Final = re.compile(r'"(\d{1,15})(?:-[^"]*)?"')
_KEY: Final = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')


def expected_versions(request: Request) -> Expected:
    """What If-Match, else If-None-Match, says of the state that a write follows (RFC 9110, section 13.2.2).

    Entity tags here begin with the number of a version: `"12"`, `"12-4f…"`. Weak ones, and those of others, match nothing.
    """
    sent = request.headers.get("if-match")
    if sent is not None:
        if sent.strip() == "*":
            return ANYTHING
        return frozenset(int(found[1]) for tag in sent.split(",") if (found := _VERSION.fullmatch(tag.strip())))
    return NOTHING if request.headers.get("if-none-match", "").strip() == "*" else None


def reason(request: Request) -> str | None:
    """Why, in the words of the sender: `?why=`. Raises Problem (422)."""
    text = " ".join(request.query_params.get("why", "").split())
    if len(text) > WHY_LIMIT:
        raise _unfit_reason(Text(f"{len(text)} caractères", f"{len(text)} characters"))
    if unprintable := next((letter for letter in text if not letter.isprintable()), None):
        code = f"U+{ord(unprintable):04X}"
        raise _unfit_reason(Text(f"{code}, qui n'est pas imprimable", f"{code}, which is not printable"))
    return text or None


def _unfit_reason(found: Text) -> Problem:
    return Problem(
        problems.INVALID_PARAMETER,
        Text(
            f"why : au plus {WHY_LIMIT} caractères imprimables sont attendus ; trouvé : {found.fr}",
            f"why: at most {WHY_LIMIT} printable characters are expected; found: {found.en}",
        ),
    )


def idempotency_key(request: Request) -> str | None:
    """The key under which a request may be sent again without being done again. Raises Problem (400)."""
    sent = request.headers.get("idempotency-key")
    if sent is None:
        return None
    found = _KEY.fullmatch(sent.strip())
    if found is None:
        raise Problem(
            problems.BAD_REQUEST,
            Text(
                "Idempotency-Key : 1 à 255 caractères ASCII, sans espace ni guillemet, sont attendus.",
                "Idempotency-Key: 1 to 255 characters of ASCII, without spaces and quotes, are expected.",
            ),
        )
    return found[1]


def digest(request: Request, body: Body | None) -> str:
    """What tells a repetition from another request under the same key."""
    asked = f"{request.method} {request.scope['path']}?{request.scope['query_string'].decode('latin-1')}"
    return sha256(f"{asked}\n{body.digest if body else ''}".encode()).hexdigest()


def as_uri(iri: str) -> str:
    """An IRI as a header can hold it (RFC 3987, section 3.1)."""
    return quote(iri, safe="!#$%&'()*+,/:;=?@[]~")


def wants_no_account(request: Request) -> bool:
    """Whether `Prefer: return=minimal` is asked for (RFC 7240, section 4.2)."""
    wishes = request.headers.get("prefer", "").lower().replace(" ", "").replace('"', "")
    return "return=minimal" in wishes.replace(";", ",").split(",")
