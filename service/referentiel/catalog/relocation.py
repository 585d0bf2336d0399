"""The catalogue with the addresses at which a service is reached."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from referentiel.catalog.names import ADDRESSES, Names
from referentiel.settings import Settings


def relocated(ntriples: bytes, settings: Settings) -> bytes:
    """The same description, as N-Triples, with the addresses of the settings.

    The store may have been described without a public address, which the server knows once it listens.
    """
    stored, served = f"{Names.of(replace(settings, public_url=None)).site}/", f"{Names.of(settings).site}/"
    return _addresses(stored, served).sub(lambda found: found[1] + served.encode(), ntriples)


@lru_cache
def _addresses(stored: str, served: str) -> re.Pattern[bytes]:
    """What an address begins with that is still the stored one, with what stands before it on its line."""
    predicates = "|".join(re.escape(predicate.n3()) for predicate in ADDRESSES)
    return re.compile(rf"^(<[^>]*> (?:{predicates}) <)(?!{re.escape(served)}){re.escape(stored)}".encode(), re.MULTILINE)
