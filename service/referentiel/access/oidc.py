"""Tokens of an OpenID provider (JWT, RFC 7519; as access tokens RFC 9068), verified by PyJWT. Loaded only where a provider is set.

What a token allows stands in its claim `scope`, as words between spaces: `referentiel:write:RNCP*`, `referentiel:withdraw:RNCP1`,
`referentiel:graphs`. Other words are other people's. Without a pattern, `write` and `withdraw` allow nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
from jwt.algorithms import has_crypto

from referentiel.access.identity import PATTERN, Identity, Operation
from referentiel.access.issuer_keys import IssuerKeys, Jwk

if not has_crypto:
    raise ImportError("PyJWT can't verify signatures without it", name="cryptography")

LEEWAY: Final = 60
"""Seconds that the provider's clock and ours may differ."""

_KEYS: Final = {"RS256": ("RSA", None), "ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}
"""The signatures that are accepted, all by public keys, and the kind and curve of the key of each. Never none, never HMAC."""
_LONGEST: Final = 8192
_LONGEST_NAME: Final = 200
_REQUIRED: Final = ("iss", "aud", "exp", "sub")
_PATTERNED: Final[Mapping[str, Operation]] = {"write": "write", "withdraw": "withdraw"}


class OpenIdIssuer:
    """A provider whose tokens are accepted when they are meant for us."""

    def __init__(self, issuer: str, audience: str, keys: IssuerKeys | None = None) -> None:
        """`issuer` and `audience`: what the claims `iss` and `aud` must be, byte for byte. Raises ValueError (IssuerKeys)."""
        self._issuer = issuer
        self._audience = audience
        self._keys = keys or IssuerKeys(issuer)

    def identify(self, text: str) -> Identity | None:
        """Who holds a token; None when it is not right. Raises IssuerUnavailable when its key can't be had."""
        if len(text) > _LONGEST:
            return None
        try:
            header = jwt.get_unverified_header(text)
            algorithm = header.get("alg")
            if algorithm not in _KEYS or "crit" in header:  # an extension that must be understood (RFC 7515, section 4.1.11)
                return None
            found = self._keys.find(lambda key: _fits(key, algorithm, header.get("kid")))
            if found is None:
                return None
            claims = jwt.decode(
                text,
                jwt.PyJWK(dict(found), algorithm).key,
                algorithms=[algorithm],
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY,
                options={"require": list(_REQUIRED)},
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            return None
        return self._identity(claims)

    def _identity(self, claims: Mapping[str, Any]) -> Identity | None:
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_NAME or not subject.isprintable():
            return None
        name = f"{subject}@{urlsplit(self._issuer).hostname}"
        return Identity(name, frozenset(), (), tuple(_grants(name, claims.get("scope"))))


def _fits(key: Jwk, algorithm: str, kid: object) -> bool:
    """Whether a key may have signed: a token without `kid` is verified by the first key of its kind (RFC 7515, section 4.1.4)."""
    named = kid is None or key.get("kid") == kid
    kind, curve = _KEYS[algorithm]
    meant = key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
    return named and meant and key.get("kty") == kind and (curve is None or key.get("crv") == curve)


def _grants(name: str, scope: object) -> list[Identity]:
    grants = []
    for word in scope.split() if isinstance(scope, str) else ():
        match word.split(":"):
            case ["referentiel", "graphs"]:
                grants.append(Identity(name, frozenset({"graphs"})))
            case ["referentiel", operation, pattern] if operation in _PATTERNED and PATTERN.fullmatch(pattern):
                grants.append(Identity(name, frozenset({_PATTERNED[operation]}), (pattern,)))
    return grants
