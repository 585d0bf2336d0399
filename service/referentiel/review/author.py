"""Who signs a decision."""

from __future__ import annotations

import re
from typing import Final

from referentiel.access import Identity
from referentiel.history.record import agent_iri
from referentiel.vocabulary import ORCID

_ORCID: Final = re.compile(rf"(?:{ORCID})?(\d{{4}}-\d{{4}}-\d{{4}}-\d{{3}}[\dX])")


def author_iri(base: str, identity: Identity, orcid: str = "") -> str:
    """The ORCID of a person as an IRI, or the agent that the history names for an identity. Raises ValueError for no ORCID."""
    if not orcid.strip():
        return str(agent_iri(base, identity.name))
    found = _ORCID.fullmatch(orcid.strip())
    if found is None or _check_digit(found[1].replace("-", "")[:-1]) != found[1][-1]:
        raise ValueError(f"{orcid!r} is no ORCID")
    return str(ORCID[found[1]])


def _check_digit(digits: str) -> str:
    """The check digit of 15 digits (ISO 7064, MOD 11-2), which ORCID ends with."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)
