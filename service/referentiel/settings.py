"""The environment, read once, as frozen settings: the only reader of os.environ."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from referentiel.vocabulary import DEFAULT_BASE

_UNFIT = re.compile(r"""[\x00-\x20<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})""")  # what no IRI holds


class BadSetting(ValueError):
    """A setting has a value that can't be used; the message names it, and says what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator chooses.

    `base`: where resources live, an absolute http(s) IRI ending with a slash (REFERENTIEL_BASE).
    `public_url`: where this service is reached, no trailing slash (REFERENTIEL_PUBLIC_URL); None: the address it listens on.
    `store`: folder of the embedded store (REFERENTIEL_STORE).
    """

    base: str = DEFAULT_BASE
    public_url: str | None = None
    store: Path = Path(".store")

    def __post_init__(self) -> None:
        _require_http("REFERENTIEL_BASE", self.base)
        if not self.base.endswith("/"):
            raise BadSetting(f"REFERENTIEL_BASE : une adresse qui finit par « / » est attendue ; trouvé « {self.base} ».")
        if self.public_url is not None:
            _require_http("REFERENTIEL_PUBLIC_URL", self.public_url)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings from environment variables. Raises BadSetting."""
        public_url = environment.get("REFERENTIEL_PUBLIC_URL")
        return cls(
            base=environment.get("REFERENTIEL_BASE", DEFAULT_BASE),
            public_url=public_url.rstrip("/") if public_url else None,
            store=Path(environment.get("REFERENTIEL_STORE") or _default_store(environment)),
        )


def _require_http(name: str, value: str) -> None:
    try:
        parts = urlsplit(value)
        credentials = parts.port == 0 or "@" in parts.netloc  # reading the port refuses what is no port
    except ValueError as error:
        raise BadSetting(f"{name} : une adresse http(s) absolue est attendue ; trouvé « {value} » ({error}).") from error
    unfit = credentials or parts.query or parts.fragment or _UNFIT.search(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or unfit:
        raise BadSetting(f"{name} : une adresse http(s) absolue est attendue ; trouvé « {value} ».")


def _default_store(environment: Mapping[str, str]) -> Path:
    """The user's data folder (XDG Base Directory Specification)."""
    data = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "referentiel" / "store"
