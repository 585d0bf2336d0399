"""Who may write: tokens, and the identities that they stand for."""

from referentiel.access.identity import LOCAL, OPERATIONS, PATTERN, Identity, Operation
from referentiel.access.issuers import Issuer, IssuerUnavailable, issuer_of
from referentiel.access.token_file import DamagedTokens, Token
from referentiel.access.tokens import FILE, PREFIX, Tokens, UnfitToken, UnknownToken

__all__ = [
    "FILE",
    "LOCAL",
    "OPERATIONS",
    "PATTERN",
    "PREFIX",
    "DamagedTokens",
    "Identity",
    "Issuer",
    "IssuerUnavailable",
    "Operation",
    "Token",
    "Tokens",
    "UnfitToken",
    "UnknownToken",
    "issuer_of",
]
