"""Others whose tokens are accepted: what the service asks of them, whatever library reads their tokens."""

from __future__ import annotations

from typing import Protocol

from referentiel.access.identity import Identity
from referentiel.settings import BadSetting, Writing


class IssuerUnavailable(Exception):
    """The keys of the issuer can't be had: whether a token is right can't be said. `seconds`: when to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Issuer(Protocol):
    """Somebody whose tokens are accepted."""

    def identify(self, text: str) -> Identity | None:
        """Who holds a token; None when it is none of theirs, or not valid. Raises IssuerUnavailable."""


def issuer_of(writing: Writing) -> Issuer | None:
    """The issuer that the settings name, if any; the library for it is loaded only then. Raises BadSetting."""
    if writing.oidc_issuer is None or writing.oidc_audience is None:
        return None
    try:
        from referentiel.access.oidc import OpenIdIssuer
    except ImportError as error:
        raise BadSetting(
            f"REFERENTIEL_OIDC_ISSUER : une bibliothèque est attendue, qui n'est pas installée ({error.name}) ;"
            " pip install 'referentiel[oidc]'."
        ) from error
    try:
        return OpenIdIssuer(writing.oidc_issuer, writing.oidc_audience)
    except ValueError as error:
        raise BadSetting(
            "REFERENTIEL_OIDC_ISSUER : une adresse https est attendue (http sur cette machine seulement) ;"
            f" trouvé « {writing.oidc_issuer} »."
        ) from error
